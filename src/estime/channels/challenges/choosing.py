"""What whoever brings a challenge says of a source that holds several, or speaks in words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from estime.channels.options import ReadOptions
from estime.cocreation.api import OUTCOME_NAMES
from estime.kernel.errors import EstimeError


class StateUnclear(EstimeError):
    """It is not said which of our outcomes a site's own state is."""

    code: ClassVar[str] = "state-unclear"


@dataclass(frozen=True)
class ChallengeOptions(ReadOptions):
    """`component`: which part of a site's whole export; `states`: its own states of an answer → one of our outcomes."""

    component: str = ""
    states: Mapping[str, str] = field(default_factory=dict)


def states_read(told: list[str]) -> dict[str, str]:
    """`--state in_study=later` as a table. Raises `StateUnclear` for what is no outcome."""
    outcomes = [name for name in OUTCOME_NAMES if name not in ("", "together")]
    found = {}
    for text in told:
        state, _equals, outcome = text.partition("=")
        if not state.strip() or outcome.strip() not in outcomes:
            raise StateUnclear(
                f"“{text[:60]}” does not say what a state of that site is here.",
                todo=f"Write it as in_study=later, with one of: {', '.join(outcomes)}.",
            )
        found[state.strip()] = outcome.strip()
    return found
