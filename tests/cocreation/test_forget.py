"""Protects who asks to be forgotten: nothing of their name and words is left, and nothing of others is lost."""

import email
from collections.abc import Callable
from datetime import timedelta
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from cocreation.answering import TAKEN, idea
from cocreation.places import Place
from cocreation.test_digests import MONDAY, SUNDAY
from django.db import connection

from estime.cocreation import models as m
from estime.cocreation.actions.decisions import decision_write
from estime.cocreation.actions.digests import digests_run
from estime.cocreation.actions.forget import forget_accounts
from estime.cocreation.actions.interpellations import (
    QuestionWords,
    question_answer,
    question_ask,
    question_join,
)
from estime.cocreation.actions.outcomes import OutcomeWords, outcome_make
from estime.cocreation.actions.pledges import PledgeWords, pledge_make
from estime.cocreation.guards import guards_install
from estime.cocreation.members import member_of
from estime.cocreation.similar.index import title_put
from estime.kernel import clock
from estime.kernel.home import home, pictures_dir
from estime.people.models import User

WORD = "xylophone"
NAME = "Zélie Quintefeuille"
HASH = "ab" * 32


@pytest.fixture
def here(installed: Path, place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(clock, "now", lambda: SUNDAY)
    guards_install()
    made = place("decide", "decide", at=SUNDAY - timedelta(days=2))
    for member in (made.anna, made.lea):
        m.Member.objects.filter(pk=member.pk).update(name=NAME)
        User.objects.filter(pk=member.user_id).update(name=NAME)
        member.name = member.user.name = NAME  # type: ignore[union-attr]
    return made


def given(here: Place) -> m.Contribution:
    """Anna wrote, was improved, commented, asked, drafted, voted, brought a picture, and was answered by Léa."""
    anna, ben, at = here.anna, here.ben, here.at
    made = idea(here, anna, f"A {WORD}")
    title_put(made.pk, here.space.pk, made.title, challenge=here.challenge.pk)
    said: dict[str, Any] = {"contribution": made, "by": anna, "at": at}
    comment = m.Comment.objects.create(**said, body=WORD, source="c1")
    m.Wording.objects.create(comment=comment, body=WORD, until=at)
    m.Edit.objects.create(comment=comment, base=1, title=WORD, body=WORD)
    m.Disowning.objects.create(version=made.versions.get(), member=anna, reason=WORD, at=at)
    m.Draft.objects.create(
        id="0190f3c4-0000-7000-8000-000000000001",
        member=anna,
        space=here.space,
        kind="idea",
        title=WORD,
        at=at,
        changed=at,
    )
    m.Picture.objects.create(
        id="0190f3c4-0000-7000-8000-000000000002", owner=anna, space=here.space, sha256=HASH, width=1, height=1, size=1,
        alt=WORD, at=at,
    )  # fmt: skip
    (pictures_dir() / HASH[:2]).mkdir()
    (pictures_dir() / HASH[:2] / f"{HASH[2:]}.webp").write_bytes(b"x")
    asked = question_ask(anna, here.space, QuestionWords(f"Why a {WORD}?", WORD), when=at)
    question_join(ben, asked.pk, when=at)
    question_answer(here.lea, asked.pk, "Because.", when=at)
    m.Report.objects.create(space=here.space, comment=comment, member=anna, reason="other", words=WORD, at=at)
    voted(here, made)
    m.Support.objects.create(contribution=made, member=ben, at=at)
    decision_write(
        here.lea, made.pk, TAKEN, promise=PledgeWords("A bag.", SUNDAY + timedelta(days=9)), when=SUNDAY
    )
    pledge_make(here.lea, here.challenge, PledgeWords("Shops.", SUNDAY + timedelta(days=9)), when=SUNDAY)
    outcome_make(here.lea, here.challenge.pk, OutcomeWords("A bag", "", at.date()), [], when=SUNDAY)
    return made


def voted(here: Place, made: m.Contribution) -> None:
    poll = here.challenge.polls.get()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS cocreation_link_only_insert" + _on("link"))
        cursor.execute("DROP TRIGGER IF EXISTS cocreation_voter_only_insert" + _on("voter"))
        cursor.execute("DROP TRIGGER IF EXISTS cocreation_ballot_only_insert" + _on("ballot"))
        cursor.execute("DROP TRIGGER IF EXISTS cocreation_voter_only_update" + _on("voter"))
    m.Option.objects.create(poll=poll, number=1, title=made.title, contribution=made, at=here.at)
    m.Poll.objects.filter(pk=poll.pk).update(opened=poll.opens)
    m.Ballot.objects.create(id=77, poll=poll, content="[1]")
    m.Voter.objects.create(poll=poll, member=here.anna, last=here.at)
    m.Link.objects.create(poll=poll, member=here.anna, ballot=77)
    guards_install()


def _on(table: str) -> str:
    return f" ON cocreation_{table}" if connection.vendor == "postgresql" else ""


def left_of(*wanted: str) -> list[tuple[str, str]]:
    """Where words are left: every column of every table of co-creation, as text."""
    found = []
    with connection.cursor() as cursor:
        tables = [
            name for name in connection.introspection.table_names(cursor) if name.startswith("cocreation_")
        ]
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = (
                        bytes(value).decode("utf-8", "replace")
                        if isinstance(value, bytes | memoryview)
                        else str(value)
                    )
                    found += [(table, name) for word in wanted if word in text]
    return sorted(set(found))


def files_left(*wanted: str) -> list[str]:
    found = []
    for path in (home() / "digests").rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=modern)
        text = str(message["Subject"]) + "".join(
            str(part.get_content())
            for part in message.walk()
            if not part.is_multipart()  # type: ignore[attr-defined]
        )
        found += [path.name for word in wanted if word in text]
    return found


def test_nothing_of_a_member_is_left(here: Place) -> None:
    made = given(here)
    digests_run(SUNDAY)
    digests_run(MONDAY)
    assert files_left(WORD, NAME)
    assert len(left_of(WORD)) > 8
    anna, lea = (m.Member.objects.get(pk=member.pk) for member in (here.anna, here.lea))
    assert anna.account is not None
    assert lea.account is not None
    assert forget_accounts([anna.account, lea.account]) == 2
    assert left_of(WORD, NAME) == []
    assert files_left(WORD, NAME) == []
    assert not (pictures_dir() / HASH[:2] / f"{HASH[2:]}.webp").exists()
    kept = m.Contribution.objects.get(pk=made.pk)
    assert (kept.erased, kept.title, m.Version.objects.count(), m.Support.objects.count()) == (True, "", 1, 1)
    assert (m.Link.objects.count(), m.Ballot.objects.count(), m.Voter.objects.get().last) == (0, 1, None)
    assert m.Decision.objects.get().reason == TAKEN.reason, "what was said for the brand is the brand’s"
    assert {m.Decision.objects.get().name, m.Answer.objects.get().name, m.Outcome.objects.get().name} == {"–"}
    forget_accounts([anna.account, lea.account])
    user = User.objects.get(email="anna@example.org")
    assert member_of(user).pk != anna.pk, "who comes back is somebody new"


def test_what_co_authors_wrote_together_stays_theirs(here: Place) -> None:
    made = idea(here, here.anna, f"A {WORD}")
    m.Author.objects.create(contribution=made, member=here.ben, number=2, accepted=here.at)
    question_ask(here.anna, here.space, QuestionWords("Why?"), when=here.at)
    anna = m.Member.objects.get(pk=here.anna.pk)
    forget_accounts([anna.account or 0])
    kept = m.Contribution.objects.get(pk=made.pk)
    assert (kept.erased, kept.title) == (False, f"A {WORD}")
    assert (m.Member.objects.get(pk=anna.pk).name, m.Member.objects.get(pk=anna.pk).user) == ("", None)


def test_nobody_else_is_touched(here: Place) -> None:
    given(here)
    other = idea(here, here.ben, "A clip")
    before = list(m.Comment.objects.filter(by=here.ben).values_list("body", flat=True))
    assert forget_accounts([10**15]) == 0
    anna = m.Member.objects.get(pk=here.anna.pk)
    forget_accounts([anna.account or 0])
    assert m.Contribution.objects.get(pk=other.pk).title == "A clip"
    assert list(m.Comment.objects.filter(by=here.ben).values_list("body", flat=True)) == before
    assert m.Decision.objects.get().name == NAME, "Léa stays who she is"
