"""Which reader a path needs, and what it holds for a method."""

from dataclasses import dataclass
from pathlib import Path

from estime.cocreation.tally.ballots import Ballots, Duels, Kind, Money, Opinions
from estime.cocreation.tally.errors import BallotsUnclear, BallotsUnreadable, MethodMisfit
from estime.cocreation.tally.formats import allourideas, csv_ballots, pabulib, polis
from estime.cocreation.tally.formats.columns import NAMES, plain
from estime.cocreation.tally.formats.opening import check_there, rows
from estime.cocreation.tally.methods import KINDS, approvals_of, scores_of
from estime.cocreation.tally.result import Method


@dataclass(frozen=True)
class Cast:
    """What was voted, in the shape that the method counts."""

    votes: Ballots | Duels | Opinions
    money: Money | None = None


def read(path: Path, method: Method, encoding: str | None = None) -> Cast:
    """What a file or folder holds for this method.

    Raises what the readers raise: every line that cannot be counted refuses the file and is named.
    """
    check_there(path)
    try:
        if method is Method.GROUPS:
            return Cast(polis.read(path, encoding))
        if method is Method.PAIRWISE:
            return Cast(allourideas.read(path, encoding))
        if polis.is_folder(path):
            return Cast(_from_opinions(polis.read(path, encoding), method))
        if path.is_dir():
            raise BallotsUnclear(
                f"“{path.name}” is a folder, and none that Polis exports.",
                todo="Give the path of the file itself.",
            )
        if _is_pabulib(path, encoding):
            return _from_pabulib(pabulib.read(path, encoding), method)
        return Cast(_from_csv(path, method, encoding))
    except OSError as error:
        raise BallotsUnreadable(
            f"“{path.name}” cannot be read: {error.strerror}.", todo="Check who may read it."
        ) from None


def _is_pabulib(path: Path, encoding: str | None) -> bool:
    if path.suffix.casefold() == ".pb":
        return True
    _, first = next(iter(rows(path, encoding)))
    return len(first) == 1 and first[0].casefold() == "meta"


def _from_pabulib(held: pabulib.Pabulib, method: Method) -> Cast:
    wanted = KINDS[method]
    if wanted is Kind.APPROVAL:
        return Cast(pabulib.as_approvals(held.ballots), held.money)
    if held.ballots.kind is not wanted:
        raise MethodMisfit(
            f"People voted by “{held.meta.get('vote_type', 'approval')}” here; “{method}” counts other ballots.",
            todo={
                Kind.APPROVAL: "It can be counted by budget or approval.",
                Kind.RANKED: "It can be counted by budget, approval or ranked.",
                Kind.SCORE: "It can be counted by budget, approval or score.",
            }[held.ballots.kind],
            method=str(method),
        )
    return Cast(held.ballots, held.money)


def _from_opinions(held: Opinions, method: Method) -> Ballots:
    if method is Method.APPROVAL:
        return approvals_of(held)
    if method is Method.SCORE:
        return scores_of(held)
    raise MethodMisfit(
        f"People voted on statements here; the method “{method}” counts other ballots.",
        todo="It can be counted by groups, approval or score.",
        method=str(method),
    )


def _from_csv(path: Path, method: Method, encoding: str | None) -> Ballots:
    if method is Method.BUDGET:
        raise MethodMisfit(
            f"“{path.name}” does not say what the projects cost.",
            todo="A budget is counted from a .pb file: see https://pabulib.org/format",
            method=str(method),
        )
    _, header = next(iter(rows(path, encoding)))
    titles = {plain(title) for title in header}
    if titles & set(NAMES["winner"].split()) and titles & set(NAMES["loser"].split()):
        raise MethodMisfit(
            f"“{path.name}” holds votes between two options.",
            todo="Count it by pairwise.",
            method=str(method),
        )
    return csv_ballots.read(path, KINDS[method], encoding)
