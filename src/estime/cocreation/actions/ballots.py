"""Vote, vote otherwise, take a vote back.

1. A ballot counts if it came before the closing and its transaction held the poll's row (FOR SHARE on PostgreSQL;
   SQLite writes one after the other) before the closing took it FOR UPDATE. Whoever gets an answer without an error is
   counted, exactly once, with what they chose last.
2. One `Voter` and one `Link` per poll and member, by constraint; the insert of the voter is what orders two requests
   of the same person, however they arrive.
3. The first vote is told to the ledger (that, never how); a changed one is not. Nothing here logs a choice.
"""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.choices import Asked, Choice, choice_checked, content_of, merged
from estime.cocreation.eligibility import check_eligible
from estime.cocreation.errors import NotFound, VoteNotOpen, VoteOver
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Challenge, Member, Poll
from estime.cocreation.parameters import GAINING, RULES
from estime.kernel import clock
from estime.kernel.ids import uuid7

_OPTIONS_KEPT: Final = 256
_ASKED: dict[tuple[int, int], Asked] = {}
"""What ballots of votes that run are about; the seed tells votes of different databases apart."""


class Cast(NamedTuple):
    """What became of a vote. `first`: they had not voted here before. `choice`: what stands on the ballot now."""

    first: bool
    choice: Choice


class Held(NamedTuple):
    """The row of a vote, held until the transaction ends."""

    poll: Poll
    cancelled: bool


def ballot_cast(poll: Poll, by: Member, choice: object, *, when: datetime | None = None) -> Cast:
    """Vote, or vote otherwise. In votes between two and on statements, one more answer.

    Raises `VoteNotOpen`, `VoteOver`, `NotEligible`, `BallotInvalid`, `SlowDown` (never for a first vote); then nothing
    has changed.
    """
    at = when or clock.now()  # of the arrival: whoever waits for their turn loses nothing
    with transaction.atomic():
        held = _held(poll.pk)
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
    with transaction.atomic():
        held = _held(poll.pk)
        check_open(held, at)
        check_limits(by, "votes", at)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cocreation_voter SET last = %s WHERE poll_id = %s AND member_id = %s",
                [_moment(at), poll.pk, by.pk],
            )
            linked = _linked(cursor, poll.pk, by.pk)
            if linked is None:
                return False
            cursor.execute(
                "DELETE FROM cocreation_link WHERE poll_id = %s AND member_id = %s", [poll.pk, by.pk]
            )
            cursor.execute("DELETE FROM cocreation_ballot WHERE id = %s", [linked])
        act_write(by, "Delete", held.poll, at, object_type="Vote", context=_context(held.poll))
    return True


def check_open(held: Held, at: datetime) -> None:
    """Raises `VoteNotOpen` or `VoteOver`. By time too: a ballot that comes late is refused though no job has closed."""
    poll = held.poll
    if held.cancelled:
        raise VoteNotOpen(_("This vote was called off."), todo=_("The page of the challenge says why."))
    if poll.closed is not None or at >= poll.closes:
        raise VoteOver(
            _("This vote is closed."),
            todo=_("Your ballot is as you left it before the closing, if you had cast one."),
        )
    if poll.opened is None or at < poll.opens:
        raise VoteNotOpen(_("This vote has not begun."), todo=_("Its page says when it begins."))


def asked_of(poll: Poll) -> Asked:
    """What a ballot of this vote is about. Options of a running vote do not change, so they are read once."""
    fixed = poll.opened is not None and poll.method not in GAINING
    key = (poll.pk, poll.seed)
    if fixed and (known := _ASKED.get(key)) is not None:
        return known
    rows = poll.options.values_list("number", "cost", "hidden")
    asked = Asked(
        poll.method,
        RULES[poll.method].model_validate(poll.parameters),
        frozenset(number for number, _cost, _hidden in rows),
        {number: Decimal(cost) for number, cost, _hidden in rows if cost is not None},
        frozenset(number for number, _cost, hidden in rows if hidden),
    )
    if fixed:
        if len(_ASKED) >= _OPTIONS_KEPT:
            _ASKED.clear()
        _ASKED[key] = asked
    return asked


_COLUMNS: Final = (
    *("id", "challenge_id", "method", "parameters", "ties", "seed", "threshold", "who", "binding", "secret"),
    *("opens", "closes", "opened", "closed"),
)
_SHARED: Final = (
    f"SELECT {', '.join(f'p.{name}' for name in _COLUMNS)}, c.cancelled, c.opened, c.source"
    " FROM cocreation_poll p JOIN cocreation_challenge c ON c.id = p.challenge_id WHERE p.id = %s FOR SHARE OF p"
)


def _held(poll_id: int) -> Held:
    """The poll as it stands now, held against the closing but not against other voters."""
    poll = _shared(poll_id) if connection.vendor == "postgresql" else _alone(poll_id)
    if poll is None:
        raise NotFound(_("There is no such vote."), todo=_("Look at the list of challenges."))
    return Held(poll, poll.challenge.cancelled is not None)


def _alone(poll_id: int) -> Poll | None:
    """SQLite: nobody else writes while this transaction lasts."""
    columns = (*_COLUMNS, "challenge__cancelled", "challenge__opened", "challenge__source")
    return Poll.objects.select_related("challenge").only(*columns).filter(pk=poll_id).first()


def _shared(poll_id: int) -> Poll | None:
    """`SELECT … FOR SHARE`, which the ORM does not have."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [poll_id])
        row = cursor.fetchone()
    if row is None:
        return None
    told = dict(zip(_COLUMNS, row, strict=False))
    told["parameters"] = orjson.loads(told["parameters"])
    cancelled, opened, source = row[len(_COLUMNS) :]
    poll = Poll(**told)
    poll.challenge = Challenge(pk=told["challenge_id"], cancelled=cancelled, opened=opened, source=source)
    return poll


def _moment(at: datetime) -> Any:
    """A time as plain SQL takes it."""
    return connection.ops.adapt_datetimefield_value(at)


_FIRST_STEPS: Final = (
    "INSERT INTO cocreation_voter (poll_id, member_id, last) VALUES (%s, %s, %s)"
    " ON CONFLICT (poll_id, member_id) DO NOTHING",
    "INSERT INTO cocreation_ballot (id, poll_id, content) VALUES (%s, %s, %s)",
    "INSERT INTO cocreation_link (poll_id, member_id, ballot) VALUES (%s, %s, %s)",
)
_FIRST_AT_ONCE: Final = f"""WITH v AS ({_FIRST_STEPS[0]} RETURNING poll_id, member_id),
    b AS (INSERT INTO cocreation_ballot (id, poll_id, content) SELECT %s, poll_id, %s FROM v),
    l AS (INSERT INTO cocreation_link (poll_id, member_id, ballot) SELECT poll_id, member_id, %s FROM v)
    SELECT 1 FROM v"""


def _put(cursor: Any, poll: Poll, by: Member, choice: Choice, at: datetime) -> tuple[bool | None, Choice]:
    """Write the ballot. True: their first here; False: again after taking one back; None: changed."""
    whole: Choice = [choice] if poll.method == "pairwise" else choice
    ballot = secrets.randbits(63) or 1
    if _put_first(cursor, (poll.pk, by.pk, _moment(at)), ballot, content_of(whole)):
        return True, whole
    cursor.execute(
        "UPDATE cocreation_voter SET last = %s WHERE poll_id = %s AND member_id = %s",
        [_moment(at), poll.pk, by.pk],
    )
    linked = _linked(cursor, poll.pk, by.pk)
    if linked is not None:
        return None, _changed(cursor, poll, linked, choice)
    cursor.execute(_FIRST_STEPS[1], [ballot, poll.pk, content_of(whole)])
    cursor.execute(_FIRST_STEPS[2], [poll.pk, by.pk, ballot])
    return False, whole


def _put_first(cursor: Any, voter: tuple[Any, ...], ballot: int, content: str) -> bool:
    """Voter, ballot and link of somebody who has not voted here; False if they have."""
    if connection.vendor == "postgresql":
        cursor.execute(_FIRST_AT_ONCE, [*voter, ballot, content, ballot])
        return cursor.fetchone() is not None
    poll, member, _at = voter
    cursor.execute(_FIRST_STEPS[0], voter)
    if cursor.rowcount != 1:
        return False
    cursor.execute(_FIRST_STEPS[1], [ballot, poll, content])
    cursor.execute(_FIRST_STEPS[2], [poll, member, ballot])
    return True


def _changed(cursor: Any, poll: Poll, ballot: int, choice: Choice) -> Choice:
    """The voter's row is held by now: nobody else changes this ballot."""
    whole = choice
    if poll.method in GAINING:
        cursor.execute("SELECT content FROM cocreation_ballot WHERE id = %s", [ballot])
        whole = merged(poll.method, cursor.fetchone()[0], choice)
    cursor.execute("UPDATE cocreation_ballot SET content = %s WHERE id = %s", [content_of(whole), ballot])
    return whole


def _linked(cursor: Any, poll: int, member: int) -> int | None:
    cursor.execute("SELECT ballot FROM cocreation_link WHERE poll_id = %s AND member_id = %s", [poll, member])
    row = cursor.fetchone()
    return None if row is None else row[0]


def _tell(poll: Poll, by: Member, at: datetime, *, again: bool) -> None:
    source = f"vote/{poll.pk}/{by.handle}" + (f"/{uuid7()}" if again else "")
    act_write(by, "Create", poll, at, source_id=source, object_type="Vote", context=_context(poll))


def _context(poll: Poll) -> str:
    return object_id(poll.challenge)
