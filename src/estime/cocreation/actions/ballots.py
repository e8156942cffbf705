"""Vote, vote otherwise, take a vote back.

1. A ballot counts if it came before the closing and its transaction held the poll's row (FOR SHARE on PostgreSQL;
   SQLite writes one after the other) before the closing took it FOR UPDATE. Whoever gets an answer without an error is
   counted, exactly once, with what they chose last.
2. One `Voter` and one `Link` per poll and member, by constraint; the insert of the voter is what orders two requests
   of the same person, however they arrive.
3. The first vote is told to the ledger (that, never how); a changed one is not. Nothing here logs a choice.
"""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.held import Held, check_open
from estime.cocreation.actions.opening import poll_begin
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.choices import (
    Asked,
    Choice,
    about_checked,
    choice_checked,
    content_of,
    merged,
    without,
)
from estime.cocreation.eligibility import check_eligible
from estime.cocreation.errors import NotFound, VoteNotOpen
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Challenge, Member, Poll
from estime.cocreation.parameters import GAINING, RULES
from estime.kernel import clock
from estime.kernel.ids import uuid7
from estime.ledger.api import execute_prepared, turn

_OPTIONS_KEPT: Final = 256
_ASKED: dict[tuple[int, int], Asked] = {}
"""What ballots of votes that run are about; the seed tells votes of different databases apart."""


class Cast(NamedTuple):
    """What became of a vote. `first`: they had not voted here before. `choice`: what stands on the ballot now."""

    first: bool
    choice: Choice


def ballot_cast(poll: Poll, by: Member, choice: object, *, when: datetime | None = None) -> Cast:
    """Vote, or vote otherwise. In votes between two and on statements, one more answer.

    Raises `VoteNotOpen`, `VoteOver`, `NotEligible`, `BallotInvalid`, `SlowDown` (never for a first vote); then nothing
    has changed.
    """
    at = when or clock.now()  # of the arrival: whoever waits for their turn loses nothing
    try:
        return _cast(poll.pk, by, choice, at)
    except VoteNotOpen:
        if not poll_begin(poll.pk, when=at):
            raise
    return _cast(poll.pk, by, choice, at)


def _cast(poll: int, by: Member, choice: object, at: datetime) -> Cast:
    with turn(), transaction.atomic():
        held = _held(poll)
        check_open(held, at)
        check_eligible(held.poll, by)
        asked = asked_of(held.poll)
        checked = choice_checked(asked, choice)
        with connection.cursor() as cursor:
            first, checked = _put(cursor, held.poll, by, checked, at)
        if first is not True:
            check_limits(by, "votes", at)
        if first is not None:
            _tell(held.poll, by, at, again=first is False)
    return Cast(bool(first), checked)


def ballot_withdraw(poll: Poll, by: Member, *, when: datetime | None = None) -> bool:
    """Take one's vote back; one may vote again until the closing. False: there was none.

    Raises `VoteNotOpen`, `VoteOver`.
    """
    at = when or clock.now()
    with turn(), transaction.atomic():
        held = _held(poll.pk)
        check_open(held, at)
        with connection.cursor() as cursor:
            linked = _own_ballot(cursor, poll.pk, by, at)
            if linked is None:
                return False
            _take_away(cursor, held.poll, by, linked, at)
    return True


def answer_withdraw(
    poll: Poll, by: Member, numbers: Collection[int], *, when: datetime | None = None
) -> Choice | None:
    """Take one answer back, in votes between two (`numbers`: both options) and on statements; the others stay.

    Returns what stands on the ballot then; None: nothing, and there is no ballot any more. Again is harmless. Raises
    `VoteNotOpen`, `VoteOver`, `BallotInvalid`, `SlowDown`.
    """
    at = when or clock.now()
    with turn(), transaction.atomic():
        held = _held(poll.pk)
        check_open(held, at)
        about = about_checked(held.poll.method, numbers)
        with connection.cursor() as cursor:
            linked = _own_ballot(cursor, poll.pk, by, at)
            if linked is None:
                return None
            execute_prepared(cursor, _CONTENT, [linked])
            left = without(held.poll.method, cursor.fetchone()[0], about)
            if left:
                execute_prepared(cursor, _OTHERWISE, [content_of(left), linked])
                return left
            _take_away(cursor, held.poll, by, linked, at)
    return None


def _own_ballot(cursor: Any, poll: int, by: Member, at: datetime) -> int | None:
    """The ballot that somebody is about to take from; their row is held first and counted after, as by those who vote:
    the other way round two windows of one member would wait for each other.
    """
    execute_prepared(cursor, _LAST, [_moment(at), poll, by.pk])
    check_limits(by, "votes", at)
    return _linked(cursor, poll, by.pk)


def _take_away(cursor: Any, poll: Poll, by: Member, ballot: int, at: datetime) -> None:
    """A ballot and whose it is. That somebody voted stays, for whether they may object."""
    cursor.execute("DELETE FROM cocreation_link WHERE poll_id = %s AND member_id = %s", [poll.pk, by.pk])
    cursor.execute("DELETE FROM cocreation_ballot WHERE id = %s", [ballot])
    act_write(by, "Delete", poll, at, object_type="Vote", context=_context(poll))


def asked_of(poll: Poll) -> Asked:
    """What a ballot of this vote is about. Options of a running vote do not change, so they are read once."""
    fixed = poll.opened is not None and poll.method not in GAINING
    key = (poll.pk, poll.seed)
    if fixed and (known := _ASKED.get(key)) is not None:
        return known
    rows = poll.options.values_list("number", "cost", "hidden", "contribution__hidden")
    asked = Asked(
        poll.method,
        RULES[poll.method].model_validate(poll.parameters),
        frozenset(number for number, *_others in rows),
        {number: Decimal(cost) for number, cost, *_others in rows if cost is not None},
        frozenset(number for number, _cost, *hidden in rows if any(hidden)),
    )
    if fixed:
        if len(_ASKED) >= _OPTIONS_KEPT:
            _ASKED.clear()
        _ASKED[key] = asked
    return asked


_COLUMNS: Final = (
    *("id", "challenge_id", "method", "parameters", "ties", "seed", "threshold", "who", "binding", "secret"),
    *("opens", "closes", "opened", "closed", "source"),
)
_MOMENTS: Final = tuple(_COLUMNS.index(name) for name in ("opens", "closes", "opened", "closed"))
_HELD: Final = (
    f"SELECT {', '.join(f'p.{name}' for name in _COLUMNS)}, c.cancelled, c.hidden, c.opened, c.source"
    " FROM cocreation_poll p JOIN cocreation_challenge c ON c.id = p.challenge_id WHERE p.id = %s::bigint"
)
QUEUE: Final = 0x766F7465
"""The first half of the key of the lock in which a closing waits its turn among those who vote ("vote")."""
_SHARED: Final = (
    f"WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({QUEUE}, %s::int))"
    f" {_HELD.replace(' WHERE ', ' CROSS JOIN turn WHERE ')} FOR SHARE OF p"
)


def _held(poll_id: int) -> Held:
    """The poll as it stands now, held against the closing but not against other voters.

    SQLite needs no lock: nobody else writes while this transaction lasts. In plain SQL: the ORM knows no FOR SHARE, and
    takes ten times as long while others wait. PostgreSQL lets whoever shares a row pass whoever waits to have it alone,
    for as long as people vote; the second lock has a queue, so a closing comes when it is its turn.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            execute_prepared(cursor, _SHARED, [poll_id, poll_id])
        else:
            execute_prepared(cursor, _HELD, [poll_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("There is no such vote."), todo=_("Look at the list of challenges."))
    return _understood(row)


@lru_cache(maxsize=256)
def _understood(row: tuple[Any, ...]) -> Held:
    """While a vote runs its row is the same for every ballot; nobody changes what is made of it."""
    *told, cancelled, hidden, opened, source = row
    for place in _MOMENTS:
        told[place] = _aware(told[place])
    fields = dict(zip(_COLUMNS, told, strict=True))
    poll = Poll(**{**fields, "parameters": orjson.loads(fields["parameters"])})
    poll.challenge = Challenge(
        pk=poll.challenge_id, cancelled=cancelled, opened=_aware(opened), source=source
    )
    return Held(poll, cancelled is not None, bool(hidden))


def _aware(at: datetime | None) -> datetime | None:
    """SQLite keeps times of UTC without saying so."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _moment(at: datetime) -> Any:
    """A time as plain SQL takes it."""
    return connection.ops.adapt_datetimefield_value(at)


_VOTER: Final = (
    "INSERT INTO cocreation_voter (poll_id, member_id, last) VALUES (%s::bigint, %s::bigint, %s::timestamptz)"
    " ON CONFLICT (poll_id, member_id) DO NOTHING"
)
_BALLOT: Final = (
    "INSERT INTO cocreation_ballot (id, poll_id, content) VALUES (%s::bigint, %s::bigint, %s::text)"
)
_LINK: Final = (
    "INSERT INTO cocreation_link (poll_id, member_id, ballot) VALUES (%s::bigint, %s::bigint, %s::bigint)"
)
_FIRST_AT_ONCE: Final = f"""WITH v AS ({_VOTER} RETURNING poll_id, member_id),
    b AS (INSERT INTO cocreation_ballot (id, poll_id, content) SELECT %s::bigint, poll_id, %s::text FROM v),
    l AS (INSERT INTO cocreation_link (poll_id, member_id, ballot) SELECT poll_id, member_id, %s::bigint FROM v)
    SELECT 1 FROM v"""
_LAST: Final = (
    "UPDATE cocreation_voter SET last = %s::timestamptz WHERE poll_id = %s::bigint AND member_id = %s::bigint"
)
_LINKED: Final = "SELECT ballot FROM cocreation_link WHERE poll_id = %s::bigint AND member_id = %s::bigint"
_CONTENT: Final = "SELECT content FROM cocreation_ballot WHERE id = %s::bigint"
_OTHERWISE: Final = "UPDATE cocreation_ballot SET content = %s::text WHERE id = %s::bigint"


def _put(cursor: Any, poll: Poll, by: Member, choice: Choice, at: datetime) -> tuple[bool | None, Choice]:
    """Write the ballot. True: their first here; False: again after taking one back; None: changed."""
    whole: Choice = [choice] if poll.method == "pairwise" else choice
    ballot = secrets.randbits(63) or 1
    if _put_first(cursor, (poll.pk, by.pk, _moment(at)), ballot, content_of(whole)):
        return True, whole
    execute_prepared(cursor, _LAST, [_moment(at), poll.pk, by.pk])
    linked = _linked(cursor, poll.pk, by.pk)
    if linked is not None:
        return None, _changed(cursor, poll, linked, choice)
    execute_prepared(cursor, _BALLOT, [ballot, poll.pk, content_of(whole)])
    execute_prepared(cursor, _LINK, [poll.pk, by.pk, ballot])
    return False, whole


def _put_first(cursor: Any, voter: tuple[Any, ...], ballot: int, content: str) -> bool:
    """Voter, ballot and link of somebody who has not voted here; False if they have."""
    if connection.vendor == "postgresql":
        execute_prepared(cursor, _FIRST_AT_ONCE, [*voter, ballot, content, ballot])
        return cursor.fetchone() is not None
    poll, member, _at = voter
    execute_prepared(cursor, _VOTER, voter)
    if cursor.rowcount != 1:
        return False
    execute_prepared(cursor, _BALLOT, [ballot, poll, content])
    execute_prepared(cursor, _LINK, [poll, member, ballot])
    return True


def _changed(cursor: Any, poll: Poll, ballot: int, choice: Choice) -> Choice:
    """The voter's row is held by now: nobody else changes this ballot."""
    whole = choice
    if poll.method in GAINING:
        execute_prepared(cursor, _CONTENT, [ballot])
        whole = merged(poll.method, cursor.fetchone()[0], choice)
    execute_prepared(cursor, _OTHERWISE, [content_of(whole), ballot])
    return whole


def _linked(cursor: Any, poll: int, member: int) -> int | None:
    execute_prepared(cursor, _LINKED, [poll, member])
    row = cursor.fetchone()
    return None if row is None else row[0]


def _tell(poll: Poll, by: Member, at: datetime, *, again: bool) -> None:
    source = f"vote/{poll.pk}/{by.handle}" + (f"/{uuid7()}" if again else "")
    act_write(by, "Create", poll, at, source_id=source, object_type="Vote", context=_context(poll))


def _context(poll: Poll) -> str:
    return object_id(poll.challenge)
