"""All that a member gave here, for them to take along: their words, what they did, and when. Nobody else's words."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, QuerySet

from estime.cocreation.models import (
    Author,
    Challenge,
    Comment,
    Considered,
    Draft,
    Interpellation,
    Joining,
    Member,
    Objection,
    Picture,
    Support,
    Version,
    Voter,
    Wording,
)

Rows = Iterator[dict[str, Any]]


def own_data(member: Member) -> Iterator[tuple[str, Rows]]:
    """(what, its rows), in constant memory. Of a vote: that they voted; the ballot is nobody’s."""
    yield "profile", iter([{"name": member.name, "about": member.about, "joined": member.joined}])
    yield "challenges", _rows(
        Challenge.objects.filter(owner=member, by_brand=False),
        "title", "problem", "known", "decided", "off_table", "decider", "resources", "opened",
    )  # fmt: skip
    yield "contributions", _rows(
        Author.objects.filter(member=member, accepted__isnull=False),
        kind=F("contribution__kind"), title=F("contribution__title"), body=F("contribution__body"),
        challenge_title=F("contribution__challenge__title"), at=F("contribution__at"),
        withdrawn=F("contribution__withdrawn"), hidden=F("contribution__hidden"), left_it=F("left"),
        decision=F("contribution__decision"), idea=F("contribution_id"),
    )  # fmt: skip
    yield "versions", _rows(
        Version.objects.filter(Q(by=member, contributor=None) | Q(contributor=member)),
        "contribution", "number", "title", "body", "note", "at",
    )  # fmt: skip
    yield "comments", _rows(
        Comment.objects.filter(by=member),
        "id", "contribution", "challenge", "interpellation", "intent", "body", "at", "withdrawn", "hidden",
        offered_title=F("edit__title"), offered_body=F("edit__body"),
    )  # fmt: skip
    yield "earlier_wordings", _rows(Wording.objects.filter(comment__by=member), "comment", "body", "until")
    yield (
        "questions",
        _rows(
            Interpellation.objects.filter(author=member), "id", "title", "body", "at", "withdrawn", "hidden"
        ),
    )
    yield "supports", _rows(Support.objects.filter(member=member), "contribution", "at")
    yield "joined_questions", _rows(Joining.objects.filter(member=member), "interpellation", "at")
    yield "votes", _rows(Voter.objects.filter(member=member), "poll", title=F("poll__title"))
    yield "objections", _rows(Objection.objects.filter(member=member), "poll", "words", "at", "answer")
    yield (
        "considered",
        _rows(Considered.objects.filter(member=member), "decision", "interpellation", "says", "at"),
    )
    yield "drafts", _rows(Draft.objects.filter(member=member), "id", "kind", "title", "body", "changed")
    yield "pictures", _rows(Picture.objects.filter(owner=member), "id", "alt", "at")


def _rows(found: QuerySet[Any], *plain: str, **named: Any) -> Rows:
    """In the order in which they came."""
    return iter(found.order_by("pk").values(*plain, **named).iterator(chunk_size=500))


def own_data_json(member: Member, more: Iterable[tuple[str, Rows]] = ()) -> Iterator[str]:
    """The same as one JSON document, piece by piece; `more`: what other parts keep of them, told after it."""
    before = "{"
    for what, rows in chain(own_data(member), more):
        yield f"{before}{json.dumps(what)}: ["
        for place, row in enumerate(rows):
            yield ("," if place else "") + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield "]"
        before = ","
    yield "}\n"
