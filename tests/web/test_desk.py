"""Protects the page "To keep": everything owed stands there once and in order, at a bounded number of queries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from contact.forum import START, asked, brand, came_in, said, staff
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from readouts import told
from web.pages import client_of, page, words
from web.stored import store

from estime.cocreation import api as cocreation
from estime.cocreation.models import Interpellation
from estime.contact import api as contact
from estime.contact.models import Question, Watched
from estime.kernel import clock
from estime.kernel.debts import ALL, Cursor, Debt, Only, debt_moment
from estime.people.models import User
from estime.readouts import desk as readout
from estime.web.views import desk as view


@pytest.fixture(autouse=True)
def home(db: None, _home: Path) -> Iterator[Path]:
    view._OPENINGS.clear()
    brand(_home, "forum")
    yield _home
    view._OPENINGS.clear()


@pytest.fixture
def figures(db: None) -> None:
    """Figures, and no charts: drawing them takes longer than all these tests."""
    store((told.scope(), told.community()), draw=False)


def some(count: int, first: int = 0) -> None:
    asked_ones = [
        said(f"q{n}", "anna", f"Is it blue, {n}?", n, in_reply_to="b") for n in range(first, first + count)
    ]
    came_in(said("b", "team", "A lid.", -1), *asked_ones)


def test_what_is_owed_stands_there_oldest_first() -> None:
    some(3)
    told = page(client_of("lead"), "/en/to-keep/")
    assert "We owe 3 answers, all of them late." in told
    places = [told.index(f"Is it blue, {n}?") for n in range(3)]
    assert places == sorted(places)
    assert "It replies to one of our posts." in told


def test_an_empty_installation_says_what_to_do_first() -> None:
    lead = page(client_of("lead"), "/en/to-keep/")
    assert "no act has been read" in lead
    assert "Bring a file" in lead
    assert "Invite those who answer" not in lead, "a lead may not invite"
    assert "Nothing is owed." not in lead
    assert "Invite those who answer" in page(client_of("administrator"), "/en/to-keep/")
    other = page(client_of("representative"), "/en/to-keep/")
    assert "Bring a file" not in other
    assert "A community lead or an administrator can bring in the first file." in other


def test_when_nothing_is_owed_it_says_so() -> None:
    some(0)
    told = page(client_of("representative"), "/en/to-keep/")
    assert "Nothing is owed." in told
    assert "Rien n’est dû." in page(client_of("lead"), "/fr/to-keep/")


def test_what_was_handed_to_me_stands_first() -> None:
    some(3)
    client = client_of("lead")
    me = User.objects.get(email="lead@example.org")
    contact.hand_over(contact.Doing(asked("q2").pk, 0, staff("sam")), me.pk, "")
    told = page(client, "/en/to-keep/")
    assert told.index("Handed to you") < told.index("Is it blue, 2?") < told.index("All else")
    assert told.count("Is it blue, 2?") == words(client.get("/en/to-keep/").content.decode()).count(
        "Is it blue, 1?"
    )
    mine = page(client, "/en/to-keep/?mine=1")
    assert "Is it blue, 2?" in mine
    assert "Is it blue, 1?" not in mine


def test_it_can_be_narrowed() -> None:
    some(1)
    client = client_of("lead")
    assert "Is it blue" in page(client, "/en/to-keep/?kind=question&channel=forum")
    assert "Nothing of this is owed." in page(client, "/en/to-keep/?channel=elsewhere")
    assert "Nothing of this is owed." in page(client, "/en/to-keep/?kind=job")


def test_it_can_be_narrowed_to_a_space() -> None:
    """Together with the other filters, which keep it; questions of other channels are of no space."""
    some(1)
    lea, anna = (
        cocreation.member_of(staff(name, role)) for name, role in (("lea", "lead"), ("anna", "member"))
    )
    for slug in ("bottles", "bags"):
        space = cocreation.space_make(lea, cocreation.SpaceWords(slug.title(), public=False), slug=slug)
        words_ = cocreation.QuestionWords(f"Why are {slug} glued?")
        asked_one = cocreation.question_ask(anna, space, words_)
        Interpellation.objects.filter(pk=asked_one.pk).update(reached=clock.now(), due=clock.now())
    client = client_of("lead")
    assert "Why are bags glued?" in page(client, "/en/to-keep/")
    told = page(client, "/en/to-keep/?channel=estime/bags")
    assert "Why are bags glued?" in told
    assert "Why are bottles glued?" not in told
    assert "Is it blue" not in told
    whole = client.get("/en/to-keep/?channel=estime/bags").content.decode()
    assert 'value="estime/bags" selected' in whole
    assert "/en/to-keep/?kind=interpellation&amp;channel=estime%2Fbags" in whole
    both = page(client, "/en/to-keep/?kind=interpellation&channel=estime%2Fbags")
    assert "Why are bags glued?" in both
    assert "Nothing of this is owed." in page(client, "/en/to-keep/?kind=pledge&channel=estime/bags")
    for unknown in ("estime/none", "forum/bags"):
        assert client.get(f"/en/to-keep/?channel={unknown}").status_code == 404


def test_archives_stand_apart() -> None:
    some(2)
    Watched.objects.update(last_act=clock.now() - timedelta(days=400))
    told = page(client_of("lead"), "/en/to-keep/")
    assert "Nothing is owed." in told
    assert "2 questions had no answer" in told
    assert "Is it blue, 1?" in page(client_of("lead"), "/en/to-keep/archives/")


def test_a_demo_shows_a_record_as_it_stood(home: Path) -> None:
    some(2)
    brand(home, "forum", more='\n[site]\nmode = "demo"\n')
    Question.objects.filter(pk=asked("q0").pk).update(published=START - timedelta(days=500))
    Watched.objects.update(last_act=START + timedelta(days=8))
    Watched.objects.update(last_act=Question.objects.get(pk=asked("q1").pk).published + timedelta(days=9))
    long_after = clock.now() + timedelta(days=1000)
    listed = contact.question_debts.oldest(long_after, 0, None, 9)
    assert [debt.quote for debt in listed] == ["Is it blue, 1?"]
    assert readout.when_told(listed[0], long_after) == ("2 days late", True)
    assert contact.question_debts.count(long_after) == (1, 1)
    assert contact.archived_count(long_after) == 1


@pytest.mark.parametrize("path", ["", "paragraph/", "settled/", "archives/", "questions/1/"])
def test_who_may_not_see_it(path: str) -> None:
    assert client_of("analyst").get(f"/en/to-keep/{path}").status_code == 403
    assert client_of("member").get(f"/en/to-keep/{path}").status_code == 403


def test_every_kind_that_is_bound_has_a_page() -> None:
    for provider in readout.providers():
        kind = view.KINDS[provider.kind]
        samples = {"question": 1, "job": "0190f3c4-0000-7000-8000-000000000000"}
        samples["rejects"] = samples["job"]
        assert reverse(kind.page, args=[samples.get(provider.kind, 1)])
        assert User(role="administrator").may(kind.permission)
        assert User(role="administrator").may(provider.permission)


def test_a_page_costs_the_same_however_much_is_owed(figures: None) -> None:
    client = client_of("lead")
    some(2)
    client.get("/en/to-keep/")
    few = queries(client, "/en/to-keep/")
    some(60, first=2)
    many = queries(client, "/en/to-keep/")
    assert many == few <= 32, many
    assert queries(client, f"/en/to-keep/questions/{asked('q5').pk}/") <= 26


def queries(client: object, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    return len(told)


def test_pages_follow_each_other_without_loss() -> None:
    some(60)
    client = client_of("lead")
    seen: list[str] = []
    path = "/en/to-keep/"
    while path:
        html = client.get(path).content.decode()
        seen += [part.split("?")[0] for part in words(html).split("Is it blue, ")[1:]]
        path = (
            html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in html
            else ""
        )
    assert list(dict.fromkeys(seen)) == [str(n) for n in range(60)]


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "1~question~x",
        "1~question~-5",
        f"1~question~{2**70}",
        "9" * 17 + "~job~1",
        "1~job~1",
        "~~",
        "1~rejects~1",
    ],
)
def test_an_address_written_by_hand_shows_the_beginning(after: str) -> None:
    some(1)
    assert "Is it blue" in page(client_of("administrator"), f"/en/to-keep/?after={after}")


class Listed(NamedTuple):
    """A provider whose debts are given: what the port asks of one, and no more."""

    kind: str
    debts: list[Debt]
    permission: str = "desk.see"

    def count(self, now: datetime) -> tuple[int, int]:
        return len(self.debts), sum(debt.due is not None and debt.due <= now for debt in self.debts)

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        told = sorted(self.debts, key=lambda debt: (debt_moment(debt), debt.id))
        told = [debt for debt in told if after is None or (debt_moment(debt), debt.id) > after]
        return [debt for debt in told if only.mine in (None, debt.mine)][:limit]


MOMENTS = st.integers(0, 3).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=n))


@st.composite
def provided(draw: st.DrawFn) -> list[Listed]:
    found = []
    for kind in ("a", "b", "c"):
        debts = [
            Debt(
                kind, str(number), draw(MOMENTS), "t", due=draw(st.none() | MOMENTS), mine=draw(st.booleans())
            )
            for number in range(draw(st.integers(0, 5)))
        ]
        found.append(Listed(kind, debts))
    return found


@given(lists=provided(), rows=st.integers(1, 4))
def test_several_providers_make_one_list(lists: list[Listed], rows: int) -> None:
    """Whatever stands at one moment, page after page shows each debt once, in one order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readout, "providers", lambda: tuple(lists))
        viewer, now = User(role="lead"), datetime(2026, 1, 2, tzinfo=UTC)
        shown: list[Debt] = []
        wanted = readout.Wanted()
        while True:
            part = readout.desk_build(now, viewer, wanted, rows)
            shown += part.debts
            if not part.next:
                break
            wanted = readout.Wanted(after=part.next)
        theirs = [debt for provider in lists for debt in provider.debts if not debt.mine]
        assert shown == sorted(theirs, key=lambda debt: (debt_moment(debt), debt.kind, debt.id))


def test_the_paragraph_stands_above_and_can_be_sent(figures: None, settings: LazySettings) -> None:
    sam = staff("sam", "analyst")
    client = client_of("lead")
    assert 'class="truth"' in client.get("/en/to-keep/").content.decode()
    html = client.get("/en/to-keep/paragraph/").content.decode()
    assert "mailto:?subject=" in html
    file = client.get("/en/to-keep/paragraph/mail.eml")
    assert file["Content-Type"] == "message/rfc822"
    assert b"X-Unsent: 1" in file.content
    nobody = client.post("/en/to-keep/paragraph/send/", {"to": ["999999", "x"]})
    assert nobody.status_code == 400
    assert not mail.outbox
    sent = client.post("/en/to-keep/paragraph/send/", {"to": [str(sam.pk)] * 2, "note": "Look."})
    assert sent.status_code == 302
    assert [message.to for message in mail.outbox] == [["sam@example.org"]]
    assert mail.outbox[0].reply_to == ["lead@example.org"]
    assert mail.outbox[0].body.startswith("Look.")


def test_mail_is_no_cannon(figures: None) -> None:
    sam = staff("sam", "analyst")
    client = client_of("lead")
    codes = [client.post("/en/to-keep/paragraph/send/", {"to": str(sam.pk)}).status_code for _ in range(8)]
    assert codes[0] == 302
    assert codes[-1] == 429


def test_without_figures_the_page_still_tells_what_is_owed() -> None:
    some(1)
    told = page(client_of("lead"), "/en/to-keep/")
    assert "No figure has been computed yet" in told
    assert "Is it blue, 0?" in told
    assert client_of("lead").get("/en/to-keep/paragraph/").status_code == 302
