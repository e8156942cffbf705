"""`estime listen`: what people say about something, now against before, in their own words."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer

from estime.cli.output import emit_json, say, steps
from estime.kernel.errors import EstimeError

if TYPE_CHECKING:
    from estime.listening.queries.topics import TopicsHeard
    from estime.listening.topics.result import TopicsAsked

STEPS = {"index": "Bringing the search up to date…", "find": "Looking for what people share…"}


class ListenChannelUnknown(EstimeError):
    """There is no such channel."""

    code = "listen-channel-unknown"


def listen(
    query: str = typer.Argument(
        "", help="Words, “words side by side”, -without, begin*. All texts when left out."
    ),
    channel: str = typer.Option("", "--channel", "-c", help="One channel; all together when left out."),
    since: str = typer.Option(
        "90d",
        "--since",
        help="Where now begins: a day (2026-05-01), or days back from the newest text (90d).",
    ),
    most: int | None = typer.Option(None, "--most", min=1, help="At most so many topics."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Tell which topics people speak of in texts that match, now against as long before: who speaks, and in
    which words. Topics that few people share (privacy.smallest_group) are counted, not told.

    Example: `estime listen "delivery -test" --channel forum --since 30d`
    """
    from estime.cli.installation import open_installation

    begins = beginning(since)
    open_installation()
    from estime.listening.topics.result import TopicsAsked

    names = _channels(channel)
    heard = _heard(TopicsAsked(query, channel, begins), most)
    if as_json:
        emit_json(_json(heard, names))
        return
    _say(heard)


def _channels(asked: str) -> dict[int, str]:
    """The channels by number. Raises `ListenChannelUnknown` if the one that is asked for is none of them."""
    from estime.ledger import api as ledger

    names = {pk: name for name, (pk, _) in ledger.channel_formats().items()}
    if asked and asked not in names.values():
        raise ListenChannelUnknown(
            f"There is no channel “{asked}”.",
            todo=f"Channels: {', '.join(sorted(names.values())) or 'none'}.",
        )
    return names


def _heard(asked: "TopicsAsked", most: int | None) -> "TopicsHeard":
    """What people speak of, as far as it may be told; the search is brought up to date first."""
    from estime.kernel.configuration import configuration
    from estime.ledger import api as ledger
    from estime.listening import api as listening
    from estime.listening.topics.result import Options

    privacy = configuration().privacy
    with steps(STEPS) as tell:
        if ledger.index_behind():
            tell("index")
            ledger.index_acts()
        tell("find")
        heard = listening.topics_heard(
            asked, options=Options(topics=most, sensitive=privacy.sensitive_topics)
        )
    return listening.topics_of_enough(heard, privacy.smallest_group)


def beginning(told: str) -> datetime | timedelta:
    """A day (`2026-05-01`), or days back (`90d`)."""
    days = re.fullmatch(r"(\d{1,5})d", told.strip())
    if days and int(days[1]):
        return timedelta(days=int(days[1]))
    try:
        found = datetime.fromisoformat(told.strip())
    except ValueError:
        raise typer.BadParameter(
            "A day such as 2026-05-01, or days back such as 90d.", param_hint="--since"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _say(heard: "TopicsHeard") -> None:
    from estime.cli.topics_words import left_out, told

    if heard.since and heard.until and heard.before:
        first, middle, last = (f"{at:%Y-%m-%d}" for at in (heard.before, heard.since, heard.until))
        typer.echo(f"{middle} to {last}, against {first} to {middle}")
    typer.echo("\n".join(told(heard.found, heard.hidden)))
    for note in left_out(heard.found):
        say(note)
    if heard.few:
        what = "topic of few people is" if heard.few == 1 else "topics of few people are"
        say(f"{heard.few} more {what} not told (privacy.smallest_group).")
    if heard.cut:
        say(
            "There were more texts than are read at once: the oldest were left out."
            " Narrow the search, or begin later with --since."
        )
    if heard.ignored:
        say(f"Not looked for: {' '.join(heard.ignored)}")


def _json(heard: "TopicsHeard", names: dict[int, str]) -> dict[str, Any]:
    from estime.listening.topics.plainly import as_json as plain

    told = plain(heard.found)
    for topic in told["topics"]:
        for name in heard.hidden.get(topic["id"], ()):
            (topic["trend"] if name.startswith("before") else topic)[name] = None
        for quote in topic["quotes"]:
            place = heard.places.get(quote["seq"])
            if place is not None:
                quote |= {"channel": names.get(place[0]), "published": place[1].isoformat()}
    window = {
        name: None if value is None else value.isoformat()
        for name, value in (("since", heard.since), ("until", heard.until), ("before_since", heard.before))
    }
    return window | {"cut": heard.cut, "ignored": list(heard.ignored), "few": heard.few} | told


def register(app: typer.Typer) -> None:
    app.command("listen")(listen)
