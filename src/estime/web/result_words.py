"""What a vote gave, in words: who won, how it came about, how fragile it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation.api import LEAST_COUNTED, LEAST_TOLD, Option, Poll, Result
from estime.readouts.wording import count, number, percent, whole_percent
from estime.web import vote_pictures
from estime.web.group_words import groups_finding
from estime.web.vote_words import money, option_title

Body = Mapping[str, Any]
Titles = Mapping[int, str]


def titles_of(options: Sequence[Option]) -> dict[int, str]:
    return {option.number: option_title(option) for option in options}


def quoted(names: Sequence[str]) -> str:
    """Several titles in one sentence."""
    told = [_("“%(title)s”") % {"title": name} for name in names]
    if len(told) < 2:
        return "".join(told)
    return _("%(names)s and %(last)s") % {"names": ", ".join(told[:-1]), "last": told[-1]}


def finding(poll: Poll, result: Result, titles: Titles) -> str:
    """The sentence with which the page opens."""
    body, winners = result.body, [titles[number_] for number_ in result.body["winners"]]
    if body["told"] == "nothing":
        return _("Nobody voted.") if not result.ballots else _too_few(poll, result)
    if poll.method == "groups":
        return groups_finding(body)
    if not winners:
        return _("Nothing was chosen.")
    if not body["decided"]:
        return _("%(names)s had most, but too few voted for that to decide.") % {"names": quoted(winners)}
    if poll.method == "budget":
        return ngettext("%(names)s is paid for.", "%(names)s are paid for.", len(winners)) % {
            "names": quoted(winners)
        }
    if len(winners) > 1:
        return _("%(names)s are chosen.") % {"names": quoted(winners)}
    return _("%(names)s is chosen.") % {"names": quoted(winners)}


def _too_few(poll: Poll, result: Result) -> str:
    if poll.binding and result.final:
        return _("Too few people voted: this decides nothing.")
    return _("Too few people voted to tell how.")


def lead(poll: Poll, result: Result) -> str:
    """What that means."""
    told = result.body["told"]
    if not result.final:
        return _("This is how it stands so far: the vote goes on.")
    if told == "nothing" and result.ballots:
        return _(
            "With fewer than %(least)s voters the result would tell how they voted, so it is not told."
        ) % {"least": LEAST_TOLD}
    if told == "winners":
        return _(
            "With fewer than %(least)s voters figures would tell how they voted: only the winner is told."
        ) % {"least": LEAST_COUNTED}
    if poll.method == "groups":
        return _("Groups are a summary of these answers, never a trait of a person.")
    if not result.body["decided"]:
        return _("The rules asked for at least %(voters)s voters.") % {"voters": count(poll.threshold)}
    if poll.binding:
        return _("This binds the brand: what was chosen is what it does.")
    return _("This binds nobody: it shows what people think.")


def rows(poll: Poll, body: Body, titles: Titles) -> list[dict[str, Any]]:
    """A row for each option, best first: figure, interval, picture."""
    scores = body.get("scores") or {}
    most = poll.parameters.get("top", 1) if poll.method == "score" else 1
    apart = {name for part in (body.get("detail") or {}).get("parts", ())[1:] for name in part}
    told = []
    for name, score in scores.items():
        value, low, high = score["score"], score["low"], score["high"]
        told.append(
            {
                "title": titles[int(name)],
                "winner": int(name) in body["winners"],
                "apart": name in apart,
                "score": _figure(poll.method, value),
                "between": ""
                if low is None
                else f"{_figure(poll.method, low)} – {_figure(poll.method, high)}",
                "picture": vote_pictures.interval(value, low, high, most),
                "votes": count(body["detail"].get("approvals", {}).get(name, 0))
                if poll.method == "approval"
                else "",
            }
        )
    return told


def score_name(method: str) -> str:
    return {
        "approval": _("Ticked by"),
        "score": _("Points each"),
        "ranked": _("Beats, of the others"),
        "pairwise": _("Preferred"),
        "budget": _("Wanted by"),
    }.get(method, "")


def _figure(method: str, value: float) -> str:
    return number(value, 2) if method == "score" else whole_percent(value)


def fragile(body: Body, titles: Titles) -> list[str]:
    """How fragile it is, in plain sentences. What was not worked out says so, and never reads as a no."""
    told = body.get("fragility")
    if not told:
        return []
    won = body["winners"]
    days = count(told["without_new_accounts"].get("days", 0))
    return [
        _without(
            told["without_new_accounts"], won, titles,
            _("Without accounts younger than %(days)s days") % {"days": days},
        ),
        _without(
            told["without_look_alikes"], won, titles,
            _("Without look-alike voters (the same ballot within %(minutes)s minutes)")
            % {"minutes": count(told["without_look_alikes"].get("minutes", 0))},
        )
        + _chance(told["without_look_alikes"]),
        _single(told["any_single_voter"]),
        *_drawn(told["bootstrap"], titles, several=_several(body.get("rules") or {})),
    ]  # fmt: skip


def _without(told: Body, won: Sequence[int], titles: Titles, words: str) -> str:
    if not told["computed"]:
        if told.get("why") == "few":
            return _("%(without)s: there are so few of them that telling it would show how they voted.") % {
                "without": words
            }
        return _("%(without)s: this could not be worked out.") % {"without": words}
    many = told["left_out"]
    if not many:
        return _("%(without)s: there were none.") % {"without": words}
    left_out = ngettext("%(count)s voter left out", "%(count)s voters left out", many) % {
        "count": count(many)
    }
    if not told["changes"]:
        return _("%(without)s (%(left_out)s) the result is the same.") % {
            "without": words,
            "left_out": left_out,
        }
    others = [titles[int(name)] for name in told["winners"]]
    return _("%(without)s (%(left_out)s) it would be %(names)s.") % {
        "without": words,
        "left_out": left_out,
        "names": quoted(others) if others else _("nothing"),
    }


def _chance(told: Body) -> str:
    rate = told.get("false_positive_rate")
    if not told["computed"] or rate is None:
        return ""
    return " " + _("Of those called look-alike, about %(share)s would be by chance alone.") % {
        "share": whole_percent(rate)
    }


def _single(told: Body) -> str:
    if told["changes"] is None:
        return _(
            "Whether a single voter could change it is told from 20 voters on, where it can be worked out."
        )
    if told["changes"]:
        return _("A single voter, voting otherwise or not at all, could have changed it: it was that close.")
    return _("No single voter could have changed it.")


def _several(rules: Body) -> bool:
    """Whether more than one may win without being equal."""
    return rules.get("method") == "budget" or (rules.get("parameters") or {}).get("seats", 1) > 1


def _drawn(told: Body, titles: Titles, *, several: bool) -> list[str]:
    if not told["computed"]:
        return [_("Whether others like them would have chosen the same could not be worked out.")]
    sure = _(
        "Had others like them voted (drawn %(times)s times), exactly this would have come out in %(share)s."
    ) % {
        "times": count(told["replicates"]),
        "share": percent(told["same_winners"]),
    }
    best = [
        _("“%(title)s” wins in %(share)s") % {"title": titles[int(name)], "share": percent(share)}
        for name, share in list(told["winners"].items())[:5]
    ]
    if not best:
        return [sure]
    return [sure, " · ".join(best), *_over(sum(told["winners"].values()), several=several)]


def _over(shares: float, *, several: bool) -> list[str]:
    """Why the shares of all options may add up to more than the whole."""
    if shares < 1.0005:  # as exactly as they are told
        return []
    if several:
        words = _("Several win in each draw, so these shares add up to more than %(whole)s.")
    else:
        words = _(
            "Options that are equal in a draw each count as winning it, so these shares add up to more than %(whole)s."
        )
    return [words % {"whole": whole_percent(1)}]


def together(body: Body, titles: Titles) -> list[str]:
    """Options brought together since: how many people chose any of them, each once."""
    return [
        ngettext(
            "%(names)s were brought together since. %(count)s person chose one of them or more.",
            "%(names)s were brought together since. %(count)s people chose one of them or more.",
            each["people"],
        )
        % {"names": quoted([titles[one] for one in each["options"]]), "count": count(each["people"])}
        for each in body.get("together") or ()
    ]


def by_rule(poll: Poll, body: Body, titles: Titles) -> str:
    """Where the rule for ties decided."""
    chosen = [titles[one] for one in body.get("by_tie_rule") or ()]
    if not chosen:
        return ""
    if poll.ties == "drawn":
        return _("Several were equal; %(names)s was drawn by lot, by the number in the rules.") % {
            "names": quoted(chosen)
        }
    return _("Several were equal; %(names)s was put up first.") % {"names": quoted(chosen)}


def course(poll: Poll, body: Body, titles: Titles) -> dict[str, Any]:
    """How it came about, as tables that open; empty where the figures above are all of it."""
    detail = body.get("detail")
    if not detail:
        return {}
    if poll.method == "ranked":
        return _duels(detail, titles)
    if poll.method == "budget":
        return _payments(poll, detail, titles)
    if poll.method == "pairwise":
        return {"sentences": _pairs(detail, titles)}
    return {}


def _duels(detail: Body, titles: Titles) -> dict[str, Any]:
    names = [titles[int(name)] for name in detail["options"]]
    order = " › ".join(" = ".join(titles[int(name)] for name in level) for level in detail["order"])
    table = [
        (names[i], ["" if i == j else count(cell) for j, cell in enumerate(line)])
        for i, line in enumerate(detail["preferred"])
    ]
    beats_all = detail["condorcet_winner"] is not None
    return {
        "sentences": [
            order,
            _("The winner beats each other one directly.")
            if beats_all
            else _("None beats each other one directly: the strongest chain of majorities decides."),
        ],
        "caption": _("How many people put the one in the row before the one in the column"),
        "head": names,
        "table": table,
    }


def _payments(poll: Poll, detail: Body, titles: Titles) -> dict[str, Any]:
    unit = poll.parameters["unit"]
    rounds = [
        (
            titles[int(each["option"])],
            [
                money(each["cost"], unit),
                count(detail["votes"][each["option"]]),
                money(round(each["each_pays_at_most"], 2), unit),
            ],
        )
        for each in detail["rounds"]
    ]
    added = [titles[int(name)] for name in detail["added_for_their_votes"]]
    sentences = [
        _("%(spent)s of %(budget)s are spent.")
        % {"spent": money(detail["spent"], unit), "budget": money(detail["budget"], unit)}
    ]
    if detail["share"] is not None:
        sentences.append(
            _("Everybody’s share: %(share)s.") % {"share": money(round(detail["share"], 2), unit)}
        )
    if added:
        sentences.append(
            _("With what was left, %(names)s came in for their votes.") % {"names": quoted(added)}
        )
    return {
        "sentences": sentences,
        "caption": _("What was paid for, in this order"),
        "head": [_("Costs"), _("Wanted by"), _("Each of them pays at most")],
        "table": rounds,
    }


def _pairs(detail: Body, titles: Titles) -> list[str]:
    told = [
        ngettext("%(count)s comparison was made.", "%(count)s comparisons were made.", detail["votes"])
        % {"count": count(detail["votes"])}
    ]
    rivals = [titles[int(name)] for name in detail["not_separable"]]
    if len(rivals) > 1:
        told.append(
            _("By these answers any of these may be the best: %(names)s.") % {"names": quoted(rivals[:12])}
        )
    return [*told, *_not_comparable(detail, titles)]


def _not_comparable(detail: Body, titles: Titles) -> list[str]:
    """Where the answers alone give no places: what was never compared, and what never lost or never won."""
    told = []
    parts = [[titles[int(name)] for name in part] for part in detail.get("parts", ())]
    for part in parts[1:]:
        told.append(
            _(
                "Not comparable with the others: %(names)s. Nobody compared them, not even by way of a third; their"
                " place is a guess, and no answer."
            )
            % {"names": quoted(part[:12])}
        )
    met = set(detail.get("parts", ((),))[0])
    unbounded = [titles[int(name)] for name in detail.get("unbounded", ()) if name in met]
    if unbounded:
        told.append(
            _(
                "Always or never preferred so far: %(names)s. The answers alone would put them endlessly far; a weak"
                " assumption, worth about two comparisons that end even, keeps their figures finite."
            )
            % {"names": quoted(unbounded[:12])}
        )
    return told


def earlier(results: Sequence[Result]) -> list[tuple[datetime, str]]:
    """Counts before the one shown."""
    return [(one.at, count(one.ballots)) for one in results[1:] if one.final]
