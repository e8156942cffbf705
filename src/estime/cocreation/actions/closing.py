"""A vote ends, and is sealed. Each is one moment, and done twice does no harm.

Closing takes the poll's row FOR UPDATE: it waits for the ballots that hold it, and every later one is refused, by
the row, by the time and by the database's triggers. From then on `digest` says what the ballots were.

Sealing ends the secret's only weak time. Until then `Link` says whose a ballot is, and the order of rows may tell when
it came; in one transaction links go, ballots are written anew in random order under new random ids, and when somebody
voted last is forgotten. That the ballots are the same is proved by the digest, before and after.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.ballots import QUEUE
from estime.cocreation.errors import BallotsAltered, NotFound, NotNow, VoteNotOpen
from estime.cocreation.models import Objection, Poll
from estime.cocreation.news import event_tell
from estime.cocreation.parameters import rules_read
from estime.kernel import clock
from estime.ledger.api import turn

_AT_ONCE: Final = 20_000


def poll_close(poll: Poll, *, when: datetime | None = None) -> Poll:
    """End a vote whose time is over, or whose challenge was called off. Raises `NotNow` before, `VoteNotOpen`."""
    at = when or clock.now()
    with turn(), transaction.atomic():  # in the voters’ queue: SQLite would let them all go first
        held = poll_alone(poll, queued=True)
        if held.closed is not None:
            return held
        if held.opened is None:
            raise VoteNotOpen(_("This vote has not begun."), todo=_("Its page says when it begins."))
        called_off = held.challenge.cancelled is not None
        if at < held.closes and not called_off:
            raise NotNow(_("This vote goes on."), todo=_("It ends by itself when its time is over."))
        days = 0 if called_off else rules_read(held).objection_days
        held.closed, held.objections_until = at, at + timedelta(days=days)
        held.digest = ballots_digest(held)
        held.save(update_fields=["closed", "objections_until", "digest"])
    return held


def poll_seal(poll: Poll, *, when: datetime | None = None) -> Poll:
    """Destroy what says whose a ballot is. An open vote (not secret) is sealed too, and keeps its names.

    Raises `NotNow` (not counted, or objections may still come or wait for an answer), `BallotsAltered`.
    """
    at = when or clock.now()
    with transaction.atomic():
        held = poll_alone(poll)
        if held.sealed is not None:
            return held
        check_sealing(held, at)
        check_ballots(held)
        if held.secret:
            ballots_mix(held)
            check_ballots(held)
        held.sealing, held.sealed = False, at
        held.save(update_fields=["sealing", "sealed"])
        if held.challenge.cancelled is None:
            event_tell("vote_sealed", None, at, held.challenge, poll=held.pk)
    if held.secret:
        remains_forget()
    return held


def check_sealing(poll: Poll, at: datetime) -> None:
    """Raises `NotNow` unless a vote is over, counted, and every objection to it is answered."""
    called_off = poll.challenge.cancelled is not None
    if poll.closed is None or (poll.counted is None and not called_off):
        raise NotNow(_("This vote is not counted yet."), todo=_("It is sealed by itself when all is said."))
    if poll.objections_until is None or at < poll.objections_until:
        raise NotNow(_("Voters can still object to this vote."), todo=_("It is sealed by itself after that."))
    if Objection.objects.filter(poll=poll, answered=None).exists():
        raise NotNow(
            _("An objection to this vote waits for its answer."),
            todo=_("Answer it; the vote is then sealed."),
        )


def check_ballots(poll: Poll) -> None:
    """Raises `BallotsAltered` unless the ballots are those of the closing."""
    if ballots_digest(poll) != poll.digest:
        raise BallotsAltered(
            _("The ballots of this vote are not those that were there at its closing."),
            todo=_("Somebody wrote to the database past Estime: restore a backup from after the closing."),
            poll=poll.pk,
        )


def ballots_digest(poll: Poll) -> str:
    """SHA-256 over the ballots in the order of their texts: the same ballots give the same, in whatever order."""
    order = 'content COLLATE "C"' if connection.vendor == "postgresql" else "content"
    digest = hashlib.sha256(f"poll {poll.pk} {poll.seed}\n".encode())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT content FROM cocreation_ballot WHERE poll_id = %s ORDER BY {order}",
            [poll.pk],
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            digest.update("".join(f"{content}\n" for (content,) in rows).encode())
    return digest.hexdigest()


def poll_alone(poll: Poll, *, queued: bool = False) -> Poll:
    """A vote as it stands, held against everybody else. Raises `NotFound`.

    `queued`: on PostgreSQL behind those who vote now, before those who vote later (`ballots.QUEUE`).
    """
    if queued and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [QUEUE, poll.pk])
    held = Poll.objects.select_for_update(of=("self",)).select_related("challenge").filter(pk=poll.pk).first()
    if held is None:
        raise NotFound(_("There is no such vote."), todo=_("Look at the list of challenges."))
    return held


_RANDOM_KEY: Final = (
    "(('x' || right(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint & 9223372036854775807)"
)


def ballots_mix(poll: Poll) -> None:
    """Destroy the links of a closed vote, and write its ballots anew in random order. Its row is held; the caller saves
    that `sealing` is over.

    Rows lie as they were written on PostgreSQL, in the order of their random keys on SQLite.
    """
    Poll.objects.filter(pk=poll.pk).update(sealing=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cocreation_link WHERE poll_id = %s", [poll.pk])
        cursor.execute("UPDATE cocreation_voter SET last = NULL WHERE poll_id = %s", [poll.pk])
        if connection.vendor == "postgresql":
            cursor.execute(
                "WITH gone AS MATERIALIZED (DELETE FROM cocreation_ballot WHERE poll_id = %s RETURNING content),"
                " mixed AS MATERIALIZED (SELECT content FROM gone ORDER BY gen_random_uuid())"
                f" INSERT INTO cocreation_ballot (id, poll_id, content) SELECT {_RANDOM_KEY}, %s, content FROM mixed",
                [poll.pk, poll.pk],
            )
            return
        # In memory (`temp_store`), so nothing of it lies in a file.
        cursor.execute(
            "CREATE TEMP TABLE mixed AS SELECT content FROM cocreation_ballot WHERE poll_id = %s ORDER BY random()",
            [poll.pk],
        )
        cursor.execute("DELETE FROM cocreation_ballot WHERE poll_id = %s", [poll.pk])
        cursor.execute(
            "INSERT INTO cocreation_ballot (id, poll_id, content)"
            " SELECT random() & 9223372036854775807, %s, content FROM mixed",
            [poll.pk],
        )
        cursor.execute("DROP TABLE mixed")


def remains_forget() -> None:
    """What was deleted lies in the files until it is overwritten: not for longer than needed."""
    if connection.in_atomic_block:  # of a caller's: then a later sealing, or the database itself, does it
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in ("cocreation_ballot", "cocreation_link", "cocreation_voter"):
            cursor.execute(f"VACUUM {table}")
