"""Figures of one scope, put where they can be found by measure, label and period."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from estime.engagement.figures import Figure
from estime.readouts.shapes import Acts

MOMENT = timedelta(microseconds=1)
ACTIVE = Acts(active=True, brand=False)
"""What members did, likes included."""
UNLIKED = ACTIVE._replace(without_likes=True)
TEXTS = Acts(type="Create", brand=False)
BRAND_TEXTS = Acts(type="Create", brand=True)
EVERY = Acts()


class Shelf:
    """`archive`: the record has ended, and nothing in it is about today. `together`: all channels in one.

    `scope` and `as_of`: where and when the current figures are told; without them, no acts can be pointed at.
    """

    def __init__(
        self,
        figures: Iterable[Figure],
        *,
        archive: bool = False,
        together: bool = False,
        scope: str = "",
        as_of: datetime | None = None,
    ) -> None:
        self.archive = archive
        self.together = together
        self._scope, self._as_of = scope, as_of
        self._now: dict[tuple[str, str], Figure] = {}
        self._dated: defaultdict[tuple[str, str], list[Figure]] = defaultdict(list)
        self._labels: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for figure in figures:
            key = (figure.measure, figure.label)
            self._labels[figure.measure][figure.label] = None
            if figure.period is None:
                self._now[key] = figure
            else:
                self._dated[key].append(figure)

    def now(self, measure: str, label: str = "") -> Figure | None:
        return self._now.get((measure, label))

    def dated(self, measure: str, label: str = "") -> list[Figure]:
        return sorted(self._dated.get((measure, label), ()), key=lambda figure: figure.period or date.min)

    def labels(self, measure: str) -> list[str]:
        return list(self._labels.get(measure, ()))

    def all(self, *measures: str) -> tuple[Figure, ...]:
        """Every figure of these measures, in their order."""
        found: list[Figure] = []
        for measure in measures:
            for label in self.labels(measure):
                found += self.dated(measure, label)
                current = self.now(measure, label)
                found += [current] if current is not None else []
        return tuple(found)

    def acts_lately(self, days: int, which: Acts = ACTIVE) -> Acts | None:
        """The acts of the last days up to the moment that this scope is told of."""
        if self._as_of is None:
            return None
        return which._replace(scope=self._scope, since=self._as_of - timedelta(days=days), until=self._as_of)

    def acts_before(self, days: int, which: Acts = ACTIVE) -> Acts | None:
        """The acts up to some days before the moment that this scope is told of; 0: all that count."""
        if self._as_of is None:
            return None
        return which._replace(scope=self._scope, until=self._as_of - timedelta(days=days))

    def acts_from(self, day: date | None, days: int, which: Acts = ACTIVE) -> Acts | None:
        """The acts of some whole days (UTC, as weeks are counted)."""
        if day is None or self._as_of is None:
            return None
        first = datetime.combine(day, time.min, UTC)
        since, until = first - MOMENT, first + timedelta(days=days) - MOMENT
        return which._replace(scope=self._scope, since=since, until=until)

    @property
    def totals_only(self) -> bool:
        """A brand page: the platform gives totals; of the acts, only the brand’s own posts are known."""
        page = self.labels("comments_per_1000_likes_page") or self.labels("shares_per_1000_likes_page")
        weeks = self.dated("active_share", "all")
        return bool(page) and not any(figure.n for figure in weeks)

    @property
    def replies_recorded(self) -> bool:
        """Whether the record ever holds a reply; where it holds none, answers are unknown, not missing."""
        labels = self.labels("replies")
        return any(self.count("replies", label) for label in labels) or any(
            figure.value or figure.n for label in labels for figure in self.dated("replies", label)
        )

    def count(self, measure: str, label: str = "") -> int | None:
        """A counted figure as a whole number; None when it is not known."""
        figure = self.now(measure, label)
        if figure is None:
            return None
        told = figure.value if figure.value is not None else figure.n
        return None if told is None else round(told)

    def reach_basis(self) -> str:
        """On what the latest reach rests: audience, known or unknown."""
        latest = max(
            (figures[-1] for label in self.labels("reach") if (figures := self.dated("reach", label))),
            key=lambda figure: figure.period or date.min,
            default=None,
        )
        return latest.label if latest else "unknown"
