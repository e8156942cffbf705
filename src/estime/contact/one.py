"""One question as its page tells it: its text in its thread, why it is here, and what was done with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import Q, QuerySet

from estime.contact.actions.mark import MAY_HOLD
from estime.contact.models import Entry, Question, Voice
from estime.contact.moments import Moment, moments, patience
from estime.ledger import reading
from estime.people.models import User
from estime.people.roles import PERMISSIONS

BESIDE = 4
"""How many posts of the thread are shown before the question, and how many after it."""


class Post(NamedTuple):
    """One text of the thread. `place`: before, parent, question or after."""

    shown: reading.Shown
    ours: bool
    place: str


class Story(NamedTuple):
    """All that a question's page tells. `url`: where it stands on its channel, if that is known and safe to open."""

    question: Question
    shown: reading.Shown
    channel: str
    posts: list[Post]
    entries: list[Entry]
    due: datetime
    moment: Moment | None
    url: str
    answer: reading.Shown | None


def story(act: int, now: datetime) -> Story | None:
    """A question with everything its page needs, or None when there is none of this number; a fixed number of queries."""
    question = (
        Question.objects.filter(pk=act).select_related("holder", "handed_by", "settled_by").first()
    )
    if question is None:
        return None
    beside = _beside(question)
    acts = reading.acts_shown([question.pk, *beside, *filter(None, [question.answer])])
    shown = acts[question.pk]
    moment = next((place for place in moments(now) if place.channel == question.channel), None)
    return Story(
        question=question,
        shown=shown,
        channel=moment.name if moment else reading.channel_names([question.channel]).get(question.channel, ""),
        posts=_posts(question, shown, acts, beside),
        entries=list(
            Entry.objects.filter(question=question).select_related("by", "to").order_by("-version")[:100]
        ),
        due=question.published + patience(),
        moment=moment,
        url=_url(shown),
        answer=acts.get(question.answer) if question.answer else None,
    )


def _beside(question: Question) -> dict[int, bool]:
    """Acts of the same thread around the question: our posts and others' questions; True for ours."""
    found: dict[int, bool] = {}
    tables: tuple[tuple[QuerySet[Any], str, bool], ...] = (
        (Voice.objects.all(), "seq", True),
        (Question.objects.exclude(pk=question.pk), "act", False),
    )
    for rows, name, ours in tables:
        same = rows.filter(thread=question.thread).exclude(**{name: question.pk})
        before = same.filter(published__lte=question.published).order_by("-published", f"-{name}")
        after = same.filter(published__gt=question.published).order_by("published", name)
        for part in (before, after):
            found |= dict.fromkeys(part.values_list(name, flat=True)[:BESIDE], ours)
    return found


def _posts(
    question: Question, shown: reading.Shown, acts: dict[int, reading.Shown], beside: dict[int, bool]
) -> list[Post]:
    posts = [Post(acts[seq], ours, _side(acts[seq], shown)) for seq, ours in beside.items() if seq in acts]
    parent = None
    if shown.in_reply_to is not None:
        parent = reading.act_named(question.channel, shown.in_reply_to)
    if parent is not None:
        ours = Voice.objects.filter(pk=parent.seq).exists()
        posts = [post for post in posts if post.shown.seq != parent.seq]
        posts.append(Post(parent, ours, "parent"))
    posts.append(Post(shown, False, "question"))
    posts.sort(key=lambda post: (post.shown.published, post.shown.seq))
    here = next(at for at, post in enumerate(posts) if post.place == "question")
    kept = posts[max(0, here - BESIDE) : here + BESIDE + 1]
    left = [post for post in posts if post.place == "parent" and post not in kept]
    return left + kept


def _side(post: reading.Shown, question: reading.Shown) -> str:
    return "before" if (post.published, post.seq) < (question.published, question.seq) else "after"


def _url(shown: reading.Shown) -> str:
    """Where the question stands: the address that the source gave, or its id where that is one."""
    told = orjson.loads(shown.extra) if shown.extra else {}
    inner = told.get("object") if isinstance(told, dict) else None
    listed = [
        told.get("url") if isinstance(told, dict) else None,
        told.get("permalink") if isinstance(told, dict) else None,
        inner.get("url") if isinstance(inner, dict) else None,
        shown.object_id,
    ]
    return next((url for url in listed if isinstance(url, str) and _is_address(url)), "")


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not any(c.isspace() or ord(c) < 32 for c in url)


def colleagues() -> list[User]:
    """Who may be handed a question: those who may answer, by name."""
    roles = sorted(PERMISSIONS[MAY_HOLD])
    return sorted(User.objects.filter(is_active=True, role__in=roles), key=lambda user: str(user).casefold())


class Settled(NamedTuple):
    """A question that somebody took off the list, with its text."""

    question: Question
    text: str | None
    channel: str


def settled_count(state: str) -> int:
    """How many questions stand settled in this way."""
    return Question.objects.filter(state=state).count()


def settled_page(state: str, before: tuple[datetime, int] | None, limit: int) -> list[Settled]:
    """Questions that people settled (`said` or `waived`), the latest first."""
    rows = Question.objects.filter(state=state).select_related("settled_by")
    if before is not None:
        moment, act = before
        rows = rows.filter(settled_at__lte=moment).filter(Q(settled_at__lt=moment) | Q(act__lt=act))
    found = list(rows.order_by("-settled_at", "-act")[:limit])
    return _with_texts(found)


def _with_texts(found: Sequence[Question]) -> list[Settled]:
    acts = reading.acts_shown([question.pk for question in found])
    names = reading.channel_names({question.channel for question in found})
    return [
        Settled(question, acts[question.pk].text if question.pk in acts else None, names.get(question.channel, ""))
        for question in found
    ]
