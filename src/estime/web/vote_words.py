"""Votes in words: what each method is, in two sentences; its rules; how much money, until when."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from estime.cocreation import api as cocreation
from estime.cocreation.api import METHOD_NAMES, WHO_NAMES, Option, Poll
from estime.kernel import clock
from estime.readouts.wording import NBSP, count, number
from estime.web.moments import day, local, moment

MEANS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "approval": (
        gettext_lazy("Tick everything that you could live with, as many as you like."),
        gettext_lazy("Whatever most people tick wins."),
    ),
    "score": (
        gettext_lazy("Give points to each, and none to what you do not want."),
        gettext_lazy("Whatever has the most points in all wins; what you leave at 0 gets nothing."),
    ),
    "ranked": (
        gettext_lazy("Put them in your order: 1 is your favourite, and several may share a place."),
        gettext_lazy(
            "Each is compared with each other one; whatever more people put first in these duels wins."
        ),
    ),
    "pairwise": (
        gettext_lazy("You see two at a time and say which is better, as often as you like."),
        gettext_lazy(
            "From everybody’s answers it is worked out how often each would be preferred to the others."
        ),
    ),
    "budget": (
        gettext_lazy("Tick what the money should be spent on."),
        gettext_lazy(
            "Everybody who votes has the same share of it; what is chosen is paid from the shares of those who want it."
        ),
    ),
    "groups": (
        gettext_lazy("You see one statement at a time: agree, disagree, or pass."),
        gettext_lazy("It shows who thinks alike, what unites everybody and what divides; nobody wins."),
    ),
}
SEVERAL: Final[dict[str, str | Promise]] = {
    "approval": gettext_lazy("The %(count)s that most people tick win."),
    "score": gettext_lazy(
        "The %(count)s that have the most points in all win; what you leave at 0 gets nothing."
    ),
}
"""The second sentence where several win."""
TIES: Final[dict[str, str | Promise]] = {
    "shared": gettext_lazy("all that are equal win"),
    "older": gettext_lazy("what was put up first wins"),
    "drawn": gettext_lazy("drawn by lot, by a number that is published before the vote begins"),
}
SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}


def means(poll: Poll) -> str:
    """The two sentences of its method, as its own rules have it."""
    first, second = MEANS[poll.method]
    rules = cocreation.rules_read(poll)
    if getattr(rules, "most", None) is not None:
        first = ngettext(
            "Tick what you could live with, at most %(count)s thing.",
            "Tick what you could live with, at most %(count)s things.",
            rules.most,
        ) % {"count": count(rules.most)}
    if getattr(rules, "seats", 1) > 1:
        second = SEVERAL[poll.method] % {"count": count(rules.seats)}
    return f"{first} {second}"


def option_title(option: Option) -> str:
    """An option by its name; of what is hidden now or was taken out, that it is, whatever it was called before."""
    reason = getattr(option, "hiding", None)
    if reason is not None:
        return _("(hidden: %(reason)s)") % {"reason": cocreation.REASON_NAMES[reason]}
    if option.hidden:
        return _("(taken out)")
    return option.title or _("(taken back)")


def until(poll: Poll) -> str:
    """When something happens next, in one line."""
    state = cocreation.poll_state(poll)
    words = {
        "draft": _("Being prepared"),
        "off": _("Called off with its challenge"),
        "before": _("About to begin")
        if cocreation.poll_due(poll, clock.now())
        else _("Begins on %(when)s") % {"when": moment(poll.opens)},
        "missed": _("Did not take place"),
        "running": _("Open until %(when)s") % {"when": closing(poll)},
        "closing": _("Over since %(when)s, being counted") % {"when": closing(poll)},
        "counting": _("Over since %(when)s, being counted") % {"when": closing(poll)},
        "counted": _("Over since %(when)s") % {"when": closing(poll)},
    }
    return words[state]


def up_for_it(poll: Poll) -> str:
    """What a vote over everything that stands in its challenge will be about; empty where its lead chooses."""
    if poll.opened is not None or cocreation.rules_read(poll).options != "all":
        return ""
    many = cocreation.options_coming(poll)
    sentence = _("All contributions that stand in the challenge when the vote begins.")
    now = ngettext("%(count)s stands now.", "%(count)s stand now.", many) % {"count": count(many)}
    return f"{sentence} {now}"


def closing(poll: Poll) -> str:
    """When it closes. A vote that ends as a day begins ends with the day before, as its calendar says."""
    if local(poll.closes).time() != time.min:
        return moment(poll.closes)
    return _("%(day)s, midnight") % {"day": day(poll.closes - timedelta(seconds=1))}


def money(amount: Decimal | str | float, unit: str) -> str:
    told = Decimal(str(amount))
    digits = 0 if told == told.to_integral_value() else 2
    return f"{number(float(told), digits)}{NBSP}{SYMBOLS.get(unit, unit)}"


def cost(option: Option, poll: Poll) -> str:
    return "" if option.cost is None else money(option.cost, poll.parameters.get("unit", ""))


def voters(many: int) -> str:
    return ngettext("%(count)s person voted", "%(count)s people voted", many) % {"count": count(many)}


def rules(poll: Poll) -> list[tuple[str, str]]:
    """Everything that was locked when the challenge opened, or will be: names and values."""
    told = cocreation.rules_read(poll)
    rows = [
        (_("Method"), str(METHOD_NAMES[poll.method])),
        *_of_method(told),
        (_("Who may vote"), str(WHO_NAMES[poll.who])),
        (_("Opens"), moment(poll.opens)),
        (_("Closes"), closing(poll)),
        (_("If options are equal"), str(TIES[poll.ties])),
        (_("Takes at least"), voters_needed(poll)),
        (_("The brand is bound by it"), _("Yes") if poll.binding else _("No")),
        (_("Secret"), _("Yes") if poll.secret else _("No: it is shown who chose what")),
        (_("Objections"), _days(told.objection_days)),
        (
            _("What is published"),
            _("Each ballot, without names and times") if told.publish == "ballots" else _("Totals only"),
        ),
        (
            _("New accounts"),
            _("younger than %(days)s days: the result is told without them too") % {"days": told.young_days},
        ),
        (
            _("Look-alike voters"),
            _("the same ballot within %(minutes)s minutes: the result is told without them too")
            % {"minutes": told.alike_minutes},
        ),
    ]
    if poll.locked is not None:
        rows.append((_("Number of draws"), str(poll.seed)))
        rows.append((_("Rules locked"), moment(poll.locked)))
    return rows


def voters_needed(poll: Poll) -> str:
    many = max(poll.threshold, cocreation.LEAST_TOLD if poll.secret else 1)
    return ngettext("%(count)s voter", "%(count)s voters", many) % {"count": count(many)}


def takes(poll: Poll) -> str:
    """How many voters it takes, beside those who voted; empty where nothing hangs on it."""
    return _("decides with %(voters)s or more") % {"voters": voters_needed(poll)} if poll.binding else ""


def _days(many: int) -> str:
    return ngettext("%(count)s day after the closing", "%(count)s days after the closing", many) % {
        "count": many
    }


def _of_method(told: Any) -> list[tuple[str, str]]:
    rows = []
    if getattr(told, "most", None):
        rows.append((_("At most on a ballot"), count(told.most)))
    if getattr(told, "seats", 1) > 1:
        rows.append((_("How many win"), count(told.seats)))
    if hasattr(told, "top"):
        rows.append((_("Most points"), count(told.top)))
    if hasattr(told, "budget"):
        rows.append((_("Budget"), money(told.budget, told.unit)))
        if told.within:
            rows.append((_("On a ballot"), _("no more than the budget")))
    if hasattr(told, "propose"):
        rows.append((_("Members add their own"), _("Yes") if told.propose else _("No")))
    return rows
