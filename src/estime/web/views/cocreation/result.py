"""What a vote gave: the result, how it came about, how fragile it is; and its ballots as open data."""

import csv
import io
from typing import Any, Final

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import LEAST_COUNTED, Member, Option, Poll, Result
from estime.web import result_words as told
from estime.web import vote_words as words
from estime.web.access import open_to_all
from estime.web.group_words import groups
from estime.web.member_words import name_of
from estime.web.taking_part import looking
from estime.web.views.cocreation.vote import frame_of_vote, poll_or_404

FORMATS: Final = ("csv", "pb", "json")


@require_safe
@open_to_all
@never_cache
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest count, or an earlier one by its number."""
    member = looking(request)
    poll = poll_or_404(pk, member)
    counts = cocreation.results_of(poll)
    wanted = request.GET.get("count", "")
    here = (
        next((one for one in counts if str(one.number) == wanted), None)
        if wanted
        else next(iter(counts), None)
    )
    if here is None:
        raise Http404(_("This vote is not counted yet."))
    return render(request, "cocreation/result.html", _shown(poll, here, counts, member), using="jinja2")


def _shown(poll: Poll, here: Result, counts: list[Result], member: Member | None) -> dict[str, Any]:
    titles = told.titles_of(cocreation.options_of(poll))
    standing = cocreation.poll_standing(poll, member)
    body = here.body
    return {
        **frame_of_vote(poll),
        "poll": poll,
        "result": here,
        "finding": told.finding(poll, here, titles),
        "lead": told.lead(poll, here),
        "voters": words.voters(here.ballots),
        "rows": told.rows(poll, body, titles),
        "score_name": told.score_name(poll.method),
        "course": told.course(poll, body, titles),
        "by_rule": told.by_rule(poll, body, titles),
        "together": told.together(body, titles),
        "fragile": told.fragile(body, titles),
        "winners": [titles[number] for number in body["winners"]],
        "groups": groups(body),
        "titles": titles,
        "open_ballots": _open(poll, titles) if here.final else [],
        "earlier": [
            (f"{reverse('vote-result', args=[poll.pk])}?count={one.number}", one.at)
            for one in counts
            if one.final and one.pk != here.pk
        ],
        "rules": words.rules(poll),
        "digest": poll.digest,
        "data": reverse("vote-data", args=[poll.pk]) if poll.sealed is not None and body["told"] == "all" else "",
        "objections": [
            {"pk": one.pk, "who": name_of(one.member), "words": one.words, "at": one.at, "answer": one.answer,
             "answered": one.answered, "name": one.name}
            for one in cocreation.objections_of(poll)
        ],
        "standing": standing,
        "may_answer": member is not None and (cocreation.leads(member, poll.challenge) or member.may("decision.write")),
        "means": words.means(poll),
    }  # fmt: skip


def _open(poll: Poll, titles: dict[int, str]) -> list[tuple[str, str]]:
    """Who chose what, where the vote said so before."""
    return [
        (name_of(member), chosen_words(poll, choice, titles))
        for member, choice in cocreation.open_ballots(poll)
    ]


def chosen_words(poll: Poll, choice: Any, titles: dict[int, str]) -> str:
    if poll.method in ("approval", "budget"):
        return ", ".join(titles[number] for number in choice) or _("nothing of it")
    if poll.method == "score":
        return ", ".join(f"{titles[int(number)]}: {points}" for number, points in choice.items())
    if poll.method == "ranked":
        return " › ".join(" = ".join(titles[number] for number in place) for place in choice)
    if poll.method == "pairwise":
        return ", ".join(titles[left if which < 0 else right] for left, right, which in choice if which)
    names = {1: _("agree"), 0: _("pass"), -1: _("disagree")}
    return ", ".join(f"{titles[int(number)]}: {names[vote]}" for number, vote in choice.items())


@require_safe
@open_to_all
@never_cache
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballots as open data, once the vote is sealed: `?format=csv`, `pb` (budgets) or `json` (the result).

    Where the rules did not say that ballots are published, only kinds of ballots that at least five people cast are
    there; how many others there were is told as one number.
    """
    poll = poll_or_404(pk, looking(request))
    last = cocreation.result_newest(poll)
    if poll.sealed is None or last is None or last.body["told"] != "all":
        raise Http404(_("Ballots are published when the time for objections is over."))
    wanted = request.GET.get("format", "csv")
    if wanted not in FORMATS or (wanted == "pb" and poll.method != "budget"):
        raise Http404(_("There is no such file."))
    kinds, others = cocreation.ballots_published(poll)
    made = {"csv": _csv, "pb": _pb, "json": _json}[wanted](poll, last, kinds, others)
    answer = HttpResponse(made, content_type=_TYPES[wanted])
    answer["Content-Disposition"] = f'attachment; filename="vote-{poll.pk}.{wanted}"'
    return answer


_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "pb": "text/plain; charset=utf-8",
    "json": "application/json",
}


def _csv(poll: Poll, last: Result, kinds: list[tuple[str, int]], others: int) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["ballot", "voters"])
    table.writerows([content, many] for content, many in kinds)
    if others:
        table.writerow(["", others])
    table.writerow([])
    table.writerow(["option", "title", "cost"])
    for option in cocreation.options_of(poll):
        table.writerow(
            [option.number, _safe(words.option_title(option)), option.cost if option.cost is not None else ""]
        )
    return out.getvalue()


def _safe(title: str) -> str:
    """A title that a spreadsheet would take for a formula."""
    return f"'{title}" if title[:1] in "=+-@\t\r" else title


def _pb(poll: Poll, last: Result, kinds: list[tuple[str, int]], others: int) -> str:
    """pabulib (http://pabulib.org/format): META, PROJECTS, VOTES, separated by semicolons."""
    rules = cocreation.rules_read(poll)
    options = _in_order(poll)
    winners = {int(number) for number in last.body["winners"]}
    votes = last.body["detail"]["votes"]
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\n")
    table.writerows([["META"], ["key", "value"]])
    meta = [
        ("description", poll.title), ("num_projects", len(options)), ("num_votes", sum(many for _c, many in kinds)),
        ("budget", rules.budget), ("vote_type", "approval"), ("rule", "equalshares/add1u"), ("currency", rules.unit),
        ("date_begin", poll.opens.date().isoformat()), ("date_end", poll.closes.date().isoformat()),
    ]  # fmt: skip
    if others:
        meta.append(
            ("comment", f"{others} ballots of kinds that fewer than {LEAST_COUNTED} people cast are left out")
        )
    table.writerows(meta)
    table.writerows([["PROJECTS"], ["project_id", "cost", "votes", "name", "selected"]])
    table.writerows(
        [
            option.number,
            option.cost,
            votes.get(str(option.number), 0),
            _safe(words.option_title(option)),
            int(option.number in winners),
        ]
        for option in options
    )
    table.writerows([["VOTES"], ["voter_id", "vote"]])
    voter = 0
    for content, many in kinds:
        for _each in range(many):
            voter += 1
            table.writerow([voter, ",".join(str(number) for number in orjson.loads(content))])
    return out.getvalue()


def _in_order(poll: Poll) -> list[Option]:
    """Options as they are counted: of projects that are equal in everything the first one is paid, whoever counts."""
    options = cocreation.options_of(poll)
    if poll.ties != "drawn":
        return options
    known = {option.number: option for option in options}
    return [known[number] for number in cocreation.drawn(poll.seed, list(known))]


def _json(poll: Poll, last: Result, kinds: list[tuple[str, int]], others: int) -> bytes:
    whole = {
        "title": poll.title,
        "result": last.body,
        "options": [
            {
                "number": option.number,
                "title": words.option_title(option),
                "cost": str(option.cost) if option.cost else None,
            }
            for option in cocreation.options_of(poll)
        ],
        "ballots": [{"ballot": orjson.loads(content), "voters": many} for content, many in kinds],
        "ballots_not_told": others,
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)
