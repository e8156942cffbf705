"""One question as its page tells it: its text in its thread, why it is here, and what was done with it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import orjson
from django.db.models import Q

from estime.contact.actions.mark import MAY_HOLD
from estime.contact.models import Entry, Question, Voice
from estime.contact.moments import Moment, moments, patience
from estime.ledger import api as ledger
from estime.people.models import User
from estime.people.roles import PERMISSIONS

BESIDE: Final = 4
"""How many posts of the thread are shown before the question, and how many after it."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Post(NamedTuple):
    """One text of the thread. `place`: before, parent, question or after. `text`: None where it was erased."""

    seq: int
    account: int
    handle: str | None
    published: datetime
    text: str | None
    ours: bool
    place: str


class Story(NamedTuple):
    """All that a question's page tells. `url`: where it stands on its channel, if that is known and safe to open."""

    question: Question
    shown: ledger.Shown
    channel: str
    posts: list[Post]
    entries: list[Entry]
    due: datetime
    moment: Moment | None
    url: str
    answer: ledger.Shown | None


def story(act: int, now: datetime) -> Story | None:
    """A question with all that its page needs, or None where there is none; a fixed number of queries."""
    question = Question.objects.filter(pk=act).select_related("holder", "handed_by", "settled_by").first()
    if question is None:
        return None
    acts = ledger.acts_shown([question.pk, *filter(None, [question.answer])])
    shown = acts[question.pk]
    moment = next((place for place in moments(now) if place.channel == question.channel), None)
    name = moment.name if moment else ledger.channel_names([question.channel]).get(question.channel, "")
    return Story(
        question=question,
        shown=shown,
        channel=name,
        posts=_posts(question, shown, name),
        entries=list(
            Entry.objects.filter(question=question).select_related("by", "to").order_by("-version")[:100]
        ),
        due=question.published + patience(),
        moment=moment,
        url=_url(shown),
        answer=acts.get(question.answer) if question.answer else None,
    )


def _posts(question: Question, shown: ledger.Shown, channel: str) -> list[Post]:
    """The question in its thread: what it replies to, and what was said just before and just after it."""
    around = _around(shown, channel)
    parent = ledger.act_named(question.channel, shown.in_reply_to) if shown.in_reply_to else None
    told: dict[int, ledger.Shown] = {post.seq: post for post in around}
    if parent is not None:
        told[parent.seq] = parent
    told[shown.seq] = shown
    ours = set(Voice.objects.filter(pk__in=list(told)).values_list("seq", flat=True))
    posts = [
        Post(
            post.seq,
            post.account,
            post.handle,
            post.published,
            post.text,
            post.seq in ours,
            _place(post, shown, parent),
        )
        for post in told.values()
    ]
    return sorted(posts, key=lambda post: (post.published, post.seq))


def _around(shown: ledger.Shown, channel: str) -> list[ledger.Shown]:
    """The texts of its thread or room next to it, as far as the index of acts has come."""
    if shown.context is None:
        return []
    told = ledger.ActFilter(
        channel=channel, kinds=("Create",), thread=ledger.Place(shown.channel, shown.context), standing=True
    )
    at = ((shown.published - _EPOCH) // timedelta(microseconds=1), shown.seq)
    seqs = [act.seq for act in ledger.acts_page(told, before=at, limit=BESIDE).acts]
    seqs += [act.seq for act in ledger.acts_page(told, after=at, limit=BESIDE).acts]
    return list(ledger.acts_shown([seq for seq in seqs if seq != shown.seq]).values())


def _place(post: ledger.Shown, question: ledger.Shown, parent: ledger.Shown | None) -> str:
    if post.seq == question.seq:
        return "question"
    if parent is not None and post.seq == parent.seq:
        return "parent"
    return "before" if (post.published, post.seq) < (question.published, question.seq) else "after"


def _url(shown: ledger.Shown) -> str:
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
    acts = ledger.acts_shown([question.pk for question in found])
    names = ledger.channel_names({question.channel for question in found})
    return [
        Settled(
            question, acts[question.pk].text if question.pk in acts else None, names.get(question.channel, "")
        )
        for question in found
    ]
