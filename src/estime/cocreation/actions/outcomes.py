"""What was made in the end, with all that it came from: told once, kept for good, for credit to flow along later."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id, source_new
from estime.cocreation.checks import check_words
from estime.cocreation.errors import NotFound, NotNow, WordsMissing, WordsTooMany
from estime.cocreation.models import (
    Challenge,
    Comment,
    Contribution,
    Member,
    Option,
    Outcome,
    OutcomeSource,
    Picture,
    Version,
)
from estime.cocreation.naming import check_speaks, voice
from estime.cocreation.news import event_tell
from estime.cocreation.queries.lineage import MOST, Source, relation_now
from estime.kernel import clock

LONGEST_TITLE, LONGEST_BODY, MOST_PICTURES = 160, 20_000, 20


class OutcomeWords(NamedTuple):
    """What was made, and when. `once`: a random word of the form, so that sending it twice tells it once.

    `options`: what members voted for that it realises, where no contribution stands behind it (`options_won`).
    """

    title: str
    body: str
    made: date
    pictures: Sequence[UUID] = ()
    once: str = ""
    options: Sequence[int] = ()


def outcome_make(
    by: Member,
    challenge: int,
    words: OutcomeWords,
    sources: Sequence[Source],
    *,
    when: datetime | None = None,
) -> Outcome:
    """Tell what was made and what it came from; whoever gave any of it is told.

    Raises `NotAllowed`, `WordsMissing` (title, a day that has come), `WordsTooMany`, `NotFound` (a source or picture
    that is not of this challenge's space), `NotNow` (a challenge that is not open).
    """
    name = check_speaks(by, "challenge.lead")
    title = check_words(words.title, "title", LONGEST_TITLE)
    body = check_words(words.body, "body", LONGEST_BODY, needed=False)
    at = when or clock.now()
    _check_sizes(words, sources, at)
    with transaction.atomic():
        held = (
            Challenge.objects.select_for_update(no_key=True, of=("self",))
            .select_related("space")
            .filter(pk=challenge)
            .first()
        )
        if held is None:
            raise NotFound(_("There is no such challenge."), todo=_("Go back to the list."))
        if held.opened is None:
            raise NotNow(_("This challenge is not open yet."), todo=_("Open it first."))
        source = f"outcome/{held.pk}-{words.once[:64]}" if words.once else source_new("outcome")
        known = Outcome.objects.filter(source=source).first()
        if known is not None:
            return known
        outcome = Outcome.objects.create(
            challenge=held, title=title, body=body, made=words.made, by=by, name=name, at=at, source=source
        )
        _show(outcome, words.pictures, by, held)
        _realise(outcome, words.options, held)
        rows = _rows(outcome, sources, held)
        OutcomeSource.objects.bulk_create(rows)
        act_write(
            by, "Create", outcome.source, at, object_type="Product", content=f"{title}\n\n{body}".strip(),
            context=object_id(held), on_behalf_of=voice(), source_id=outcome.source,
            extra={"made": words.made.isoformat(), "derived_from": _named(rows)},
        )  # fmt: skip
        event_tell("outcome_made", by, at, held, outcome=outcome.pk)
        for contribution, givers in _givers(rows).items():
            event_tell("made_of", by, at, contribution, also=givers, outcome=outcome.pk)
    return outcome


def _check_sizes(words: OutcomeWords, sources: Sequence[Source], at: datetime) -> None:
    if words.made > at.date():
        raise WordsMissing(
            _("What is made later is a promise."),
            todo=_("Give the day on which it was made."),
            field="made",
        )
    for field, number, most in (
        ("sources", len(sources), MOST),
        ("pictures", len(words.pictures), MOST_PICTURES),
    ):
        if number > most:
            raise WordsTooMany(
                _("These are more than %(most)s.") % {"most": most},
                todo=_("Choose fewer."),
                field=field,
                most=most,
            )


def _show(outcome: Outcome, pictures: Sequence[UUID], by: Member, challenge: Challenge) -> None:
    """Its pictures: one's own, or those that are published in the space already."""
    found = Picture.objects.filter(
        Q(owner=by) | Q(published=True), pk__in=pictures, space=challenge.space_id, hidden=False
    )
    if found.count() != len(set(pictures)):
        raise NotFound(
            _("One of the pictures is not here any more."), todo=_("Bring it again."), field="pictures"
        )
    found.filter(published=False).update(published=True)
    outcome.pictures.set(found)


def _realise(outcome: Outcome, options: Sequence[int], challenge: Challenge) -> None:
    found = Option.objects.filter(pk__in=options, poll__challenge=challenge, poll__counted__isnull=False)
    if found.count() != len(set(options)):
        raise NotFound(
            _("Something that was voted for is not of this challenge."),
            todo=_("Go back and choose again."),
            field="options",
        )
    outcome.options.set(found)


def _rows(outcome: Outcome, sources: Sequence[Source], challenge: Challenge) -> list[OutcomeSource]:
    """Each source once, with the version that stood when the outcome was told."""
    given = {(source.contribution, source.comment): source for source in sources}
    contributions = Contribution.objects.filter(space=challenge.space_id).in_bulk(
        [pk for pk, _c in given if pk]
    )
    comments = (
        Comment.objects.filter(
            Q(contribution__space=challenge.space_id) | Q(challenge__space=challenge.space_id)
        )
        .select_related("contribution")
        .in_bulk([comment for _c, comment in given if comment])
    )
    rows = []
    for (contribution, comment), source in given.items():
        thing = contributions.get(contribution) if contribution else comments.get(comment)
        if thing is None:
            raise NotFound(
                _("Something that it came from is not in this space."),
                todo=_("Go back and choose again."),
                field="sources",
            )
        idea = thing if isinstance(thing, Contribution) else None
        said = thing if isinstance(thing, Comment) else None
        relation = relation_now(source, idea).relation[:300]
        rows.append(OutcomeSource(outcome=outcome, contribution=idea, comment=said, words=relation))
    chosen = [row.contribution_id for row in rows if row.contribution_id]
    versions = Version.objects.filter(contribution__in=chosen, number=F("contribution__version"))
    held = {version.contribution_id: version for version in versions.only("pk", "contribution_id")}
    for row in rows:
        row.version = held.get(row.contribution_id) if row.contribution_id else None
    return rows


def _named(rows: list[OutcomeSource]) -> list[str]:
    return [object_id(thing) for row in rows if (thing := row.contribution or row.comment) is not None]


def _givers(rows: list[OutcomeSource]) -> dict[Contribution, list[Member]]:
    """Whom to tell, by contribution: its own people are found by `event_tell`, those of adopted words are named."""
    told: dict[Contribution, list[Member]] = {
        row.contribution: [] for row in rows if row.contribution is not None
    }
    for row in rows:
        if row.comment is not None and row.comment.contribution is not None:
            told.setdefault(row.comment.contribution, []).append(row.comment.by)
    return told
