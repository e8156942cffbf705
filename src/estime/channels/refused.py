"""The refused rows of an import: how many wait, page by page, and the word that one is settled.

Rows stand in the rejects file, what became of them in `SettledReject`. A page reads a bounded piece of the file,
so that millions of refused rows cost no more than a few.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F

from estime.channels.errors import RejectUnknown
from estime.channels.models import Import, SettledReject
from estime.channels.rejects import ERASED, Refused, codes_in, refused_at, refused_from
from estime.kernel import clock
from estime.kernel.home import rejects_dir
from estime.ledger.drafts import Reject

LOOKED_AT = 50_000
"""How many rows of the file one page looks at, at most."""
STEP = 500


class CodeCount(NamedTuple):
    """Refused rows of one code: how many there were, how many wait, and where the first one stands."""

    code: str
    total: int
    open: int
    first: int


class RefusedPage(NamedTuple):
    """Rows that wait, and the place from which to look on (None at the end)."""

    rows: list[Refused]
    next: int | None


def rejects_path(record: Import) -> Path:
    """Where the refused rows of an import stand."""
    return rejects_dir() / (record.rejects_file or "none")


def codes_of(record: Import) -> list[CodeCount]:
    """How many rows were refused for which reason, most waiting first."""
    if not record.codes and record.rejected:
        record.codes = codes_in(rejects_path(record))
        Import.objects.filter(pk=record.pk).update(codes=record.codes)
    settled = dict(
        SettledReject.objects.filter(imported=record).values_list("code").annotate(number=Count("pk"))
    )
    found = [
        CodeCount(code, count, max(count - settled.get(code, 0), 0), first)
        for code, (count, first) in record.codes.items()
    ]
    return sorted(found, key=lambda told: (-told.open, -told.total, told.code))


def open_rows(record: Import, code: str = "", start: int = 0) -> Iterator[Refused]:
    """Every row that waits, from a place on; only those of one code if it is given."""
    rows = refused_from(rejects_path(record), start)
    while part := list(islice(rows, STEP)):
        wanted = [row for row in part if row.reject.code != ERASED and code in ("", row.reject.code)]
        gone = settled_places(record, [row.place for row in wanted])
        yield from (row for row in wanted if row.place not in gone)


def refused_page(record: Import, code: str, start: int, limit: int) -> RefusedPage:
    """A page of rows that wait. It may be short, even empty, and go on: a page looks only so far."""
    found: list[Refused] = []
    rows = refused_from(rejects_path(record), start)
    looked, last = 0, start
    while looked < LOOKED_AT and (part := list(islice(rows, STEP))):
        looked += len(part)
        wanted = [row for row in part if row.reject.code != ERASED and code in ("", row.reject.code)]
        gone = settled_places(record, [row.place for row in wanted])
        for row in wanted:
            if row.place in gone:
                continue
            if len(found) == limit:
                return RefusedPage(found, row.place)
            found.append(row)
        last = part[-1].next
    return RefusedPage(found, last if looked >= LOOKED_AT else None)


def refused_find(record: Import, place: int) -> Reject:
    """The row at a place. Raises `RejectUnknown`, also when it is settled."""
    found = refused_at(rejects_path(record), place)
    if found is None or found.code == ERASED or settled_places(record, [place]):
        raise RejectUnknown("This row does not wait here any more.", todo="Look at the rows that do.")
    return found


def settled_places(record: Import, places: Sequence[int]) -> set[int]:
    """Which of these rows are settled."""
    if not places:
        return set()
    rows = SettledReject.objects.filter(imported=record, place__in=places)
    return set(rows.values_list("place", flat=True))


def settle(
    record: Import, rows: Sequence[tuple[int, str]], how: str, by: int | None, reason: str = ""
) -> None:
    """Nothing more is to be done about these rows, given as (place, code); the caller locks and knows them open."""
    if not rows:
        return
    SettledReject.objects.bulk_create(
        [
            SettledReject(imported=record, place=place, code=code, how=how, reason=reason, by_id=by)
            for place, code in rows
        ],
        batch_size=500,
    )
    Import.objects.filter(pk=record.pk).update(settled=F("settled") + len(rows))


def leave_out(import_id: UUID, rows: Sequence[tuple[int, str]], by: int | None, reason: str) -> int:
    """Settle rows without importing them, for a reason that is kept; those settled already are passed over."""
    with transaction.atomic():
        record = Import.objects.select_for_update().get(pk=import_id)
        gone = settled_places(record, [place for place, _ in rows])
        left = [(place, code) for place, code in rows if place not in gone]
        settle(record, left, SettledReject.How.LEFT, by, reason)
    return len(left)


def import_close(import_id: UUID, by: int, reason: str) -> bool:
    """Nothing of this import waits any longer: somebody says why. False if it was closed before."""
    return (
        Import.objects.filter(pk=import_id, closed=None).update(
            closed=clock.now(), closed_by_id=by, closed_reason=reason
        )
        == 1
    )


def import_reopen(import_id: UUID) -> bool:
    """What a person closed waits again."""
    mine = Import.objects.filter(pk=import_id, closed__isnull=False, closed_by__isnull=False)
    return mine.update(closed=None, closed_by=None, closed_reason="") == 1
