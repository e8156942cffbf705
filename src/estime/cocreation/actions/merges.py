"""Bringing together is proposed by anyone, and agreed by all authors of every side; one author's no ends it.

Whoever cannot sign in any more is waited for no longer; a side that nobody is left of is for a lead to decide about.

Every deed on a proposal holds all contributions it concerns, in the order of their numbers, and then the proposal: of
two that touch the same contribution at once one comes first, and the other is told what happened.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.merge_settle import check_joins, check_words_stay, merge_settle
from estime.cocreation.actions.versions import NewWords, words_checked
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed, NotFound, NotNow
from estime.cocreation.limits import check_limits, check_links
from estime.cocreation.mentions import mentions_find
from estime.cocreation.merge_news import all_told
from estime.cocreation.models import Author, Consent, Contribution, Member, Merge, MergePart
from estime.cocreation.standing import may_read, not_found
from estime.cocreation.texts.wording import paragraphs
from estime.cocreation.together import answering_of, group_in, groups_held, sides_of
from estime.kernel import clock

MOST_PARTS: Final = 10
"""Contributions that one proposal brings into another."""
LONGEST_REASON: Final = 4_000


class WholeWords(NamedTuple):
    """What the contributions are to become: `title` and `body` of the head, made from these `versions` (by number of
    the contribution), and why. Names in the body are found among the sides' authors first. `deal`: as in `Offer`."""

    reason: str
    title: str
    body: str
    versions: Mapping[int, int]
    deal: int = 0


def merge_propose(
    by: Member, head: int, parts: Sequence[int], whole: WholeWords, *, when: datetime | None = None
) -> Merge:
    """Propose to bring `parts` into `head`. An author agrees for their sides by proposing; of all, and it is done.

    The same proposal sent twice is one. Raises `NotFound`, `NotAllowed` (another challenge, too many), `NotNow`
    (withdrawn, hidden, in something else already, proposed already, not the time), `DealNotAccepted`,
    `ChangedMeanwhile`, `WordsMissing`, `WordsTooMany`, `SlowDown`, `LinksMany`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    others = sorted({*parts} - {head})
    reason = check_words(whole.reason, "reason", LONGEST_REASON)
    with transaction.atomic():
        check_limits(by, "proposals", at)
        held = groups_held([head, *others])
        if not may_read(held[head].space, by):
            raise not_found()
        known = _known(by, head, others)
        if known is not None:
            return known
        _check_sides(held, head, others, at)
        words = _words(by, held, [head, *others], whole, at)
        check_words_stay(held[head], words, held)
        merge = Merge.objects.create(
            head_id=head, by=by, reason=reason, title=words.title, body=words.body, base=held[head].version, at=at
        )  # fmt: skip
        MergePart.objects.bulk_create(
            MergePart(merge=merge, contribution_id=pk, base=held[pk].version) for pk in others
        )
        _offered(merge, held, [head, *others], source_id=f"merge/{merge.pk}")
        _agreed(by, merge, held, at)
    return merge


def _known(by: Member, head: int, parts: list[int]) -> Merge | None:
    """The same proposal, still open. Raises `NotNow` where somebody else made it, or the other way round."""
    wanted = {head, *parts}
    open_ones = Merge.objects.filter(state="proposed", parts__contribution__in=wanted).distinct()
    for merge in open_ones.order_by("pk"):
        if {merge.head_id, *merge.parts.values_list("contribution_id", flat=True)} != wanted:
            continue
        if merge.by_id == by.pk and merge.head_id == head:
            return merge
        raise NotNow(
            _("It is proposed already to bring these together."),
            todo=_("Look at that proposal."),
            merge=merge.pk,
        )
    return None


def _check_sides(held: Mapping[int, Contribution], head: int, parts: list[int], at: datetime) -> None:
    if not parts:
        raise NotFound(_("Nothing is chosen yet."), todo=_("Choose what goes together with it."))
    if len(parts) > MOST_PARTS:
        raise NotAllowed(
            _("At most %(most)s go into another at once.") % {"most": MOST_PARTS},
            todo=_("Bring the closest ones together first."),
        )
    check_joins(held, head, parts, at)


def _words(
    by: Member, held: Mapping[int, Contribution], sides: list[int], whole: WholeWords, at: datetime
) -> NewWords:
    """The words as they are kept. Raises `ChangedMeanwhile` if a side has newer ones than those they were made from."""
    changed = [pk for pk in sides if whole.versions.get(pk) != held[pk].version]
    if changed:
        raise ChangedMeanwhile(
            _("There is a newer version of “%(title)s” since you began to write.")
            % {"title": held[changed[0]].title},
            todo=_("Look at what it says now; your words stand below."),
            contribution=changed[0],
        )
    challenge = held[sides[0]].challenge
    if challenge is not None:
        deal_agreed(by, challenge, whole.deal, when=at)
    handles = Author.objects.filter(contribution__in=held, accepted__isnull=False)
    chosen = list(handles.values_list("member__handle", flat=True))
    words = words_checked(NewWords(whole.title, mentions_find(whole.body, held[sides[0]], chosen)))
    known = {part.text.strip() for pk in sides for part in paragraphs(held[pk].body)}
    own = [part.text for part in paragraphs(words.body) if part.text.strip() not in known]
    check_links(by, "\n\n".join([whole.reason, *own]), "body", at)  # links of the sides are theirs
    return words


def _offered(
    merge: Merge, held: Mapping[int, Contribution], sides: list[int], source_id: str | None = None
) -> None:
    by, head = merge.by, held[merge.head_id]
    act_write(
        by, "Offer", f"merge/{merge.pk}", merge.at, object_type="Relationship", context=_context(head),
        content=merge.reason, source_id=source_id,
        extra={"head": object_id(head), "parts": [object_id(held[pk]) for pk in sides if pk != head.pk]},
    )  # fmt: skip
    all_told("merge_proposed", by, merge.at, [held[pk] for pk in sides], merge=merge.pk)


def merge_reword(by: Member, number: int, whole: WholeWords, *, when: datetime | None = None) -> Merge:
    """Write the words of one's own proposal anew: whoever agreed to the former ones is asked again.

    Raises as `merge_propose` does, `NotNow` once it is settled.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    reason = check_words(whole.reason, "reason", LONGEST_REASON)
    with transaction.atomic():
        check_limits(by, "rewordings", at)
        merge, held = merge_held(by, number)
        if merge.by_id != by.pk:
            raise NotAllowed(
                _("Whoever proposed it writes its words."), todo=_("You can refuse it, and propose your own.")
            )
        check_open(merge)
        parts = parts_of(merge)
        check_joins(held, merge.head_id, parts, at)
        words = _words(by, held, [merge.head_id, *parts], whole, at)
        check_words_stay(held[merge.head_id], words, held)
        bases = {pk: held[pk].version for pk in (merge.head_id, *parts)}
        known = {merge.head_id: merge.base, **dict(merge.parts.values_list("contribution_id", "base"))}
        if (words.title, words.body, reason, bases) == (merge.title, merge.body, merge.reason, known):
            return merge
        merge.title, merge.body, merge.reason, merge.base = (
            words.title,
            words.body,
            reason,
            bases[merge.head_id],
        )
        merge.save(update_fields=["title", "body", "reason", "base"])
        for part in merge.parts.all():
            part.base = bases[part.contribution_id]
            part.save(update_fields=["base"])
        merge.consents.all().delete()
        _offered(merge, held, [merge.head_id, *parts])
        _agreed(by, merge, held, at)
    return merge


def merge_agree(by: Member, number: int, *, when: datetime | None = None) -> Merge:
    """Agree, for every side that one is an author of; with the last author it is done. Again is harmless.

    Raises `NotAllowed` (not an author), `NotNow` (settled, or it cannot be done any more), `ChangedMeanwhile` where
    what was written since does not go together with the words of the whole, `NotFound`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        merge, held = merge_held(by, number)
        if merge.state == "agreed" and merge.consents.filter(member=by, agrees=True).exists():
            return merge
        check_open(merge)
        if not _agreed(by, merge, held, at):
            raise NotAllowed(
                _("Their authors agree to that, and you are none of them."),
                todo=_("Say below one of them what you think of it."),
            )
    return merge


def _agreed(by: Member, merge: Merge, held: Mapping[int, Contribution], at: datetime) -> bool:
    """Note a yes; with all authors', bring them together. False for whoever is an author of none."""
    sides = sides_held(merge, held)
    mine = sides_of(by, sides)
    for side in mine:
        _row, fresh = Consent.objects.get_or_create(
            merge=merge, contribution_id=side, member=by, defaults={"agrees": True, "at": at}
        )
        if fresh:
            act_write(
                by, "Accept", f"merge/{merge.pk}", at, object_type="Relationship",
                context=_context(held[side]), extra={"side": object_id(held[side])},
            )  # fmt: skip
    if mine and not waits_for_authors(merge, sides):
        merge_settle(merge, held, by, at)
    return bool(mine)


def waits_for_authors(merge: Merge, sides: Mapping[int, Collection[int]]) -> bool:
    """Whether somebody's yes is missing: of every side at least one, and of all its authors who can still sign in."""
    said: dict[int, set[int]] = {side: set() for side in sides}
    for side, member in merge.consents.filter(agrees=True).values_list("contribution_id", "member_id"):
        said[side].add(member)
    asked = answering_of(sides)
    return any(not said[side] or asked[side] - said[side] for side in sides)


def merge_refuse(by: Member, number: int, words: str = "", *, when: datetime | None = None) -> Merge:
    """Say no, as an author of a side: that ends the proposal. Again is harmless.

    Raises `NotAllowed` (not an author), `NotNow` (settled otherwise), `NotFound`, `WordsTooMany`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    why = check_words(words, "words", LONGEST_REASON, needed=False)
    with transaction.atomic():
        merge, held = merge_held(by, number)
        if merge.state == "declined" and merge.settled_by_id == by.pk:
            return merge
        check_open(merge)
        mine = sides_of(by, sides_held(merge, held))
        if not mine:
            raise NotAllowed(
                _("Their authors say yes or no to that, and you are none of them."),
                todo=_("Say below one of them what you think of it."),
            )
        for side in mine:
            Consent.objects.update_or_create(
                merge=merge, contribution_id=side, member=by,
                defaults={"agrees": False, "words": why, "at": at},
            )  # fmt: skip
        act_write(
            by, "Reject", f"merge/{merge.pk}", at, object_type="Relationship",
            context=_context(held[merge.head_id]), content=why or None,
        )  # fmt: skip
        merge_close(merge, held, by, why, at)
    return merge


def merge_withdraw(by: Member, number: int, *, when: datetime | None = None) -> Merge:
    """Take one's own proposal back. Again is harmless. Raises `NotAllowed`, `NotNow` (settled), `NotFound`."""
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        merge, held = merge_held(by, number)
        if merge.by_id != by.pk:
            raise NotAllowed(_("Somebody else proposed this."), todo=_("As an author you can refuse it."))
        if merge.state == "declined" and merge.settled_by_id == by.pk:
            return merge
        check_open(merge)
        act_write(
            by, "Remove", f"merge/{merge.pk}", at, object_type="Relationship",
            context=_context(held[merge.head_id]),
        )  # fmt: skip
        merge_close(merge, held, by, "", at)
    return merge


def merge_close(
    merge: Merge, held: Mapping[int, Contribution], by: Member, reason: str, at: datetime
) -> None:
    """A proposal ends without being carried out."""
    merge.state, merge.settled, merge.settled_by, merge.settled_reason = "declined", at, by, reason
    merge.save(update_fields=["state", "settled", "settled_by", "settled_reason"])
    sides = [held[pk] for pk in (merge.head_id, *parts_of(merge))]
    all_told("merge_declined", by, at, sides, also=[merge.by], merge=merge.pk)


def merge_held(by: Member, number: int) -> tuple[Merge, dict[int, Contribution]]:
    """A merge with all contributions that it concerns, held. Raises `NotFound`."""
    sides = Merge.objects.filter(pk=number).values_list("head_id", flat=True)
    numbers = [*sides, *MergePart.objects.filter(merge=number).values_list("contribution_id", flat=True)]
    if not numbers:
        raise not_found()
    held = groups_held(numbers)
    merge = Merge.objects.select_for_update(of=("self",)).select_related("by__user").get(pk=number)
    if not may_read(held[merge.head_id].space, by):
        raise not_found()
    return merge, held


def parts_of(merge: Merge) -> list[int]:
    """The numbers of what goes into the head."""
    return list(merge.parts.order_by("contribution_id").values_list("contribution_id", flat=True))


def sides_held(merge: Merge, held: Mapping[int, Contribution]) -> dict[int, Collection[int]]:
    """Each side of a proposal with everything that was brought together into it."""
    return {pk: group_in(held, pk) for pk in (merge.head_id, *parts_of(merge))}


def check_open(merge: Merge) -> None:
    """Raises `NotNow` once a proposal is settled."""
    if merge.state != "proposed":
        raise NotNow(_("This proposal is settled already."), todo=_("Its page says what became of it."))


def _context(contribution: Contribution) -> str | None:
    return object_id(contribution.challenge) if contribution.challenge is not None else None
