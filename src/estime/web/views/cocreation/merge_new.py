"""“Bring together”: what goes together with an idea is looked for and chosen, then the words are written."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contribution, Member, MergeBeginning, WholeWords
from estime.kernel.errors import EstimeError
from estime.web.access import needs
from estime.web.loop_forms import deal_asked, deal_ticked, number, refused, typed
from estime.web.member_words import names_of
from estime.web.merge_words import people, prose_of, side_row
from estime.web.taking_part import found, idea_url, me, way_here

FIELDS = ("title", "body", "reason")


@require_safe
@needs("space.take_part")
@never_cache
def idea_together(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What could go together with it: what is alike, or what is searched for."""
    member = me(request)
    words = request.GET.get("words", "")[:200]
    with found():
        one = cocreation.contribution_seen(pk, member)
        if one.together is not None:
            return redirect("idea-together", one.together.pk)
        if one.hidden or one.withdrawn is not None or one.erased:
            raise cocreation.NotFound(_("There is nothing here."))
        near = cocreation.merge_candidates(one, words, member)
    shown = {
        "one": one,
        "space": one.space,
        "way": [*way_here(one.space, one.challenge), (idea_url(one), one.title)],
        "words": words,
        "chosen": _numbers(request, "with"),
        "most": cocreation.MOST_PARTS,
        "rows": [
            {"pk": each.pk, "title": each.title, "url": idea_url(each), "people": people(each.supports),
             "by": names_of(authors or [each.author])}
            for each, authors in near
        ],
        "action": reverse("idea-together-words", args=[one.pk]),
    }  # fmt: skip
    return render(request, "cocreation/together.html", shown, using="jinja2")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def idea_together_words(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The words of the whole: from every side's words to a proposal."""
    member = me(request)
    chosen = _numbers(request, "with")[: cocreation.MOST_PARTS]
    numbers = [pk, *(each for each in chosen if each != pk)]
    head = number(_asked(request).get("head", ""))
    head = head if head in numbers else pk
    parts = [each for each in numbers if each != head]
    if not parts:
        messages.error(request, _("Choose what goes together with it."))
        return redirect("idea-together", pk)
    with found():
        begun = cocreation.merge_beginning(head, parts, member)
    if request.method != "POST":
        return _words_page(request, pk, begun, {}, {})
    fields = typed(request, *FIELDS)
    try:
        with found():
            merge = cocreation.merge_propose(member, head, parts, whole_words(request, begun, fields))
    except cocreation.NotNow as error:
        if error.data.get("merge"):
            messages.info(request, _("Somebody proposes that already: here it is."))
            return redirect("merge", error.data["merge"])
        return _words_page(request, pk, begun, fields, refused(error))
    except EstimeError as error:
        return _words_page(request, pk, begun, fields, refused(error))
    messages.success(
        request,
        _("They are one now: you are an author of all sides.")
        if merge.state == "agreed"
        else _("Proposed. Their authors are asked."),
    )
    return redirect("merge", merge.pk)


def whole_words(request: HttpRequest, begun: MergeBeginning, fields: dict[str, str]) -> WholeWords:
    """What a form says, made from the versions that it showed."""
    versions = {side.one.pk: number(request.POST.get(f"v-{side.one.pk}", "")) for side in begun.sides}
    title, body = fields["title"], fields["body"]
    if begun.voted is not None:  # it is being voted on: the words are those that stand
        title, body = begun.sides[0].one.title, begun.sides[0].one.body
    return WholeWords(fields["reason"], title, body, versions, deal_ticked(request))


def _words_page(
    request: HttpRequest, pk: int, begun: MergeBeginning, fields: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    one = next(side.one for side in begun.sides if side.one.pk == pk)
    head = begun.sides[0].one
    shown = {
        **words_context(begun, me(request), fields, errors),
        "one": one,
        "way": [*way_here(one.space, one.challenge), (idea_url(one), one.title)],
        "parts_of": [side.one.pk for side in begun.sides if side.one.pk != pk],
        "heads": [
            (_here(pk, begun, side.one), side.one.title, side.one.pk == head.pk)
            for side in sorted(begun.sides, key=lambda side: side.one.pk != pk)
        ],
        "action": reverse("idea-together-words", args=[pk]),
        "back": reverse("idea-together", args=[pk]),
    }
    return render(
        request, "cocreation/together-words.html", shown, using="jinja2", status=422 if errors else 200
    )


def words_context(
    begun: MergeBeginning, member: Member, fields: dict[str, str], errors: dict[str, str]
) -> dict[str, Any]:
    """What the form of the words shows, of a new proposal and of one that is written anew."""
    head = begun.sides[0].one
    prose = prose_of(begun.sides, member)
    names = cocreation.names_of(
        each.handle for side in begun.sides for each in side.authors if each.channel == "estime"
    )
    body = cocreation.mentions_typed_again(begun.body, {**prose.names, **names})
    return {
        "space": head.space,
        "head": head,
        "sides": [side_row(side, head.pk, prose) for side in begun.sides],
        "versions": [(side.one.pk, side.one.version) for side in begun.sides],
        "deal": deal_asked(member, head.challenge),
        "voted": begun.voted.title if begun.voted is not None else "",
        "typed": {"title": begun.title, "body": body, "reason": "", **fields},
        "errors": errors,
        "length": len(body),
    }


def _here(pk: int, begun: MergeBeginning, head: Contribution) -> str:
    others = "".join(f"&with={side.one.pk}" for side in begun.sides if side.one.pk != pk)
    return f"{reverse('idea-together-words', args=[pk])}?head={head.pk}{others}"


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [told for text in _asked(request).getlist(name) if (told := number(text))]


def _asked(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET
