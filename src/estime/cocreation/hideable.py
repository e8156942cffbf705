"""What can be reported and hidden: found, held, and told whose it is, where it stands and what of it is shown.

A challenge that a member opened can be, with what was given to it (`hidden_whole.py`); the brand's own challenges and
outcomes are the brand's to answer for. An option of a vote is hidden by `actions/options.py`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from estime.cocreation.hidden_whole import challenge_and_given_held
from estime.cocreation.models import (
    BRIEF,
    TARGETS,
    Author,
    Challenge,
    Comment,
    Contribution,
    Edit,
    Interpellation,
    Member,
    Outcome,
    Picture,
    Space,
    Version,
    Wording,
)
from estime.cocreation.standing import contribution_held, group_held, may_read, not_found
from estime.cocreation.texts.plain import references_of

Hideable = Contribution | Comment | Interpellation | Challenge | Picture
Where = Challenge | Contribution | Interpellation
_MODELS: Final[dict[str, Any]] = {
    "contribution": Contribution,
    "comment": Comment,
    "interpellation": Interpellation,
    "challenge": Challenge,
    "picture": Picture,
}


def kind_of(thing: Hideable) -> str:
    """One of `TARGETS`: the column that names it in reports and hidings."""
    return type(thing).__name__.lower()


def hideable(kind: str, key: str, member: Member | None) -> Hideable:
    """A thing that somebody may look at, by its kind and number. Raises `NotFound`.

    A picture that nothing published shows is its owner's alone; of challenges, members' that opened.
    """
    number = _key(kind, key)
    found = _MODELS[kind].objects.filter(pk=number).first() if number is not None else None
    if found is None or not may_read(space_of(found), member):
        raise not_found()
    if isinstance(found, Picture) and not found.published:
        raise not_found()
    if isinstance(found, Challenge) and (found.by_brand or found.opened is None):
        raise not_found()
    return found  # type: ignore[no-any-return]


def _key(kind: str, key: str) -> int | UUID | None:
    if kind == "picture":
        try:
            return UUID(key)
        except ValueError:
            return None
    return int(key) if kind in TARGETS and key.isascii() and key.isdecimal() and len(key) < 19 else None


def target_of(row: object) -> Hideable:
    """What a report or a hiding is about."""
    return next(getattr(row, name) for name in TARGETS if getattr(row, f"{name}_id") is not None)  # type: ignore[no-any-return]


def space_of(thing: Hideable) -> Space:
    return comment_place(thing).space if isinstance(thing, Comment) else thing.space


def comment_place(comment: Comment) -> Where:
    """What a comment stands below."""
    where = comment.contribution or comment.challenge or comment.interpellation
    assert where is not None  # noqa: S101  the database says so
    return where


def held(thing: Hideable) -> tuple[Hideable, list[int]]:
    """It, its row held until the transaction ends; of a comment, the contributions that count it too."""
    if isinstance(thing, Contribution):
        return contribution_held(thing.pk), []
    if isinstance(thing, Challenge):
        return challenge_and_given_held(thing.pk), []
    if isinstance(thing, Comment):
        group = group_held(thing.contribution_id) if thing.contribution_id else ()
        if thing.interpellation_id:
            Interpellation.objects.select_for_update(no_key=True).only("pk").get(pk=thing.interpellation_id)
        return _again(thing), sorted({one.pk for one in group})
    return _again(thing), []


def _again(thing: Hideable) -> Hideable:
    rows = _MODELS[kind_of(thing)].objects.select_for_update(no_key=True)
    found: Hideable | None = rows.filter(pk=thing.pk).first()
    if found is None:
        raise not_found()
    return found


def authors_of(thing: Hideable) -> list[Member]:
    """Whose it is: who is told when it is hidden, and may appeal."""
    if isinstance(thing, Contribution):
        rows = Author.objects.filter(contribution=thing, accepted__isnull=False, left=None)
        return [row.member for row in rows.select_related("member__user").order_by("number")] or [
            thing.author
        ]
    if isinstance(thing, Comment):
        return [thing.by]
    return [thing.author if isinstance(thing, Interpellation) else thing.owner]


def said_at(thing: Hideable) -> datetime:
    """Since when it stands there."""
    return (thing.opened or thing.created) if isinstance(thing, Challenge) else thing.at


def words_of(thing: Hideable) -> str:
    """Everything that a thing says below its title, as Markdown; a picture says nothing."""
    if isinstance(thing, Challenge):
        return "\n\n".join(filter(None, (getattr(thing, name) for name in BRIEF)))
    return "" if isinstance(thing, Picture) else thing.body


def is_critical(thing: Hideable) -> bool:
    """Whether it speaks against the brand as far as its form says: a question put to it, a concern, what joins one.

    A proposal only: the moderator answers the question, whatever is said here.
    """
    if isinstance(thing, Interpellation):
        return True
    if isinstance(thing, Comment):
        root = Comment.objects.filter(pk=thing.root_id).first() if thing.root_id else None
        concern = thing.intent == "concern" or (root is not None and root.intent == "concern")
        return concern or thing.interpellation_id is not None
    return False


def where_of(thing: Hideable) -> Where | None:
    """The nearest place that it stands in; None for a picture that nothing shows any more."""
    if isinstance(thing, Comment):
        return comment_place(thing)
    return picture_place(thing) if isinstance(thing, Picture) else thing


def picture_place(picture: Picture) -> Where | None:
    """Where a picture is shown: by what its owner wrote, newest first, or by an outcome."""
    shows = f"picture:{picture.pk}"
    owned = Q(author=picture.owner_id) | Q(authors__member=picture.owner_id)
    written = Contribution.objects.filter(owned, body__icontains=shows).order_by("-pk").first()
    if written is not None:
        return written
    said = Comment.objects.filter(
        Q(body__icontains=shows) | Q(edit__body__icontains=shows), by=picture.owner_id
    )
    comment = said.order_by("-pk").first()
    if comment is not None:
        return comment_place(comment)
    asked = (
        Interpellation.objects.filter(author=picture.owner_id, body__icontains=shows).order_by("-pk").first()
    )
    if asked is not None:
        return asked
    made = Outcome.objects.filter(pictures=picture).select_related("challenge").order_by("-pk").first()
    return made.challenge if made is not None else None


def pictures_shown(thing: Hideable) -> set[UUID]:
    """The pictures that a thing shows, in any of its versions."""
    if isinstance(thing, Picture):
        return set()
    texts: list[str] = [words_of(thing)]
    if isinstance(thing, Contribution):
        texts += Version.objects.filter(contribution=thing).values_list("body", flat=True)
    if isinstance(thing, Comment):
        texts += Edit.objects.filter(comment=thing).values_list("body", flat=True)
        texts += Wording.objects.filter(comment=thing).values_list("body", flat=True)
    return {pk for text in texts if "picture:" in text.lower() for pk in references_of(text).pictures}


def shown_elsewhere(pictures: Iterable[UUID]) -> set[UUID]:
    """Which of these pictures something that stands shows, or an outcome."""
    stands = {"hidden": False, "withdrawn": None, "erased": False}
    found = set()
    for pk in pictures:
        owner = Picture.objects.filter(pk=pk).values_list("owner_id", flat=True).first()
        shows = {"body__icontains": f"picture:{pk}", **stands}
        if (
            Contribution.objects.filter(Q(author=owner) | Q(authors__member=owner), **shows).exists()
            or Comment.objects.filter(by=owner, **shows).exists()
            or Interpellation.objects.filter(author=owner, **shows).exists()
            or Challenge.objects.filter(
                owner=owner, problem__icontains=f"picture:{pk}", hidden=False, erased=False
            )
            .exclude(opened=None)
            .exists()
            or Outcome.objects.filter(pictures=pk).exists()
        ):
            found.add(pk)
    return found
