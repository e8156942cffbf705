"""The validity report of a scope, and how many of its people are expected to come again: computed from the lake, kept.

Only reading the lake waits for a refresh, and has one wait: what is needed is copied first, and minutes of learning
follow without holding anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import numpy as np
from django.conf import settings as django_settings

from estime.engagement.actions.digest import brand_keys
from estime.engagement.actions.hear import READINGS
from estime.engagement.actions.keep_places import places_kept
from estime.engagement.actions.lease import lease
from estime.engagement.actions.refresh import installed_lake
from estime.engagement.families import ALL
from estime.engagement.measures.durability import DAYS, TooShort
from estime.engagement.measures.expected import UNTESTED, Drift, drift, expected
from estime.engagement.measures.scoring import Whole
from estime.engagement.measures.validity import LEAST_CUTS, Validity, day_of, too_short_json
from estime.engagement.models import Edition, Place
from estime.engagement.narrowing import narrowed
from estime.engagement.tables.arrival import numbered
from estime.engagement.tables.durability import LATELY
from estime.engagement.tables.foresee import Foreseen, felt, foreseen, validated
from estime.engagement.tables.prepare import ALL_CODE, DAY, Codes, prepare
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.kernel.engine import connect, read_lake
from estime.ledger import api as ledger

Progress = Callable[[int, int], None]
NEEDED: Final = tuple(
    "seq scope person brand active liking text object_key reply_key thread_key at week".split()
)
"""What is read of the prepared acts."""
UNKNOWN: Final = "unknown"
A_SCOPE: Final = 100


class _Asked(NamedTuple):
    scope: str
    as_of: datetime
    begun: datetime


@dataclass(frozen=True)
class _Copied:
    """What was copied from the lake."""

    acts: Table
    keys: Whole
    """Of people, whom `acts` has by the order in which they came."""
    scores: Table | None
    codes: Codes


def validate(scopes: Sequence[str], *, progress: Progress | None = None) -> dict[str, dict[str, Any]]:
    """The report of each of these scopes that has figures, as JSON has it, by scope (docs/validity.md).

    Raises `RefreshRunning` while a refresh writes the lake, and `LakeBroken` if files of it are lost.
    """
    edition = Edition.objects.order_by("-pk").first()
    moments = {} if edition is None else edition.scopes["as_of"]
    wanted = [scope for scope in scopes if scope in moments]
    begun = clock.now()
    told = {scope: _nothing(scope, begun) for scope in scopes}
    backend = connect(django_settings.ESTIME_ENGINE_URL, threads=2)
    try:
        with Shelf(backend) as shelf:
            copied = _copied(
                backend, shelf, {name: datetime.fromisoformat(at) for name, at in moments.items()}
            )
            if copied is None:
                return told
            same = _same(wanted, copied.codes, moments)
            each = [scope for scope in wanted if scope not in same]
            for place, scope in enumerate(each):
                asked = _Asked(scope, datetime.fromisoformat(moments[scope]), begun)
                told[scope] = _report(shelf, copied, asked, _part(progress, place, len(each)))
            told |= {scope: {**told[other], "scope": scope} for scope, other in same.items()}
    finally:
        backend.disconnect()
    return told


def _same(wanted: Sequence[str], codes: Codes, moments: Mapping[str, str]) -> dict[str, str]:
    """`*` is the only channel where there is one alone, if both are asked for."""
    only = next(iter(codes.channels)) if len(codes.channels) == 1 else None
    both = only in wanted and ALL in wanted and only is not None and moments[only] == moments[ALL]
    return {ALL: only} if both and only is not None else {}


def _part(progress: Progress | None, place: int, of: int) -> Progress:
    def step(done: int, total: int) -> None:
        if progress is not None:
            progress(A_SCOPE * place + A_SCOPE * done // max(total, 1), A_SCOPE * of)

    return step


def _copied(backend: Any, shelf: Shelf, moments: Mapping[str, datetime]) -> _Copied | None:
    channels = {name: at for name, at in moments.items() if name != ALL}
    lake = installed_lake()
    with lease("refresh"), lake.in_use():
        acts = read_lake(backend, lake, ledger.ACTS)
        if acts is None or not channels:
            return None
        kinds = [row["type"] for row in acts.select("type").distinct().to_pyarrow().to_pylist()]
        codes = Codes(_numbered(channels), _numbered([*kinds, "Vote"]))
        known = acts.filter(acts.channel.isin(sorted(channels)))
        prepared = prepare(known, tuple(brand_keys(configuration())), as_of=channels, codes=codes)
        readings = read_lake(backend, lake, READINGS)
        told, keys = numbered(shelf, prepared.filter(prepared.active).select(*NEEDED))
        return _Copied(
            told,
            keys,
            None if readings is None else shelf.keep(felt(readings)),
            codes,
        )


def _numbered(names: Sequence[str] | Mapping[str, Any]) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted(set(names)))}


def _nothing(scope: str, begun: datetime) -> dict[str, Any]:
    short = too_short_json(TooShort("no_acts", 0, 0, 0))
    nobody = {"outcome": "too_short", "reason": "no_acts"}
    return {**_head(scope, None, begun), "people": 0, **short, "expected": nobody}


def _head(scope: str, as_of: datetime | None, begun: datetime) -> dict[str, Any]:
    return {
        "scope": scope,
        "as_of": None if as_of is None else as_of.isoformat(),
        "made_at": begun.isoformat(),
        "within_days": DAYS,
        "active_within_days": LATELY,
    }


def _report(shelf: Shelf, copied: _Copied, asked: _Asked, step: Progress) -> dict[str, Any]:
    acts, scope = copied.acts, asked.scope
    if scope != ALL:
        acts = acts.filter(acts.scope == copied.codes.channels[scope])
    ends = int(asked.as_of.astimezone(UTC).timestamp()) // DAY
    people = int(acts.filter(~acts.liking & ~acts.brand).person.nunique().to_pyarrow().as_py())
    step(0, A_SCOPE)
    found = validated(
        shelf,
        acts,
        ends,
        scores=copied.scores,
        progress=lambda done, of: step(5 + 80 * done // max(of, 1), A_SCOPE),
    )
    step(85, A_SCOPE)
    fewest = configuration().privacy.smallest_group
    if isinstance(found, Validity) and found.persons < fewest:
        found = TooShort("too_few_people", len(found.cuts), found.n, sum(cut.came for cut in found.cuts))
    told = too_short_json(found) if isinstance(found, TooShort) else found.as_json()
    past = drift_of(found)
    now = foreseen(shelf, acts, ends, scores=copied.scores)
    step(A_SCOPE, A_SCOPE)
    whole = {
        **_head(scope, asked.as_of, asked.begun),
        "people": people,
        "known_until": day_of(ends).isoformat(),
        **told,
        "expected": _short(now) if isinstance(now, TooShort) else _expected(now, past, scope, copied, acts),
    }
    return narrowed(whole, fewest)


def drift_of(report: Validity | TooShort) -> Drift:
    """How wrong sums of the past were; untested with a history that is too short."""
    if isinstance(report, TooShort):
        return UNTESTED
    cuts = report.cuts
    return drift([cut.said for cut in cuts], [cut.came for cut in cuts], [cut.chance for cut in cuts])


def _short(short: TooShort) -> dict[str, Any]:
    return {"outcome": "too_short", "reason": short.reason, "needed_cuts": LEAST_CUTS}


def _expected(now: Foreseen, past: Drift, scope: str, copied: _Copied, acts: Table) -> dict[str, Any]:
    fewest = configuration().privacy.smallest_group
    whole = expected(now.probability, past)
    if whole.people < fewest:
        return {"outcome": "too_few_people", "fewest": fewest}
    codes = copied.codes
    by_channel = _channels(now, codes, acts) if scope == ALL and len(codes.channels) > 1 else None
    return {
        "outcome": "told",
        "tested": past.cuts > 0,
        **whole._asdict(),
        "by_channel": [] if by_channel is None else _groups(now, by_channel, past),
        "by_cell": _groups(now, _cells(now, copied.keys), past) if places_kept() else [],
        "fewest": fewest,
    }


def _groups(now: Foreseen, named: Sequence[str], past: Drift) -> list[dict[str, Any]]:
    """Every group, however small: `narrowed` leaves out what may not be told."""
    names, place = np.unique(np.asarray(named, dtype=object).astype(str), return_inverse=True)
    return [
        {"name": str(name), **expected(now.probability[place == at], past)._asdict()}
        for at, name in enumerate(names)
    ]


def _cells(now: Foreseen, keys: Whole) -> list[str]:
    known = dict(Place.objects.values_list("account", "cell"))
    return [known.get(account, UNKNOWN) for account in keys[now.person].tolist()]


def _channels(now: Foreseen, codes: Codes, acts: Table) -> list[str]:
    rows = acts.group_by("person").agg(scope=acts.scope.min()).to_pyarrow()
    known = dict(zip(rows["person"].to_pylist(), rows["scope"].to_pylist(), strict=True))
    return [str(codes.name("scope", known.get(person, ALL_CODE))) for person in now.person.tolist()]
