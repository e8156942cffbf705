"""Figures of an engagement map for the readouts' tests: 412 people, some of them hidden."""

from datetime import date

from readouts.told import figure

from estime.engagement.api import Figure
from estime.engagement.measures.active_share import share

QUARTERS = [date(2025, month, 1) for month in (1, 4, 7, 10)]
CELLS = {
    "attached_active": 71,
    "attached_quiet": 58,
    "offer": 36,
    "detached": 44,
    "critic": 21,
    "unknown": 182,
}


def of(measure: str, label: str, n: int, d: int, period: date | None = None) -> Figure:
    """A share with its interval."""
    return share(measure, "club", period, label, n, d)


def mapped() -> list[Figure]:
    """A map of groups that are all large enough, its quarters, its moves, its losses."""
    health = [
        of("map_health", label, n + 4 * at, d + 6 * at, quarter)
        for at, quarter in enumerate([*QUARTERS, None])
        for label, n, d in (("known", 190, 396), ("attached", 110, 190), ("critics", 12, 190))
    ]
    moves = {
        "attached_active>attached_active": (40, 66), "attached_active>attached_quiet": (16, 66),
        "attached_quiet>attached_quiet": (30, 52), "critic>left": (12, 24), "critic>critic": (12, 24),
        "unknown>unknown": (101, 140), "unknown>left": (39, 140), "came>unknown": (60, 90), "came>offer": (30, 90),
    }  # fmt: skip
    return [
        *(of("map", label, n, 412) for label, n in CELLS.items()),
        *(of("map", label, n - 2, 396, QUARTERS[-1]) for label, n in CELLS.items()),
        of("map", "detached_against", 11, 412),
        *health,
        *(of("map_moves", label, n, d, QUARTERS[-1]) for label, (n, d) in moves.items()),
        of("map_moves", "unknown>unknown", 90, 120, QUARTERS[-2]),
        of("map_moves", "unknown>left", 30, 120, QUARTERS[-2]),
        of("map_moves", "offer>offer", 0, 30, QUARTERS[-1]),
        figure("affect", "mean", 0.21, n=230, d=412, ends=(0.17, 0.25)),
        figure("affect", "between", 0.34, n=230, d=412),
        of("map_before_loss", "late_lost", 31, 60),
        of("map_before_loss", "late_stayed", 60, 200),
        figure("map_before_loss", "late_difference", 0.217, ends=(0.078, 0.35)),
    ]


def hidden() -> list[Figure]:
    """A small map: two cells are told only together, and nothing of losses."""
    told = {"attached_active": 14, "offer": 12, "attached_quiet": 0, "unknown": 20}
    return [*(of("map", label, n, 58) for label, n in told.items()), of("map", "few", 12, 58)]
