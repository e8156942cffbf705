"""Topics in words: how many people, more or fewer than before, who speaks, and in which tone."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from estime.listening import api as listening
from estime.listening.api import TopicsTold, TopicTold, TopicTrend
from estime.readouts import wording

ALL: Final = "*"
"""The name of all channels together, as addresses have it."""
KINDS: Final = {
    "health": gettext_lazy("health"),
    "faith": gettext_lazy("faith"),
    "politics": gettext_lazy("politics"),
    "unions": gettext_lazy("a union"),
    "sex": gettext_lazy("sex life"),
    "origin": gettext_lazy("origin"),
}
OUTCOMES: Final = {
    "no-text": gettext_lazy("There is no text to read."),
    "no-words": gettext_lazy("There are texts, but no words that say what they are about."),
    "one-person": gettext_lazy("One person wrote all of it: a topic is what several people share."),
    "too-few": gettext_lazy("There are too few different texts to tell topics apart."),
    "nothing-shared": gettext_lazy("No idea is shared by enough people to be called a topic."),
}
WELL: Final = 0.6
PARTLY: Final = 0.4
_TWICE: Final = (1.9, 2.1)


def people_words(count: int | None, smallest: int) -> str:
    """A number of members, or that they are too few to be told."""
    if count is None:
        return _("fewer than %(n)s people") % {"n": smallest}
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": wording.count(count)}


def trend_words(trend: TopicTrend | None, days: int) -> str:
    """Now against before in a sentence, with the ends of its interval."""
    if trend is None:
        return _("Nobody wrote in the %(days)s days before.") % {"days": days}
    if trend.direction == "new":
        return _("New: nobody spoke of it in the %(days)s days before.") % {"days": days}
    if trend.direction == "gone":
        return _("Nobody speaks of it any more.")
    if trend.ratio is None or trend.low is None or trend.high is None:
        return _without_numbers(trend.direction, days)
    return _with_numbers(trend, (trend.ratio, trend.low, trend.high), days)


def _without_numbers(direction: str, days: int) -> str:
    told = {
        "more": _("More than in the %(days)s days before."),
        "less": _("Fewer than in the %(days)s days before."),
    }.get(direction, _("No clear change against the %(days)s days before."))
    return told % {"days": days}


def _with_numbers(trend: TopicTrend, numbers: tuple[float, float, float], days: int) -> str:
    ratio, low, high = numbers
    told = {
        "days": days,
        "ratio": wording.number(ratio, 1),
        "low": wording.number(low, 1),
        "high": wording.number(high, 1),
    }
    if trend.direction == "more" and _TWICE[0] <= ratio <= _TWICE[1]:
        words = _("Twice as many as in the %(days)s days before (between %(low)s and %(high)s times).")
    elif trend.direction == "more":
        words = _(
            "%(ratio)s times as many as in the %(days)s days before (between %(low)s and %(high)s times)."
        )
    elif trend.direction == "less":
        told |= {
            "fewer": wording.whole_percent(1 - ratio),
            "least": wording.whole_percent(1 - high),
            "most": wording.whole_percent(1 - low),
        }
        words = _("%(fewer)s fewer than in the %(days)s days before (between %(least)s and %(most)s).")
    else:
        words = _(
            "No clear change against the %(days)s days before (between %(low)s and %(high)s times as many)."
        )
    return words % told


def who_words(topic: TopicTold) -> str:
    """Newcomers or regulars, and whether the brand speaks of it."""
    told = []
    if topic.newcomers is not None and topic.regulars is not None:
        new = ngettext("%(n)s newcomer", "%(n)s newcomers", topic.newcomers)
        old = ngettext("%(n)s regular", "%(n)s regulars", topic.regulars)
        told.append(new % {"n": wording.count(topic.newcomers)})
        told.append(old % {"n": wording.count(topic.regulars)})
    elif topic.mostly:
        told.append(
            {
                "newcomers": _("mostly newcomers"),
                "regulars": _("mostly regulars"),
                "both": _("newcomers and regulars"),
            }[topic.mostly]
        )
    if topic.brand:
        words = ngettext("%(n)s account of the brand", "%(n)s accounts of the brand", topic.brand)
        told.append(words % {"n": wording.count(topic.brand)})
    elif topic.members:
        told.append(_("the brand says nothing of it"))
    return " · ".join(told)


def tone_words(topic: TopicTold) -> str:
    """The share who sound negative, with its interval; empty where too few could be read."""
    if topic.negative is None:
        return ""
    return _("%(share)s of %(people)s whose tone is clear sound negative (%(interval)s).") % {
        "share": wording.whole_percent(topic.negative.value),
        "people": people_words(topic.read, 0),
        "interval": wording.whole_percent_interval(topic.negative.low, topic.negative.high),
    }


def sure_words(found: TopicsTold) -> list[str]:
    """How far this can be trusted, told as it is: coverage, stability, what is left out."""
    told = [
        _("%(share)s of the texts speak of a topic; the others have none, here or at all.")
        % {"share": wording.whole_percent(found.coverage)},
        _stability(found.stability),
    ]
    if found.few:
        told.append(
            ngettext(
                "%(n)s topic is not told: too few people share it.",
                "%(n)s topics are not told: too few people share them.",
                found.few,
            )
            % {"n": wording.count(found.few)}
        )
    if found.left_out:
        total = sum(found.left_out.values())
        words = ngettext(
            "%(n)s topic is left out: it reveals what is nobody’s business (%(kinds)s).",
            "%(n)s topics are left out: they reveal what is nobody’s business (%(kinds)s).",
            total,
        )
        kinds = ", ".join(str(KINDS.get(kind, kind)) for kind in sorted(found.left_out))
        told.append(words % {"n": wording.count(total), "kinds": kinds})
    if found.cut:
        told.append(_("There were more texts than are read at once: the oldest were left out."))
    return told


def _stability(stability: float | None) -> str:
    if stability is None:
        return _("There are too few texts to say how sure these topics are.")
    told = {"value": wording.number(stability, 2)}
    if stability >= WELL:
        return _("Two halves of those who write agree well on these topics (%(value)s of 1).") % told
    if stability >= PARTLY:
        return _("Two halves of those who write agree in part on these topics (%(value)s of 1).") % told
    words = _(
        "Two halves of those who write agree little on these topics (%(value)s of 1): take them as a first look."
    )
    return words % told


def channel_number(name: str, channels: dict[str, int]) -> int | None:
    """A channel's number by its name; 0 for all of them, None for one that is not there."""
    return 0 if name == ALL else channels.get(name)


def days_chosen(told: str) -> int | None:
    """A length of time that is offered, or None."""
    if not told:
        return listening.TOPIC_DAYS_USUAL
    return int(told) if told in {str(days) for days in listening.TOPIC_DAYS} else None
