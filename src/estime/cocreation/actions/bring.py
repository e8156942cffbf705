"""Bring a challenge in that was lived elsewhere: whole, in its own time, with people who have no login here.

1. One transaction: the acts go to the ledger under the names that `estime import` gives them, and the challenge is
   made of what the ledger took. What it refused, or what somebody had erased, is not in the challenge either.
2. The same again changes nothing; a later export of the same challenge adds what is new. A vote that is closed gains
   nothing: what came to it since is refused, row by row.
3. Nothing is promised by it: it has no deal and no date by which it is answered, binds nobody, owes nothing. What its
   site answered stands as that site's answer, by nobody of ours.
4. Its ballots are not secret: whoever published the source published who chose what.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.bring_answers import answers_bring, coauthors_bring
from estime.cocreation.actions.bring_checks import rows_checked
from estime.cocreation.actions.bring_things import comments_bring, contributions_bring, supports_bring
from estime.cocreation.actions.bring_votes import votes_bring
from estime.cocreation.actions.closing import poll_close, poll_seal
from estime.cocreation.actions.counting import poll_count
from estime.cocreation.actions.spaces import slug_of
from estime.cocreation.bringing import About, Brings, Brought, Given
from estime.cocreation.checks import check_may
from estime.cocreation.errors import Taken
from estime.cocreation.models import (
    Author,
    Challenge,
    Comment,
    Contribution,
    Member,
    Phase,
    Poll,
    Space,
    Voter,
)
from estime.cocreation.news import event_tell
from estime.cocreation.similar.settle import titles_settle
from estime.cocreation.vocabulary import KINDS
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.ledger.api import ActDraft

AT_ONCE: Final = 50_000
"""Acts that go to the ledger in one batch."""
MOMENT: Final = timedelta(seconds=1)


def challenge_bring(
    by: Member | None,
    space: Space,
    channel: str,
    about: About,
    rows: Sequence[Brings],
    *,
    dry_run: bool = False,
) -> Brought:
    """Bring a challenge into a space. `by` None: whoever holds the machine. Twice is once.

    `dry_run`: everything is tried and nothing kept. Raises `NotAllowed`, `Taken` (it stands in another space).
    """
    if by is not None:
        check_may(by, "challenge.lead")
    told = Brought()
    with transaction.atomic():
        standing = _appended(channel, rows_checked(rows, told), told)
        about = _dated(about, standing or rows)
        people = _people(channel, about, standing)
        challenge, told.fresh = _challenge(space, channel, about, people)
        told.challenge = challenge.pk
        contributions_bring(challenge, standing, people, told)
        coauthors_bring(challenge, standing, people, told)
        answers_bring(challenge, standing, people, told)
        comments_bring(challenge, standing, people, told)
        supports_bring(challenge, standing, people, told)
        poll = votes_bring(challenge, about, standing, people, told)
        _counts(challenge, poll, told)
        if dry_run:
            transaction.set_rollback(True)
    if not dry_run:
        finish(poll)
        titles_settle()
    told.rejects.sort(key=lambda reject: reject.line)
    return told


def finish(poll: Poll | None) -> None:
    """End, count and seal a vote whose time is over; what a fall leaves undone, votes' job or the next call does."""
    if poll is None or poll.closes > clock.now():
        return
    poll = poll_close(poll, when=poll.closes)
    if poll.counted is None:
        poll_count(poll, when=poll.closes)
    poll = Poll.objects.get(pk=poll.pk)
    if poll.sealed is None and poll.objections_until is not None and poll.objections_until <= clock.now():
        poll_seal(poll, when=poll.objections_until)


def _appended(channel: str, rows: Sequence[Brings], told: Brought) -> list[Brings]:
    """Write the acts; returns the rows that stand. What no act tells of stands too."""
    acts = [(place, row.act) for place, row in enumerate(rows) if row.act is not None]
    outcomes: dict[int, ledger.Outcome] = {}
    for start in range(0, len(acts), AT_ONCE):
        outcomes |= ledger.append_told(channel, acts[start : start + AT_ONCE])
    totals = [(row.line, row.total) for row in rows if row.total is not None]
    if totals:
        told.rejects += ledger.observe(channel, totals).rejects
    standing = []
    for place, row in enumerate(rows):
        outcome = outcomes.get(place)
        if outcome is None or outcome.status in ("created", "known"):
            standing.append(row)
            told.new += outcome is not None and outcome.status == "created"
            told.known += outcome is not None and outcome.status == "known"
        elif outcome.status == "erased":
            told.erased += 1
        else:
            refused = ledger.reject(row.line, (outcome.code or "", outcome.reason or ""), _draft(row))
            told.rejects.append(refused)
    return standing


def _draft(row: Brings) -> ActDraft:
    assert row.act is not None  # noqa: S101  only acts are refused
    return row.act


def _dated(about: About, rows: Sequence[Brings]) -> About:
    """From its first act to its last, where the source does not say when it was."""
    moments = [row.act.published for row in rows if row.act is not None]
    moments += [row.thing.at for row in rows if isinstance(row.thing, Given)]
    first = about.opens or min(moments, default=clock.now() - MOMENT)
    last = about.closes or max(moments, default=first) + MOMENT
    return replace(about, opens=first, closes=max(last, first + MOMENT))


def _people(channel: str, about: About, rows: Sequence[Brings]) -> dict[str | None, Member]:
    """Everybody who did something, by handle; under None whoever is not told."""
    first: dict[str, datetime] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row.act is not None and row.act.actor:
            before = first.get(row.act.actor)
            first[row.act.actor] = min(before, row.act.published) if before else row.act.published
            if row.name:
                names[row.act.actor] = row.name[:150]
    assert about.opens is not None  # noqa: S101  `_dated`
    unknown = f"{about.source}/?"
    keys = ledger.account_keys_of(channel, list(first))
    made = [
        Member(
            channel=channel,
            handle=handle,
            name=names.get(handle, ""),
            account=keys.get(handle),
            joined=joined,
        )
        for handle, joined in {**first, unknown: about.opens}.items()
    ]
    Member.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    found: dict[str | None, Member] = {}
    handles = [*first, unknown]
    for start in range(0, len(handles), 500):
        part = Member.objects.filter(channel=channel, handle__in=handles[start : start + 500])
        found |= {member.handle: member for member in part}
    found[None] = found[unknown]
    return found


def _challenge(
    space: Space, channel: str, about: About, people: dict[str | None, Member]
) -> tuple[Challenge, bool]:
    known = Challenge.objects.select_for_update().filter(channel=channel, source=about.source).first()
    if known is not None:
        if known.space_id != space.pk:
            raise Taken(
                _("This challenge stands in another space already."),
                todo=_("Name that space, or give another channel."),
                field="space",
            )
        return known, False
    assert about.opens is not None  # noqa: S101  `_dated`
    assert about.closes is not None  # noqa: S101  `_dated`
    challenge = Challenge.objects.create(
        space=space, owner=people[None], by_brand=True, slug=slug_of(about.title, 80), title=about.title[:160],
        power="listen", problem=about.text, known=about.known, kinds=[] if about.method else list(KINDS),
        created=about.opens, channel=channel, source=about.source,
    )  # fmt: skip
    kind = "vote" if about.method else "propose"
    Phase.objects.create(challenge=challenge, kind=kind, starts=about.opens, ends=about.closes)
    challenge.opened = about.opens
    challenge.save(update_fields=["opened"])
    event_tell("challenge_opened", None, about.opens, challenge)
    return challenge, True


def _counts(challenge: Challenge, poll: Poll | None, told: Brought) -> None:
    """How many people and contributions it has, as they stand, and what the result tells of it."""
    given = Contribution.objects.filter(challenge=challenge)
    told.counts["contributions"] = given.filter(withdrawn=None).count()
    told.counts["comments"] = Comment.objects.filter(contribution__challenge=challenge).count()
    told.counts["comments"] += Comment.objects.filter(challenge=challenge).count()
    people = set(Author.objects.filter(contribution__challenge=challenge).values_list("member", flat=True))
    people |= set(Comment.objects.filter(contribution__challenge=challenge).values_list("by", flat=True))
    people |= set(Comment.objects.filter(challenge=challenge).values_list("by", flat=True))
    people |= set(given.values_list("supported__member", flat=True)) - {None}
    if poll is not None:
        told.poll = poll.pk
        told.counts["options"] = poll.options.count()
        told.counts["voters"] = Voter.objects.filter(poll=poll).count()
        people |= set(Voter.objects.filter(poll=poll).values_list("member", flat=True))
        people |= set(poll.options.values_list("by", flat=True)) - {None}
    people.discard(challenge.owner_id)
    told.counts["people"] = len(people)
    Challenge.objects.filter(pk=challenge.pk).update(
        contributions_count=told.counts["contributions"], people_count=len(people)
    )
