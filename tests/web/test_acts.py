"""The pages of acts: exactly what the address asks for, nobody named in the address, and hostile texts harmless."""

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.acts import act, rows
from ledger.search_cases import START, ByHand, account, caught_up, drafts, fill_ledger

from estime.ledger import api
from estime.ledger.models import Act
from estime.ledger.search.models import GONE, SearchBlock, SearchState
from estime.ledger.search.wanted import ActFilter, Place
from estime.people.models import Look, User
from estime.web.sealed import seal, unseal

PASSIVE = ("View", "Read", "Listen", "Follow", "Join", "Leave", "Undo", "Delete", "Remove")
HOSTILE = (
    '<script>alert(1)</script> [x](javascript:alert(2)) https://bad.example/?a=1&b="><img> @anna_b \u202edrow'
)


@pytest.fixture
def ledger(db: None, _home: Path) -> None:
    (_home / "secret").write_text("5e" * 32)
    (_home / "secret").chmod(0o600)


def signed_in(role: str) -> Client:
    user, _made = User.objects.get_or_create(
        email=f"{role}@example.org", defaults={"role": role, "name": role.title()}
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lead(ledger: None) -> Client:
    return signed_in("lead")


@pytest.fixture
def analyst(ledger: None) -> Client:
    return signed_in("analyst")


def listed(page: str) -> list[str]:
    """The ids of the acts in a list, in its order."""
    return re.findall(r'<time [^>]*><a href="/\w\w/acts/([0-9a-f-]{36})/["?]', page)


def ids(seqs: list[int]) -> list[str]:
    found = dict(Act.objects.filter(seq__in=seqs).values_list("seq", "id"))
    return [str(found[seq]) for seq in seqs]


def test_every_field_of_an_address_narrows_as_it_says(lead: Client) -> None:
    fill_ledger(48)
    caught_up()
    three, first = account("person-3"), Act.objects.get(source_id="a11")
    about = {"thread": first.context, "of": first.object_id, "reply_to": "o1"}
    one = Act.objects.get(source_id="a1")
    place = {name: Place(first.channel_id, told or "") for name, told in about.items()}
    cases: list[tuple[str, ActFilter]] = [
        ("", ActFilter()),
        ("channel=page", ActFilter(channel="page")),
        ("type=Vote", ActFilter(kinds=("Vote",))),
        ("type=Like&channel=forum", ActFilter(kinds=("Like",), channel="forum")),
        (f"account={three}", ActFilter(account=three)),
        (f"answers_to={three}", ActFilter(answers_to=three)),
        ("answers=1", ActFilter(answering=True)),
        ("since=2024-02-02", ActFilter(since=START.replace(month=2, day=2, hour=0))),
        ("until=2024-02-01", ActFilter(until=START.replace(month=2, day=2, hour=0))),
        (
            "until=2024-02-01T05:00:00.000001Z",
            ActFilter(until=START.replace(month=2, day=1, hour=5, microsecond=1)),
        ),
        (f"thread={first.id}", ActFilter(thread=place["thread"])),
        (f"of={first.id}", ActFilter(of=place["of"])),
        (f"reply_to={one.id}", ActFilter(reply_to=Place(one.channel_id, "o1"))),
        ("active=1", ActFilter(without=PASSIVE, standing=True)),
        ("without_likes=1", ActFilter(without=("Like",))),
        ("brand=0", ActFilter(brand=False)),
        ("brand=1", ActFilter(brand=True)),
        ("incentive=1", ActFilter(prompted=True)),
        (f"text={seal('idée')}", ActFilter(words="idée")),
        (f"text={seal('-couvercle')}&channel=forum", ActFilter(words="-couvercle", channel="forum")),
    ]
    by_hand, some = ByHand(), 0
    for query, told in cases:
        page = lead.get(f"/en/acts/?{query}").content.decode()
        expected = by_hand.found(told)
        assert listed(page) == ids(expected), query
        some += bool(expected)
        if query:
            words = "1 act, newest" if len(expected) == 1 else f"{len(expected)} acts, newest"
            assert words in page, query
    assert some > 16


def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_listed(lead: Client) -> None:
    fill_ledger(10)
    caught_up()
    for query, said in [
        ("since=2024-13-01", "This is not a date."),
        ("channel=nowhere", "There is no channel of this name."),
        ("type=Dance", "There is no such kind of act."),
        ("account=-1", "This is not the number of an account."),
        ("account=99999999999999999999999", "This is not the number of an account."),
        ("thread=x", "The act that this list is about is not here."),
        ("of=01890000-0000-7000-8000-000000000000", "The act that this list is about is not here."),
        ("active=yes", "This can only be 0 or 1."),
        ("text=abc", "This search is older than thirty days."),
    ]:
        response = lead.get(f"/en/acts/?{query}")
        page = response.content.decode()
        assert response.status_code == 200
        assert said in page, query
        assert listed(page) == []
    assert listed(lead.get("/en/acts/?before=x-y&unknown=1").content.decode())


def test_words_looked_for_stand_in_no_address(lead: Client) -> None:
    api.append("forum", rows(act(1, content="Marie Curie said it"), act(2, content="nobody")))
    caught_up()
    response = lead.post("/en/acts/find/", {"words": "marie curie", "channel": "forum", "type": ""})
    address = response["Location"]
    assert response.status_code == 302
    assert "marie" not in address.lower()
    assert "curie" not in address.lower()
    fields = parse_qs(urlsplit(address).query)
    assert fields["channel"] == ["forum"]
    assert unseal(fields["text"][0]) == "marie curie"
    page = lead.get(address).content.decode()
    assert len(listed(page)) == 1
    assert 'value="marie curie"' in page
    assert "<mark>Marie</mark> <mark>Curie</mark> said it" in page
    opened = re.search(r'<time [^>]*><a href="([^"]+)"', page)
    assert opened is not None
    assert "marie" not in opened[1].lower()
    assert "<mark>Marie</mark> <mark>Curie</mark> said it" in lead.get(opened[1]).content.decode()
    for other in ("", "?text=", "?text=nothing", f"?text={seal('nowhere')}", f"?text={seal('-marie')}"):
        told = lead.get(opened[1].partition("?")[0] + other).content.decode()
        assert "Marie Curie said it" in told, other
    plain = lead.post("/en/acts/find/", {"words": " ", "type": "Create"})["Location"]
    assert plain == "/en/acts/?type=Create"  # without words the address can be read, and shared


@given(typed=st.text(max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_gives_a_page(lead: Client, typed: str) -> None:
    response = lead.post("/en/acts/find/", {"words": typed}, follow=True)
    assert response.status_code == 200


def test_pages_go_older_and_newer(lead: Client) -> None:
    told = drafts(120)
    api.append("forum", rows(*told))
    caught_up()
    expected = ids(ByHand().found(ActFilter()))
    first = lead.get("/en/acts/").content.decode()
    assert listed(first) == expected[:50]
    assert "Newer" not in first
    second = lead.get(_beside(first, "next")).content.decode()
    third = lead.get(_beside(second, "next")).content.decode()
    assert listed(second) + listed(third) == expected[50:]
    assert 'rel="next"' not in third
    assert listed(lead.get(_beside(third, "prev")).content.decode()) == expected[50:100]


def _beside(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    assert found
    return unescape(found.group(1))


def test_what_people_wrote_is_letters_whatever_it_holds(lead: Client) -> None:
    extra = {"html": "<b onclick=x()>", "n": 1}
    api.append(
        "forum", rows(act(1, content=HOSTILE, actor="<i>bo</i>", extra=extra, context="room", object_id="o1"))
    )
    caught_up()
    one = Act.objects.get()
    for path in ("/en/acts/", f"/en/acts/{one.id}/", f"/en/people/{one.actor_id}/"):
        page = lead.get(path).content.decode()
        assert "&lt;script&gt;" in page
        assert not re.search(r"<script|<img|<i>|<b |\sstyle=|\son\w+=\"|href=\"javascript", page)
        assert "\u202e" not in page  # turns the letters after it round
    page = lead.get(f"/en/acts/{one.id}/").content.decode()
    assert 'rel="nofollow noopener noreferrer ugc">https://bad.example/?a=1&amp;b=<' in page
    assert "&lt;b onclick=x()&gt;" in page


def test_an_analyst_sees_what_was_done_and_not_who_did_it(analyst: Client) -> None:
    said = "hello @anna_b and @**Anna Bee** and anna.b@example.org"
    api.append("forum", rows(act(1, actor="anna_b", content=said, source_id="https://x/anna_b/1")))
    told = {"in_reply_to": "o1", "extra": {"by": "anna_b"}, "on_behalf_of": "anna_b"}
    api.append("forum", rows(act(2, actor="bo", content="re", **told)))
    caught_up()
    one, two = Act.objects.order_by("seq")
    pages = [
        *("/en/acts/", f"/en/acts/{one.id}/", f"/en/acts/{two.id}/", f"/en/acts/?account={one.actor_id}"),
        *("/en/acts/export/?format=csv", "/en/acts/export/?format=jsonl"),
    ]
    for path in pages:
        response = analyst.get(path)
        page = (response.getvalue() if response.streaming else response.content).decode()  # type: ignore[attr-defined]
        assert "anna" not in page.lower().replace("person-find", ""), path
    assert f"account …{one.actor_id % 1_000_000:06d}" in analyst.get("/en/acts/").content.decode()
    assert analyst.get(f"/en/people/{one.actor_id}/").status_code == 403
    assert analyst.post("/en/people/find/", {"channel": "forum", "handle": "bo"}).status_code == 403
    page = analyst.get(f"/en/acts/?text={seal('@anna_b')}").content.decode()
    assert "words that begin with @ were left out" in page
    assert not Look.objects.exists()


def test_a_handle_leads_to_its_page_without_standing_in_an_address(lead: Client) -> None:
    api.append("forum", rows(act(1, actor="Anna B.")))
    for typed in ("Anna B.", " @Anna B. "):
        response = lead.post("/en/people/find/", {"channel": "forum", "handle": typed})
        assert response["Location"] == f"/en/people/{account('Anna B.')}/"
    for typed in ("anna b.", "", "x" * 2000):
        response = lead.post("/en/people/find/", {"channel": "forum", "handle": typed}, follow=True)
        assert "Nobody on this channel is called exactly so." in response.content.decode()


def test_a_file_of_acts_holds_what_the_list_holds_and_nothing_that_spreadsheets_run(lead: Client) -> None:
    api.append(
        "forum",
        rows(*(act(n, content=f"=cmd|{n}\nline two") for n in range(4)), act(9, type="Like", content=None)),
    )
    caught_up()
    response = lead.get("/en/acts/export/?format=csv&type=Create")
    assert response["Content-Disposition"] == 'attachment; filename="acts.csv"'
    told = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [row["id"] for row in told] == ids(ByHand().found(ActFilter(kinds=("Create",))))
    assert told[0]["text"] == "'=cmd|3\nline two"
    assert told[0]["handle"] == "person-3"
    lines = lead.get("/en/acts/export/?format=jsonl").getvalue().decode().splitlines()  # type: ignore[attr-defined]
    assert [json.loads(line)["type"] for line in lines] == ["Like"] + ["Create"] * 4
    assert Look.objects.filter(where="export", account=account("person-3")).count() == 2  # one for each file
    assert lead.get("/en/acts/export/?format=exe").status_code == 404
    assert lead.get("/en/acts/export/?format=csv&since=x").status_code == 404


def test_what_is_not_listed_yet_is_said(lead: Client) -> None:
    page = lead.get("/en/acts/").content.decode()
    assert "No act is here yet" in page
    fill_ledger(20)
    assert "being made for the first time" in lead.get("/en/acts/").content.decode()
    caught_up()
    assert "being made" not in lead.get("/en/acts/").content.decode()
    api.append("forum", rows(act(900)))
    assert "that are not in this list yet" in lead.get("/en/acts/").content.decode()
    caught_up()
    SearchBlock.objects.update(due=GONE)
    SearchState.objects.update(version=1)
    assert "21 acts are being listed anew after an erasure" in lead.get("/en/acts/").content.decode()


def test_one_act_with_all_that_belongs_to_it(lead: Client) -> None:
    told = [
        act(1, content="The question", context="room"),
        act(2, content="An answer", in_reply_to="o1", context="room"),
        act(3, type="Like", object_id="o1", content=None),
        act(4, type="Update", object_id="o1", content="The question, better", actor="person-1"),
        act(6, type="Undo", object_id="a1", object_type="Note", actor="person-1", content=None),
        act(7, content="Elsewhere", context="other"),
    ]
    api.append("forum", rows(*told))
    caught_up()
    by_source = dict(Act.objects.values_list("source_id", "id"))
    page = lead.get(f"/en/acts/{by_source['a1']}/").content.decode()
    parts = {part.split("</h2>")[0]: part for part in page.split("<h2>")[1:]}
    assert "An answer" in parts["Answers to it"]
    assert "liked" in parts["Done to the same thing"]
    assert re.findall(r'class="kind">([^<]+)', parts["What came of it"]) == ["edited", "took something back"]
    assert "An answer" in parts["Around it in its thread"]
    assert "Elsewhere" not in page
    for name in ("a1", "o1", "room", "Create", "Note"):
        assert f"<dd>{name}</dd>" in parts["As it stands in the ledger"]
    answer = lead.get(f"/en/acts/{by_source['a2']}/").content.decode()
    assert "It answers" in answer
    assert "person-1" in answer
    assert lead.get("/en/acts/01890000-0000-7000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize(("lang", "said"), [("fr", "du plus récent au plus ancien"), ("en", "newest first")])
def test_in_both_languages(lead: Client, lang: str, said: str) -> None:
    fill_ledger(20)
    caught_up()
    page = lead.get(f"/{lang}/acts/?type=Create").content.decode()
    assert said.lower() in page.lower()


def test_few_questions_to_the_database_however_many_acts(lead: Client) -> None:
    fill_ledger(48)
    caught_up()
    one = Act.objects.get(source_id="a1")
    for path, most in [
        ("/en/acts/", 20),
        (f"/en/acts/?text={seal('idée -lid')}&type=Create&active=1&brand=0", 32),
        (f"/en/acts/{one.id}/", 60),
    ]:
        lead.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert lead.get(path).status_code == 200
        assert len(asked) <= most, (path, len(asked))


def test_strangers_and_members_see_none_of_it(ledger: None, settings: LazySettings) -> None:
    paths = ("/en/acts/", "/en/acts/export/?format=csv", "/en/acts/01890000-0000-7000-8000-000000000000/")
    member = signed_in("member")
    for path in paths:
        assert Client().get(path).status_code == 302
        assert member.get(path).status_code == 403
    assert member.post("/en/acts/find/").status_code == 403


@pytest.mark.usefixtures("ledger")
def test_a_seal_opens_here_only_and_not_for_ever(tmp_path: Path) -> None:
    token = seal("Marie")
    assert unseal(token) == "Marie"
    assert unseal(token[:-4] + "AAAA") is None
    (tmp_path / "home" / "secret").write_text("6f" * 32)
    assert unseal(token) is None
