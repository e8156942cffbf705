"""The validity report in words: what each way of telling is called, and what a lead says."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from estime.readouts import wording as w
from estime.readouts.shapes import Row

Told = Mapping[str, Any]
BETTER, OPEN, WORSE = "better", "open", "worse"
BASELINES: Final = ("rfm", "bg_nbd", "frequency", "recency", "like_count", "prevalence")


def model(name: str) -> str:
    """What a way of telling is called."""
    words = {
        "durability": _("Likely to stay, all of it"),
        "prevalence": _("Everybody alike"),
        "like_count": _("How many likes"),
        "frequency": _("How often (frequency)"),
        "recency": _("How lately (recency)"),
        "rfm": _("Recency, frequency (RFM)"),
        "bg_nbd": _("“Buy till you die” (BG/NBD)"),
        "without_rhythm": _("Without one’s own rhythm"),
        "without_role": _("Without who asks and who answers"),
        "without_replies": _("Without replies received"),
        "without_partners": _("Without the people one talks with"),
        "without_conversations": _("Without how alive one’s threads are"),
        "without_likes": _("Without likes"),
        "without_words": _("Without words"),
        "without_affect": _("Without what texts feel like"),
        "without_tone": _("Of what texts feel like only what is toward the brand"),
        "affect_alone": _("What texts feel like, alone"),
        "affect_dealt": _("The same, dealt out at random"),
        "rhythm_only": _("One’s own rhythm alone"),
        "with_season": _("With the season"),
    }
    return words.get(name, name)


def evidence(name: str) -> str:
    """What a kind of evidence is called within a sentence."""
    words = {
        "rhythm": _("one’s own rhythm"),
        "role": _("who asks and who answers"),
        "replies": _("replies received"),
        "partners": _("the people one talks with"),
        "conversations": _("how alive one’s threads are"),
        "likes": pgettext("validity", "likes"),
        "words": pgettext("validity", "words"),
    }
    return words[name]


def part(name: str) -> str:
    """Everybody, or a third by how much people did lately."""
    words = {
        "overall": _("Everybody"),
        "little": _("The third that did least lately"),
        "middling": _("The third in the middle"),
        "much": _("The third that did most lately"),
    }
    return words[name]


def verdict(lead: Told | None) -> str:
    """What an interval of a difference says: better, worse, or left open."""
    if lead is None or lead["low"] is None or lead["high"] is None:
        return OPEN
    return BETTER if lead["low"] > 0 else WORSE if lead["high"] < 0 else OPEN


def both(scores: Told) -> str:
    """The verdict on order and closeness together: they must not contradict each other."""
    found = {verdict(scores.get("auc_lead")), verdict(scores.get("brier_lead"))} - {OPEN}
    return found.pop() if len(found) == 1 else OPEN


def claim(report: Told, scores: Told) -> str:
    """The verdict as it may be claimed: of too few people nothing is, whatever the intervals are."""
    return OPEN if report["few"] else both(scores)


def estimate(told: Told, digits: int = 3) -> str:
    """A number with its interval."""
    if told["value"] is None:
        return _("not known")
    if told["low"] is None or told["high"] is None:
        return w.number(told["value"], digits)
    ends = f"{w.number(told['low'], digits)}{w.NBSP}{w.DASH}{w.NBSP}{w.number(told['high'], digits)}"
    return f"{w.number(told['value'], digits)} ({ends})"


def ends(told: Told | None, digits: int = 3) -> str:
    """An interval by itself, as it stands small below a number."""
    if told is None or told["value"] is None or told["low"] is None or told["high"] is None:
        return ""
    low, high = (w.number(told[name], digits) for name in ("low", "high"))
    return f"{low}{w.NBSP}{w.DASH}{w.NBSP}{high}"


def value(told: Told | None, digits: int = 3, *, signed: bool = False) -> str:
    """A number by itself; nothing where there is none to compare."""
    if told is None:
        return ""
    if told["value"] is None:
        return _("not known")
    return w.signed(told["value"], digits) if signed else w.number(told["value"], digits)


def lead(told: Told | None) -> str:
    """A difference with its interval, signs said; empty for the reference itself."""
    if told is None or told["value"] is None:
        return ""
    if told["low"] is None or told["high"] is None:
        return w.signed(told["value"], 4)
    ends = _("{low} to {high}").format(low=w.signed(told["low"], 4), high=w.signed(told["high"], 4))
    return f"{w.signed(told['value'], 4)} ({ends})"


def scores_row(name: str, scores: Told, before: tuple[str, ...] = ()) -> Row:
    """A way of telling: its numbers, each with its interval below; what was gained, where it was compared.

    With cells `before`, only what was gained.
    """
    told = [scores[of] for of in ("auc", "brier")] if not before else []
    gained = [scores.get(of) for of in ("auc_lead", "brier_lead")]
    cells = (*map(value, told), *(value(each, 4, signed=True) for each in gained))
    under = (*map(ends, told), *(ends(each, 4) for each in gained))
    return Row((name, *before, *cells), under=("", *("" for _cell in before), *under))


def by_chance() -> str:
    """What forty intervals owe to chance."""
    return _("Of intervals at 95 %, about one in twenty lies off 0 by chance alone.")


def moment(told: str) -> str:
    """A cut's day."""
    return w.day(date.fromisoformat(told))


def came(count: int | None) -> str:
    """How many came; that is not told of few."""
    return _("too few to be told") if count is None else w.count(count)


def short(told: Told) -> str:
    """Why there is no report, and what it would take."""
    words = {
        "no_acts": _(
            "There are no acts here yet. It takes about a year of them: import a channel, then refresh."
        ),
        "too_few_cuts": _(
            "It takes {needed} moments, 90 days apart, of which the 90 days after are known: about a year of acts. "
            "There are {closed} so far."
        ),
        "too_few_outcomes": _(
            "It takes a moment of the past at which 20 people came again and 20 did not. There is none so far."
        ),
        "too_few_people": _("Of so few people nothing is told."),
        "no_closed_window": _("It takes half a year of acts at least."),
        "nothing_varies": _("Everybody did the same, so that nothing tells one from another."),
    }
    needed, closed = told.get("needed_cuts", 3), told.get("closed_cuts", 0)
    return words[told["reason"]].format(needed=w.count(needed), closed=w.count(closed))
