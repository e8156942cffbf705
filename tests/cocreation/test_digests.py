"""Protects digests: told once, to each at their hour, only what changed for them, whatever falls in between."""

import email
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cocreation.answering import TAKEN, idea
from cocreation.places import Place
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from estime.cocreation import delivery
from estime.cocreation.actions import digests
from estime.cocreation.actions.decisions import decision_write
from estime.cocreation.actions.digests import digest_choose, digests_due, digests_run
from estime.cocreation.actions.pledges import PledgeWords, pledge_make
from estime.cocreation.delivery import letter_path, to_files
from estime.cocreation.errors import DigestsUndelivered
from estime.cocreation.letters import stop_read, stop_token
from estime.cocreation.models import Contribution, Digest, Member, Notice, Support
from estime.cocreation.moments_due import due_next
from estime.cocreation.news import event_tell
from estime.cocreation.ports import Letter
from estime.kernel import clock
from estime.kernel.home import home
from estime.people.models import User

SUNDAY = datetime(2026, 11, 15, 12, tzinfo=UTC)
MONDAY = SUNDAY + timedelta(hours=20)
ZONES = ("Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC", "Pacific/Kiritimati")


@pytest.fixture
def here(db: None, _home: Path, place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch) -> Place:
    return at_sunday(place, monkeypatch)


def at_sunday(place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch) -> Place:
    """Everybody is told on Mondays, in UTC; it is Sunday."""
    monkeypatch.setattr(clock, "now", lambda: SUNDAY)
    home().mkdir(parents=True, exist_ok=True)
    return place("decide", at=SUNDAY - timedelta(days=2))


def letters() -> list[EmailMessage]:
    files = sorted((home() / "digests").rglob("*.eml"), key=lambda path: int(path.stem))
    return [email.message_from_bytes(path.read_bytes(), policy=modern) for path in files]  # type: ignore[misc]


def text(letter: EmailMessage, kind: str = "plain") -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def changed(here: Place, title: str = "A buckle") -> Contribution:
    """An idea of Anna that Dani supports is taken up."""
    made = idea(here, here.anna, title)
    Support.objects.create(contribution=made, member=here.dani, at=here.at)
    decision_write(here.lea, made.pk, TAKEN, when=SUNDAY)
    return made


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  zones are drawn beside
    st.sampled_from(["daily", "weekly"]),
)
def test_it_is_due_at_eight_where_its_reader_lives(name: str, moment: datetime, rhythm: str) -> None:
    zone, after = ZoneInfo(name), moment.replace(tzinfo=UTC)
    due = due_next(rhythm, zone, after)
    here = due.astimezone(zone)
    assert (here.hour, here.minute) == (8, 0)
    assert after < due <= after + timedelta(days=8 if rhythm == "weekly" else 1, hours=2)
    assert rhythm == "daily" or here.weekday() == 0


def test_a_member_is_told_once_at_their_hour_with_the_newest_state(here: Place) -> None:
    User.objects.update(language="en")
    User.objects.filter(pk=here.anna.user_id).update(language="fr", timezone="Europe/Paris")
    made = changed(here)
    assert digests_due()
    assert digests_run(SUNDAY).delivered == 0, "on Monday"
    pledge_make(
        here.lea, made, PledgeWords("A first bag.", datetime(2027, 3, 3, 12, tzinfo=UTC)), when=SUNDAY
    )
    early = digests_run(datetime(2026, 11, 16, 7, 30, tzinfo=UTC))
    assert early.delivered == 1, "it is eight in Paris"
    assert digests_run(MONDAY).delivered == 1
    assert digests_run(MONDAY).delivered == 0
    french, english = letters()
    assert french["Subject"] == "Des nouvelles de «\u00a0A buckle\u00a0»"
    assert "Retenue" in text(french)
    told = text(english)
    assert "Taken up; promised for 3\u00a0March\u00a02027 by Léa Martin" in told
    assert "Léa Martin answered: taken up." in told
    assert "Léa Martin made a promise." in told
    assert f"/en/ideas/{made.pk}/" in text(english, "html")
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "@" not in english.as_string().replace(stop_token(here.dani.pk), "")


def test_nothing_changed_and_nothing_is_told(here: Place) -> None:
    idea(here, here.anna)
    assert not digests_due()
    assert digests_run(MONDAY).made == 0
    changed(here, "A clip")
    digests_run(SUNDAY)
    digests_run(MONDAY)
    before = len(letters())
    digests_run(MONDAY + timedelta(days=7))
    assert len(letters()) == before == 2


def test_never_is_never_and_later_tells_of_later_things_only(here: Place) -> None:
    digest_choose(here.dani, "never")
    changed(here)
    digests_run(SUNDAY)
    digests_run(MONDAY)
    assert Digest.objects.filter(member=here.dani, delivered=None).count() == 0
    assert len(letters()) == 1
    digest_choose(here.dani, "daily", when=MONDAY)
    changed(here, "A clip")
    digests_run(MONDAY)
    digests_run(MONDAY + timedelta(days=1))
    told = text(letters()[-1])
    assert "A clip" in told
    assert "A buckle" not in told
    assert Notice.objects.filter(member=here.dani).count() == 2, "what happened stays on their page"


def test_another_rhythm_moves_what_is_due(here: Place) -> None:
    changed(here)
    digests_run(SUNDAY)
    assert Member.objects.get(pk=here.anna.pk).digest_due == datetime(2026, 11, 16, 8, tzinfo=UTC)
    digest_choose(here.anna, "daily", when=MONDAY)
    assert Member.objects.get(pk=here.anna.pk).digest_due == datetime(2026, 11, 17, 8, tzinfo=UTC)


def test_what_was_hidden_or_erased_meanwhile_is_left_out(here: Place) -> None:
    made = changed(here)
    Contribution.objects.filter(pk=made.pk).update(hidden=True)
    digests_run(SUNDAY)
    assert digests_run(MONDAY).delivered == 0
    assert letters() == []
    assert not Digest.objects.filter(delivered=None).exists()


def test_titles_are_letters_and_nothing_else(here: Place) -> None:
    changed(here, "<script>alert(1)</script> & \u202eBcc: x")
    digests_run(SUNDAY)
    digests_run(MONDAY)
    html = text(letters()[0], "html")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert letters()[0]["Bcc"] is None


def test_a_fall_between_handing_over_and_the_mark_tells_the_same_letter(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(here)
    digests_run(SUNDAY)

    def falls(letters: Sequence[Letter]) -> set[int]:
        to_files(letters)
        raise KeyboardInterrupt

    monkeypatch.setattr(digests, "deliverer", lambda: falls)
    with pytest.raises(KeyboardInterrupt):
        digests_run(MONDAY)
    first = [letter.as_string() for letter in letters()]
    monkeypatch.setattr(digests, "deliverer", lambda: to_files)
    assert digests_run(MONDAY).delivered == 0, "it is still claimed"
    monkeypatch.setattr(clock, "now", lambda: SUNDAY + digests.CLAIM)
    assert digests_due()
    assert digests_run(MONDAY).delivered == 2
    again = [letter.as_string() for letter in letters()]
    assert len(again) == len(first) == 2
    assert [letter["X-Estime-Digest"] for letter in letters()] == [
        str(d.pk) for d in Digest.objects.order_by("pk")
    ]


def test_what_cannot_be_handed_over_is_said_and_tried_again(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(here)
    digests_run(SUNDAY)
    monkeypatch.setattr(digests, "deliverer", lambda: lambda letters: {letters[0].number})
    with pytest.raises(DigestsUndelivered) as refused:
        digests_run(MONDAY)
    assert refused.value.data == {"left": 1}
    monkeypatch.setattr(digests, "deliverer", lambda: to_files)
    monkeypatch.setattr(clock, "now", lambda: SUNDAY + digests.AGAIN)
    assert digests_run(MONDAY).delivered == 1
    (left,) = letters()
    assert letter_path(int(left["X-Estime-Digest"])).is_file()


@pytest.mark.usefixtures("_home")
def test_a_token_stops_one_members_digests_and_cannot_be_made_up() -> None:
    assert stop_read(stop_token(7)) == 7
    for wrong in ("7", "7:x", "", stop_token(7).replace("7:", "8:", 1)):
        assert stop_read(wrong) is None


def test_two_workers_at_once_tell_everybody_once(
    on_both: Path, place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = at_sunday(place, monkeypatch)
    monkeypatch.setattr(digests, "AT_ONCE", 3)
    made = idea(here, here.anna)
    for number in range(20):
        user = User.objects.create(email=f"m{number}@example.org", password="!")
        member = Member.objects.create(user=user, channel="estime", handle=f"h{number}", joined=SUNDAY)
        Support.objects.create(contribution=made, member=member, at=SUNDAY)
    decision_write(here.lea, made.pk, TAKEN, when=SUNDAY)
    handed: list[int] = []

    def deliver(letters: Sequence[Letter]) -> set[int]:
        handed.extend(letter.number for letter in letters)
        return {letter.number for letter in letters}

    monkeypatch.setattr(digests, "deliverer", lambda: deliver)

    def runs(at: datetime) -> None:
        try:
            digests_run(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(runs, [SUNDAY, SUNDAY, SUNDAY]))
        list(pool.map(runs, [MONDAY, MONDAY, MONDAY]))
    assert len(handed) == len(set(handed)) == 21
    assert Digest.objects.filter(delivered=None).count() == 0
    assert Notice.objects.filter(digest=None).count() == 0


@pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_news_that_come_in_while_a_digest_is_made_are_told_in_the_next(
    installed: Path, place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = at_sunday(place, monkeypatch)
    made = changed(here)
    digests_run(SUNDAY)
    real, planned = digests._bind, threading.Event()

    def plans() -> None:
        try:
            digests.notices_plan(MONDAY)  # waits for the members that are being told
        finally:
            planned.set()
            connection.close()

    other = threading.Thread(target=plans)

    def meanwhile(made_now: Any) -> None:
        real(made_now)
        before = threading.Thread(target=late)
        before.start()
        before.join(20)
        other.start()
        planned.wait(0.5)

    def late() -> None:
        try:
            event_tell("versioned", here.lea, SUNDAY, made, version=2)
        finally:
            connection.close()

    monkeypatch.setattr(digests, "_bind", meanwhile)
    digests.digests_make(MONDAY)
    other.join(20)
    assert planned.is_set()
    anna = Member.objects.get(pk=here.anna.pk)
    assert anna.digest_due == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert Notice.objects.filter(member=anna, digest=None).count() == 1


@given(st.text(max_size=300))
def test_a_subject_is_one_header_whatever_a_title_holds(subject: str) -> None:
    body = delivery.letter_bytes(Letter(7, 1, "en", subject, "Text.\n", "<p>Text.</p>", "https://x/stop/"))
    told = email.message_from_bytes(body, policy=modern)
    assert [told["X-Estime-Digest"], told["Bcc"], told.is_multipart()] == ["7", None, True]
    assert text(told) == "Text.\n"


def test_files_of_digests_go_after_their_days(here: Place) -> None:
    changed(here)
    digests_run(SUNDAY)
    digests_run(MONDAY)
    old, young = sorted((home() / "digests").rglob("*.eml"))
    half = old.with_suffix(".1-ab.part")
    half.touch()
    for path, days in ((old, 31), (young, 29), (half, 2)):
        then = (SUNDAY - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    assert delivery.letters_sweep(30) == 1
    assert sorted((home() / "digests").rglob("*.*")) == [young]
    assert delivery.letters_sweep(30) == 0
    assert digests_run(MONDAY).delivered == 0, "what was told is not told again because its file is gone"
