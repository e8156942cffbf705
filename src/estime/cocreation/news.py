"""One event per business act, and who is told of it.

`event_tell` writes the event and, in the same transaction and by one statement per group of people, a notice for
everybody it concerns, except whoever did it. Nobody is told twice of one event, whatever their reasons to be told.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from estime.cocreation.models import Challenge, Comment, Contribution, Event, Interpellation, Member

AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS, JOINED, CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS = (
    "authors supporters talkers followers joined contributors challenge_followers voters".split()
)

CONCERNS: Final[dict[str, tuple[str, ...]]] = {
    # of a challenge
    "challenge_opened": (),
    "challenge_extended": (CONTRIBUTORS, CHALLENGE_FOLLOWERS),
    "challenge_cancelled": (CONTRIBUTORS, CHALLENGE_FOLLOWERS),
    "deal_changed": (CONTRIBUTORS, CHALLENGE_FOLLOWERS),
    "backstage_given": (CHALLENGE_FOLLOWERS,),
    "vote_opened": (CONTRIBUTORS, CHALLENGE_FOLLOWERS),
    "vote_counted": (CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS),
    "option_hidden": (),
    "objected": (),
    "objection_answered": (),
    "vote_sealed": (),
    "overridden": (CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS),
    "challenge_pledged": (CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS),
    "challenge_pledge_kept": (CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS),
    "challenge_pledge_waived": (CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS),
    "outcome_made": (CONTRIBUTORS, CHALLENGE_FOLLOWERS, VOTERS),
    # of a contribution
    "published": (CHALLENGE_FOLLOWERS,),
    "versioned": (AUTHORS, FOLLOWERS),
    "withdrawn": (AUTHORS, SUPPORTERS, FOLLOWERS),
    "disowned": (AUTHORS, FOLLOWERS),
    "author_invited": (),
    "author_joined": (AUTHORS, FOLLOWERS),
    "built_on": (AUTHORS, FOLLOWERS),
    "supported": (),
    "commented": (AUTHORS, FOLLOWERS),
    "replied": (),
    "mentioned": (),
    "edit_offered": (AUTHORS, FOLLOWERS),
    "edit_adopted": (AUTHORS, FOLLOWERS),
    "edit_declined": (),
    "merge_proposed": (AUTHORS,),
    "merged": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS),
    "merge_declined": (AUTHORS,),
    "merge_contested": (AUTHORS,),
    "merge_upheld": (),
    "unmerged": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS),
    "decided": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS),
    "pledged": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS, JOINED),
    "pledge_kept": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS, JOINED),
    "pledge_waived": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS, JOINED),
    "made_of": (AUTHORS, SUPPORTERS, TALKERS, FOLLOWERS),
    # of a question to the brand
    "asked": (CHALLENGE_FOLLOWERS,),
    "joined": (),
    "reached": (JOINED, FOLLOWERS),
    "answered": (JOINED, TALKERS, FOLLOWERS),
    "question_withdrawn": (JOINED, FOLLOWERS),
    # of what somebody wrote
    "hidden": (),
    "shown_again": (),
    "appeal_settled": (),
    "report_settled": (),
}
"""Kind of event → groups of people it concerns. Single people (who is mentioned or replied to) the caller names."""

_GROUPS: Final[dict[str, tuple[str, str]]] = {
    # group → (place it belongs to, SQL that lists its members)
    AUTHORS: (
        "contribution",
        "SELECT member_id FROM cocreation_author WHERE contribution_id = %s"
        ' AND accepted IS NOT NULL AND "left" IS NULL',
    ),
    SUPPORTERS: ("contribution", "SELECT member_id FROM cocreation_support WHERE contribution_id = %s"),
    TALKERS: (
        "",
        "SELECT by_id FROM cocreation_comment WHERE {place}_id = %s AND withdrawn IS NULL AND NOT hidden",
    ),
    FOLLOWERS: ("", "SELECT member_id FROM cocreation_follow WHERE {place}_id = %s"),
    JOINED: ("interpellation", "SELECT member_id FROM cocreation_joining WHERE interpellation_id = %s"),
    CONTRIBUTORS: (
        "challenge",
        "SELECT a.member_id FROM cocreation_author a JOIN cocreation_contribution c ON c.id = a.contribution_id"
        " WHERE c.challenge_id = %s AND a.accepted IS NOT NULL",
    ),
    CHALLENGE_FOLLOWERS: ("challenge", "SELECT member_id FROM cocreation_follow WHERE challenge_id = %s"),
    VOTERS: (
        "challenge",
        "SELECT v.member_id FROM cocreation_voter v JOIN cocreation_poll p ON p.id = v.poll_id"
        " WHERE p.challenge_id = %s",
    ),
}  # fmt: skip


def event_tell(
    kind: str,
    by: Member | None,
    at: datetime,
    where: Challenge | Contribution | Interpellation,
    *,
    comment: Comment | None = None,
    also: Iterable[Member] = (),
    **data: object,
) -> Event:
    """Write an event and its notices. `where`: the nearest place it belongs to. `also`: single people it concerns.

    `data` holds numbers and ids that the event's sentence needs, never what somebody wrote (an erasure must not have to
    look here). Raises `KeyError` for a kind that `CONCERNS` does not name. Call inside the deed's transaction.
    """
    groups = CONCERNS[kind]
    event = Event(kind=kind, by=by, at=at, comment=comment, data=data, space_id=where.space_id)
    places: dict[str, list[int]] = {}
    if isinstance(where, Contribution):
        event.contribution_id, event.challenge_id = where.pk, where.challenge_id
        places["contribution"] = _whole(where)
    elif isinstance(where, Interpellation):
        event.interpellation_id, event.challenge_id = where.pk, where.challenge_id
        places["interpellation"] = [where.pk]
    else:
        event.challenge_id = where.pk
    if event.challenge_id is not None:
        places["challenge"] = [event.challenge_id]
    event.save(force_insert=True)
    nearest = next(iter(places), "")
    for group in groups:
        place, listed = _GROUPS[group]
        for number in places.get(place or nearest, ()):
            _notify_all(event, listed.format(place=place or nearest), number)
    _notify(event, [member.pk for member in also])
    return event


def _whole(contribution: Contribution) -> list[int]:
    """A contribution with those that were brought together into it."""
    return [contribution.pk, *contribution.parts.values_list("pk", flat=True)]


def _notify_all(event: Event, listed: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cocreation_notice (member_id, event_id)"
            f" SELECT DISTINCT m.id, CAST(%s AS bigint) FROM cocreation_member m JOIN ({listed}) l (id) ON l.id = m.id"
            " WHERE m.user_id IS NOT NULL AND m.id <> %s ON CONFLICT DO NOTHING"
            if connection.vendor == "postgresql"
            else "INSERT INTO cocreation_notice (member_id, event_id)"
            f" SELECT m.id, %s FROM cocreation_member m WHERE m.id IN ({listed})"
            " AND m.user_id IS NOT NULL AND m.id <> %s ON CONFLICT DO NOTHING",
            [event.pk, number, event.by_id or 0],
        )


def _notify(event: Event, members: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for member in sorted({*members} - {event.by_id}):
            cursor.execute(
                "INSERT INTO cocreation_notice (member_id, event_id) SELECT id, %s FROM cocreation_member"
                " WHERE id = %s AND user_id IS NOT NULL ON CONFLICT DO NOTHING",
                [event.pk, member],
            )
