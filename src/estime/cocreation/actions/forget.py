"""Forget erased accounts in co-creation: names, words, drafts, pictures, the login, which ballot was theirs.

What stays: that somebody without a name gave, supported, joined, voted (what becomes of the ballot: ballots_leave.py),
and everything that others wrote. Words that somebody wrote together with co-authors who are still there stay
theirs, and so do the joint words of what was brought together (writerless.py); an improvement that an author adopted is
that author's text. What one of the brand's people said for the brand
stays the brand's; their name goes from it. Doing it twice changes nothing.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from estime.cocreation import models as m
from estime.cocreation.actions.ballots_leave import ballots_leave
from estime.cocreation.actions.merge_leaving import held_with_proposals, proposals_close, proposals_settle
from estime.cocreation.delivery import letters_forget
from estime.cocreation.guards import NOBODY
from estime.cocreation.members import CHANNEL
from estime.cocreation.pictures.taking import picture_forget
from estime.cocreation.similar.settle import titles_settle
from estime.cocreation.together import IN_FORCE, parents_of
from estime.cocreation.writerless import all_of, words_go, writerless
from estime.kernel import clock
from estime.people.api import User

BRIEF = dict.fromkeys(("title", *m.BRIEF), "")


def forget_accounts(keys: Sequence[int]) -> int:
    """Forget the members behind these accounts of the ledger; returns how many there were.

    Files go after the rows are committed: a fall in between leaves files that nothing refers to; the sweep of pictures
    takes pictures away, and the next call digests.
    """
    members = list(m.Member.objects.filter(account__in=list(keys)).order_by("pk"))
    _forgotten(members)
    _logins_off(members)
    return len(members)


def forget_login(user: User, *, last: bool) -> None:
    """Forget the member that a login is here, whether they ever did anything or not.

    Until the `last` time they stay its member: an erasure that was cut off finds them again.
    """
    members = list(m.Member.objects.filter(user=user))
    _forgotten(members)
    if last:
        _logins_off(members)


def _logins_off(members: Sequence[m.Member]) -> None:
    """Who signs in with that login from now on is somebody new."""
    m.Member.objects.filter(pk__in=[member.pk for member in members]).update(user=None)


def _forgotten(members: Sequence[m.Member]) -> None:
    if not members:
        return
    ballots_leave(members)
    with transaction.atomic():
        held = held_with_proposals(_written(members), by=members)
        last = writerless(held, parents_of(held), gone=[member.pk for member in members])
        files: list[Callable[[], object]] = [partial(letters_forget, _letters(members, last))]
        words_go(held, last)
        proposals_close(held, members, clock.now())
        _unsourced(m.Contribution.objects.filter(pk__in=all_of(last)))
        _together(members)
        for member in members:
            files += _forget(member)
        proposals_settle(held, clock.now())
    for remove in files:
        remove()
    titles_settle()  # words that stood in no other title


def _forget(member: m.Member) -> list[Callable[[], object]]:
    """Blank one member; returns what is to be done with files once that is committed."""
    files = _pictures(member)
    _talk(member)
    _opened(member)
    _said(member)
    _spoke(member)
    m.Draft.objects.filter(member=member).delete()
    m.Follow.objects.filter(member=member).delete()
    m.Notice.objects.filter(member=member).delete()
    m.Echo.objects.filter(member=member).delete()
    handle = member.handle if member.channel == CHANNEL else f"erased-{member.pk}"
    m.Member.objects.filter(pk=member.pk).update(
        name="", about="", handle=handle, digest="never", digest_due=None, erased=True
    )
    return files


def _written(members: Sequence[m.Member]) -> set[int]:
    """What they are or were authors of."""
    own = m.Author.objects.filter(member__in=members, accepted__isnull=False)
    first = m.Contribution.objects.filter(author__in=members)
    return {*own.values_list("contribution_id", flat=True), *first.values_list("pk", flat=True)}


def _together(members: Sequence[m.Member]) -> None:
    """What they said about versions and about bringing together. Words in force are those of all who agreed to them."""
    m.Disowning.objects.filter(member__in=members).exclude(reason="").update(reason="")
    m.Option.objects.filter(by__in=members).exclude(title="").update(title="")
    m.Merge.objects.filter(by__in=members).update(reason="")
    m.Merge.objects.filter(by__in=members).exclude(state__in=IN_FORCE).update(title="", body="")
    m.Merge.objects.filter(settled_by__in=members).exclude(settled_reason="").update(settled_reason=NOBODY)
    m.Contest.objects.filter(member__in=members).exclude(words="").update(words="")
    m.Contest.objects.filter(answered_by__in=members).update(name=NOBODY)
    m.Merge.objects.filter(undone_by__in=members).update(undone_reason="")
    m.Consent.objects.filter(member__in=members).update(words="")


def _unsourced(rows: QuerySet[m.Contribution] | QuerySet[m.Comment]) -> None:
    """What came from elsewhere had an id there, by which it could be found again."""
    elsewhere = rows.exclude(channel__in=("", CHANNEL))
    elsewhere.update(source=Concat(Value("erased/"), Cast("pk", CharField())))


def _talk(member: m.Member) -> None:
    comments = m.Comment.objects.filter(by=member)
    m.Wording.objects.filter(comment__in=comments).exclude(body="").update(body="")
    m.Edit.objects.filter(comment__in=comments).update(title="", body="")
    m.Edit.objects.filter(settled_by=member).update(reason="")
    comments.update(body="", erased=True)
    _unsourced(m.Comment.objects.filter(by=member))


def _opened(member: m.Member) -> None:
    """Questions that they asked, challenges that they opened as a member: the words; answers and votes stay."""
    m.Interpellation.objects.filter(author=member).update(title="", body="", erased=True)
    own = m.Challenge.objects.filter(owner=member, by_brand=False)
    own.filter(cancelled_by=member).update(erased=True, cancel_reason=NOBODY)
    own.update(**BRIEF, erased=True)
    m.Extension.objects.filter(by=member, phase__challenge__in=own).update(reason=NOBODY)


def _said(member: m.Member) -> None:
    """What they said to moderators and about votes."""
    m.Objection.objects.filter(member=member).update(words="")
    m.Report.objects.filter(member=member).update(words="")
    m.Appeal.objects.filter(member=member).update(words="")


def _spoke(member: m.Member) -> None:
    """Their name under what they said for the brand."""
    spoken: tuple[
        QuerySet[m.Decision] | QuerySet[m.Pledge] | QuerySet[m.Answer] | QuerySet[m.Outcome], ...
    ] = (
        m.Decision.objects.filter(by=member),
        m.Pledge.objects.filter(by=member),
        m.Answer.objects.filter(by=member),
        m.Outcome.objects.filter(by=member),
    )
    for rows in spoken:
        rows.exclude(name=NOBODY).update(name=NOBODY)
    m.Override.objects.filter(by=member).exclude(name=NOBODY).update(name=NOBODY)
    m.Hiding.objects.filter(by=member).exclude(name=NOBODY).update(name=NOBODY)
    m.Objection.objects.filter(answered_by=member).exclude(name=NOBODY).update(name=NOBODY)


def _pictures(member: m.Member) -> list[Callable[[], object]]:
    """Their pictures go, and the files of those that nobody else brought too."""
    own = m.Picture.objects.filter(owner=member)
    hashes = set(own.exclude(sha256="").values_list("sha256", flat=True))
    own.update(hidden=True, alt="", sha256="")
    others = set(m.Picture.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    files: list[Callable[[], object]] = [
        partial(picture_forget, digest) for digest in sorted(hashes - others)
    ]
    return files


def _letters(members: Sequence[m.Member], words: Collection[int]) -> list[int]:
    """Digests of theirs, and those of others that may hold their name or a title of theirs."""
    ideas = m.Contribution.objects.filter(
        Q(author__in=members) | Q(pk__in=words) | Q(decisions__by__in=members) | Q(pledges__by__in=members)
    )
    asked = m.Interpellation.objects.filter(Q(author__in=members) | Q(pledges__by__in=members))
    opened = m.Challenge.objects.filter(owner__in=members, by_brand=False)
    touched = m.Event.objects.filter(
        Q(by__in=members)
        | Q(contribution__in=ideas.values("pk"))
        | Q(interpellation__in=asked.values("pk"))
        | Q(challenge__in=opened.values("pk"))
    )
    told = m.Notice.objects.filter(event__in=touched.values("pk"), digest__isnull=False)
    own = m.Digest.objects.filter(member__in=members)
    return sorted({*told.values_list("digest_id", flat=True), *own.values_list("pk", flat=True)})
