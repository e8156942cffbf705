"""Forget erased accounts in co-creation: names, words, drafts, pictures, the login, which ballot was theirs.

What stays: that somebody without a name gave, supported, joined, voted (the ballot counts, and nobody can tell whose
it is), and everything that others wrote. Words that somebody wrote together with co-authors who are still there stay
theirs; an improvement that an author adopted is that author's text. What one of the brand's people said for the brand
stays the brand's; their name goes from it. Doing it twice changes nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from estime.cocreation import models as m
from estime.cocreation.delivery import letters_forget
from estime.cocreation.guards import NOBODY
from estime.cocreation.members import CHANNEL
from estime.cocreation.pictures.taking import picture_forget
from estime.cocreation.similar.index import title_remove
from estime.cocreation.similar.settle import titles_settle

BRIEF = dict.fromkeys(("title", *m.BRIEF), "")


def forget_accounts(keys: Sequence[int]) -> int:
    """Forget the members behind these accounts of the ledger; returns how many there were.

    Files go after the rows are committed: a fall in between leaves files that nothing refers to; the sweep of pictures
    takes pictures away, and the next call digests.
    """
    members = list(m.Member.objects.filter(account__in=list(keys)).order_by("pk"))
    if not members:
        return 0
    with transaction.atomic():
        files: list[Callable[[], object]] = []
        for member in members:
            files += _forget(member)
    for remove in files:
        remove()
    titles_settle()  # words that stood in no other title
    return len(members)


def _forget(member: m.Member) -> list[Callable[[], object]]:
    """Blank one member; returns what is to be done with files once that is committed."""
    letters = _letters(member)
    files: list[Callable[[], object]] = [*_pictures(member), partial(letters_forget, letters)]
    _contributions(member)
    _talk(member)
    _opened(member)
    _said(member)
    _spoke(member)
    m.Draft.objects.filter(member=member).delete()
    m.Echo.objects.filter(member=member).delete()
    m.Link.objects.filter(member=member).delete()
    m.Voter.objects.filter(member=member).exclude(last=None).update(last=None)
    m.Follow.objects.filter(member=member).delete()
    m.Notice.objects.filter(member=member).delete()
    m.Echo.objects.filter(member=member).delete()
    handle = member.handle if member.channel == CHANNEL else f"erased-{member.pk}"
    m.Member.objects.filter(pk=member.pk).update(
        user=None, name="", about="", handle=handle, digest="never", digest_due=None, erased=True
    )
    return files


def _contributions(member: m.Member) -> None:
    """Words of which they were the only author left; of those, every version."""
    others = m.Author.objects.filter(accepted__isnull=False, left=None).exclude(member=member)
    own = m.Contribution.objects.filter(author=member).exclude(pk__in=others.values("contribution"))
    numbers = list(own.values_list("pk", flat=True))
    for number in numbers:
        title_remove(number)
    m.Version.objects.filter(contribution__in=numbers).update(title="", body="", note="")
    m.Disowning.objects.filter(member=member).exclude(reason="").update(reason="")
    m.Option.objects.filter(Q(contribution__in=numbers) | Q(by=member)).exclude(title="").update(title="")
    merged = m.Merge.objects.filter(Q(by=member) | Q(head__in=numbers))
    merged.update(title="", body="")
    m.Merge.objects.filter(by=member).update(reason="")
    m.Merge.objects.filter(settled_by=member).exclude(settled_reason="").update(settled_reason=NOBODY)
    m.Contest.objects.filter(member=member).exclude(words="").update(words="")
    m.Contest.objects.filter(answered_by=member).update(name=NOBODY)
    m.Merge.objects.filter(undone_by=member).update(undone_reason="")
    m.Consent.objects.filter(member=member).update(words="")
    m.Edit.objects.filter(comment__contribution__in=numbers).update(title="", body="")
    m.Contribution.objects.filter(pk__in=numbers).update(title="", body="", erased=True)
    _unsourced(m.Contribution.objects.filter(pk__in=numbers))


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


def _letters(member: m.Member) -> list[int]:
    """Digests of theirs, and those of others that may hold their name or a title of theirs."""
    ideas = m.Contribution.objects.filter(Q(author=member) | Q(decisions__by=member) | Q(pledges__by=member))
    asked = m.Interpellation.objects.filter(Q(author=member) | Q(pledges__by=member))
    opened = m.Challenge.objects.filter(owner=member, by_brand=False)
    touched = m.Event.objects.filter(
        Q(by=member)
        | Q(contribution__in=ideas.values("pk"))
        | Q(interpellation__in=asked.values("pk"))
        | Q(challenge__in=opened.values("pk"))
    )
    told = m.Notice.objects.filter(event__in=touched.values("pk"), digest__isnull=False)
    own = m.Digest.objects.filter(member=member)
    return sorted({*told.values_list("digest_id", flat=True), *own.values_list("pk", flat=True)})
