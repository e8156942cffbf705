"""Topics as they are carried on from run to run, in a column: no text and no person."""

from typing import Any, Final

from estime.listening.topics.result import Carried

SILENT: Final = 120
"""Topics nobody speaks of that stay known: a community's ideas come back, but not for ever."""


def carried_as_json(carried: Carried, spoken: set[int]) -> dict[str, Any]:
    """What is carried, as it is kept. `spoken`: ids that somebody speaks of; of the others the newest stay."""
    silent = sorted(set(carried.ids) - spoken, reverse=True)[:SILENT]
    stay = spoken | set(silent)
    every = zip(carried.ids, carried.labels, carried.centres, strict=True)
    return {"next": carried.next_id, "topics": [list(one) for one in every if one[0] in stay]}


def carried_from_json(told: dict[str, Any]) -> Carried:
    """What was kept; nothing where nothing was."""
    topics = told.get("topics", [])
    return Carried(
        told.get("next", 1),
        tuple(int(one[0]) for one in topics),
        tuple(str(one[1]) for one in topics),
        tuple(dict(one[2]) for one in topics),
    )
