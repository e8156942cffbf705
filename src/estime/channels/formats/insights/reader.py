"""Posts of a brand's page for which the platform gives only totals.

The post is an act of the page's own account, which speaks for the page; the totals become observations
beside it. Nobody is invented: a count of likes stays a count.
"""

from collections.abc import Iterator

from estime.channels.formats.csv.reader import table
from estime.channels.headers import ACT_NAMES, INSIGHT_PUBLISHED, METRIC_NAMES, folded, insights_mapping
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row
from estime.channels.source import Source


def sniff(peek: Peek) -> int:
    """Certain when at least two columns are totals, one is a time, and none is a person."""
    if peek.is_folder or peek.looks_like_json:
        return 0
    names = {folded(column) for column in peek.columns}
    totals = sum(bool(names & set(known)) for known in METRIC_NAMES.values())
    dated = bool(names & set(INSIGHT_PUBLISHED))
    return 3 if totals >= 2 and dated and not names & set(ACT_NAMES["actor"]) else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every post as an act, then its totals."""
    if options.mapping is not None and options.mapping.format != "insights":
        mapping = options.mapping.model_copy(update={"format": "insights"})
        options = ReadOptions(**{**vars(options), "mapping": mapping})
    return table(source, options, insights_mapping)
