"""What moderators look at, what everybody may know of it, and what whoever wrote something hidden is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from estime.cocreation.hidden_whole import hidden_with
from estime.cocreation.hideable import Hideable, authors_of, hideable, kind_of, target_of
from estime.cocreation.models import (
    TARGETS,
    Appeal,
    Comment,
    Contribution,
    Hiding,
    Hint,
    Interpellation,
    Member,
    Moderated,
    Report,
    Space,
)
from estime.cocreation.standing import may_read, not_found
from estime.kernel.configuration import configuration

PAGE: Final = 30
_WITH: Final = (
    "contribution__space", "contribution__author", "interpellation__space", "interpellation__author",
    "challenge__space", "challenge__owner", "comment__by", "comment__contribution__space",
    "comment__challenge__space", "comment__interpellation__space", "picture__owner", "picture__space", "space",
)  # fmt: skip


@dataclass(slots=True)
class Case:
    """A thing as a moderator looks at it: what was reported of it, what was done about it before."""

    thing: Hideable
    reports: list[Report] = field(default_factory=list)
    settled: list[Report] = field(default_factory=list)
    hidings: list[Hiding] = field(default_factory=list)

    @property
    def hiding(self) -> Hiding | None:
        """The one that holds now."""
        return next((one for one in self.hidings if one.lifted is None), None)


class Listed(NamedTuple):
    """A page of something; `after`: where the next one begins, 0 at the end."""

    rows: list[Any]
    after: int


def reports_open() -> QuerySet[Report]:
    """The first open report of each thing, oldest first; `due`: until when it is looked at in time."""
    same = Q()
    for name in TARGETS:
        same |= Q(**{name: OuterRef(name)})
    earlier = Report.objects.filter(same, settled=None, pk__lt=OuterRef("pk"))
    return _due(Report.objects.filter(~Exists(earlier), settled=None))


def appeals_open() -> QuerySet[Appeal]:
    """Appeals without an answer; `due` as of reports."""
    return _due(Appeal.objects.filter(settled=None))


def _due(rows: QuerySet[Any]) -> QuerySet[Any]:
    days = timedelta(days=configuration().cocreation.moderate_within_days)
    told: QuerySet[Any] = rows.annotate(due=ExpressionWrapper(F("at") + days, output_field=DateTimeField()))
    return told


def reports_listed(after: int = 0) -> Listed:
    """The queue: things that were reported, the one that waits longest first."""
    rows = reports_open().filter(pk__gt=after).select_related(*_WITH).order_by("pk")
    return _page(list(rows[: PAGE + 1]))


def report_numbers(rows: Iterable[Report]) -> dict[int, int]:
    """How many people reported what each of these open reports is about."""
    told: dict[int, int] = {}
    for name in TARGETS:
        mine = {getattr(row, f"{name}_id"): row.pk for row in rows if getattr(row, f"{name}_id") is not None}
        counts = Report.objects.filter(settled=None, **{f"{name}__in": list(mine)}).values(name)
        for row in counts.annotate(n=Count("pk")).order_by() if mine else ():
            told[mine[row[name]]] = row["n"]
    return told


def appeals_listed(after: int = 0) -> Listed:
    """Open appeals, the one that waits longest first."""
    hiding = [f"hiding__{name}" for name in _WITH]
    rows = appeals_open().filter(pk__gt=after).select_related("member", "hiding__by", *hiding).order_by("pk")
    return _page(list(rows[: PAGE + 1]))


def hints_listed(after: int = 0, *, seen: bool = False) -> Listed:
    """Hints that nobody looked at yet, newest first; or those that somebody did."""
    rows = Hint.objects.filter(seen__isnull=not seen).select_related("space", "seen_by").order_by("-pk")
    return _page(list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1]))


def log_listed(after: int = 0, space: Space | None = None) -> Listed:
    """Every deed of moderators, newest first."""
    rows = Moderated.objects.select_related(
        "space", "by", "report", "hiding", "appeal__hiding", "hint"
    ).order_by("-pk")
    rows = rows.filter(space=space) if space is not None else rows
    return _page(list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1]))


def hidings_listed(space: Space, after: int = 0) -> Listed:
    """What was hidden in a space, newest first, without the words that were hidden: for everybody."""
    rows = Hiding.objects.filter(space=space).select_related("appeal").order_by("-pk")
    return _page(list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1]))


class HidingNumbers(NamedTuple):
    """How often something was hidden in a space, ever and now; of that, how often it was criticism; appeals."""

    ever: int
    now: int
    criticism: int
    appeals: int
    granted: int


def hiding_numbers(space: Space) -> HidingNumbers:
    told = Hiding.objects.filter(space=space).aggregate(
        ever=Count("pk"),
        now=Count("pk", filter=Q(lifted=None)),
        criticism=Count("pk", filter=Q(criticism=True)),
        appeals=Count("appeal"),
        granted=Count("pk", filter=Q(appeal__granted=True)),
    )
    return HidingNumbers(**told)


def _page(found: Sequence[Any]) -> Listed:
    rows = list(found[:PAGE])
    return Listed(rows, rows[-1].pk if len(found) > PAGE else 0)


def case(kind: str, key: str, member: Member) -> Case:
    """A thing with its reports and hidings, for a moderator. Raises `NotFound`."""
    thing = hideable(kind, key, member)
    about = {kind_of(thing): thing}
    told = Case(thing)
    for row in Report.objects.filter(**about).select_related("member", "settled_by").order_by("pk")[:200]:
        (told.reports if row.settled is None else told.settled).append(row)
    told.hidings = list(
        Hiding.objects.filter(**about)
        .select_related("appeal__member", "appeal__settled_by", "lifted_by")
        .order_by("-pk")
    )
    return told


def hiding_seen(number: int, member: Member) -> Hiding:
    """A hiding with its appeal, for whoever wrote what is hidden, and for moderators. Raises `NotFound`."""
    found = (
        Hiding.objects.select_related("appeal__member", "appeal__settled_by", "lifted_by", *_WITH)
        .filter(pk=number)
        .first()
    )
    if found is None or not may_read(found.space, member):
        raise not_found()
    if member.may("moderation.act") or member.pk in {one.pk for one in authors_of(target_of(found))}:
        return found
    raise not_found()


def hiding_of(thing: Hideable) -> Hiding | None:
    """Why something is hidden now: by itself, or with its challenge."""
    own = Hiding.objects.filter(lifted=None, **{kind_of(thing): thing}).first()
    return hidden_with(thing) if own is None and isinstance(thing, Contribution) else own


def reported_by(thing: Hideable, member: Member) -> Report | None:
    """What somebody reported of a thing."""
    return Report.objects.filter(member=member, **{kind_of(thing): thing}).first()


def hint_things(words: Sequence[str]) -> list[Contribution | Comment | Interpellation]:
    """What a hint names, in its order, as far as it is there."""
    found: dict[str, Any] = {}
    for model in (Contribution, Comment, Interpellation):
        kind = model.__name__.lower()
        numbers = [int(word.partition("/")[2]) for word in words if word.startswith(f"{kind}/")]
        rows = model.objects.filter(pk__in=numbers)
        for row in rows.select_related("by" if model is Comment else "author"):
            found[f"{kind}/{row.pk}"] = row
    return [found[word] for word in words if word in found]


def hint_members(numbers: Sequence[int]) -> list[tuple[Member, datetime]]:
    """Whom a hint names, and since when they are members; nobody who was erased."""
    rows = Member.objects.filter(pk__in=numbers, erased=False).select_related("user").order_by("joined", "pk")
    return [(one, one.joined) for one in rows]
