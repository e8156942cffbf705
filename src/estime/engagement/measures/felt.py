"""Does what people feel add to what they do? Overall, in thirds, toward the brand, and beside feelings at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from estime.engagement.measures.crowd import Crowd, crowd
from estime.engagement.measures.lesser import ALONE, DEALT, TONELESS
from estime.engagement.measures.scoring import Draws, Flags, Numbers, Scores, scored

WITHOUT: Final = "without_affect"
THIRDS: Final = ("little", "middling", "much")


class Heard(NamedTuple):
    """How many texts there are of the people whom a report looks at, and in how many of them what was read."""

    texts: int
    tone: int
    """How it feels is clear."""
    toward: int
    """What it feels toward the brand or its products is clear."""
    people_toward: int
    """Of so many people the latter are."""


class Tercile(NamedTuple):
    """What affect adds among those with little, middling or much behaviour lately."""

    name: str
    n: int
    came: int
    without: Scores
    crowd: Crowd

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        told = {"name": self.name, "n": self.n, "came": self.came, **self.crowd._asdict()}
        return {**told, "without": self.without.as_json()}


@dataclass(frozen=True)
class Felt:
    """What affect adds. Each `Scores` is of what knows less; its leads are what more knowledge gained, above 0."""

    terciles: Sequence[Tercile] = ()
    """Overall and by tercile of behaviour: the model without affect against the one with it."""
    toward: Scores | None = None
    """Behaviour alone, against behaviour and what is felt toward the brand; None where no text says that."""
    placebo: Scores | None = None
    """Readings dealt out at random, alone, against readings as they are, alone."""

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "affect": [each.as_json() for each in self.terciles],
            "toward": None if self.toward is None else self.toward.as_json(),
            "placebo": None if self.placebo is None else self.placebo.as_json(),
        }


def felt_adds(
    whole: str, pooled: Mapping[str, Numbers], came: Flags, behaviour: Numbers, draws: Draws
) -> Felt:
    """What does affect add to behaviour, here?

    Meaning: differences of AUC and Brier on the same draws of persons, each with its interval; what affect adds within
    a third of behaviour is not what people of that third differ by.

    Parameters: `whole`, the name of the model that knows everything; `pooled`, name → probabilities (n,), of which the
    ablations `without_affect`, `without_tone`, `affect_alone` and `affect_dealt` are looked for; `came`, `behaviour`
    (n,), how much each did lately; `draws`, whose persons are drawn. Returns Felt, empty without affect.

    Source: own definition; see `scored`.
    """
    if WITHOUT not in pooled:
        return Felt()

    def against(more: str, less: str) -> Scores | None:
        if more not in pooled or less not in pooled:
            return None
        return scored({name: pooled[name] for name in (more, less)}, came, draws, more)[less]

    return Felt(
        _terciles(whole, pooled, came, behaviour, draws), against(TONELESS, WITHOUT), against(ALONE, DEALT)
    )


def _terciles(
    whole: str, pooled: Mapping[str, Numbers], came: Flags, behaviour: Numbers, draws: Draws
) -> list[Tercile]:
    third = np.searchsorted(np.quantile(behaviour, [1 / 3, 2 / 3]), behaviour, side="left")
    parts = {"overall": np.ones(len(came), bool)}
    parts |= {name: third == place for place, name in enumerate(THIRDS)}
    found = []
    for name, part in parts.items():
        here = {model: pooled[model][part] for model in (whole, WITHOUT)}
        without = scored(here, came[part], draws.of(part), whole)[WITHOUT]
        behind = crowd(draws.persons[part], came[part])
        found.append(Tercile(name, int(part.sum()), int(came[part].sum()), without, behind))
    return found
