"""Erase a person: blank what they wrote and who they were, keep that something was said, prove the absence.

What stays is an act of nobody: its time, its kind and its place in a thread. Identifiers that could lead back to
the source become keyed hashes, everywhere they stand, so that threads still hold together and a file that comes
again does not bring the act back.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from estime.kernel.home import secret
from estime.kernel.ids import keyed_hash
from estime.kernel.lake import Lake
from estime.ledger.actions.archive import ACTS, erased_keys
from estime.ledger.errors import UnknownAccount
from estime.ledger.guards import ERASED_PREFIX
from estime.ledger.models import Account, Act
from estime.ledger.search.fill import index_acts
from estime.ledger.search.forget import erased_forget, erasure_begins

_REFERENCES = ("object_id", "in_reply_to", "context")
_CHUNK = 400


class Erased(NamedTuple):
    """How many accounts and acts were blanked."""

    accounts: int
    acts: int


def erase_accounts(keys: Sequence[int], lake: Lake, *, tables: Sequence[str] = ()) -> Erased:
    """Erase accounts from the ledger and from the lake's tables (`acts`, and those named, by column `account`).

    Raises `UnknownAccount` before anything changes if a key is unknown. Running it again, or
    `finish_erasures`, completes an erasure that was cut off. Raises RuntimeError if a scan of the lake still finds a
    key afterwards.
    """
    accounts = list(Account.objects.filter(key__in=keys).select_related("channel"))
    if len(accounts) != len(set(keys)):
        raise UnknownAccount("There is no account with this key.", todo="Check the handle and the channel.")
    acts = 0
    _overwrite_what_goes()
    with transaction.atomic():
        erasure_begins()
        for account in accounts:
            acts += _blank_acts(account)
        Account.objects.filter(key__in=keys).update(handle=None)
    _empty_the_log()
    _erase_from_lake(lake, list(keys), (ACTS, *tables))
    index_acts()  # what others wrote at the same time can be found again
    return Erased(len(accounts), acts)


def finish_erasures(lake: Lake, *, tables: Sequence[str] = ()) -> None:
    """Take out of the lake what an erasure that was cut off left there: the ledger knows whom, the lake does not."""
    keys = erased_keys()
    held = (not lake.local or lake.holding(table, "account", keys) for table in (ACTS, *tables))
    if keys and any(held):
        _erase_from_lake(lake, keys, (ACTS, *tables))


def _erase_from_lake(lake: Lake, keys: list[int], tables: Sequence[str]) -> None:
    for table in tables:
        lake.erase(table, "account", keys)
        left = lake.holding(table, "account", keys)
        if left:
            raise RuntimeError(f"{len(left)} files of the lake table {table} still hold an erased account.")


def _blank_acts(account: Account) -> int:
    key, channel = secret(), account.channel
    acts = list(
        Act.objects.filter(actor=account)
        .exclude(source_id__startswith=ERASED_PREFIX)
        .values_list("seq", "source_id", "type", "object_id")
    )
    made = {object_id for _, _, kind, object_id in acts if kind == "Create" and object_id}
    told = {source_id for _, source_id, _, _ in acts}
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE ledger_act SET source_id = %s, content = NULL, incentive = NULL, on_behalf_of = NULL, extra = NULL"
            " WHERE seq = %s",
            [(_hashed(key, channel.name, source_id), seq) for seq, source_id, _, _ in acts],
        )
        names = {name: _hashed(key, channel.name, name) for name in made | told}
        pointing = _hash_references(cursor, channel, names)
    erased_forget(channel.pk, [*(seq for seq, _, _, _ in acts), *pointing], names)
    return len(acts)


def _hashed(key: bytes, channel: str, identifier: str) -> str:
    return ERASED_PREFIX + keyed_hash(key, channel, identifier)


def _overwrite_what_goes() -> None:
    """SQLite shall not leave in its file what a row held before."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _empty_the_log() -> None:
    """SQLite's log still holds the pages as they were; once it is emptied, it does not (unless somebody is reading)."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _hash_references(cursor: Any, channel: Any, names: dict[str, str]) -> list[int]:
    """Whatever points at an erased act or at what it made points at its hash from now on; returns which acts did."""
    listed = list(names)
    pointing: list[int] = []
    for start in range(0, len(listed), _CHUNK):
        part = listed[start : start + _CHUNK]
        marks = ", ".join(["%s"] * len(part))
        for column in _REFERENCES:
            cursor.execute(
                f"SELECT seq, {column} FROM ledger_act WHERE channel_id = %s AND {column} IN ({marks})",
                [channel.pk, *part],
            )
            found = [(names[name], seq) for seq, name in cursor.fetchall()]
            cursor.executemany(f"UPDATE ledger_act SET {column} = %s WHERE seq = %s", found)
            pointing += [seq for _, seq in found]
    return pointing
