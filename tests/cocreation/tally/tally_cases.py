"""Small elections for tests: JSON cases, and the tables worked by hand in docs/methods."""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from estime.cocreation.tally.ballots import Ballots, Kind, Money, ballots_of
from estime.cocreation.tally.methods import tally
from estime.cocreation.tally.result import Method, Tally

HERE = Path(__file__).parent
METHODS = HERE.parents[2] / "docs" / "methods"
CASES = sorted((HERE / "cases").glob("*.json"))
KINDS = {"approval": Kind.APPROVAL, "score": Kind.SCORE, "ranked": Kind.RANKED, "budget": Kind.APPROVAL}


def case(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def ranks(text: str, options: list[str]) -> list[int]:
    """`A > B = C` as ranks."""
    found = dict.fromkeys(options, 0)
    for place, level in enumerate(text.split(">"), start=1):
        for name in level.split("="):
            found[name.strip()] = place
    return list(found.values())


def rankings(ballots: dict[str, int], options: list[str]) -> Ballots:
    marks = np.array([ranks(text, options) for text in ballots])
    return ballots_of(Kind.RANKED, marks, options, counts=np.array(list(ballots.values())))


def approvals(ballots: list[list[str]], options: list[str], counts: list[int] | None = None) -> Ballots:
    marks = np.array([[option in ballot for option in options] for ballot in ballots]).reshape(
        -1, len(options)
    )
    return ballots_of(Kind.APPROVAL, marks, options, counts=None if counts is None else np.array(counts))


def money(costs: list[str], budget: str) -> Money:
    return Money(tuple(Fraction(cost) for cost in costs), Fraction(budget))


def tables(text: str) -> list[list[dict[str, str]]]:
    """The tables of a page, rows by their headers."""
    found = []
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()]
        found.append([dict(zip(rows[0], row, strict=False)) for row in rows[2:]])
    return found


def worked(page: Path) -> tuple[Tally, list[dict[str, str]], list[str], list[dict[str, str]] | None]:
    """The election of a page, counted; the scores and winners it tells; its matrix of chains, if any."""
    text = page.read_text().partition("## Worked by hand")[2]
    kind = KINDS[page.stem]
    by_head = {next(iter(rows[0])): rows for rows in tables(text)}
    scores, ballots = by_head["option"], by_head["voters"]
    options = (
        [row["project"] for row in by_head["project"]]
        if "project" in by_head
        else sorted(row["option"] for row in scores)
    )
    marks = np.array([_marks(row["ballot"], kind, options) for row in ballots])
    cast = ballots_of(kind, marks, options, counts=np.array([int(row["voters"]) for row in ballots]))
    held = None
    if "project" in by_head:
        budget = re.search(r"^Budget: (\d+)$", text, re.MULTILINE)
        held = money([row["cost"] for row in by_head["project"]], budget[1])
    winners = re.search(r"^Winners: (.+)$", text, re.MULTILINE)[1].split(", ")
    return tally(Method(page.stem), cast, money=held), scores, winners, by_head.get("from")


def _marks(text: str, kind: Kind, options: list[str]) -> list[float]:
    if kind is Kind.RANKED:
        return ranks(text, options)
    found = dict.fromkeys(options, np.nan if kind is Kind.SCORE else 0)
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, points = part.partition(":")
        found[name] = float(points) if points else 1
    return list(found.values())
