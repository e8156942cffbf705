"""What makes a challenge a gadget: told to whoever writes it, in plain words, and it stops nothing.

Each finding is read off what is written, by a rule that its docstring says; people know better, so it is a question,
not a verdict. Pure: no database, so that a table of cases tests it.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

BINDING: Final = ("choose", "decide")
_NOTHING: Final = re.compile(
    r"\b(no budget|none|nothing|tbd|to be (defined|decided|confirmed)|not known yet|n/?a|unknown"
    r"|aucun(e)?|sans budget|pas de budget|rien|à (définir|préciser|confirmer)|non défini(e)?s?)\b",
    re.IGNORECASE,
)
_CROWD: Final = re.compile(
    r"^\W*(the |our |le |la |les |l’|l'|notre |nos )?(whole )?"
    r"(team|brand|company|management|board|direction|équipe|marque|entreprise|comité|marketing|us|we|nous|on)\b[^,:·–-]*$",
    re.IGNORECASE,
)
SHORT: Final = timedelta(days=7)
LONG: Final = timedelta(days=180)


class Written(NamedTuple):
    """A draft as the rules look at it. `phases`: kind → (starts, ends). `polls`: whether each binds."""

    power: str
    problem: str = ""
    known: str = ""
    decided: str = ""
    off_table: str = ""
    decider: str = ""
    resources: str = ""
    answer_by: datetime | None = None
    phases: Mapping[str, tuple[datetime, datetime]] = {}
    polls: tuple[bool, ...] = ()
    backstage: int = 0
    examples: frozenset[str] = frozenset()


class Finding(NamedTuple):
    """`code` is stable; `step` is the page of the set-up where it can be mended."""

    code: str
    step: str
    words: str


def gadget_findings(draft: Written) -> list[Finding]:
    """What a member would ask about this challenge before giving it an evening. Empty: nothing was found."""
    return [*_about_power(draft), *_about_frame(draft), *_about_means(draft), *_about_time(draft)]


def _about_power(draft: Written) -> list[Finding]:
    found = []
    if draft.power == "listen":
        found.append(
            Finding(
                "no-power",
                "question",
                _(
                    "No power is handed over. If an answer is possible, promise one: “We must answer” costs a reply."
                ),
            )
        )
    if "vote" in draft.phases and draft.power not in BINDING:
        found.append(
            Finding(
                "vote-without-consequence",
                "question",
                _(
                    "People vote, and nothing follows from it. Say “You choose” or “You decide”, or leave the vote out."
                ),
            )
        )
    if draft.power in BINDING and draft.polls and not any(draft.polls):
        found.append(
            Finding("vote-binds-nobody", "vote", _("Members are to decide, and none of the votes binds you."))
        )
    return found


def _about_frame(draft: Written) -> list[Finding]:
    """More words on what is closed than twice those on what is asked; nothing to work on; our own example."""
    found = []
    closed, asked = len(draft.decided) + len(draft.off_table), len(draft.problem) + len(draft.known)
    if closed > 2 * asked and asked:
        found.append(
            Finding(
                "all-decided",
                "frame",
                _(
                    "More is said about what is closed than about what is asked. What can still change because of this?"
                ),
            )
        )
    if draft.problem.rstrip().endswith(("!", "!»", "! »")) or (draft.problem and len(draft.problem) < 60):
        found.append(
            Finding(
                "slogan",
                "question",
                _("The problem reads like a slogan. Who has it, when, and how do you know?"),
            )
        )
    if not draft.backstage:
        found.append(
            Finding(
                "nothing-to-work-on",
                "question",
                _("Nothing lies in the backstage yet: a figure, a drawing, a prototype makes better ideas."),
            )
        )
    copied = {draft.problem, draft.known, draft.decided, draft.off_table, draft.decider, draft.resources}
    if copied & draft.examples:
        found.append(
            Finding("our-example", "question", _("One of the texts is still our example, word for word."))
        )
    return found


def _about_means(draft: Written) -> list[Finding]:
    """No figure among the resources, or a word that says there are none; nobody who is called by a name."""
    found = []
    if draft.resources and (_NOTHING.search(draft.resources) or not re.search(r"\d", draft.resources)):
        found.append(
            Finding(
                "no-resources",
                "means",
                _(
                    "No figure stands among the resources. Money, hours, a first series: what is really there?"
                ),
            )
        )
    if draft.decider and _CROWD.match(draft.decider.strip()):
        found.append(
            Finding("nobody", "means", _("Who decides has no name. Members want to know whom they talk to."))
        )
    return found


def _about_time(draft: Written) -> list[Finding]:
    found = []
    work = [draft.phases[kind] for kind in ("propose", "build", "vote") if kind in draft.phases]
    if draft.answer_by is None:
        found.append(Finding("no-date", "means", _("There is no date by which members get their answer.")))
    elif work and draft.answer_by < max(ends for _starts, ends in work):
        found.append(
            Finding(
                "answer-before-end",
                "means",
                _(
                    "The answer is promised before members have finished: it looks as if it were written already."
                ),
            )
        )
    elif work and draft.answer_by - max(ends for _starts, ends in work) > LONG:
        found.append(
            Finding(
                "answer-far-away",
                "means",
                _(
                    "Between the last contribution and the answer lie more than six months. Say what happens meanwhile."
                ),
            )
        )
    propose = draft.phases.get("propose")
    if propose is not None and propose[1] - propose[0] < SHORT:
        found.append(
            Finding(
                "no-time",
                "calendar",
                _("Less than a week to propose: only those who happen to be here will have a say."),
            )
        )
    if (
        draft.power in BINDING
        and "vote" in draft.phases
        and "propose" in draft.phases
        and "build" not in draft.phases
    ):
        found.append(
            Finding(
                "no-building",
                "calendar",
                _("Ideas go to the vote as they come. With a time to build, they get better and fewer."),
            )
        )
    return found
