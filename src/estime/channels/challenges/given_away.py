"""A challenge that an Estime gave away as open data (`estime challenge export`), brought in again.

Nobody is named in it: people are “Participant 3”, ballots are somebody's. What was withheld there has no words and is
refused row by row. Answers stand as those of the brand that gave it away; promises and outcomes are not brought: nobody
here made them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import orjson

from estime.channels.challenges.mapped import read as read_mapped
from estime.channels.challenges.mapping import ChallengeMapping
from estime.channels.challenges.read import Line, Read, lines, name_of, refused, required, vote
from estime.channels.errors import DocumentInvalid
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable
from estime.channels.source import Source
from estime.cocreation.api import OUTCOME_NAMES, Answered, Brings, Choosable, Chosen, Given, Spoken
from estime.ledger.drafts import Reject

NEEDED: Final = {"challenge.json", "datapackage.json", "contributions.csv", "comments.csv"}
SITE: Final = "Estime"
_moment = moment_reader(None, UTC)


def read(source: Source, options: ReadOptions) -> Read:
    """The folder (or zip) of one export."""
    files = {name.rpartition("/")[2]: source.entry(name) for name in source.entries()}
    if missing := sorted(NEEDED - set(files)):
        raise DocumentInvalid(
            f"“{source.name}” is no challenge that was given away as open data: it has no {missing[0]}.",
            todo="Give the folder that `estime challenge export` wrote, or its zip, as it is.",
        )
    told, package = _json(files["challenge.json"]), _json(files["datapackage.json"])
    mapping = _mapping(told, package, name_of(source.path))
    held = _plain(read_mapped(source, options, mapping))
    site = str(package.get("publisher") or SITE)[:100]
    if "decisions.csv" in files:
        _decisions(files["decisions.csv"], held, site)
    _votes(files, told, held)
    return held


def _mapping(told: dict[str, Any], package: dict[str, Any], name: str) -> ChallengeMapping:
    people = {"author": "author", "name": {"column": "author", "prefix": "Participant "}}
    of_all = {"id": "id", "at": "day", "body": "body", **people}
    return ChallengeMapping.model_validate(
        {
            "source": f"estime/{str(package.get('id') or name)[:100]}",
            "title": str(told.get("title") or name)[:1_000],
            "text": str(told.get("problem") or ""),
            "known": str((package.get("licenses") or [{}])[0].get("title") or ""),
            "timezone": "UTC",
            "delimiter": ",",
            "tables": [
                {
                    "rows": "contributions",
                    "file": "contributions.csv",
                    "fields": {
                        **of_all,
                        "title": "title",
                        "kind": "kind",
                        "lang": "lang",
                        "supports": "supports",
                    },
                },
                {
                    "rows": "comments",
                    "file": "comments.csv",
                    "fields": {
                        **of_all,
                        "contribution": "contribution",
                        "answers": "answers",
                        "intent": "intent",
                    },
                },
            ],
        }
    )


def _plain(held: Read) -> Read:
    """Texts without the apostrophe that keeps spreadsheets from taking them for formulas."""
    held.rows = [_unquoted_row(row) for row in held.rows]
    return held


def _unquoted_row(row: Brings) -> Brings:
    thing = row.thing
    if isinstance(thing, Given):
        thing = thing._replace(title=_unquoted(thing.title), body=_unquoted(thing.body))
    elif isinstance(thing, Spoken):
        thing = thing._replace(body=_unquoted(thing.body))
    act = row.act._replace(content=_unquoted(row.act.content)) if row.act is not None else None
    return row._replace(thing=thing, act=act)


def _unquoted(text: str | None) -> str:
    return (text or "").removeprefix("'")


def _decisions(source: Source, held: Read, site: str) -> None:
    about = held.about.source
    for item in lines(source, ",", {"contribution", "number", "outcome", "reason", "day"}):
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        number, line = item
        try:
            if (outcome := required(line["outcome"], "outcome")) not in OUTCOME_NAMES:
                raise Untranslatable("bad-field", f"“{outcome[:40]}” is no answer.")
            if outcome == "together":
                continue
            on = f"{about}/contribution/{required(line['contribution'], 'contribution')}"
            again = date.fromisoformat(line["again"]) if line.get("again") else None
            words = _unquoted(line["reason"]), _moment(required(line["day"], "day")), site
            told = Answered(f"{on}/answer", on, outcome, *words, _unquoted(line.get("lives_on")), again)
            held.rows.append(Brings(number, told))
        except ValueError as error:
            held.rejects.append(
                refused(number, Untranslatable("bad-field", f"The row says no day: {error}."), line)
            )
        except Untranslatable as error:
            held.rejects.append(refused(number, error, line))


def _votes(files: dict[str, Source], told: dict[str, Any], held: Read) -> None:
    """Its vote with the ballots that were given away. Of several the first is brought, and a note says so."""
    there = [one for one in told.get("votes") or [] if f"vote-{one.get('number')}-ballots.csv" in files]
    if len(there) > 1:
        held.notes.append(f"It had {len(there)} votes; the first is brought.")
    if not there:
        return
    name = f"vote-{there[0]['number']}"
    rules = _json(files[f"{name}.json"])
    closed = _moment(str(rules.get("closed") or rules.get("opened"))) + timedelta(days=1)
    held.about = replace(
        held.about, method=str(rules["method"]), parameters=rules.get("rules") or {}, closes=closed,
    )  # fmt: skip
    about = held.about.source
    for item in lines(
        files[f"{name}-options.csv"], ",", {"number", "title", "contribution", "cost", "hidden"}
    ):
        if not isinstance(item, Reject):
            held.rows.append(_option(about, item[0], item[1]))
    if left := rules.get("ballots_not_told"):
        held.notes.append(f"{left:,} ballots of kinds that few people cast were not given away.")
    at = closed - timedelta(seconds=1)
    voters = 0
    for item in lines(files[f"{name}-ballots.csv"], ",", {"ballot", "voters"}):
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        try:
            choice, many = orjson.loads(item[1]["ballot"]), min(int(item[1]["voters"]), 1_000_000)
            for _each in range(many):
                voters += 1
                held.rows += _ballot(about, item[0], voters, list(_answers(held.about.method, choice)), at)
        except (ValueError, TypeError) as error:
            held.rejects.append(
                refused(item[0], Untranslatable("bad-field", f"This is no ballot: {error}."), item[1])
            )


def _option(about: str, number: int, line: Line) -> Brings:
    of = f"{about}/contribution/{line['contribution']}" if line["contribution"] else ""
    title = _unquoted(line["title"]) or f"Option {line['number']}"
    hidden = line["hidden"] == "true"
    source = f"{about}/option/{line['number']}"
    return Brings(number, Choosable(source, title, None, hidden=hidden, cost=line["cost"] or None, of=of))


def _answers(method: str, choice: Any) -> Iterator[tuple[tuple[int, ...], int]]:
    """What a ballot answers: about which options, and what."""
    if isinstance(choice, dict):
        yield from (((int(option),), int(mark)) for option, mark in choice.items())
        return
    for rank, one in enumerate(choice, start=1):
        if isinstance(one, int):
            yield (one,), 1
        elif method == "pairwise":
            left, right, which = map(int, one)
            yield (left, right), which
        else:
            yield from (((int(option),), rank) for option in one)


def _ballot(
    about: str, line: int, voter: int, answers: list[tuple[tuple[int, ...], int]], at: datetime
) -> Iterator[Brings]:
    by = f"{about}/voter/{voter}"
    for place, (options, mark) in enumerate(answers):
        chosen = Chosen(by, tuple(f"{about}/option/{one}" for one in options), mark, at)
        yield vote(about, line, chosen, f"{by}/{place}", f"Participant {voter} of the vote")


def _json(source: Source) -> dict[str, Any]:
    try:
        told = orjson.loads(source.document())
    except orjson.JSONDecodeError as error:
        raise DocumentInvalid(f"“{source.name}” is no JSON.", todo="Export the challenge again.") from error
    if not isinstance(told, dict):
        raise DocumentInvalid(
            f"“{source.name}” is not as it was exported.", todo="Export the challenge again."
        )
    return told
