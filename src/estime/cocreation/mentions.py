"""Mentions: typed as @Name, kept as @[handle], told to whoever is meant. Only people of the same place are known.

Names are not unique: where two people of a place have the same one, the writing page says which is meant (`chosen`);
without that the letters stay letters. Nobody can be looked up here who has not said something in this place.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from estime.cocreation.members import CHANNEL
from estime.cocreation.models import Author, Challenge, Comment, Contribution, Interpellation, Member, Space
from estime.cocreation.texts.plain import references_of

Spot = Contribution | Challenge | Interpellation
SUGGESTED: Final = 8
LONGEST_NAME: Final = 60
_CALLED: Final = 300
"""People whose name begins so that are looked at: with more letters there are fewer."""
MOST: Final = 20
"""People that one text may mention; the others stay letters."""
_AT = re.compile(r"(?<![\w@./\[])@(?=\w)")
_KEPT = re.compile(r"@\[([^\[\]\s][^\[\]]{0,79})\]")


def people_in(where: Spot | Space) -> QuerySet[Member]:
    """Members who can sign in and who said something in the same challenge (or space, where there is none)."""
    place = where if isinstance(where, Challenge | Space) else where.challenge or where.space
    field = "challenge" if isinstance(place, Challenge) else "space"
    authored = Author.objects.filter(
        **{f"contribution__{field}": place}, member=OuterRef("pk"), accepted__isnull=False
    )
    said = Q(**{f"contribution__{field}": place}) | Q(**{f"interpellation__{field}": place})
    said |= Q(challenge=place) if field == "challenge" else Q(challenge__space=place)
    wrote = Comment.objects.filter(said, by=OuterRef("pk"))
    members = Member.objects.filter(user__is_active=True, channel=CHANNEL, erased=False).exclude(name="")
    return members.filter(Exists(authored) | Exists(wrote))


def people_suggested(where: Spot | Space, begun: str, limit: int = SUGGESTED) -> list[Member]:
    """Who may be meant by a name that somebody begins to type; nobody before its first letter."""
    told = " ".join(begun.split())[:LONGEST_NAME]
    if not told:
        return []
    named = Q(name__istartswith=told) | Q(name__icontains=f" {told}")
    called = Member.objects.filter(named, channel=CHANNEL, user__isnull=False, erased=False)
    numbers = list(called.order_by("name").values_list("pk", flat=True)[:_CALLED])
    return list(people_in(where).filter(pk__in=numbers).order_by("name", "pk")[:limit])


def mentions_find(text: str, where: Spot, chosen: Sequence[str] = ()) -> str:
    """A text as it is kept: @Name becomes @[handle] where one person is meant.

    `chosen`: handles of people who were picked from the suggestions; they come before others of the same name.
    """
    places = [match.end() for match in _AT.finditer(text)][:MOST]
    if not places:
        return text
    first = {text[at : at + LONGEST_NAME].split()[0].strip(".,;:!?…»”’)") for at in places}
    begun = Q()
    for word in sorted(filter(None, first)):
        begun |= Q(name__istartswith=word)
    if not begun:
        return text
    people = list(people_in(where).filter(begun).order_by("pk")[:500])
    found, done = [], 0
    for at in places:
        meant = _meant(text, at, people, chosen)
        if meant is not None:
            found += [text[done : at - 1], f"@[{meant.handle}]"]
            done = at + len(meant.name)
    return "".join([*found, text[done:]])


def _meant(text: str, at: int, people: Iterable[Member], chosen: Sequence[str]) -> Member | None:
    """Whose whole name stands there; the longest name, and of equal ones whoever was chosen."""
    here = [
        one
        for one in people
        if text[at : at + len(one.name)].casefold() == one.name.casefold()
        and not text[at + len(one.name) : at + len(one.name) + 1].isalnum()
    ]
    longest = max((len(one.name) for one in here), default=0)
    best = [one for one in here if len(one.name) == longest]
    picked = [one for one in best if one.handle in chosen]
    best = picked or best
    return best[0] if len(best) == 1 else None


def mentions_typed_again(text: str, names: dict[str, str]) -> str:
    """A kept text as its writer typed it, to be changed: @[handle] is @Name again where the name is known."""
    return _KEPT.sub(
        lambda found: f"@{names[found.group(1)]}" if names.get(found.group(1)) else found.group(), text
    )


def mentioned_in(*texts: str) -> list[Member]:
    """Everybody whom some texts mention, and who can be told."""
    handles = {handle for text in texts for handle in references_of(text).mentions[:MOST]}
    if not handles:
        return []
    return list(Member.objects.filter(channel=CHANNEL, handle__in=handles, user__isnull=False, erased=False))


def names_of(handles: Iterable[str]) -> dict[str, str]:
    """Handles of our own channel, and what these members are called."""
    wanted = set(handles)
    if not wanted:
        return {}
    known = Member.objects.filter(channel=CHANNEL, handle__in=wanted, erased=False)
    return {handle: name for handle, name in known.values_list("handle", "name") if name}
