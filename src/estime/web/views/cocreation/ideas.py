"""Lists: what members gave to a challenge or a space; drafts of one's own; newcomers who were not answered yet."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import KIND_NAMES, OUTCOME_NAMES, Challenge, Member, Space
from estime.web.access import needs, open_to_all
from estime.web.addresses import numbered
from estime.web.member_words import Prose, is_new, names_of
from estime.web.taking_part import looking, me, way_here


@require_safe
@open_to_all
@never_cache
def ideas(request: HttpRequest, pk: int) -> HttpResponse:
    """What members gave to a challenge."""
    member = looking(request)
    challenge = cocreation.challenge_opened(pk, member)
    if challenge is None:
        raise Http404(_("There is nothing here."))
    return _list(request, challenge.space, challenge, member)


@require_safe
@open_to_all
@never_cache
def space_ideas(request: HttpRequest, slug: str) -> HttpResponse:
    """What members gave to a space, whatever the challenge."""
    member, space = looking(request), cocreation.space_known(slug)
    if space is None or not cocreation.may_read(space, member):
        raise Http404(_("There is nothing here."))
    return _list(request, space, None, member)


def _list(
    request: HttpRequest, space: Space, challenge: Challenge | None, member: Member | None
) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("order", "kind", "words", "after")}
    wanted = cocreation.Wanted.read(**asked)
    listed = cocreation.contributions_listed(challenge or space, wanted, member)
    prose = Prose((row.text for row in listed.rows), space, member)
    shown = {
        "space": space,
        "challenge": challenge,
        "way": way_here(space, challenge),
        "wanted": wanted,
        "cards": [card(row, prose) for row in listed.rows],
        "every_word": listed.every_word,
        "orders": _orders() if challenge is not None else [],
        "kinds": [("", _("All kinds")), *((kind, str(KIND_NAMES[kind])) for kind in _kinds(challenge))],
        "next": _page(wanted, listed.after),
        "first": _page(wanted, "") if wanted.after else "",
        "may_write": _may_write(challenge, member),
        "write": numbered("write", challenge.pk) if challenge is not None else "",
    }
    return render(request, "cocreation/ideas.html", shown, using="jinja2")


def card(row: cocreation.Row, prose: Prose) -> dict[str, Any]:
    """A contribution as a card of a list shows it."""
    one = row.contribution
    return {
        "pk": one.pk,
        "url": numbered("idea", one.pk),
        "title": one.title,
        "kind": str(KIND_NAMES[one.kind]),
        "by": names_of(row.authors),
        "new": any(is_new(author) for author in row.authors),
        "at": one.at,
        "text": prose.excerpt(row.text),
        "picture": prose.picture(row.text),
        "supports": one.supports,
        "comments": one.comments,
        "mine": row.mine,
        "decision": str(OUTCOME_NAMES[one.decision]) if one.decision else "",
    }


def _orders() -> list[tuple[str, str]]:
    return [
        ("new", _("Newest")),
        ("support", _("Most supported")),
        ("talk", _("Most discussed")),
        ("open", _("Not answered yet")),
    ]


def _kinds(challenge: Challenge | None) -> list[str]:
    return [
        kind for kind in KIND_NAMES if challenge is None or not challenge.kinds or kind in challenge.kinds
    ]


def _page(wanted: cocreation.Wanted, after: str) -> str:
    told = {
        "order": wanted.order if wanted.order != "new" else "",
        "kind": wanted.kind,
        "words": wanted.words,
    }
    query = urlencode({name: value for name, value in {**told, "after": after}.items() if value})
    return f"?{query}"


def _may_write(challenge: Challenge | None, member: Member | None) -> bool:
    """Whether something new can be given now; strangers are shown the way in, too."""
    return challenge is not None and cocreation.phase_now(challenge) == "propose"


@require_safe
@needs("space.take_part")
@never_cache
def drafts(request: HttpRequest) -> HttpResponse:
    """One's own drafts, and what one is asked to write too."""
    member = me(request)
    shown = {
        "drafts": cocreation.drafts_of(member),
        "invitations": cocreation.invitations_of(member),
        "kinds": KIND_NAMES,
    }
    return render(request, "cocreation/drafts.html", shown, using="jinja2")


@require_safe
@needs("space.take_part")
@never_cache
def newcomers(request: HttpRequest, slug: str) -> HttpResponse:
    """First words in a space that nobody answered yet: for whoever wants to say hello."""
    member = me(request)
    space = get_object_or_404(Space, slug=slug)
    if not cocreation.may_read(space, member):
        raise Http404(_("There is nothing here."))
    waiting = cocreation.newcomers_waiting(space, member, limit=30)
    texts = [(each.contribution or each.comment) for each in waiting]
    prose = Prose((one.body for one in texts if one is not None), space, member)
    shown = {
        "space": space,
        "way": way_here(space, None),
        "waiting": [first_words(each, prose) for each in waiting],
    }
    return render(request, "cocreation/newcomers.html", shown, using="jinja2")


def first_words(each: cocreation.FirstWords, prose: Prose) -> dict[str, Any]:
    """Somebody's first words as a list shows them."""
    if each.contribution is not None:
        url, title, text = (
            numbered("idea", each.contribution.pk),
            each.contribution.title,
            each.contribution.body,
        )
        at = each.contribution.at
    else:
        said = each.comment
        assert said is not None  # noqa: S101  one of the two
        url, title, text, at = numbered("comment", said.pk), "", said.body, said.at
    return {
        "name": names_of([each.member]),
        "url": url,
        "title": title,
        "text": prose.excerpt(text, 200),
        "at": at,
    }


def newcomers_context(space: Space, member: Member | None) -> dict[str, Any]:
    """For the page of a space: what `cocreation/_newcomers.html` shows. Nothing for who cannot say hello."""
    waiting = cocreation.newcomers_waiting(space, member, limit=3) if cocreation.is_regular(member) else []
    texts = [(each.contribution or each.comment) for each in waiting]
    prose = Prose((one.body for one in texts if one is not None), space, member)
    thing = cocreation.first_thing(space, member) if member is None or member.spoke is None else None
    return {
        "newcomers": [first_words(each, prose) for each in waiting],
        "newcomers_url": reverse("newcomers", args=[space.slug]),
        "first_thing": thing
        and {
            "what": thing.what,
            "title": thing.contribution.title,
            "url": numbered("idea", thing.contribution.pk) + "#say",
        },
    }
