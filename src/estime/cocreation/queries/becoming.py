"""What became of contributions and questions: their newest answer, what is promised, what was made; many at once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from estime.cocreation.days import day_words, sentence
from estime.cocreation.models import Contribution, Decision, Interpellation, Outcome, OutcomeSource, Pledge
from estime.cocreation.naming import NOBODY
from estime.cocreation.prepared import Prepared
from estime.cocreation.wording import OUTCOME_NAMES


class Became(NamedTuple):
    """Of one contribution or question. A part of a group has what its head has, where it has nothing of its own.

    `pledge`: the open one that is due first, else the one settled last.
    """

    decision: Decision | None = None
    pledge: Pledge | None = None
    outcome: Outcome | None = None


NOTHING = Became()


def became_of(contributions: Collection[int]) -> dict[int, Became]:
    """What became of each; four queries, however many they are. Long texts are left out."""
    heads: dict[int, int | None] = dict(_HEADS.all(contributions))
    wanted = {*heads, *(head for head in heads.values() if head is not None)}
    newest = {decision.contribution_id: decision for decision in _NEWEST.all(wanted)}
    pledges = _pledges(_OF_IDEAS.all(wanted), "contribution_id")
    made = {source.contribution_id: source.outcome for source in _SOURCES.all(wanted)}
    told = {}
    for pk, head in heads.items():
        told[pk] = Became(
            newest.get(pk) or newest.get(head or 0),
            pledges.get(pk) or pledges.get(head or 0),
            made.get(pk) or made.get(head or 0),
        )
    return told


def answers_of(questions: Collection[int]) -> dict[int, Became]:
    """What is promised about questions to the brand."""
    pledges = _pledges(_OF_QUESTIONS.all(questions), "interpellation_id") if questions else {}
    return {pk: Became(pledge=pledges.get(pk)) for pk in questions}


_HEADS: Final = Prepared(
    lambda numbers: Contribution.objects.filter(pk__in=numbers).values_list("pk", "together_id"),
    plan_once=True,
)
_NEWEST: Final = Prepared(
    lambda numbers: (
        Decision.objects.filter(contribution__in=numbers)
        .exclude(outcome="together", contribution__together=None)  # it was undone since
        .defer("reason", "lives_on")
        .order_by("contribution", "number")
    ),
    plan_once=True,
)
_OF_IDEAS: Final = Prepared(
    lambda numbers: Pledge.objects.filter(contribution__in=numbers, replaced_by=None), plan_once=True
)
_OF_QUESTIONS: Final = Prepared(
    lambda numbers: Pledge.objects.filter(interpellation__in=numbers, replaced_by=None),
    plan_once=True,
)
_SOURCES: Final = Prepared(
    lambda numbers: (
        OutcomeSource.objects.filter(contribution__in=numbers)
        .select_related("outcome")
        .defer("outcome__body")
        .order_by("pk")
    ),
    plan_once=True,
)


def _pledges(rows: Iterable[Pledge], place: str) -> dict[int, Pledge]:
    """The promise to tell, by place: of the open ones that which is due first, else the one that was settled last."""
    told: dict[int, Pledge] = {}
    for pledge in sorted(rows, key=_telling):
        told.setdefault(getattr(pledge, place), pledge)
    return told


def _telling(pledge: Pledge) -> tuple[bool, float]:
    settled = pledge.kept or pledge.waived
    return (True, -settled.timestamp()) if settled else (False, pledge.due.timestamp())


def became_words(became: Became, now: datetime) -> str:
    """In one line: “Taken up; promised for 3 March 2026 by Léa Martin, 4 days late”. Empty where nothing is decided."""
    parts = []
    if became.decision is not None:
        parts.append(_decided(became.decision))
    if became.pledge is not None:
        parts.append(pledge_words(became.pledge, now))
    if became.outcome is not None:
        taken = became.decision is not None and became.decision.outcome in ("taken", "together")
        words = _("made: “%(title)s”") if taken else _("a part of it lives on in “%(title)s”")
        parts.append(words % {"title": became.outcome.title})
    return sentence(*parts)


def _decided(decision: Decision) -> str:
    if decision.again is not None:
        return _("to be looked at again on %(day)s") % {"day": day_words(decision.again)}
    told = str(OUTCOME_NAMES[decision.outcome])
    return told[:1].lower() + told[1:]


def pledge_words(pledge: Pledge, now: datetime) -> str:
    """A promise in half a sentence, with its lateness, which shows by itself."""
    told = {"day": day_words(pledge.due), "name": pledge.name if pledge.name != NOBODY else _("the brand")}
    if pledge.waived is not None:
        return _("promised for %(day)s by %(name)s, and taken back") % told
    late = ((pledge.kept or now) - pledge.due).days if (pledge.kept or now) > pledge.due else -1
    if pledge.kept is not None:
        if late < 0:
            return _("promised for %(day)s by %(name)s, and kept") % told
        return _("promised for %(day)s by %(name)s, and kept late") % told
    if late < 0:
        return _("promised for %(day)s by %(name)s") % told
    return _("promised for %(day)s by %(name)s, and late") % told


def question_words(question: Interpellation, became: Became, now: datetime) -> str:
    """Where a question stands, in one line."""
    if question.withdrawn is not None:
        told = _("taken back by whoever asked it")
    elif question.answered is not None:
        late = question.due is not None and question.answered > question.due
        told = _("answered on %(day)s, late") if late else _("answered on %(day)s")
        told %= {"day": day_words(question.answered)}
    elif question.due is None:
        told = _("asked by %(joined)s; %(threshold)s make it one that is owed an answer") % {
            "joined": question.joined,
            "threshold": question.threshold,
        }
    elif question.due < now:
        told = _("an answer was owed by %(day)s, and is late") % {"day": day_words(question.due)}
    else:
        told = _("an answer is owed by %(day)s") % {"day": day_words(question.due)}
    if became.pledge is not None:
        return sentence(told, pledge_words(became.pledge, now))
    return sentence(told)


class Story(NamedTuple):
    """All answers to one contribution, for its page: decisions newest first, promises with those they replaced."""

    decisions: list[Decision]
    pledges: list[Pledge]
    outcomes: list[Outcome]


def story_of(contribution: Contribution) -> Story:
    """What stands next to an idea: what was said to it itself. A part leads to its head, which is answered for all.
    Three queries."""
    places = [contribution.pk]
    return Story(_DECISIONS.all(places), _PLEDGES.all(places), _OUTCOMES.all(places))


_DECISIONS: Final = Prepared(
    lambda places: (
        Decision.objects.filter(contribution__in=places).select_related("into").order_by("-at", "-pk")
    ),
    plan_once=True,
)
_PLEDGES: Final = Prepared(
    lambda places: (
        Pledge.objects.filter(contribution__in=places).select_related("kept_by", "waived_by").order_by("-pk")
    ),
    plan_once=True,
)
_OUTCOMES: Final = Prepared(
    lambda places: (
        Outcome.objects.filter(sources__contribution__in=places).defer("body").distinct().order_by("-made")
    ),
    plan_once=True,
)


def pledges_of(**places: Collection[int]) -> list[Pledge]:
    """Promises about some things, each before the one that it replaced. One query."""
    wanted = {f"{name}__in": keys for name, keys in places.items()}
    rows = Pledge.objects.filter(**wanted).select_related("kept_by", "waived_by").order_by("-pk")
    return list(rows)
