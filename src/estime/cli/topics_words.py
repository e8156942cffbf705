"""Topics as lines for a terminal."""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from estime.listening.topics.result import FOUND, Found, Quote, Topic, Trend

WIDTH = 96
DIRECTIONS = {
    "more": "more than before",
    "less": "less than before",
    "same": "as before",
    "new": "new",
    "gone": "gone",
}


def told(found: Found, hidden: Mapping[int, frozenset[str]] | None = None) -> Iterator[str]:
    """What is shared, topic by topic, the most people first. `hidden`: counts that are not told, by topic."""
    yield f"{found.texts:,} texts of {found.people:,} people" + (
        f"; before: {found.before_texts:,} of {found.before_people:,}" if found.before_texts else ""
    )
    if found.outcome != FOUND:
        yield found.said
        return
    yield f"{len(found.topics)} topics; {1 - found.coverage:.0%} of the texts have none. " + _agreement(found)
    for topic in found.topics:
        yield ""
        yield from _topic(topic, "people" in (hidden or {}).get(topic.id, ()))


def left_out(found: Found) -> Iterator[str]:
    """What is not shown, and why."""
    total = sum(found.left_out.values())
    if total:
        kinds = ", ".join(sorted(found.left_out))
        what = "topic is" if total == 1 else "topics are"
        yield f"{total} {what} left out: they reveal what is nobody's business ({kinds})."


def _agreement(found: Found) -> str:
    if found.stability is None:
        return "There are too few texts to say how sure this is."
    sure = "well" if found.stability >= 0.6 else "in part" if found.stability >= 0.4 else "little"
    return f"Two halves of the writers agree {sure} on them ({found.stability:.2f} of 1)."


def _topic(topic: Topic, few: bool) -> Iterator[str]:
    yield topic.label
    yield "  " + " · ".join(_facts(topic, few))
    if topic.terms[3:]:
        yield from wrap(
            "also: " + ", ".join(topic.terms[3:]), WIDTH, initial_indent="  ", subsequent_indent="  "
        )
    for quote in topic.quotes:
        yield from _quote(quote)


def _facts(topic: Topic, few: bool) -> Iterator[str]:
    yield "few people" if few else f"{topic.people:,} people, {topic.texts:,} texts"
    if topic.newcomers is not None:
        yield f"{topic.newcomers:,} newcomers, {topic.regulars or 0:,} regulars"
    if topic.brand_people:
        yield f"{topic.brand_people:,} for the brand"
    if topic.valence is not None:
        yield f"tone {topic.valence:+.2f}"
    if topic.trend is not None:
        yield _trend(topic.trend)


def _trend(trend: Trend) -> str:
    if trend.ratio is None:
        return DIRECTIONS[trend.direction]
    return f"{DIRECTIONS[trend.direction]}: × {trend.ratio:.2g} ({trend.low:.2g} to {trend.high:.2g})"


def _quote(quote: Quote) -> Iterator[str]:
    text = f"“{quote.text}”" + (f" (and {quote.near - 1:,} alike)" if quote.near > 1 else "")
    yield from wrap(
        text, WIDTH, initial_indent="  – ", subsequent_indent="    ", max_lines=4, placeholder=" …”"
    )
