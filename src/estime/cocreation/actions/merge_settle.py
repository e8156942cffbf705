"""A merge comes into force: what it takes, and what it does. Called with every contribution concerned held.

1. Nothing that belongs to one contribution moves to another: `together` and two counts are all that changes of a part.
2. The head gets the agreed words as a version of its own, whose `merge` says where they come from.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from estime.cocreation.actions.publish import content_of
from estime.cocreation.actions.versions import From, NewWords, version_add, words_checked
from estime.cocreation.acts import KIND_TYPES, act_write, object_id
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed, NotNow
from estime.cocreation.merge_news import all_told
from estime.cocreation.models import Author, Contribution, Member, Merge
from estime.cocreation.standing import SUPPORT, check_stands, check_time
from estime.cocreation.together import MOST, replant, voted_on
from estime.cocreation.whole_words import words_agreed


def check_joins(held: Mapping[int, Contribution], head: int, parts: Sequence[int], at: datetime) -> None:
    """Raises `NotNow` or `NotAllowed` unless all of these can go together now."""
    whole = held[head]
    for one in (whole, *(held[pk] for pk in parts)):
        if (one.space_id, one.challenge_id) != (whole.space_id, whole.challenge_id):
            raise NotAllowed(
                _("“%(title)s” belongs to another challenge.") % {"title": one.title},
                todo=_("What goes together answers the same challenge; you can build on it instead."),
            )
        check_stands(one)
        if one.together_id is not None:
            raise NotNow(
                _("“%(title)s” was brought together with others already.") % {"title": one.title},
                todo=_("Bring the whole that it belongs to together with this one."),
                contribution=one.together_id,
            )
    if len(held) > MOST:
        raise NotAllowed(
            _("Together these would be %(number)s contributions, and at most %(most)s are shown as one.")
            % {"number": len(held), "most": MOST},
            todo=_("Leave some out."),
        )
    check_time(whole, *SUPPORT, at=at)


def check_words_stay(head: Contribution, words: NewWords, held: Mapping[int, Contribution]) -> None:
    """Raises `NotNow` if words would change while they are being voted on."""
    if (words.title, words.body) == (head.title, head.body):
        return
    poll = voted_on(held.keys())
    if poll is not None:
        raise NotNow(
            _("This is being voted on, in “%(vote)s”: its words do not change until that is closed.")
            % {"vote": poll.title},
            todo=_("Bring them together with the words that stand now, or come back after the vote."),
            poll=poll.pk,
            closes=poll.closes.isoformat(),
        )


def merge_settle(
    merge: Merge,
    held: Mapping[int, Contribution],
    by: Member,
    at: datetime,
    *,
    state: str = "agreed",
    reason: str = "",
) -> None:
    """Carry a proposal out. Raises `ChangedMeanwhile` where its words do not go together with newer ones any more."""
    head = held[merge.head_id]
    parts = list(merge.parts.order_by("contribution_id").values_list("contribution_id", flat=True))
    check_joins(held, merge.head_id, parts, at)
    words = _words(merge, held)
    check_words_stay(head, words, held)
    all_told("merged", by, at, [head, *(held[pk] for pk in parts)], also=[merge.by], merge=merge.pk)
    merge.state, merge.settled, merge.settled_by, merge.settled_reason = state, at, by, reason
    merge.before = head.version
    merge.save(update_fields=["state", "settled", "settled_by", "settled_reason", "before"])
    if (words.title, words.body) != (head.title, head.body):
        version_add(head, merge.by, words, at, From(contributor=_contributor(merge, held), merge=merge))
        words_told(by, head, at, merge)
    replant(held)
    for pk in parts:
        act_write(
            by, "Add", held[pk], at, object_type=KIND_TYPES[held[pk].kind], context=_context(head),
            content=reason or None, extra={"merge": f"merge/{merge.pk}", "target": object_id(head)},
        )  # fmt: skip


def _words(merge: Merge, held: Mapping[int, Contribution]) -> NewWords:
    words = words_agreed(merge, held) if merge.title else None
    if words is None or words.conflicts:
        raise ChangedMeanwhile(
            _("What was written since this was proposed does not go together with its words."),
            todo=_("Whoever proposed it can write them anew; or refuse it, and propose your own."),
            conflicts=words.conflicts if words is not None else 0,
        )
    return words_checked(NewWords(words.title.text, words.body.text))


def _contributor(merge: Merge, held: Mapping[int, Contribution]) -> Member | None:
    """Whoever wrote the words, where they are an author of no side: named as having improved it."""
    own = Author.objects.filter(contribution__in=held, member=merge.by, accepted__isnull=False, left=None)
    return None if own.exists() else merge.by


def words_told(by: Member, head: Contribution, at: datetime, merge: Merge) -> None:
    """The act of a version that a merge, or its undoing, brought."""
    act_write(
        by, "Update", head, at, object_type=KIND_TYPES[head.kind], context=_context(head),
        content=content_of(head), extra={"merge": f"merge/{merge.pk}"},
    )  # fmt: skip


def _context(contribution: Contribution) -> str | None:
    return object_id(contribution.challenge) if contribution.challenge is not None else None
