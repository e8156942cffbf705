"""Followers of a channel over time, so that the active share can be one of fans."""

from collections.abc import Iterator

from estime.channels.formats.csv.reader import table
from estime.channels.headers import ACT_NAMES, FOLLOWER_NAMES, OBSERVED_NAMES, audience_mapping, folded
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row
from estime.channels.source import Source


def sniff(peek: Peek) -> int:
    """Likely when there is a day and a number of followers, and neither author nor text."""
    if peek.is_folder or peek.looks_like_json:
        return 0
    names = {folded(column) for column in peek.columns}
    about_posts = names & (set(ACT_NAMES["actor"]) | set(ACT_NAMES["content"]) | set(ACT_NAMES["source_id"]))
    return 3 if names & set(FOLLOWER_NAMES) and names & set(OBSERVED_NAMES) and not about_posts else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every row as an observation of the channel itself."""
    return table(source, options, audience_mapping)
