"""`estime topics`: which ideas the texts of a file share. Opens no installation."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from estime.cli.output import emit_json, say, steps

if TYPE_CHECKING:
    from estime.listening.topics.result import Found, Options

STEPS = {"read": "Reading the texts…", "find": "Looking for what people share…"}


def topics(
    path: Path = typer.Argument(
        ..., help="A CSV or TSV with a header, JSON Lines, or a file of one text a line."
    ),
    column: str | None = typer.Option(None, "--column", help="The column or field of the texts (text)."),
    person: str | None = typer.Option(
        None, "--person", help="The column or field that tells who wrote each text."
    ),
    most: int | None = typer.Option(
        None, "--most", min=1, help="At most so many topics; stability tells how many when left out."
    ),
    encoding: str = typer.Option("utf-8-sig", "--encoding", help="The file's text encoding, if not UTF-8."),
    seed: int = typer.Option(0, "--seed", min=0, help="The same seed draws the same."),
    sensitive: bool = typer.Option(
        False,
        "--sensitive",
        help="Also show topics that reveal health, faith, politics, unions, sex life or origin.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Tell which ideas the texts of a file share: labels, how many people, quotes. Needs no installation and
    no network. Of your own file it tells all it finds, few people’s words too: look before you pass it on.

    Example: `estime topics comments.csv --column body --person author`
    """
    from estime.listening.topics.result import Options

    found = _found(path, (column, person, encoding), Options(topics=most, seed=seed, sensitive=sensitive))
    if as_json:
        from estime.listening.topics.plainly import as_json as plain

        emit_json(plain(found))
        return
    from estime.cli.topics_words import left_out, told

    typer.echo("\n".join(told(found)))
    for note in left_out(found):
        say(note)


def _found(path: Path, read: tuple[str | None, str | None, str], options: "Options") -> "Found":
    """The topics of a file. `read`: the column of the texts, that of who wrote them, the encoding."""
    from estime.listening.affect.texts import texts_of
    from estime.listening.topics.finding import find_topics
    from estime.listening.topics.result import Texts, numbered

    column, person, encoding = read
    with steps(STEPS) as tell:
        tell("read")
        texts = list(texts_of(path, column, encoding))
        who = None if person is None else numbered(texts_of(path, person, encoding))
        tell("find")
        return find_topics(Texts(texts, person=who), options=options)


def register(app: typer.Typer) -> None:
    app.command("topics")(topics)
