"""What a report is made of. Every output (page, terminal, mail, JSON) reads these shapes and no others.

Texts are in the language that was active when the report was built.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from string import Formatter
from typing import NamedTuple

from estime.engagement.figures import Figure


class Acts(NamedTuple):
    """Which acts a figure was made of: what somebody who may see acts looks for.

    `scope`: a channel, or `*`. `since` is left out, `until` is in it. `active`: leave out what is only seeing,
    joining or leaving. `brand`: the brand's own acts only, or members' only; None for both.
    """

    scope: str = ""
    since: datetime | None = None
    until: datetime | None = None
    type: str = ""
    active: bool = False
    without_likes: bool = False
    brand: bool | None = None


class Span(NamedTuple):
    """A piece of a sentence; with `section`, a figure that opens that section of the page; with `acts`, its acts."""

    text: str
    section: str = ""
    late: bool = False
    acts: Acts | None = None


Phrase = tuple[Span, ...]


def phrase(template: str, **parts: str | Span) -> Phrase:
    """Fill a translated template, keeping its figures apart so that each can become a link."""
    spans: list[Span] = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        if literal:
            spans.append(Span(literal))
        if name is not None:
            part = parts[name]
            spans.append(part if isinstance(part, Span) else Span(part))
    return tuple(spans)


def plain(sentence: Phrase) -> str:
    return "".join(span.text for span in sentence)


class Truth(NamedTuple):
    sentences: tuple[Phrase, ...]
    under: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph as it is mailed, its intervals in lines of their own."""
        told = " ".join(plain(sentence) for sentence in self.sentences)
        return "\n".join((told, *self.under))


class Mark(NamedTuple):
    """One thing drawn: a bar, a point of a line, a dot. `label` is the text that stands beside it."""

    series: str
    value: float
    low: float | None = None
    high: float | None = None
    when: date | None = None
    label: str = ""
    said: float | None = None
    """What was foretold of what came: where the mark stands in a picture of calibration."""


class Chart(NamedTuple):
    """What is to be drawn, before anything knows how.

    `kind`: lines, bars, dots, calibration, map (marks in the order of `charts.CELLS`) or moves (marks “from → to”,
    between `names` from top to bottom). `unit`: share, count or rate. `title` says what the scale is, where it is not
    plain.
    """

    kind: str
    unit: str
    alt: str
    marks: tuple[Mark, ...]
    title: str = ""
    names: tuple[str, ...] = ()

    def digest(self, lang: str, drawing: str) -> str:
        """The same digest, the same picture. `drawing` changes when the way of drawing does."""
        told = json.dumps([drawing, lang, self], default=str, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


class Row(NamedTuple):
    """`under`: what stands small below each cell. The first cell opens a `scope` or its `acts`, at `href`."""

    cells: tuple[str, ...]
    tones: tuple[int, ...] = ()
    under: tuple[str, ...] = ()
    scope: str = ""
    href: str = ""
    acts: Acts | None = None

    @property
    def head(self) -> str:
        return self.cells[0]

    @property
    def head_under(self) -> str:
        return self.under[0] if self.under else ""

    @property
    def rest(self) -> list[tuple[str, str, int]]:
        """The cells after the first, each with what stands under it and its tone of 0 (none) to 9."""
        under = self.under or ("",) * len(self.cells)
        tones = self.tones or (0,) * len(self.cells)
        return list(zip(self.cells[1:], under[1:], tones[1:], strict=True))


class Table(NamedTuple):
    """`shown`: it is what there is to look at, not the figures behind a chart. `heat`: its cells are toned."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    heat: bool = False
    shown: bool = False


class Section(NamedTuple):
    """One thing worth looking at: `sentence` says what to look at, `finding` what is to be seen there.

    `legend`: how to read the picture; a terminal draws another one and leaves it out. `figures`: the stored figures
    that it tells, and none that it keeps to itself.
    """

    id: str
    title: str
    sentence: str
    definition: str
    finding: Phrase = ()
    chart: Chart | None = None
    table: Table | None = None
    note: str = ""
    legend: str = ""
    figures: tuple[Figure, ...] = ()


class Report(NamedTuple):
    edition: int
    lang: str
    scope: str
    title: str
    about: str
    archive: bool
    as_of: datetime
    made_at: datetime
    attribution: str
    truth: Truth
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]

    def charts(self) -> list[tuple[str, Chart]]:
        return [(section.id, section.chart) for section in self.sections if section.chart]


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    opens: Sequence[Acts | None] = (),
) -> Table:
    """`opens`: the acts behind each row, in their order."""
    acts = opens or (None,) * len(rows)
    told = zip(rows, acts, strict=True)
    return Table(caption, tuple(head), tuple(Row(tuple(cells), acts=which) for cells, which in told))
