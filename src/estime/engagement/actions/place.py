"""The engagement map at a refresh: when it is told anew, from what, and what is kept of it.

Told anew at most once a day, or when much came in; and only once `privacy.smallest_group` people did something since:
two editions that one act lies between would tell what is thought of the person behind it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from estime.cocreation import api as cocreation
from estime.engagement.actions.hear import READINGS
from estime.engagement.actions.keep_places import places_store
from estime.engagement.actions.map_state import map_digest
from estime.engagement.figures import Figure
from estime.engagement.models import Contested, Edition, Objection
from estime.engagement.settings import Settings
from estime.engagement.tables.affect import Answer, Correction
from estime.engagement.tables.place import Refusal, Said, figures_of, map_of, people_of
from estime.kernel import clock
from estime.kernel.configuration import Configuration
from estime.kernel.engine import read_lake
from estime.kernel.lake import Lake
from estime.listening import api as listening

EVERY: Final = timedelta(days=1)
GROWN: Final = 1.02
"""So much more evidence does not wait for a day."""


class Before(NamedTuple):
    """What the last edition says of its map: `told` is what `Edition.scopes["placed"]` holds, empty without one."""

    told: Mapping[str, Any]
    whole: bool
    """Everything is asked to be made anew."""


def place(
    engine: tuple[Any, Lake, Any],
    edition: Edition,
    before: Before,
    settings: Settings,
    config: Configuration,
) -> list[Figure] | None:
    """The figures of the map, with the places of people kept; None where what stands is to stand.

    `engine`: the backend, the lake and its acts. `edition.scopes` is told of which state the map is.
    """
    backend, lake, acts = engine
    readings = read_lake(backend, lake, READINGS)
    digest = map_digest(config, edition.digest)
    if readings is None:
        edition.scopes["placed"] = {}
        places_store([], {}, edition.made_at)
        return []
    texts = int(readings.count().to_pyarrow().as_py())
    fewest = config.privacy.smallest_group
    state = {"at": edition.made_at.isoformat(), "batch": edition.batch, "digest": digest, "texts": texts}
    if not _due(before, state, edition.made_at) or not _enough(before, state, acts, fewest):
        edition.scopes["placed"] = dict(before.told)
        return None
    as_of = {scope: datetime.fromisoformat(told) for scope, told in edition.scopes["as_of"].items()}
    since = clock.now()
    maps = map_of(backend, acts, readings, said(), as_of=as_of, settings=settings)
    places_store(people_of(maps), as_of, since)
    edition.scopes["placed"] = state
    return figures_of(maps, fewest)


def _due(before: Before, state: Mapping[str, Any], now: datetime) -> bool:
    told = before.told
    if before.whole or not told or told["digest"] != state["digest"]:
        return True
    grown = state["texts"] > GROWN * told["texts"] or state["texts"] < told["texts"]
    return grown or now - datetime.fromisoformat(told["at"]) >= EVERY


def _enough(before: Before, state: Mapping[str, Any], acts: Any, fewest: int) -> bool:
    told = before.told
    if before.whole or not told or told["digest"] != state["digest"]:
        return True
    since = acts.filter(acts.batch > told["batch"])
    return bool(since.aggregate(n=since.account.nunique()).to_pyarrow().to_pylist()[0]["n"] >= fewest)


def said() -> Said:
    """What is known beside acts and readings: what people corrected, answered and were refused; who is set apart."""
    contested = Contested.objects.filter(withdrawn=None).values_list("seq", "meant")
    apart = Objection.objects.filter(out=True, withdrawn=None).values_list("account", flat=True)
    return Said(
        corrections=[Correction(seq, None if meant is None else float(meant)) for seq, meant in contested],
        answers=list(_answers()),
        refusals=[
            Refusal(each.account, each.channel, int(each.at.timestamp()), each.bare)
            for each in cocreation.refusals_each()
        ],
        apart=list(apart),
    )


def _answers() -> Iterator[Answer]:
    """Answers of members of our own site."""
    for each in listening.answers_for_affect():
        yield Answer(each.account, cocreation.CHANNEL, int(each.at.timestamp()), each.value, each.questions)
