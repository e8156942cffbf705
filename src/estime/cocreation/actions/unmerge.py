"""Taking apart what was brought together: everything is back in place, and what was given to the whole stays with it.

Words: of the head, those that it would have without this merge (whole_words.py); where a change meets words that go,
nothing is done before somebody decided on them. With nobody left who wrote it, its words go (writerless.py).
Supports and comments stay where they were given; a part that was answered with “brought together” is owed an answer
again. Undone in any order, merges leave no trace but their history.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.edits import Settled
from estime.cocreation.actions.merge_settle import check_words_stay, words_told
from estime.cocreation.actions.merges import LONGEST_REASON, merge_held, parts_of
from estime.cocreation.actions.publish import context_of
from estime.cocreation.actions.versions import From, NewWords, version_add, words_checked
from estime.cocreation.acts import KIND_TYPES, act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed, NotNow
from estime.cocreation.leading import leads_place
from estime.cocreation.merge_news import all_told
from estime.cocreation.models import Contribution, Decision, Member, Merge
from estime.cocreation.together import IN_FORCE, REGRET, below, parents_of, replant, sides_of
from estime.cocreation.whole_words import words_without
from estime.cocreation.writerless import ALL, words_go, writerless
from estime.kernel import clock


def merge_undo(
    by: Member, number: int, reason: str, *, settled: Settled | None = None, when: datetime | None = None
) -> Merge:
    """Undo a merge. `settled`: the head's words as somebody decided, where changes met. Again is harmless.

    Raises `NotAllowed` (neither a lead nor, within 30 days of an agreement, an author of a side), `NotNow` (not in
    force; being voted on), `ChangedMeanwhile` (`data["conflicts"]`: decide on the words), `DealNotAccepted` (whoever
    decides), `WordsMissing`, `NotFound`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    why = check_words(reason, "reason", LONGEST_REASON)
    with transaction.atomic():
        merge, held = merge_held(by, number)
        if merge.state == "undone":
            return merge
        if merge.state not in IN_FORCE:
            raise NotNow(
                _("These are not brought together by this proposal."),
                todo=_("Its page says what became of it."),
            )
        check_undoes(by, merge, held, at)
        head = held[merge.head_id]
        last = writerless(held, parents_without(merge, held), undone=merge.pk)
        words = NewWords("", "") if last.get(head.pk) == ALL else _words(by, merge, head, settled, at)
        check_words_stay(head, words, held)
        merge.state, merge.undone, merge.undone_by, merge.undone_reason = "undone", at, by, why
        merge.by_hand = settled is not None and bool(words.title)
        merge.save(update_fields=["state", "undone", "undone_by", "undone_reason", "by_hand"])
        replant(held)
        if words.title and (words.title, words.body) != (head.title, head.body):
            version_add(head, by, words, at, From(merge=merge))
            words_told(by, head, at, merge)
        words_go(held, last)
        if merge.by.erased:
            Merge.objects.filter(pk=merge.pk).update(title="", body="")
        _told(by, merge, held, at)
        _contests_closed(by, merge, at)
    return merge


def check_undoes(by: Member, merge: Merge, held: Mapping[int, Contribution], at: datetime) -> None:
    """Raises `NotAllowed` for whoever cannot undo it now."""
    head = held[merge.head_id]
    if leads_place(by, head) or (_regrets(merge, at) and sides_of(by, sides_in_force(merge, held))):
        return
    raise NotAllowed(
        _("An author of any side can undo this for 30 days after they agreed; a lead can at any time."),
        todo=_("As an author you can contest it: a lead answers."),
    )


def _regrets(merge: Merge, at: datetime) -> bool:
    return merge.state == "agreed" and merge.settled is not None and at < merge.settled + REGRET


def sides_in_force(merge: Merge, held: Mapping[int, Contribution]) -> dict[int, list[int]]:
    """Each side of a merge with what went into it: parts with what they took along, the head with the rest."""
    parents = parents_of(held)
    parts = parts_of(merge)
    sides = {pk: below(pk, held, parents) for pk in parts}
    gone = {pk for group in sides.values() for pk in group}
    return {merge.head_id: [pk for pk in below(merge.head_id, held, parents) if pk not in gone], **sides}


def _words(by: Member, merge: Merge, head: Contribution, settled: Settled | None, at: datetime) -> NewWords:
    """The head's words from then on. Whoever decides on them gives words, and agrees to the deal with them."""
    if settled is not None:
        if head.challenge is not None:
            deal_agreed(by, head.challenge, settled.deal, when=at)
        if settled.base != head.version:
            raise ChangedMeanwhile(
                _("There is a newer version of this since you began to decide."),
                todo=_("Look at how both go together now."),
                version=head.version,
            )
        return words_checked(NewWords(settled.title, settled.body))
    words = words_without(merge, head)
    if words.conflicts:
        raise ChangedMeanwhile(
            _("What was written since meets words that go."),
            todo=_("Decide on the words that stay, then undo it."),
            conflicts=words.conflicts,
        )
    return NewWords(words.title.text, words.body.text)


def parents_without(merge: Merge, held: Mapping[int, Contribution]) -> dict[int, int]:
    """What each went into, once a merge is undone."""
    freed = {*parts_of(merge)}
    return {pk: head for pk, head in parents_of(held).items() if pk not in freed}


def _told(by: Member, merge: Merge, held: Mapping[int, Contribution], at: datetime) -> None:
    head = held[merge.head_id]
    root = held[head.together_id or head.pk]
    freed = [held[pk] for pk in parts_of(merge)]
    for one in freed:
        if one.decision == "together":
            _answer_owed(one)
        act_write(
            by, "Remove", one, at, object_type=KIND_TYPES[one.kind], context=context_of(one),
            content=merge.undone_reason, extra={"merge": f"merge/{merge.pk}", "origin": object_id(head)},
        )  # fmt: skip
    all_told("unmerged", by, at, [root, *freed], also=[merge.by], merge=merge.pk)


def _answer_owed(one: Contribution) -> None:
    """“Brought together” holds no more: what it was told before, if anything, holds again."""
    told = list(Decision.objects.filter(contribution=one).exclude(outcome="together").order_by("number"))
    one.decision = told[-1].outcome if told else ""
    one.answered = told[0].at if told else None
    one.save(update_fields=["decision", "answered"])


def _contests_closed(by: Member, merge: Merge, at: datetime) -> None:
    """Whatever was said against it is answered by undoing it."""
    merge.contests.filter(answered=None).update(
        answer=merge.undone_reason, answered=at, answered_by=by, name=by.name or by.handle
    )
