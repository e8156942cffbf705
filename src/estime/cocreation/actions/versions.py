"""Versions: the words of a contribution change, and every earlier wording stays to be read."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.drafts import LONGEST_BODY, LONGEST_TITLE
from estime.cocreation.actions.publish import content_of, context_of, pictures_publish
from estime.cocreation.acts import KIND_TYPES, act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed
from estime.cocreation.limits import check_limits, check_links
from estime.cocreation.models import Author, Contribution, Disowning, Draft, Edit, Member, Merge, Version
from estime.cocreation.news import event_tell
from estime.cocreation.similar.index import title_put
from estime.cocreation.standing import (
    WRITE,
    check_author,
    check_stands,
    check_time,
    check_whole,
    contribution_held,
    not_found,
)
from estime.kernel import clock

LONGEST_NOTE, LONGEST_REASON = 200, 2_000


class NewWords(NamedTuple):
    """A new wording. `note`: what changed, in a few words."""

    title: str
    body: str
    note: str = ""


class From(NamedTuple):
    """What a version comes from, besides whoever publishes it: an improvement with its contributor, or a merge."""

    contributor: Member | None = None
    edit: Edit | None = None
    merge: Merge | None = None


def version_write(
    by: Member, number: int, words: NewWords, base: int, *, deal: int = 0, when: datetime | None = None
) -> Version:
    """Give a contribution new words, as one of its authors. `base`: the version that they were made from; `deal`: as
    in `contribution_publish`.

    The same words again make no version. Raises `ChangedMeanwhile` where there is a newer version than `base`
    (`data["version"]`; `queries/versions.py` `words_merged` brings the two together), `NotAllowed`, `NotNow`,
    `DealNotAccepted`, `WordsMissing`, `WordsTooMany`, `NotFound`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    words = words_checked(words)
    with transaction.atomic():
        check_limits(by, "rewordings", at)
        contribution = contribution_held(number)
        check_author(contribution, by)
        check_stands(contribution)
        check_whole(contribution)
        check_time(contribution, *WRITE, at=at)
        if (contribution.title, contribution.body) == (words.title, words.body):
            version = Version.objects.get(contribution=contribution, number=contribution.version)
        else:
            check_base(contribution, base)
            if contribution.challenge is not None:
                deal_agreed(by, contribution.challenge, deal, when=at)
            check_links(by, f"{words.title}\n\n{words.body}", "body", at)
            version = version_add(contribution, by, words, at)
            act_write(
                by, "Update", contribution, at, object_type=KIND_TYPES[contribution.kind],
                context=context_of(contribution), content=content_of(contribution),
            )  # fmt: skip
            event_tell("versioned", by, at, contribution, version=version.number)
        Draft.objects.filter(member=by, contribution=contribution).delete()
    return version


def words_checked(words: NewWords) -> NewWords:
    """Raises `WordsMissing`, `WordsTooMany`."""
    return NewWords(
        check_words(" ".join(words.title.split()), "title", LONGEST_TITLE),
        check_words(words.body, "body", LONGEST_BODY),
        check_words(words.note, "note", LONGEST_NOTE, needed=False),
    )


def check_base(contribution: Contribution, base: int) -> None:
    """Raises `ChangedMeanwhile` where the words were made from an older version than the one that stands."""
    if contribution.version != base:
        raise ChangedMeanwhile(
            _("There is a newer version of this since you began to write."),
            todo=_("Look at how both go together, and publish that."),
            version=contribution.version,
        )


def version_add(
    contribution: Contribution, by: Member, words: NewWords, at: datetime, came: From | None = None
) -> Version:
    """Write the next version of a contribution whose row is held: itself, its words, its title in the index."""
    came = came or From()
    version = Version(
        contribution=contribution,
        number=contribution.version + 1,
        title=words.title,
        body=words.body,
        note=words.note,
        by=by,
        contributor=came.contributor,
        edit=came.edit,
        merge=came.merge,
        at=at,
    )
    version.save(force_insert=True)
    contribution.title, contribution.body = words.title, words.body
    contribution.version, contribution.changed = version.number, at
    contribution.save(update_fields=["title", "body", "version", "changed"])
    pictures_publish(by, words.body)
    if not contribution.hidden:  # a part is found by its title, too: it leads to its head
        title_put(
            contribution.pk,
            contribution.space_id,
            words.title,
            challenge=contribution.challenge_id,
            body=words.body,
        )
    return version


def version_disown(
    by: Member, number: int, version: int, reason: str = "", *, when: datetime | None = None
) -> Disowning:
    """Say, as an author (also one who left), that a version is not theirs: it stands beside it from then on.

    Raises `NotAllowed` (not an author, or their own words), `NotFound`. Saying it again changes nothing.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    why = check_words(reason, "reason", LONGEST_REASON, needed=False)
    with transaction.atomic():
        contribution = contribution_held(number)
        found = Version.objects.filter(contribution=contribution, number=version).first()
        if found is None:
            raise not_found()
        if not _wrote(by, found):
            raise NotAllowed(
                _("Only an author can say that."), todo=_("Say in a comment what you think of it.")
            )
        if found.by_id == by.pk and found.merge_id is None:
            raise NotAllowed(_("You published this version yourself."), todo=_("Write another one."))
        said, fresh = Disowning.objects.get_or_create(
            version=found, member=by, defaults={"reason": why, "at": at}
        )
        if fresh:
            act_write(
                by, "Reject", f"{object_id(contribution)}#version-{version}", at,
                object_type=KIND_TYPES[contribution.kind], context=context_of(contribution), content=why or None,
            )  # fmt: skip
            event_tell("disowned", by, at, contribution, version=version)
    return said


def _wrote(by: Member, version: Version) -> bool:
    """Whether somebody is or was an author of what a version is of, or of what was brought together into it."""
    head = version.contribution_id
    wrote = Q(contribution=head) | Q(contribution__together=head)
    if version.merge is not None:
        wrote |= Q(contribution__in=version.merge.parts.values("contribution"))
    return Author.objects.filter(wrote, member=by, accepted__isnull=False).exists()
