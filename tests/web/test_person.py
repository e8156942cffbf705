"""A person's page: every figure opens to exactly the acts that made it, and every look at it is kept."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from ledger.acts import act, rows
from ledger.search_cases import START, account, caught_up, drafts
from web.test_acts import signed_in

from estime.kernel.clock import now
from estime.kernel.lake import Lake
from estime.ledger import api, queries_account
from estime.people import api as people
from estime.people import looks
from estime.people.models import Look, User
from estime.web.act_filters import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(db: None, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "secret").write_text("5e" * 32)
    (home / "secret").chmod(0o600)
    told = drafts(300, hours=2)
    api.append("forum", rows(*told))
    talk = [
        act(n, actor=("ann", "ben")[n % 2], in_reply_to=f"o{n - 1}", published=START + timedelta(seconds=n))
        for n in range(5000, 5024)
    ]
    api.append("forum", rows(*talk))
    api.append("forum", rows(act(9001, actor="quiet", type="View", content=None)))
    caught_up()


def page_of(name: str, role: str = "lead", lang: str = "en") -> str:
    response = signed_in(role).get(f"/{lang}/people/{account(name)}/")
    assert response.status_code == 200
    return response.content.decode()


def figures(page: str) -> list[tuple[str, int]]:
    """(address, number) of each figure on a page that opens to acts."""
    found = re.findall(r'<a href="(/en/acts/\?[^"]+)">(\d[\d,]*)(?: acts?)?</a>', page)
    shares = re.findall(r'<a href="(/en/acts/\?[^"]+)">[\d.]+\s%\s\((\d+) of', page)
    return [(unescape(address), int(told.replace(",", ""))) for address, told in [*found, *shares]]


@pytest.mark.parametrize("name", ["person-0", "person-1", "person-3", "ann"])
def test_each_figure_opens_to_exactly_its_acts(name: str) -> None:
    told = figures(page_of(name))
    kinds = set()
    for address, number in told:
        fields = dict(parse_qsl(urlsplit(address).query))
        want = asked(fields, sees=True, channels=["forum"])
        assert not want.errors
        assert api.acts_total(want.told) == number, address
        kinds |= fields.keys()
    assert len(told) > 8
    wanted = {"account", "active", "type", "until", "since", "incentive", "answers", "answers_to"}
    assert wanted <= kinds


def test_whom_somebody_exchanges_with(monkeypatch: pytest.MonkeyPatch) -> None:
    for paired, since in ((500, False), (5, True)):
        monkeypatch.setattr(queries_account, "PAIRED", paired)
        page = page_of("ann")
        part = page[page.index("Whom they exchange with") :]
        assert ">ben</a>" in part
        assert ("among the newest answers: since" in part) == since
        told = [each for each in figures(part) if "answers_to" in each[0]]
        numbers = [number for _, number in told]
        assert numbers == [11, 12] if not since else len(numbers) == 2 and all(2 <= n <= 5 for n in numbers)
        for address, number in told:
            want = asked(dict(parse_qsl(urlsplit(address).query)), sees=True, channels=["forum"])
            assert api.acts_total(want.told) == number


def test_what_is_not_known_is_said_in_words_and_no_zero_is_invented() -> None:
    page = page_of("quiet")
    assert "Unknown: no active act yet." in page
    assert "Unknown: no active act of their own yet." in page
    assert "unknown: no active act yet" in page
    assert "Not active for themselves so far" in page
    assert "With nobody so far" in page
    assert "Nothing here decides anything about this person." in page


def test_every_look_is_noted_once_in_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    key = account("person-1")
    for _ in range(3):
        page_of("person-1")
    page_of("person-1", role="moderator")
    signed_in("lead").get(f"/en/acts/?account={key}")
    assert sorted(Look.objects.filter(account=key).values_list("viewer__name", "where")) == [
        ("Lead", "acts"),
        ("Lead", "person"),
        ("Moderator", "person"),
    ]
    later = now() + timedelta(minutes=11)
    monkeypatch.setattr(looks.clock, "now", lambda: later)
    page = page_of("person-1")
    assert Look.objects.filter(account=key, viewer__name="Lead", where="person").count() == 2
    assert "Seen by Lead" in page
    assert "Seen by Moderator" in page


def test_who_looked_is_for_those_who_may_see_it() -> None:
    key = account("person-1")
    page_of("person-1")
    page = page_of("person-1", role="representative")
    assert "Seen by" not in page
    assert "That you looked at this page is noted" in page
    assert signed_in("representative").get(f"/en/people/{key}/looks/").status_code == 403
    assert signed_in("analyst").get(f"/en/people/{key}/").status_code == 403
    assert Client().get(f"/en/people/{key}/").status_code == 302


def test_all_looks_page_by_page() -> None:
    key, viewer = account("person-1"), User.objects.create_user("v@example.org", name="Vera")
    for minutes in range(120):
        people.look_record(viewer, key, "person", now=now() - timedelta(minutes=20 * minutes))
    client, address, seen = signed_in("lead"), f"/en/people/{key}/looks/", 0
    while address:
        page = client.get(address).content.decode()
        seen += page.count("Seen by Vera")
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(following.group(1)) if following else ""
    assert seen == 120


def test_of_an_erased_person_nothing_is_left(tmp_path: Path) -> None:
    key = account("person-2")
    api.erase_accounts([key], Lake(str(tmp_path / "lake")))
    page = signed_in("lead").get(f"/en/people/{key}/").content.decode()
    assert "This person was erased." in page
    assert "person-2" not in page
    assert "acts" not in re.sub(r"<nav.*?</nav>|the acts of nobody", "", page, flags=re.S)
    assert not Look.objects.filter(account=key).exists()
    for each in ("/en/acts/", f"/en/acts/?account={key}"):
        assert "person-2" not in signed_in("lead").get(each).content.decode()


@pytest.mark.parametrize("key", [0, 1, 1 << 62, 1 << 70])
def test_a_number_that_is_nobodys(key: int) -> None:
    assert signed_in("lead").get(f"/en/people/{key}/").status_code == 404


def test_few_questions_to_the_database() -> None:
    client, address = signed_in("lead"), f"/en/people/{account('person-1')}/"
    client.get(address)
    with CaptureQueriesContext(connection) as questions:
        client.get(address)
    assert len(questions) <= 60


@pytest.mark.usefixtures("stored")
def test_what_was_computed_is_kept_until_something_changes() -> None:
    client, address = signed_in("lead"), f"/en/people/{account('person-1')}/"
    first = client.get(address).content.decode()
    with CaptureQueriesContext(connection) as questions:
        assert figures(client.get(address).content.decode()) == figures(first)
    assert len(questions) <= 12
    api.append("forum", rows(act(7000, actor="person-1", content="one more")))
    caught_up()
    second = client.get(address).content.decode()
    assert figures(second)[0][1] == figures(first)[0][1] + 1
    assert "one more" in second
    assert figures(client.get(f"/fr{address[3:]}").content.decode()) == []  # not in another language's words


def test_the_picture_tells_itself_and_stands_beside_its_table() -> None:
    page = page_of("person-3")
    picture = re.search(r"<svg.*?</svg>", page, re.S)
    assert picture
    assert 'role="img" aria-label="Active acts over time, at most' in picture.group()
    assert "style" not in picture.group()
    assert picture.group().count("<rect") == len(
        re.findall(r'<tr><th scope="row">\w+ 2024</th><td class="num"><a', page)
    )


def test_in_french() -> None:
    page = page_of("person-1", lang="fr")
    assert "Rien ici ne décide de quoi que ce soit sur cette personne." in page
    assert "Nothing here" not in page
