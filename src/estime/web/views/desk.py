"""*À tenir / To keep*: the staff's front page. The paragraph of truth, what is owed, and two charts."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation.api import CHANNEL, spaces_named
from estime.contact import api as contact
from estime.engagement import api as engagement
from estime.jobs import api as jobs
from estime.kernel.clock import now
from estime.kernel.debts import Debt
from estime.ledger import api as ledger
from estime.readouts import desk as readout
from estime.readouts import wording
from estime.readouts.pages import Addresses, Topic, view_build
from estime.readouts.queries import chart_svgs
from estime.readouts.report import report_build, scope_front
from estime.web import moments
from estime.web.access import needs, signed_in
from estime.web.addresses import scope_url
from estime.web.frame import language, may
from estime.web.import_words import error_words
from estime.web.opening import acts_url

FAILED: Final = 200
CHARTS: Final = ("active-share", "answers", "words-deeds", "split")
"""Two of these stand below the list, the first that the channel has."""


class Kind(NamedTuple):
    """How a kind of debt is shown: the page where it is settled (its address takes the debt's id), and the words.

    `permission`: who may settle it; `place`: where on the page that is done; `reading`: the page for whoever may only
    look, where the one of settling does not open for them.
    """

    page: str
    action: Promise
    title: Promise
    permission: str
    place: str = ""
    reading: str | None = None


KINDS: Final = {
    "question": Kind(
        "question", gettext_lazy("Answer"), gettext_lazy("Questions"), "question.answer", "#answer"
    ),
    "rejects": Kind("import", gettext_lazy("Mend"), gettext_lazy("Refused rows"), "channels.import"),
    "interpellation": Kind(
        "interpellation",
        gettext_lazy("Answer"),
        gettext_lazy("Questions asked in public"),
        "decision.write",
        "#answer",
    ),
    "answers": Kind(
        "answers",
        gettext_lazy("Answer"),
        gettext_lazy("Contributions without an answer"),
        "decision.write",
        reading="challenge",
    ),
    "pledge": Kind(
        "pledge", gettext_lazy("Settle it"), gettext_lazy("Promises"), "decision.write", reading=""
    ),
    "again": Kind(
        "decision", gettext_lazy("Look again"), gettext_lazy("To look at again"), "decision.write", reading=""
    ),
    "vote": Kind(
        "vote-made",
        gettext_lazy("Say it"),
        gettext_lazy("Votes to honour"),
        "challenge.lead",
        reading="vote-result",
    ),
    "outcome": Kind(
        "outcome-new",
        gettext_lazy("Say it"),
        gettext_lazy("Challenges without an outcome"),
        "challenge.lead",
        reading="challenge",
    ),
    "merge": Kind(
        "merge", gettext_lazy("Decide"), gettext_lazy("What may go together"), "challenge.lead", "#decide"
    ),
    "contest": Kind("contest", gettext_lazy("Answer"), gettext_lazy("Contested"), "challenge.lead"),
    "report": Kind(
        "moderation-report", gettext_lazy("Look at it"), gettext_lazy("Reports"), "moderation.act", reading=""
    ),
    "appeal": Kind(
        "moderation-appeal", gettext_lazy("Answer"), gettext_lazy("Appeals"), "moderation.act", reading=""
    ),
    "objection": Kind(
        "objection", gettext_lazy("Answer"), gettext_lazy("Objections to votes"), "decision.write"
    ),
    "job": Kind("job", gettext_lazy("Open"), gettext_lazy("Failed jobs"), "jobs.retry"),
}
"""Every kind that `ESTIME_DEBTS` binds has a line here; a test looks."""


class Opening(NamedTuple):
    """What stands above and below the list, of the channel that the reports open with."""

    title: str
    truth: SafeString
    under: tuple[str, ...]
    charts: tuple[Topic, ...]
    report_url: str
    complete: bool


@require_safe
@needs("desk.see")
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Everything owed, oldest first; what was handed to whoever is looking stands first."""
    user, at = signed_in(request), now()
    spaces = spaces_named(user)
    wanted = _wanted(request, dict(spaces))
    listed = readout.desk_build(at, user, wanted)
    archived = contact.archived_count(at) if wanted.everything else 0
    titles = ledger.channel_titles()
    past = {debt.as_of for debt in (*listed.mine, *listed.debts) if debt.as_of}
    context = {
        "request": request,
        "opening": opening(request) if wanted.everything else None,
        "sentence": "" if wanted.channel else _sentence(listed),  # it is about everything
        "listed": listed,
        "mine": [_row(request, debt, titles) for debt in _in_words(listed.mine)],
        "debts": [_row(request, debt, titles) for debt in _in_words(listed.debts)],
        "past": [_past_told(day) for day in sorted(past)],
        "wanted": wanted,
        "kinds": _kinds(listed, wanted),
        "channels": _channels(listed, titles, {CHANNEL} if spaces else set()),
        "spaces": spaces if len(spaces) > 1 or wanted.place else [],
        "spaces_channel": CHANNEL,
        "next": _address(wanted._replace(after=listed.next)) if listed.next else "",
        "archived": archived_told(archived) if archived else "",
        "first_steps": _first_steps(request) if not titles else None,
    }
    return render(request, "pages/desk.html", context, using="jinja2")


def _first_steps(request: HttpRequest) -> dict[str, bool]:
    """What whoever is looking can do where no channel is yet."""
    steps = {"bring": "channels.import", "name": "settings.change", "invite": "staff.manage"}
    return {step: may(request, permission) for step, permission in steps.items()}


def _wanted(request: HttpRequest, spaces: dict[str, str]) -> readout.Wanted:
    """What is asked for. A channel and one of its places come as one word: `estime/bottles`, a space by its slug."""
    asked = request.GET
    kind = asked.get("kind", "")
    channel, _sign, place = asked.get("channel", "").partition("/")
    if place and (channel != CHANNEL or place not in spaces):
        raise Http404(_("There is no such space."))
    return readout.Wanted(
        kind=kind if kind in KINDS else "",
        channel=channel[:64],
        place=place,
        mine=asked.get("mine") == "1",
        after=asked.get("after", ""),
    )


def _address(wanted: readout.Wanted) -> str:
    asked = {
        "kind": wanted.kind,
        "channel": _whereabouts(wanted),
        "mine": "1" if wanted.mine else "",
        "after": wanted.after,
    }
    told = urlencode({name: value for name, value in asked.items() if value})
    return reverse("desk") + (f"?{told}" if told else "")


def _whereabouts(wanted: readout.Wanted) -> str:
    return f"{wanted.channel}/{wanted.place}" if wanted.place else wanted.channel


def _sentence(listed: readout.Desk) -> str:
    """What is owed in answers to questions; of the other kinds, the numbers stand beside their names."""
    asked = [tally for tally in listed.tallies if tally.kind in ("question", "interpellation")]
    others = any(tally.owed for tally in listed.tallies if tally not in asked)
    if not asked or (others and not any(tally.owed for tally in asked)):
        return ""  # “We owe no answer” above things that are owed would be read as “nothing”
    owed, late = sum(tally.owed for tally in asked), sum(tally.late for tally in asked)
    return readout.owed_sentence(readout.Tally("question", owed, late))


def _past_told(day: datetime) -> str:
    return _("An archive that ends on %(day)s is shown as it stood that day.") % {"day": moments.day(day)}


def archived_told(number: int) -> str:
    """How many questions of archives nobody answered."""
    told = ngettext(
        "%(n)s question had no answer when its archive ended",
        "%(n)s questions had no answer when their archive ended",
        number,
    )
    return told % {"n": wording.count(number)}


def _kinds(listed: readout.Desk, wanted: readout.Wanted) -> list[dict[str, Any]]:
    """Each kind that is owed, of the same channel and space. Its number is of everything, so it stands only there."""
    every = readout.Wanted(channel=wanted.channel, place=wanted.place)
    whole = not wanted.channel
    total = sum(tally.owed for tally in listed.tallies)
    all_here = wanted._replace(after="") == every
    told: list[dict[str, Any]] = [
        {"title": _("Everything"), "n": total if whole else None, "url": _address(every), "here": all_here}
    ]
    for tally in listed.tallies:
        if not tally.owed and wanted.kind != tally.kind:
            continue
        told.append(
            {
                "title": KINDS[tally.kind].title,
                "n": tally.owed if whole else None,
                "url": _address(every._replace(kind=tally.kind)),
                "here": wanted.kind == tally.kind,
            }
        )
    mine = every._replace(mine=True)
    told.append({"title": _("Handed to me"), "n": None, "url": _address(mine), "here": wanted.mine})
    return told


def _channels(listed: readout.Desk, titles: dict[str, str], more: set[str]) -> list[tuple[str, str]]:
    """The channels to choose from: those on which somebody waits, those shown, and `more`."""
    shown = {debt.channel for debt in (*listed.mine, *listed.debts) if debt.channel}
    names = shown | more | set(contact.channels_owing(now()))
    told = {**titles, CHANNEL: _("Spaces")}  # each of which has a title of its own beside what is owed there
    return sorted(((name, told.get(name, name)) for name in names), key=lambda named: named[1].casefold())


def _row(request: HttpRequest, debt: Debt, titles: dict[str, str]) -> dict[str, Any]:
    when, late = readout.when_told(debt, now())
    kind = KINDS[debt.kind]
    settles = may(request, kind.permission)
    page = page_of(debt) if settles or kind.reading is None else _page_to_read(debt, kind.reading)
    return {
        "debt": debt,
        "when": when,
        "late": late,
        "place": debt.place or titles.get(debt.channel, debt.channel),
        "url": page,
        "to": f"{page}{kind.place}" if settles else page,
        "action": kind.action if settles else gettext_lazy("Open"),
        "acts": _more(request, debt),
    }


def _in_words(debts: Sequence[Debt]) -> list[Debt]:
    """Failed jobs in the words that pages have for their errors, which say them in both languages."""
    if not any(debt.kind == "job" for debt in debts):
        return list(debts)
    failed = {str(job.id): job for job in jobs.failed_open(FAILED)}
    return [
        debt._replace(detail=" ".join(filter(None, error_words(job.error, job.message, job.todo))))
        if debt.kind == "job" and (job := failed.get(debt.id))
        else debt
        for debt in debts
    ]


def _page_to_read(debt: Debt, name: str) -> str:
    return reverse(name, args=[debt.id]) if name else ""


def page_of(debt: Debt) -> str:
    """Where a debt is settled; empty where no page is."""
    try:
        return reverse(KINDS[debt.kind].page, args=[debt.id])
    except NoReverseMatch:
        return ""


def _more(request: HttpRequest, debt: Debt) -> list[dict[str, Any]]:
    """What else can be done with a question, one click away: the form for it stands on its page."""
    if debt.kind != "question":
        return []
    page = page_of(debt)
    told = []
    if may(request, "question.hand_over"):
        told.append({"title": _("Hand over"), "url": f"{page}#hand-over"})
    if may(request, "question.answer"):
        told.append({"title": _("Nothing is owed"), "url": f"{page}#waive"})
    return told


_OPENINGS: OrderedDict[tuple[object, ...], Opening] = OrderedDict()
_KEPT: Final = 32


def opening(request: HttpRequest) -> Opening | None:
    """The paragraph of truth and the charts, built once for each edition; None before the first refresh."""
    edition = engagement.edition()
    if edition is None or not edition.scopes:
        return None
    scope, lang = scope_front(edition), language()
    key = (edition.id, edition.made_at, scope, lang, may(request, "acts.see"))
    known = _OPENINGS.get(key)
    if known is not None:
        return known
    made = _opening(request, edition, scope)
    if made is not None and made.complete:
        _OPENINGS[key] = made
        while len(_OPENINGS) > _KEPT:
            _OPENINGS.popitem(last=False)
    return made


def _opening(request: HttpRequest, edition: engagement.Edition, scope: str) -> Opening | None:
    lang = language()
    report = report_build(edition, scope, lang)
    if report is None:
        return None
    view = view_build(
        report,
        chart_svgs(edition.id, scope, lang),
        Addresses(acts=(lambda acts: acts_url(lang, acts)) if may(request, "acts.see") else None),
    )
    page = scope_url(lang, scope)
    truth = SafeString(view.truth.replace('href="#', f'href="{page}#'))
    drawn_topics = {topic.section.id: topic for topic in view.topics if topic.svg}
    charts = tuple(drawn_topics[name] for name in CHARTS if name in drawn_topics)[:2]
    return Opening(report.title, truth, view.under, charts, page, view.complete)
