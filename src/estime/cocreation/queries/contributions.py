"""Lists of contributions: heads that stand, page by page, each order by its index. Nothing is counted or sorted."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from estime.cocreation.members import shown_of
from estime.cocreation.models import Author, Challenge, Contribution, Member, Space, Support
from estime.cocreation.prepared import Prepared
from estime.cocreation.similar.search import search
from estime.cocreation.vocabulary import KINDS

ORDERS: Final = ("new", "support", "talk", "open")
"""Newest first; most supported; most discussed; not answered yet, those that wait longest first."""
PAGE: Final = 20
EXCERPT: Final = 600
_LIGHT: Final = (
    "id kind title lang version author at changed supports comments decision"
    " together challenge space built_on".split()
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of a list. `after`: the cursor that the page before gave."""

    order: str = "new"
    kind: str = ""
    words: str = ""
    after: str = ""

    @classmethod
    def read(cls, order: str = "", kind: str = "", words: str = "", after: str = "") -> "Wanted":
        """From an address that anybody may have made up: what makes no sense is left out."""
        return cls(
            order if order in ORDERS else "new",
            kind if kind in KINDS else "",
            " ".join(words.split())[:200],
            after if re.fullmatch(r"\d{1,18}(-\d{1,18})?", after) else "",
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A contribution as a list shows it; `mine`: whether whoever looks supports it (or a part of it)."""

    contribution: Contribution
    text: str
    authors: tuple[Member, ...]
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One page. `after`: cursor of the next one, empty at the end. `every_word`: False where a search found no such."""

    rows: list[Row]
    after: str = ""
    every_word: bool = True


def contributions_listed(
    where: Challenge | Space, wanted: Wanted, member: Member | None = None, *, size: int = PAGE
) -> Listed:
    """A page of a challenge's or a space's contributions: four queries at most, two more for a search."""
    if wanted.words:
        return _searched(where, wanted, member, size)
    found = _page_read(where, wanted, size + 1)
    shown = found[:size]
    after = _cursor(shown[-1], wanted.order) if len(found) > size else ""
    return Listed(_rows(shown, member), after)


def _page_read(where: Challenge | Space, wanted: Wanted, size: int) -> list[Contribution]:
    first, _dash, second = wanted.after.partition("-")
    order = wanted.order if isinstance(where, Challenge) else "new"
    by_count = order in ("support", "talk")
    after = (
        [int(first), int(second)] if by_count and second else [int(first)] if first and not by_count else []
    )
    page = _page(type(where), order, bool(wanted.kind), bool(after), size)
    return page.all(where.pk, *after, *([wanted.kind] if wanted.kind else []))


@lru_cache(maxsize=64)
def _page(where: type, order: str, kind: bool, later: bool, size: int) -> Prepared[Contribution]:
    """A page of a list in some order; `kind`: of one kind alone, `later`: after a place in it."""

    def make(place: Any, *given: Any) -> QuerySet[Contribution]:
        found = _standing(where, place)
        if kind:
            found = found.filter(kind=given[-1])
        if order == "open":
            found = found.filter(decision="")
            return _shown(found.filter(id__gt=given[0]) if later else found).order_by("id")[:size]
        if order == "new":
            return _shown(found.filter(id__lt=given[0]) if later else found).order_by("-id")[:size]
        field = "supports" if order == "support" else "comments"
        if later:
            # The first condition is where the index is entered, the second leaves out what was shown.
            found = found.filter(
                Q(**{f"{field}__lt": given[0]}) | Q(id__lt=given[1]), **{f"{field}__lte": given[0]}
            )
        return _shown(found).order_by(f"-{field}", "-id")[:size]

    return Prepared(make)


def _standing(where: type, place: Any) -> QuerySet[Contribution]:
    field = "challenge" if where is Challenge else "space"
    return Contribution.objects.filter(**{field: place}, together=None, hidden=False, withdrawn=None)


def _shown(found: QuerySet[Contribution]) -> QuerySet[Contribution]:
    columns = [*_LIGHT, *shown_of("author")]
    return found.select_related("author").only(*columns).annotate(text=Substr("body", 1, EXCERPT))


_FOUND: Final = {
    Challenge: Prepared(lambda place, numbers: _shown(_standing(Challenge, place)).filter(pk__in=numbers)),
    Space: Prepared(lambda place, numbers: _shown(_standing(Space, place)).filter(pk__in=numbers)),
}
_AUTHORS: Final = Prepared(
    lambda heads: (
        Author.objects.filter(
            contribution__in=Contribution.objects.filter(Q(pk__in=heads) | Q(together__in=heads)).values(
                "pk"
            ),
            accepted__isnull=False,
            left=None,
        )
        .select_related("member")
        .only("contribution", "number", "member", *shown_of("member"))
        .annotate(head=F("contribution__together_id"))
        .order_by("contribution_id", "number")
    ),
    plan_once=True,
)
_SUPPORTED: Final = Prepared(
    lambda heads, member: Support.objects.filter(
        Q(contribution__in=heads) | Q(contribution__together__in=heads), member=member
    ).values_list("contribution_id", "contribution__together_id")
)


def _cursor(last: Contribution, order: str) -> str:
    if order in ("support", "talk"):
        return f"{last.supports if order == 'support' else last.comments}-{last.pk}"
    return str(last.pk)


def _searched(where: Challenge | Space, wanted: Wanted, member: Member | None, size: int) -> Listed:
    challenge = where if isinstance(where, Challenge) else None
    space = where.space_id if isinstance(where, Challenge) else where.pk
    start = int(wanted.after.partition("-")[0] or 0)
    told = search(space, challenge.pk if challenge else None, wanted.words, size, start or None)
    found = _FOUND[type(where)].all(where.pk, told.contributions)
    by_number = {each.pk: each for each in found if not wanted.kind or each.kind == wanted.kind}
    rows = _rows([by_number[pk] for pk in told.contributions if pk in by_number], member)
    return Listed(rows, str(told.after or ""), told.every_word)


def _rows(found: list[Contribution], member: Member | None) -> list[Row]:
    numbers = [each.pk for each in found]
    names = _names(numbers)
    mine = supported_of(member, numbers)
    return [
        Row(each, each.text, tuple(names.get(each.pk, {}).values()) or (each.author,), each.pk in mine)  # type: ignore[attr-defined]  # annotated
        for each in found
    ]


def _names(heads: list[int]) -> dict[int, dict[int, Member]]:
    """Who wrote some heads: their own authors, then those of what was brought together into them, each once."""
    found = _AUTHORS.all(heads) if heads else []
    names: dict[int, dict[int, Member]] = {pk: {} for pk in heads}
    for author in sorted(found, key=lambda each: each.head is not None):
        names[author.head or author.contribution_id].setdefault(author.member_id, author.member)
    return names


def supported_of(member: Member | None, heads: list[int]) -> set[int]:
    """Which of some heads somebody supports, themselves or through a part."""
    if member is None or not heads:
        return set()
    return {head or pk for pk, head in _SUPPORTED.all(heads, member.pk)}
