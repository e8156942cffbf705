"""Figures of one scope, put where they can be found by measure, label and period."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from estime.engagement.figures import Figure


class Shelf:
    """`archive`: the record has ended, and nothing in it is about today. `together`: all channels in one."""

    def __init__(self, figures: Iterable[Figure], *, archive: bool = False, together: bool = False) -> None:
        self.archive = archive
        self.together = together
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
