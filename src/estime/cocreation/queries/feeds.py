"""What happens in a space or a challenge, for feeds: what is public, by places that still stand."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from estime.cocreation.letters import Place, place_of
from estime.cocreation.models import Challenge, Contribution, Event, Interpellation, Space

ENTRIES: Final = 40
READ: Final = 200
PUBLIC: Final = frozenset(
    (
        *("challenge_opened", "challenge_extended", "challenge_cancelled", "deal_changed", "backstage_given"),
        *("vote_opened", "vote_counted", "overridden", "outcome_made"),
        *("challenge_pledged", "challenge_pledge_kept", "challenge_pledge_waived"),
        *("published", "versioned", "edit_adopted", "merged", "unmerged"),
        *("decided", "pledged", "pledge_kept", "pledge_waived", "made_of"),
        *("asked", "reached", "answered"),
    )
)
"""What a feed tells: what became of things, not who supports, mentions or is moderated."""


class Entry(NamedTuple):
    """One entry of a feed."""

    event: Event
    place: Place
    title: str


def feed(where: Space | Challenge) -> list[Entry]:
    """The newest entries; of places that are hidden, withdrawn or erased now, none."""
    rows = Event.objects.select_related("by").order_by("-pk")
    rows = rows.filter(space=where) if isinstance(where, Space) else rows.filter(challenge=where)
    events = [event for event in rows[:READ] if event.kind in PUBLIC]
    titles = titles_of(events)
    entries = [Entry(event, place_of(event), titles.get(place_of(event), "")) for event in events]
    return [entry for entry in entries if entry.title][:ENTRIES]


def titles_of(events: Sequence[Event]) -> dict[Place, str]:
    """The titles of the places of some events, of those that still stand: three queries."""
    ideas = [event.contribution_id for event in events if event.contribution_id]
    questions = [event.interpellation_id for event in events if event.interpellation_id]
    challenges = [event.challenge_id for event in events if event.challenge_id]
    stands = {"hidden": False, "withdrawn": None, "erased": False}
    told: dict[Place, str] = {}
    shown = Contribution.objects.filter(pk__in=ideas, **stands).values_list("pk", "title")
    told |= {("ideas", pk): title for pk, title in shown}
    asked = Interpellation.objects.filter(pk__in=questions, **stands).values_list("pk", "title")
    told |= {("questions", pk): title for pk, title in asked}
    opened = Challenge.objects.filter(pk__in=challenges, erased=False, hidden=False, opened__isnull=False)
    return told | {("challenges", pk): title for pk, title in opened.values_list("pk", "title")}
