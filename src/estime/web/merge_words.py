"""Bringing together in words: what stands beside an idea, and the state of one proposal."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contribution, Member, Merge, MergeSide, Whole
from estime.readouts.wording import count
from estime.web.addresses import numbered
from estime.web.member_words import Prose, name_of, names_of
from estime.web.moments import day
from estime.web.taking_part import idea_url

PARTS_READ = 12
"""Parts whose own words open on the page of the whole; those of more stand on their pages."""


def merges_context(whole: Whole, member: Member | None, phase: str) -> dict[str, Any]:
    """What `cocreation/_merges.html` shows beside an idea: what it is made of, what is proposed, what was undone."""
    one = whole.contribution
    beside = cocreation.merges_beside(whole.group)
    heads = {part.pk: part for part in whole.parts}
    stands = whole.words_shown and one.withdrawn is None and not one.hidden
    may = one.challenge_id is None or phase in cocreation.SUPPORT
    return {
        "pieces": _pieces(whole, member),
        "brought": _brought(beside.whole, whole),
        "made": [_made(each, one, heads) for each in beside.whole],
        "proposals": [_proposed(each, one) for each in beside.proposals],
        "past": [_made(each, one, heads) for each in beside.past],
        "propose": numbered("idea-together", one.pk)
        if stands and may and member is not None and one.together_id is None
        else "",
    }


def _brought(in_force: Iterable[Merge], whole: Whole) -> list[Member]:
    """Who proposed what it is made of, and is none of its authors."""
    authors = {each.pk for each in whole.everybody}
    found = (each.by for each in in_force if each.head_id == whole.contribution.pk)
    return list({each.pk: each for each in found if each.pk not in authors}.values())


def _pieces(whole: Whole, member: Member | None) -> list[dict[str, Any]]:
    """What it was brought together from, each with its own words."""
    shown = [part for part in whole.parts if _shown(part)]
    bodies: dict[int, str] = {}
    if whole.parts and len(shown) <= PARTS_READ:
        numbers = [part.pk for part in shown]
        bodies = dict(Contribution.objects.filter(pk__in=numbers).values_list("pk", "body"))
    prose = Prose(bodies.values(), whole.contribution.space, member)
    return [
        {
            "title": part.title if part in shown else _("Not shown"),
            "url": idea_url(part),
            "by": names_of(whole.part_authors.get(part.pk) or [part.author]),
            "words": prose.html(bodies[part.pk]) if part.pk in bodies else "",
        }
        for part in whole.parts
    ]


def _made(merge: Merge, one: Contribution, heads: dict[int, Contribution]) -> dict[str, Any]:
    """A merge that is in force, or was: what went into what, since when, by whose word."""
    parts = [part.contribution for part in merge.parts.all()]
    told = {"titles": _titles(parts), "head": merge.head.title, "day": day(merge.settled or merge.at)}
    if merge.state == "undone":
        told |= {"day": day(merge.undone or merge.at), "name": _by(merge.undone_by)}
        words = _("“%(head)s” and %(titles)s: taken apart again on %(day)s by %(name)s.") % told
    else:
        words = _("%(titles)s went into “%(head)s” on %(day)s.") % told
    return {
        "words": words,
        "how": _how(merge),
        "reason": merge.undone_reason if merge.state == "undone" else "",
        "url": numbered("merge", merge.pk),
    }


def _proposed(merge: Merge, one: Contribution) -> dict[str, str]:
    others = [merge.head, *(part.contribution for part in merge.parts.all())]
    titles = _titles([each for each in others if each.pk != one.pk])
    told = {"name": name_of(merge.by), "titles": titles}
    return {
        "words": _("%(name)s proposes to bring this together with %(titles)s.") % told,
        "url": numbered("merge", merge.pk),
    }


def _titles(ones: Iterable[Contribution]) -> str:
    told = [
        _("“%(title)s”") % {"title": one.title} if _shown(one) else _("one that is not shown") for one in ones
    ]
    if len(told) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(told[:-1]), "last": told[-1]}
    return told[0] if told else ""


def _shown(one: Contribution) -> bool:
    return not one.hidden and not one.erased and one.withdrawn is None


def _how(merge: Merge) -> str:
    if merge.state == "undone":
        return ""
    if merge.settled_reason:
        return _("%(name)s decided it: %(reason)s") % {
            "name": _by(merge.settled_by), "reason": merge.settled_reason,
        }  # fmt: skip
    return _("Their authors agreed.")


def _by(member: Member | None) -> str:
    return name_of(member) if member is not None else ""


def state_words(told: cocreation.MergeTold) -> tuple[str, str]:
    """Where a proposal stands: the state as a mark, and one sentence."""
    merge = told.merge
    when, name = day(merge.settled or merge.at), _by(merge.settled_by)
    if merge.state == "proposed":
        return "waiting", _waits(told.sides)
    if merge.state == "declined":
        if merge.settled_by is not None and merge.settled_by.erased and told.refusal is None:
            return "failed", _(
                "Closed on %(day)s: somebody whose words it needs has asked to be forgotten."
            ) % {"day": when}
        if merge.settled_by_id == merge.by_id and not merge.settled_reason and told.refusal is None:
            return "failed", _("%(name)s took the proposal back on %(day)s.") % {"name": name, "day": when}
        return "failed", _("%(name)s said no on %(day)s: nothing was changed.") % {"name": name, "day": when}
    if merge.state == "undone":
        undone = {"name": _by(merge.undone_by), "day": day(merge.undone or merge.at)}
        return "failed", _("%(name)s took them apart again on %(day)s; everything is back in place.") % undone
    if merge.state == "decided":
        return "done", _("%(name)s decided on %(day)s: they are one now.") % {"name": name, "day": when}
    return "done", _("Their authors agreed on %(day)s: they are one now.") % {"day": when}


def _waits(sides: Sequence[MergeSide]) -> str:
    missing = {each.pk for side in sides for each in side.missing}
    if missing:
        words = ngettext(
            "%(n)s author has not agreed yet.", "%(n)s authors have not agreed yet.", len(missing)
        )
        return words % {"n": count(len(missing))}
    if any(side.waits for side in sides):
        return _("Of one of them nobody is left who could answer: whoever leads the challenge decides.")
    return _("Everybody who is asked has agreed.")


def side_row(side: MergeSide, head: int, prose: Prose) -> dict[str, Any]:
    """One side as a page shows it: its words, its authors, who of them agreed."""
    return {
        "pk": side.one.pk,
        "title": side.one.title if side.shown else _("Not shown"),
        "url": idea_url(side.one),
        "head": side.one.pk == head,
        "by": names_of(side.authors or [side.one.author]),
        "words": prose.html(side.one.body) if side.shown else "",
        "supports": people(side.one.supports),
        "yes": names_of(each.member for each in side.yes),
        "waits": names_of(side.missing),
        "alone": not side.asked and not side.yes,
    }


def people(number: int) -> str:
    """How many support something."""
    return ngettext("%(n)s person supports it", "%(n)s people support it", number) % {"n": count(number)}


def comments(number: int) -> str:
    """How many comments something has."""
    return ngettext("%(n)s comment", "%(n)s comments", number) % {"n": count(number)}


def prose_of(sides: Sequence[MergeSide], member: Member | None, *more: str) -> Prose:
    """The texts of all sides made ready together."""
    texts = [side.one.body for side in sides if side.shown]
    return Prose([*texts, *more], sides[0].one.space, member)


def waits_words(proposed: datetime, now: datetime) -> str:
    """Until when authors are waited for."""
    ends = proposed + cocreation.SILENT
    if now >= ends:
        return ""
    told = _(
        "All their authors are asked until %(day)s; then whoever leads the challenge can decide in public."
    )
    return told % {"day": day(ends)}


def until_words(until: datetime | None, now: datetime) -> str:
    """Until when an author can take it back alone."""
    if until is None or now >= until:
        return ""
    return _("Until %(day)s any of their authors can take this back alone.") % {"day": day(until)}
