"""A finished challenge as open data: tables, votes, a data package that describes them, and a page to read first.

No name, handle, address, account key or time of a vote is in it; who wrote something is a number drawn for this export.
It is written whole or not at all, into a folder that is empty.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from estime.channels.challenges.ballots import VoteTold, pabulib_text, votes_told
from estime.channels.challenges.masking import Masks
from estime.channels.challenges.open_data_words import package, readme
from estime.channels.challenges.tables import TABLES, Exporting
from estime.channels.errors import ExportFolderTaken
from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, NotNow

BRIEF_PARTS: Final = ("problem", "known", "decided", "off_table", "decider", "resources")
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet would take for a formula, and the apostrophe that then stands in front: it can be taken off."""


class GivenAway(NamedTuple):
    """What an export holds: rows of each file."""

    folder: str
    rows: dict[str, int]
    withheld: int


def challenge_export(challenge: Challenge, folder: Path) -> GivenAway:
    """Write a challenge that is over into a folder. Raises `NotNow` (it still runs), `ExportFolderTaken`."""
    if challenge.opened is None or not cocreation.is_over(challenge):
        raise NotNow(
            "This challenge is not over yet: what is open to change is not given away.",
            todo="Export it after its last day, which its page tells.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportFolderTaken(
            f"“{folder.name}” is there already.", todo="Name a folder that does not exist yet."
        )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _export(challenge, folder)
    except BaseException:  # also when it is stopped: half an export is none
        for file in folder.iterdir():
            file.unlink()
        raise


def _export(challenge: Challenge, folder: Path) -> GivenAway:
    out = Exporting(
        challenge,
        Masks(cocreation.people_involved(challenge)),
        cocreation.words_agreed(challenge),
        open=challenge.source is not None and bool(challenge.known),
    )
    rows: dict[str, int] = {}
    for table in TABLES:
        names = [column.name for column in table.columns]
        rows[f"{table.name}.csv"] = _csv(folder / f"{table.name}.csv", names, table.rows(out))
    votes = votes_told(challenge.pk)
    for vote in votes:
        rows |= _vote(vote, out, folder)
    _json(folder / "challenge.json", _about(out, votes))
    _json(folder / "datapackage.json", package(challenge, TABLES, rows))
    (folder / "README.md").write_text(readme(challenge, TABLES, rows), encoding="utf-8")
    return GivenAway(str(folder), rows, _withheld(out))


def _withheld(out: Exporting) -> int:
    """Texts that stand on the site and not here, because somebody whose words they are did not agree to it."""
    return sum(1 for table in TABLES[:2] for row in table.rows(out) if row[-1] == "withheld")


def _about(out: Exporting, votes: list[VoteTold]) -> dict[str, Any]:
    one = out.challenge
    deal = cocreation.deal_of(one)
    whose = one.owner_id if not one.by_brand else None
    brief = {name: out.words(getattr(one, name), whose) for name in ("title", *BRIEF_PARTS)}
    parts = ("owns", "licence", "if_adopted", "if_refused", "if_withdrawn", "if_altered")
    return {
        **brief,
        "power": one.power,
        "opened_by": "brand" if one.by_brand else "member",
        "opened": one.opened.date().isoformat() if one.opened else None,
        "phases": [
            {
                "kind": each.kind,
                "starts": each.starts.date().isoformat(),
                "ends": each.ends.date().isoformat(),
            }
            for each in one.phases.order_by("starts")
        ],
        "deal": {part: out.masks.text(getattr(deal, part)) for part in parts} if deal is not None else None,
        "votes": [{"number": vote.poll.pk, "title": out.masks.text(vote.poll.title)} for vote in votes],
    }


def _vote(vote: VoteTold, out: Exporting, folder: Path) -> dict[str, int]:
    name = f"vote-{vote.poll.pk}"
    titles = {option.number: _title(option, out) for option in vote.options}
    options = [
        (option.number, titles[option.number], option.contribution_id, option.cost, option.hidden)
        for option in vote.options
    ]
    heads = ["number", "title", "contribution", "cost", "hidden"]
    rows = {f"{name}-options.csv": _csv(folder / f"{name}-options.csv", heads, options)}
    result = {
        "title": out.masks.text(vote.poll.title),
        "method": vote.poll.method,
        "rules": vote.poll.parameters,
        "secret": vote.poll.secret,
        "opened": vote.poll.opens.date().isoformat(),
        "closed": vote.poll.closed.date().isoformat() if vote.poll.closed else None,
        "sealed": vote.poll.sealed is not None,
        "ballots_not_told": vote.others,
        "result": vote.result,
    }
    _json(folder / f"{name}.json", result)
    rows[f"{name}.json"] = 1
    if vote.ballots:
        rows[f"{name}-ballots.csv"] = _csv(folder / f"{name}-ballots.csv", ["ballot", "voters"], vote.ballots)
        if vote.poll.method == "budget":
            (folder / f"{name}.pb").write_text(pabulib_text(vote, titles), encoding="utf-8")
            rows[f"{name}.pb"] = sum(many for _text, many in vote.ballots)
    return rows


def _title(option: cocreation.Option, out: Exporting) -> str:
    """What an option says: a contribution's where its words go with it, a member's where they agreed, the brand's."""
    if option.contribution_id is not None:
        return out.titles.get(option.contribution_id, "")
    return out.words(option.title, option.by_id)


def _csv(path: Path, names: list[str], rows: Iterable[Iterable[Any]]) -> int:
    many = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(names)
        for row in rows:
            table.writerow([_cell(value) for value in row])
            many += 1
    return many


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    return value.isoformat() if hasattr(value, "isoformat") else value


def _json(path: Path, data: Any) -> None:
    path.write_bytes(orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
