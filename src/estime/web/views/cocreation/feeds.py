"""Atom feeds of public spaces and challenges: made for whoever asks, the same for everybody."""

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Space
from estime.cocreation.letters import place_path
from estime.web.access import open_to_all
from estime.web.brand import brand_name
from estime.web.frame import language
from estime.web.member_words import name_of

KEPT = 300
"""Seconds for which anybody may keep a feed."""


@require_safe
@open_to_all
def space_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What happens in a space."""
    space = Space.objects.filter(slug=slug, public=True).first()
    if space is None:
        raise Http404(_("There is no such space."))
    return _feed(request, space, space.title, reverse("space", args=[space.slug]))


@require_safe
@open_to_all
def challenge_feed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What happens in a challenge."""
    found = Challenge.objects.select_related("space")
    challenge = found.filter(pk=pk, space__public=True, opened__isnull=False, hidden=False).first()
    if challenge is None:
        raise Http404(_("There is no such challenge."))
    return _feed(request, challenge, challenge.title, reverse("challenge", args=[challenge.pk]))


def _feed(request: HttpRequest, where: Space | Challenge, title: str, page: str) -> HttpResponseBase:
    """The feed, or that it did not change: known by what it holds, so that what was hidden since is fetched anew."""
    entries = cocreation.feed(where)
    newest = entries[0].event.at if entries else (where.created)
    body = _atom(where, entries, (title, page, request.path), newest)
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = tag
    response["Last-Modified"] = newest.strftime("%a, %d %b %Y %H:%M:%S GMT")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    told = get_conditional_response(
        request, etag=tag, last_modified=int(newest.timestamp()), response=response
    )
    return told or response


def _atom(
    where: Space | Challenge, entries: list[cocreation.Entry], heads: tuple[str, str, str], newest: datetime
) -> bytes:
    title, page, own = heads
    lang = language()
    host = urlsplit(cocreation.site_url("/")).hostname or "localhost"
    began = where.created.date().isoformat()
    feed = Atom1Feed(
        title=_clean(title),
        link=cocreation.site_url(page),
        description=None,
        language=lang,
        author_name=_clean(brand_name()),
        feed_url=cocreation.site_url(own),
        feed_guid=f"tag:{host},{began}:{type(where).__name__.lower()}/{where.pk}",
    )
    for entry in entries:
        event = entry.event
        by = name_of(event.by) if event.by is not None else ""
        feed.add_item(
            title=_clean(entry.title),
            link=cocreation.site_url(place_path(entry.place, lang)),
            description=_clean(cocreation.news_words(event, by)),
            unique_id=f"tag:{host},{event.at.date().isoformat()}:event/{event.pk}",
            pubdate=event.at,
            updateddate=event.at,
            author_name=_clean(by) or None,
        )
    feed.latest_post_date = lambda: newest  # type: ignore[method-assign]  # never the present moment: it would change
    return str(feed.writeString("utf-8")).encode()


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")
