"""What goes with the tables of an export: a data package (frictionlessdata.io) and a README, in plain English."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from estime.channels.challenges.tables import Table
from estime.cocreation import api as cocreation
from estime.cocreation.api import LEAST_COUNTED, Challenge
from estime.kernel import clock
from estime.kernel.configuration import configuration

VOTES: Final = {
    "-options.csv": (
        "What was up for the vote.",
        [("number", "integer"), ("title", "string"), ("contribution", "integer"), ("cost", "number"),
         ("hidden", "boolean")],
    ),
    "-ballots.csv": (
        "Ballots as JSON over the options' numbers, and how many people cast each. No time, no voter.",
        [("ballot", "string"), ("voters", "integer")],
    ),
}  # fmt: skip


def licence(challenge: Challenge) -> str:
    """Under which terms members' words go with it, as they read them; of an import, what its source says."""
    deal = cocreation.deal_of(challenge)
    return deal.licence if deal is not None else challenge.known


def package(challenge: Challenge, tables: Sequence[Table], rows: Mapping[str, int]) -> dict[str, Any]:
    """`datapackage.json`: each CSV with its columns and their types."""
    resources = [
        _resource(
            f"{table.name}.csv", table.title, [(one.name, one.type, one.title) for one in table.columns], rows
        )
        for table in tables
    ]
    for name in rows:
        for end, (title, columns) in VOTES.items():
            if name.endswith(end):
                resources.append(
                    _resource(name, title, [(column, type_, "") for column, type_ in columns], rows)
                )
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"challenge-{challenge.pk}",
        "id": _id(challenge),
        "publisher": configuration().brand.name or "a brand",
        "title": challenge.title if challenge.by_brand else "A challenge that a member opened",
        "created": clock.now().date().isoformat(),
        "licenses": [{"name": "see-README", "title": " ".join(licence(challenge).split())[:500]}],
        "resources": resources,
    }


def _id(challenge: Challenge) -> str:
    """The same in every export of it, and of no other challenge anywhere; it tells nothing."""
    return sha256(
        f"{challenge.space.slug}/{challenge.pk}/{challenge.created.isoformat()}".encode()
    ).hexdigest()[:32]


def _resource(
    name: str, title: str, columns: Sequence[tuple[str, str, str]], rows: Mapping[str, int]
) -> dict[str, Any]:
    fields = [
        {"name": column, "type": type_, **({"description": words} if words else {})}
        for column, type_, words in columns
    ]
    return {
        "name": name.removesuffix(".csv").lower(),
        "path": name,
        "description": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rows": rows.get(name, 0),
        "schema": {"fields": fields, "missingValues": [""]},
    }


def readme(challenge: Challenge, tables: Sequence[Table], rows: Mapping[str, int]) -> str:
    """`README.md`."""
    titles = {f"{table.name}.csv": table.title for table in tables}
    lines = []
    for name, many in rows.items():
        words = titles.get(name) or next((VOTES[end][0] for end in VOTES if name.endswith(end)), _words(name))
        lines.append(f"| `{name}` | {words} | {many:,} |")
    heading = challenge.title if challenge.by_brand else "A challenge that a member opened"
    opened = challenge.opened.date().isoformat() if challenge.opened else ""
    attribution = f"\n{challenge.space.attribution}\n" if challenge.space.attribution else ""
    return f"""# {heading}

A challenge of {configuration().brand.name or "a brand"}, opened on {opened}, as open data. `challenge.json` says
what was asked and by which rules, `datapackage.json` what each column is (a [data package](https://datapackage.org)).
{attribution}
## Licence

{licence(challenge) or "Nothing was said of a licence: ask before you use members' words."}

## Files

| file | what | rows |
|---|---|---|
{chr(10).join(lines)}

Text is UTF-8; times are days. A cell that begins with `=`, `+`, `-`, `@` or an apostrophe has an apostrophe in front of
it, so that no spreadsheet takes it for a formula.

## What is not here

- **Who.** No name, handle, address or key of an account. An author is a number that was drawn for this export: the same
  person has the same number in all tables of it, and another one in every other export. Where a text names somebody who
  took part, `[…]` stands in its place.
- **Words without a yes.** Texts of members who did not agree to the deal, and what was withdrawn, hidden or erased.
- **Single people in numbers.** Counts of 1 to {LEAST_COUNTED - 1} supporters are left out. Ballots stand here once
  nothing says whose they are; where the rules did not promise to publish each, kinds of ballots that fewer than
  {LEAST_COUNTED} people cast are left out, and `ballots_not_told` says how many they are.
- **Times of votes.** There are none.
"""


def _words(name: str) -> str:
    if name.endswith(".pb"):
        return "The budget for pabulib's tools."
    return "The rules and the result of a vote."
