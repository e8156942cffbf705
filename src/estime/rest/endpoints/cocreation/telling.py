"""How people and things are told, whatever endpoint they stand in."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from estime.cocreation import api as cocreation
from estime.cocreation.api import (
    Contribution,
    Decision,
    Hiding,
    Interpellation,
    Member,
    Outcome,
    Picture,
    Pledge,
)
from estime.kernel import clock

_MENTION = re.compile(r"@\[([^\[\]\s][^\[\]]{0,79})\]")


def person(member: Member) -> dict[str, Any]:
    """Somebody, by name and handle: never by an address."""
    if member.erased:
        return {"handle": None, "name": None}
    handle = member.handle if member.channel == cocreation.CHANNEL else None
    return {"handle": handle, "name": member.name or None}


def speaker(name: str) -> dict[str, Any]:
    """Who spoke for the brand."""
    return {"name": None if name == cocreation.NOBODY else name, "speaks_for": cocreation.voice()}


def mentions(*texts: str | None) -> dict[str, str]:
    """What those are called whom some texts mention, by handle: one query, none where nobody is."""
    return cocreation.names_of({handle for text in texts if text for handle in _MENTION.findall(text)})


def state_of(thing: Any) -> str:
    """Whether something stands, or why its words are not shown."""
    if thing.erased:
        return "erased"
    if thing.withdrawn is not None:
        return "withdrawn"
    return "hidden" if thing.hidden else "stands"


def hidings_of(field: str, things: Sequence[Any]) -> dict[int, dict[str, str]]:
    """Why those of some things are hidden that are: one query, none where none is."""
    hidden = [thing.pk for thing in things if thing.hidden]
    if not hidden:
        return {}
    rows = Hiding.objects.filter(**{f"{field}__in": hidden}, lifted=None)
    told = {getattr(row, f"{field}_id"): _why(row) for row in rows}
    if field == "contribution" and len(told) < len(hidden):
        told |= _hidden_with(thing for thing in things if thing.hidden and thing.pk not in told)
    return told


def _hidden_with(things: Iterable[Contribution]) -> dict[int, dict[str, str]]:
    """Why contributions are hidden that are hidden with their challenge."""
    where = {thing.pk: thing.challenge_id for thing in things}
    rows = Hiding.objects.filter(challenge__in=set(where.values()) - {None}, lifted=None)
    why = {row.challenge_id: _why(row) for row in rows}
    return {pk: why[challenge] for pk, challenge in where.items() if challenge in why}


def _why(row: Hiding) -> dict[str, str]:
    return {"reason": row.reason, "words": row.words, "name": row.name}


def titled(one: Contribution | Interpellation | None) -> dict[str, Any] | None:
    """Something else, with its title where that is shown."""
    if one is None:
        return None
    return {"id": one.pk, "title": one.title if state_of(one) == "stands" else None}


def picture(one: Picture) -> dict[str, Any]:
    return {"id": str(one.pk), "width": one.width, "height": one.height, "alt": one.alt}


def pictures(found: Iterable[Picture]) -> list[dict[str, Any]]:
    """Those of some pictures that are shown."""
    return [picture(one) for one in found if one.published and not one.hidden]


def decision(one: Decision, about: Contribution | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "contribution": titled(about) if about is not None else {"id": one.contribution_id, "title": None},
        "number": one.number,
        "outcome": one.outcome,
        "reason": one.reason,
        "lives_on": one.lives_on,
        "again": one.again,
        "into": one.into_id,
        "by": speaker(one.name) if one.source is None else {"name": one.name, "speaks_for": None},
        "at": one.at,
    }


def pledge(one: Pledge, replaced_by: int | None = None) -> dict[str, Any]:
    """A promise; whether it is late is the calendar's to say."""
    ended = one.kept or one.waived
    state = "waived" if one.waived else "kept" if one.kept else "replaced" if replaced_by else "open"
    return {
        "id": one.pk,
        "contribution": one.contribution_id,
        "challenge": one.challenge_id,
        "question": one.interpellation_id,
        "what": one.what,
        "due": one.due,
        "by": speaker(one.name),
        "at": one.at,
        "state": state,
        "late": (ended or clock.now()) > one.due and state in ("open", "kept"),
        "kept": one.kept,
        "kept_words": one.kept_words or None,
        "waived": one.waived,
        "waived_reason": one.waived_reason or None,
        "replaces": one.replaces_id,
        "replaced_by": replaced_by,
    }


def pledges(found: Sequence[Pledge]) -> list[dict[str, Any]]:
    """Promises about one thing, each with the one that took its place."""
    after = {one.replaces_id: one.pk for one in found if one.replaces_id}
    return [pledge(one, after.get(one.pk)) for one in found]


def outcome_light(one: Outcome) -> dict[str, Any]:
    return {"id": one.pk, "title": one.title, "made": one.made}
