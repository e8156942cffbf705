"""The steps of the guided set-up: what each asks, how it helps to write it well, and what its form says."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Deal
from estime.cocreation.vocabulary import KINDS, PHASES
from estime.cocreation.wording import PHASE_NAMES
from estime.web.challenge_words import BRIEF_NAMES, DEAL_NAMES

DAY: Final = timedelta(days=1)


class Step(NamedTuple):
    """One page of the set-up. `fields`: of the challenge; the calendar and the deal have forms of their own."""

    slug: str
    name: str | Promise
    sentence: str | Promise
    lead: str | Promise
    fields: tuple[str, ...] = ()


STEPS: Final = (
    Step(
        "question",
        gettext_lazy("The question"),
        gettext_lazy("What is the problem, and what may members do about it?"),
        gettext_lazy(
            "Whoever reads this in the evening on a phone should know within a minute whether it is for them."
        ),
        ("title", "problem", "known", "power", "kinds"),
    ),
    Step(
        "frame",
        gettext_lazy("The frame"),
        gettext_lazy("What can change because of this, and what cannot?"),
        gettext_lazy("Say it now: whoever learns in the end that it was decided already does not come back."),
        ("decided", "off_table"),
    ),
    Step(
        "means",
        gettext_lazy("The means"),
        gettext_lazy("Who decides, with what, by when?"),
        gettext_lazy(
            "A name, a figure, a date. These stand beside every contribution, until the answer is there."
        ),
        ("decider", "resources", "answer_by"),
    ),
    Step(
        "calendar",
        gettext_lazy("The calendar"),
        gettext_lazy("When do members propose, build, vote?"),
        gettext_lazy(
            "Leave out what you do not need. Once it is open a phase can be made longer, never shorter."
        ),
    ),
    Step(
        "deal",
        gettext_lazy("The deal"),
        gettext_lazy("Who owns what, and what becomes of it?"),
        gettext_lazy("In plain words: members agree to it with their first contribution."),
    ),
    Step(
        "vote",
        gettext_lazy("The vote"),
        gettext_lazy("How do members decide?"),
        gettext_lazy(
            "The rules of a vote are locked with the challenge: nobody can change them once people have voted."
        ),
    ),
    Step(
        "look",
        gettext_lazy("Look and open"),
        gettext_lazy("This is what members will see."),
        gettext_lazy(
            "Read it as if it were not yours. Once it is open, what it says does not change any more."
        ),
    ),
)
HELP: Final[dict[str, Promise]] = {
    "title": gettext_lazy("In a few words, so that one can talk about it."),
    "problem": gettext_lazy("Who has it, when, and what would be better? No campaign, no slogan."),
    "known": gettext_lazy(
        "Figures, trials, what failed. It saves members from proposing what you have tried."
    ),
    "decided": gettext_lazy(
        "What no contribution can change any more, and why. “Nothing” is a good answer, if it is true."
    ),
    "off_table": gettext_lazy(
        "What you will not do, whatever is proposed: better read here than in a refusal."
    ),
    "decider": gettext_lazy("The person who says yes or no in the end, by name."),
    "resources": gettext_lazy("Money, hours, machines, a first series: what is really there."),
    "answer_by": gettext_lazy(
        "By this day every contribution has its answer, with a reason and a name. It cannot be moved."
    ),
    "owns": gettext_lazy("Of what is written, drawn, photographed: before anybody takes it up."),
    "licence": gettext_lazy(
        "What you may do with it, for what, where, for how long; what they may do with it elsewhere."
    ),
    "if_adopted": gettext_lazy("Their name, a first piece, money: what they get, and what they do not get."),
    "if_refused": gettext_lazy("Whether you may still use it (no), how long it stays here."),
    "if_withdrawn": gettext_lazy("What can be stopped, and what cannot."),
    "if_altered": gettext_lazy("Who is told, and that an author can say “this version is not mine”."),
}


def step_called(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def step_after(step: Step) -> Step:
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def as_it_is(step: Step, challenge: Challenge, deal: Deal | None) -> dict[str, Any]:
    """What the form of a step shows before anybody typed into it."""
    if step.slug == "calendar":
        shown: dict[str, Any] = {}
        for phase in challenge.phases.all():
            shown[f"{phase.kind}_starts"] = local_day(phase.starts)
            shown[f"{phase.kind}_ends"] = local_day(phase.ends - DAY)
        return shown
    if step.slug == "deal":
        return {name: getattr(deal, name) if deal else "" for name in DEAL_NAMES}
    told = {name: getattr(challenge, name) for name in step.fields}
    if "answer_by" in told:
        told["answer_by"] = local_day(challenge.answer_by - DAY) if challenge.answer_by else ""
    return told


def typed(step: Step, form: QueryDict) -> dict[str, Any]:
    """What somebody typed into the form of a step."""
    if step.slug == "calendar":
        return {
            f"{kind}_{end}": form.get(f"{kind}_{end}", "").strip()
            for kind in PHASES
            for end in ("starts", "ends")
        }
    if step.slug == "deal":
        return {name: form.get(name, "") for name in DEAL_NAMES}
    told: dict[str, Any] = {name: form.get(name, "") for name in step.fields if name != "kinds"}
    if "kinds" in step.fields:
        told["kinds"] = [kind for kind in KINDS if kind in form.getlist("kinds")]
    return told


def words_with(challenge: Challenge, told: Mapping[str, Any]) -> cocreation.ChallengeWords:
    """What the challenge says, with what this step says anew. Raises `ValueError` for a day that is none."""
    now = {name: getattr(challenge, name) for name in cocreation.ChallengeWords._fields}
    fresh = dict(told)
    if "answer_by" in fresh:
        fresh["answer_by"] = day_end(str(fresh["answer_by"])) if fresh["answer_by"] else None
    if "power" in fresh and not challenge.by_brand:
        fresh["power"] = ""
    now.update(fresh)
    now["kinds"] = tuple(now["kinds"])
    return cocreation.ChallengeWords(**now)


def phases_of(told: Mapping[str, Any]) -> tuple[dict[str, tuple[datetime, datetime]], dict[str, str]]:
    """The calendar that a form says, and what is wrong in it: a phase takes place if either of its days is given."""
    phases, errors = {}, {}
    for kind in PHASES:
        starts, ends = told[f"{kind}_starts"], told[f"{kind}_ends"]
        if not starts and not ends:
            continue
        try:
            phases[kind] = (day_start(starts), day_end(ends))
        except ValueError:
            errors[kind] = _("Give both days of “%(phase)s”, or neither.") % {"phase": PHASE_NAMES[kind]}
    return phases, errors


def day_start(told: str) -> datetime:
    """The first moment of a day where whoever writes is. Raises `ValueError`."""
    day = date.fromisoformat(told)
    if not 2000 <= day.year <= 2199:
        raise ValueError(told)
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def day_end(told: str) -> datetime:
    """The moment at which a day has ended: that day still belongs to it."""
    return day_start((date.fromisoformat(told) + DAY).isoformat())


def local_day(when: datetime) -> str:
    return timezone.localtime(when).date().isoformat()


def stamp(told: Mapping[str, Any]) -> str:
    """Of what a form showed: whoever saves over something else is told so."""
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()[:16]


def lack_words(lacks: list[str]) -> list[tuple[str, str, str]]:
    """(step, its name, what is missing) for each thing without which a challenge does not open."""
    other = {
        "title": ("question", _("The title")),
        "kinds": ("question", _("What can be given")),
        "phases": ("calendar", _("A calendar that is not over yet")),
        "deal": ("deal", _("The deal, with all its parts")),
        "poll": ("vote", _("The vote: without it members cannot choose or decide")),
        "answer_by": ("means", _("The day by which it is answered, still to come")),
    }
    where = {name: step.slug for step in STEPS for name in step.fields}
    told = []
    for name in lacks:
        slug, words = other.get(name) or (where[name], str(BRIEF_NAMES[name]))
        step = step_called(slug)
        told.append((slug, str(step.name) if step else "", words))
    return told
