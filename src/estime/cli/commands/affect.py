"""`estime affect`: what the texts of a file feel, and in which language they are. Opens no installation."""

import json
from collections import Counter
from pathlib import Path

import typer

from estime.cli.output import counted


def affect(
    path: Path = typer.Argument(
        ..., help="A CSV or TSV with a column of texts, JSON Lines, or a text a line."
    ),
    column: str | None = typer.Option(
        None, "--column", "-c", help="The column or field that holds the text. Default: text."
    ),
    encoding: str = typer.Option("utf-8-sig", "--encoding", help="The file's text encoding, if not UTF-8."),
    as_json: bool = typer.Option(False, "--json", help="Tell every text as a line of JSON, in order."),
) -> None:
    """Read what texts feel: language, polarity, emotions, and what is unclear. Needs no installation and no
    network.

    Example: `estime affect comments.csv --column body --json`
    """
    from estime.listening.affect.many import read_many
    from estime.listening.affect.texts import texts_of

    found = read_many(texts_of(path, column, encoding))
    if as_json:
        for reading in found:
            typer.echo(json.dumps(reading.as_json(), ensure_ascii=False))
        return
    languages: Counter[str] = Counter()
    polarities: Counter[str] = Counter()
    emotions: Counter[str] = Counter()
    for reading in found:
        languages[reading.lang] += 1
        polarities[
            "unclear" if reading.unclear else max(reading.polarity, key=reading.polarity.__getitem__)
        ] += 1
        emotions.update(reading.emotions.keys())
    total = sum(languages.values())
    typer.echo(counted(total, "text"))
    for title, counts in (("language", languages), ("polarity", polarities), ("emotions told", emotions)):
        typer.echo(
            f"{title}: "
            + (", ".join(f"{name} {count / total:.1%}" for name, count in counts.most_common()) or "none")
        )


def register(app: typer.Typer) -> None:
    app.command("affect")(affect)
