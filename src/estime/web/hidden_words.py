"""What was reported and hidden, in words: the line in the place of something hidden; a thing as moderators read it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from estime.cocreation import api as cocreation
from estime.cocreation.api import (
    REASON_NAMES,
    Challenge,
    Comment,
    Contribution,
    Hideable,
    Hiding,
    Interpellation,
    Member,
    Picture,
)
from estime.web.addresses import numbered
from estime.web.challenge_words import BRIEF_NAMES
from estime.web.frame import may
from estime.web.member_words import Prose, comment_url, name_of, names_of
from estime.web.moments import day
from estime.web.taking_part import idea_url


def hidden_told(hiding: Hiding | None) -> str:
    """“Hidden by Nora on 3 March 2026: tells something private about somebody. …”: what stands where it stood."""
    if hiding is None:
        return _("This is hidden.")
    reason = str(REASON_NAMES[hiding.reason])
    return _("Hidden by %(name)s on %(day)s: %(reason)s. %(words)s") % {
        "name": hiding.name,
        "day": day(hiding.at),
        "reason": reason[:1].lower() + reason[1:],
        "words": hiding.words,
    }


def hidden_url(thing: Hideable, hiding: Hiding | None, member: Member | None, *, mine: bool) -> str:
    """Where whoever wrote it reads why and can appeal, and where moderators look; empty for all others.

    What is hidden with its challenge has no appeal of its own: its challenge says why.
    """
    if member is None or hiding is None:
        return ""
    if hiding.challenge_id is not None and not isinstance(thing, Challenge):
        return reverse("challenge", args=[hiding.challenge_id])
    if mine:
        return reverse("hidden", args=[hiding.pk])
    return look_url(thing) if member.may("moderation.act") else ""


def look_url(thing: Hideable) -> str:
    """The page of a thing for moderators."""
    return _kind_url("moderation-look", thing)


def _kind_url(name: str, thing: Hideable) -> str:
    kind, key = cocreation.kind_of(thing), thing.pk
    return numbered(name, key, kind) if isinstance(key, int) else reverse(name, args=[kind, str(key)])


def report_url(request: HttpRequest, thing: Hideable) -> str:
    """Where somebody reports a thing; a moderator looks at it at once. Empty for strangers."""
    if may(request, "moderation.act"):
        return look_url(thing)
    if not may(request, "space.take_part"):
        return ""
    return _kind_url("report", thing)


def thing_url(thing: Hideable) -> str:
    """The page that it stands on; empty where nothing shows it any more."""
    if isinstance(thing, Contribution):
        return idea_url(thing)
    if isinstance(thing, Comment):
        return comment_url(thing)
    if isinstance(thing, Interpellation):
        return reverse("interpellation", args=[thing.pk])
    if isinstance(thing, Challenge):
        return numbered("challenge", thing.pk)
    where = cocreation.where_of(thing)
    if where is None:
        return ""
    return reverse("challenge", args=[where.pk]) if isinstance(where, Challenge) else thing_url(where)


def kind_told(thing: Hideable) -> str:
    if isinstance(thing, Contribution):
        return str(cocreation.KIND_NAMES[thing.kind])
    if isinstance(thing, Comment):
        return str(cocreation.INTENT_NAMES[thing.intent])
    return kind_name(cocreation.kind_of(thing))


def kind_name(kind: str) -> str:
    """A kind alone, where the thing itself is not to be shown."""
    return {
        "contribution": _("Contribution"),
        "comment": _("Comment"),
        "interpellation": _("Question to the brand"),
        "challenge": _("Challenge"),
        "picture": _("Picture"),
    }[kind]


def thing_told(thing: Hideable, member: Member) -> dict[str, Any]:
    """A thing whole, for whoever reports, judges or wrote it: `html` its words, `picture` an address."""
    body = _brief(thing) if isinstance(thing, Challenge) else cocreation.words_of(thing)
    edit = getattr(thing, "edit", None) if isinstance(thing, Comment) else None
    texts = [body, *([edit.body] if edit is not None else [])]
    prose = Prose(texts, cocreation.space_of(thing), member, hidden=member.may("moderation.act"))
    return {
        "kind": kind_told(thing),
        "title": getattr(thing, "title", ""),
        "html": prose.html(body) if body else "",
        "edit": {"title": edit.title, "html": prose.html(edit.body)} if edit is not None else None,
        "picture": {"url": reverse("picture", args=[thing.pk]), "alt": thing.alt, "width": thing.width,
                    "height": thing.height} if isinstance(thing, Picture) else None,
        "by": names_of(cocreation.authors_of(thing)),
        "at": cocreation.said_at(thing),
        "url": thing_url(thing),
        "hidden": thing.hidden,
        "before": reverse("comment-wordings", args=[thing.pk]) if getattr(thing, "edited", None) else "",
    }  # fmt: skip


def _brief(challenge: Challenge) -> str:
    """What a challenge says, each part below its name."""
    parts = [(name, getattr(challenge, key, "")) for key, name in BRIEF_NAMES.items() if key != "answer_by"]
    return "\n\n".join(f"**{name}**\n\n{words}" for name, words in parts if words)


def excerpt_told(thing: Hideable, length: int = 200) -> str:
    """A line of what a thing says."""
    if isinstance(thing, Picture):
        return thing.alt
    title = getattr(thing, "title", "")
    return title or cocreation.markdown_excerpt(cocreation.words_of(thing), length)


def who_told(member: Member | None) -> str:
    return name_of(member) if member is not None else _("Somebody who left")
