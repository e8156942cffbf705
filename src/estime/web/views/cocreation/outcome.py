"""What was made: telling it with all that it came from, its page, and the list of a challenge."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Picture, Source
from estime.kernel.errors import EstimeError
from estime.web.access import needs, open_to_all
from estime.web.answer_words import speaker
from estime.web.challenge_words import challenge_or_404
from estime.web.frame import may
from estime.web.loop_forms import day_typed, number, once, refused, typed
from estime.web.member_words import Prose, comment_url, name_of
from estime.web.picture_upload import FIELD, OnePicture, take_one_picture
from estime.web.taking_part import idea_url, looking, me, told, way_here
from estime.web.views.cocreation.challenge import frame_of

RELATIONS: dict[str, Promise] = {
    "taken": gettext_lazy("It was taken up."),
    "part": gettext_lazy("A part of it lives on."),
    "together": gettext_lazy("It was brought together with it."),
    "built_on": gettext_lazy("It was built on this."),
    "adopted": gettext_lazy("An improvement that was adopted."),
}
FIELDS = ("title", "body", "made", "more", "alt")


@csrf_exempt  # the inner view checks it, once it is said where a picture is to go
@require_http_methods(["GET", "HEAD", "POST"])
@needs("challenge.lead")
@never_cache
def outcome_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tell what was made. What it came from is proposed; a lead confirms, takes out and adds."""
    handler = take_one_picture(request) if request.method == "POST" else None
    return _new(request, pk, handler)


@csrf_protect
def _new(request: HttpRequest, pk: int, handler: OnePicture | None) -> HttpResponseBase:
    challenge = challenge_or_404(pk, looking(request))
    if challenge.opened is None:
        raise Http404(_("This challenge is not open yet."))
    fields, pictures = typed(request, *FIELDS), _pictures(request)
    if handler is None:
        return _form(request, challenge, fields, {})
    do = request.POST.get("do", "")
    if do == "picture":
        return _with_picture(request, challenge, fields, handler)
    day = day_typed(fields["made"])
    if day is None:
        return _form(request, challenge, fields, {"made": _("Give the day, as in 2027-03-31.")})
    if do == "trace":  # follow what was added as far as it goes, and show it before anything is kept
        return _form(request, challenge, fields, {}, traced=True)
    sources = [
        source for source in map(_source, request.POST.getlist("source")[:5_000]) if source is not None
    ]
    sources += [Source("taken", contribution=each) for each in _numbers(fields["more"])]
    words = cocreation.OutcomeWords(
        fields["title"],
        fields["body"],
        day,
        pictures,
        once(request),
        _numbers(" ".join(request.POST.getlist("won"))),
    )
    try:
        made = cocreation.outcome_make(me(request), challenge.pk, words, sources)
    except EstimeError as error:
        return _form(request, challenge, fields, refused(error))
    messages.success(request, _("It is told. Everybody who gave something of it knows now."))
    return redirect("outcome", made.pk)


def _form(
    request: HttpRequest,
    challenge: Challenge,
    fields: dict[str, str],
    errors: dict[str, str],
    *,
    traced: bool = False,
) -> HttpResponse:
    seeds = _numbers(fields["more"]) if traced else []
    proposed = cocreation.sources_proposed(challenge.pk)
    if seeds:
        known = {(one.source.contribution, one.source.comment) for one in proposed}
        added = cocreation.sources_proposed(challenge.pk, seeds)
        proposed += [one for one in added if (one.source.contribution, one.source.comment) not in known]
        fields = {**fields, "more": ""}
    chosen = set(request.POST.getlist("source")) if request.method == "POST" and not traced else None
    shown = {
        "challenge": challenge,
        "space": challenge.space,
        "way": way_here(challenge.space, challenge),
        "typed": fields,
        "errors": errors,
        "once": once(request),
        "sources": [_row(one, chosen) for one in proposed],
        "won": [
            (one, str(one.pk) in request.POST.getlist("won")) for one in cocreation.options_won(challenge.pk)
        ],
        "pictures": Picture.objects.filter(pk__in=_pictures(request), space=challenge.space, hidden=False),
    }
    status = 422 if errors else 200
    return render(request, "cocreation/outcome-new.html", shown, using="jinja2", status=status)


def _with_picture(
    request: HttpRequest, challenge: Challenge, fields: dict[str, str], handler: OnePicture
) -> HttpResponse:
    """Take a picture in, and show the form again with it."""
    stream = request.FILES.get(FIELD)
    if handler.too_large or stream is None:
        limit = _("This picture has more than %(number)s MB.") % {"number": handler.limit >> 20}
        return _form(
            request, challenge, fields, {FIELD: limit if handler.too_large else _("Choose a picture first.")}
        )
    if not fields["alt"].strip():
        words = _("Say in a few words what it shows: some of us cannot see it.")
        return _form(request, challenge, fields, {"alt": words})
    try:
        added = cocreation.picture_add(me(request), challenge.space, stream, fields["alt"])
    except EstimeError as error:
        return _form(request, challenge, fields, {FIELD: told(error)})
    post = request.POST.copy()
    post.appendlist("shown", str(added.pk))
    request.POST = post  # type: ignore[assignment]  # as if the form had named it already
    return _form(request, challenge, {**fields, "alt": ""}, {})


def _pictures(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("shown")[:20]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _numbers(text: str) -> list[int]:
    """Numbers of ideas in what somebody typed: bare, or as the addresses of their pages."""
    words = (word.rstrip("/").rpartition("/")[2] for word in text.split())
    return [pk for pk in map(number, words) if pk][:200]


def _source(text: str) -> Source | None:
    """A source as the form names it: relation, contribution, comment."""
    relation, _colon, rest = text.partition(":")
    contribution, _colon, comment = rest.partition(":")
    one = Source(relation, number(contribution), number(comment))
    return one if relation in RELATIONS and bool(one.contribution) != bool(one.comment) else None


def _row(one: cocreation.Proposed, chosen: set[str] | None) -> dict[str, Any]:
    key = f"{one.source.relation}:{one.source.contribution}:{one.source.comment}"
    return {**_told(one), "key": key, "chosen": chosen is None or key in chosen}


def _told(one: cocreation.Proposed) -> dict[str, Any]:
    """Something that it came from, as a page shows it."""
    relation = str(RELATIONS.get(one.source.relation, ""))
    if one.comment is not None:
        title = one.comment.contribution.title if one.comment.contribution is not None else ""
        about = _("An improvement of “%(title)s”") % {"title": title} if title else _("An improvement")
        return {
            "title": about,
            "by": name_of(one.comment.by),
            "url": comment_url(one.comment),
            "relation": relation,
        }
    idea = one.contribution
    if idea is None:
        return {"title": "", "by": "", "url": "", "relation": relation}
    title = idea.title if not (idea.erased or idea.hidden) else _("Something that is not shown any more")
    return {"title": title, "by": name_of(idea.author), "url": idea_url(idea), "relation": relation}


@require_safe
@open_to_all
@never_cache
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What was made, with pictures, and all that it came from."""
    member = looking(request)
    made = cocreation.outcome_whole(pk)
    if made is None or not cocreation.may_read(made.outcome.challenge.space, member):
        raise Http404(_("There is nothing here."))
    one = made.outcome
    prose = Prose([one.body], one.challenge.space, member)
    sources = [_told(source) for source in made.sources]
    shown = {
        "one": one,
        "space": one.challenge.space,
        "way": way_here(one.challenge.space, one.challenge),
        "words": prose.html(one.body) if one.body else "",
        "who": speaker(one.name),
        "pictures": [_picture(each) for each in one.pictures.all() if not each.hidden],
        "sources": sources,
        "voted": [
            (reverse("vote-result", args=[option.poll_id]), option.title, option.poll.title)
            for option in made.options
        ],
        "people": list(dict.fromkeys(source["by"] for source in sources if source["by"])),
    }
    return render(request, "cocreation/outcome.html", shown, using="jinja2")


@require_safe
@open_to_all
@never_cache
def challenge_outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was made of a challenge."""
    member = looking(request)
    here = challenge_or_404(pk, member)
    found = cocreation.outcomes_of(here)
    prose = Prose([one.body for one in found], here.space, member)
    shown = {
        **frame_of(here, "challenge-outcomes"),
        "outcomes": [
            {
                "title": one.title,
                "url": reverse("outcome", args=[one.pk]),
                "made": one.made,
                "text": prose.excerpt(one.body),
                "picture": next((_picture(each) for each in one.pictures.all() if not each.hidden), None),
            }
            for one in found
        ],
        "new": reverse("outcome-new", args=[here.pk]) if here.opened else "",
    }
    return render(request, "cocreation/challenge-outcomes.html", shown, using="jinja2")


def _picture(one: Picture) -> dict[str, Any]:
    return {
        "url": reverse("picture", args=[one.pk]),
        "width": one.width,
        "height": one.height,
        "alt": one.alt,
    }


@require_safe
@needs("desk.see")
@never_cache
def vote_made(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where a vote that waits to be honoured is settled: by telling what was made of it. Others see what it gave."""
    if not may(request, "challenge.lead"):
        return redirect("vote-result", pk)
    found = Challenge.objects.filter(polls=pk).first()
    if found is None:
        raise Http404(_("There is no such vote."))
    return redirect("outcome-new", found.pk)
