"""Take an erased person out of what waits: refused rows of theirs are blanked in place, looks into files are dropped.

A row is theirs where it says so: its author, or whom it is on behalf of, is this handle. A row that could not even be
cut into cells is theirs if one of its pieces is the handle. Handles that a format makes up from several fields (Polis)
cannot be told from a refused row.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.db import transaction

from estime.channels.actions import EVERY_CHANNEL
from estime.channels.headers import ACT_NAMES, folded
from estime.channels.mending import columns_of
from estime.channels.models import Import, SettledReject, Upload
from estime.channels.refused import rejects_path, settle, settled_places
from estime.channels.rejects import ERASED, Refused, blank, refused_from
from estime.cocreation import api as cocreation
from estime.people.api import User

_WHO = {
    *ACT_NAMES["actor"],
    *ACT_NAMES["on_behalf_of"],
    "attributedto",
    "sender_id",
    "sender_email",
    "username",
}


def rejects_erase(channel: str, handle: str) -> int:
    """Blank the refused rows of a person of a channel; returns how many. Run again, it does what is left."""
    Upload.objects.filter(options__channel=channel).update(preview=None)
    imports = Import.objects.filter(channel__in=[channel, EVERY_CHANNEL]).exclude(rejects_file="")
    return sum(_erase_of(record, handle) for record in imports.iterator())


def rejects_erase_login(user: User) -> None:
    """The same for whoever signs in here: co-creation’s own acts may have gone out and come in again by a file."""
    member = cocreation.member_known(user)
    if member is not None:
        rejects_erase(member.channel, member.handle)


def _erase_of(record: Import, handle: str) -> int:
    path = rejects_path(record)
    who = _who_of(record)
    # Places first: what is read is not written at the same time.
    found = [(row.place, row.reject.code) for row in refused_from(path) if _is_of(row, handle, who)]
    for start in range(0, len(found), 500):
        part = dict(found[start : start + 500])
        with transaction.atomic():
            locked = Import.objects.select_for_update().get(pk=record.pk)
            for row in _at(path, list(part)):
                blank(path, row)
            open_ones = set(part) - settled_places(locked, list(part))
            settle(locked, [(p, part[p]) for p in sorted(open_ones)], SettledReject.How.ERASED, None)
    return len(found)


def _at(path: Path, places: list[int]) -> Iterator[Refused]:
    for place in places:
        row = next(refused_from(path, place), None)
        if row is not None and row.place == place:
            yield row


class _Who(NamedTuple):
    """What says who in the rows of one import: names of fields, and places of columns (none if they are not known)."""

    names: frozenset[str]
    places: tuple[int, ...]


def _who_of(record: Import) -> _Who:
    mapping = record.options.get("mapping")
    fields = mapping.get("fields", {}) if isinstance(mapping, dict) else {}
    named = {
        folded(column.rpartition(".")[2])
        for target in ("actor", "on_behalf_of")
        for column in (fields.get(target) or {}).values()
        if isinstance(column, str)
    }
    columns = enumerate(columns_of(record))
    places = tuple(at for at, name in columns if folded(name) in (named or _WHO))
    return _Who(frozenset(named | _WHO), places)


def _is_of(row: Refused, handle: str, who: _Who) -> bool:
    if row.reject.code == ERASED:
        return False
    try:
        raw = orjson.loads(row.reject.raw)
    except ValueError:
        pieces = re.split(r"[,;\t|\"'\s{}\[\]:]+", row.reject.raw)
        return handle in pieces or (" " in handle and handle in row.reject.raw)
    if isinstance(raw, list):
        cells = [str(cell).strip() for cell in raw]
        return (
            any(cells[at] == handle for at in who.places if at < len(cells))
            if who.places
            else handle in cells
        )
    return _says_who(raw, handle, who.names) if isinstance(raw, dict) else str(raw) == handle


def _says_who(raw: dict[str, Any], handle: str, names: frozenset[str]) -> bool:
    """Whether an object, or one inside it, names the handle as its author."""
    for key, value in raw.items():
        says = folded(str(key)) in names
        if isinstance(value, dict):
            if (says and handle in map(str, value.values())) or _says_who(value, handle, names):
                return True
        elif says and str(value) == handle:
            return True
    return False
