"""The tables of a challenge as open data: their columns, and the rows of each. Nothing here names anybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import Q

from estime.channels.challenges.masking import Masks
from estime.cocreation import api as cocreation
from estime.cocreation.api import LEAST_COUNTED, Challenge, Comment, Contribution, Outcome, Pledge, Version


class Column(NamedTuple):
    """A column. `type`: of the Table Schema (frictionlessdata.io)."""

    name: str
    type: str
    title: str


class Table(NamedTuple):
    """One CSV of the export."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[["Exporting"], Iterator[tuple[Any, ...]]]


@dataclass
class Exporting:
    """What is being exported. `agreed`: members who published under the deal; `open`: the source itself is open."""

    challenge: Challenge
    masks: Masks
    agreed: frozenset[int]
    open: bool

    def words(self, text: str, *whose: int | None) -> str:
        """A text, if everybody whose words they are agreed to its being given away."""
        if self.open or all(member in self.agreed for member in whose if member is not None):
            return self.masks.text(text)
        return ""

    @cached_property
    def contributions(self) -> list[Contribution]:
        """Everything that was given, the oldest first."""
        return cocreation.contributions_given(self.challenge)

    @cached_property
    def writers(self) -> dict[str, int]:
        """Who wrote each paragraph first."""
        return first_writers(self.challenge)

    @cached_property
    def titles(self) -> dict[int, str]:
        """The titles of contributions, of those whose words go with it."""
        return {row[0]: row[2] for row in _contributions(self)}


def few(many: int) -> int | None:
    """A number of people; withheld where there are so few that it speaks of single ones."""
    return None if 0 < many < LEAST_COUNTED else many


def first_writers(challenge: Challenge) -> dict[str, int]:
    """Paragraph → who wrote it first, anywhere in the challenge: whoever brings others' words together writes none."""
    found: dict[str, int] = {}
    rows = Version.objects.filter(contribution__challenge=challenge).order_by("at", "pk")
    for title, body, by, contributor in rows.values_list("title", "body", "by_id", "contributor_id"):
        for paragraph in (title.strip(), *paragraphs(body)):
            found.setdefault(paragraph, contributor or by)
    return found


def paragraphs(text: str) -> list[str]:
    """What stands between empty lines."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _contributions(out: Exporting) -> Iterator[tuple[Any, ...]]:
    for one in out.contributions:
        gone = one.hidden or one.erased or one.withdrawn is not None
        whose = {out.writers.get(part, one.author_id) for part in (one.title.strip(), *paragraphs(one.body))}
        title, body = ("", "") if gone else (out.words(one.title, *whose), out.words(one.body, *whose))
        state = "erased" if one.erased else "hidden" if one.hidden else "withdrawn" if one.withdrawn else ""
        state = state or ("" if title or not one.title else "withheld")
        yield (
            one.pk, one.kind, title, body, one.lang, out.masks.number(one.author_id), one.at.date(), one.version,
            few(one.supports), one.comments, one.decision, one.together_id, one.built_on_id, state,
        )  # fmt: skip


def _about(challenge: Challenge) -> Q:
    """What was said of a challenge or of what it was given."""
    return Q(contribution__challenge=challenge) | Q(challenge=challenge)


def _comments(out: Exporting) -> Iterator[tuple[Any, ...]]:
    for one in Comment.objects.filter(_about(out.challenge)).order_by("pk").iterator():
        gone = one.hidden or one.erased or one.withdrawn is not None
        spoken = "" if gone else out.masks.text(one.body) if one.for_brand else out.words(one.body, one.by_id)
        author = None if one.for_brand else out.masks.number(one.by_id)
        yield (
            one.pk, one.contribution_id, one.parent_id, "brand" if one.for_brand else "member", author, one.intent,
            spoken, one.at.date(), "" if spoken else "withheld",
        )  # fmt: skip


def _decisions(out: Exporting) -> Iterator[tuple[Any, ...]]:
    for one in cocreation.Decision.objects.filter(contribution__challenge=out.challenge).order_by("pk"):
        yield (
            one.contribution_id, one.number, one.outcome, out.masks.text(one.reason), out.masks.text(one.lives_on),
            one.again, one.into_id, one.at.date(), few(one.said_yes), few(one.said_part), few(one.said_no),
            one.name if one.source is not None else "",
        )  # fmt: skip


def _promises(out: Exporting) -> Iterator[tuple[Any, ...]]:
    for one in Pledge.objects.filter(_about(out.challenge)).order_by("pk"):
        late = one.kept is not None and one.kept > one.due
        yield (
            one.pk, one.contribution_id, out.masks.text(one.what), one.at.date(), one.due.date(),
            one.kept.date() if one.kept else None, late, out.masks.text(one.kept_words),
            one.waived.date() if one.waived else None, out.masks.text(one.waived_reason), one.replaces_id,
        )  # fmt: skip


def _outcomes(out: Exporting) -> Iterator[tuple[Any, ...]]:
    for one in Outcome.objects.filter(challenge=out.challenge).order_by("pk"):
        came = [source.contribution_id for source in one.sources.order_by("pk") if source.contribution_id]
        yield one.pk, out.masks.text(one.title), out.masks.text(one.body), one.made, " ".join(map(str, came))


TABLES: Final = (
    Table(
        "contributions",
        "What members gave: its words as they stood at the end.",
        (
            Column("id", "integer", "its number"),
            Column("kind", "string", "idea, tip, story or creation"),
            Column("title", "string", ""),
            Column("body", "string", "Markdown"),
            Column("lang", "string", "where it is known"),
            Column("author", "integer", "a number of this export only"),
            Column("day", "date", "on which it was published"),
            Column("version", "integer", "how often its words were written"),
            Column("supports", "integer", "people; empty from 1 to 4"),
            Column("comments", "integer", ""),
            Column("decision", "string", "taken, together, later, not_taken, or none"),
            Column("together", "integer", "the contribution that it was brought together into"),
            Column("built_on", "integer", "the contribution that it builds on"),
            Column("withheld", "string", "why its words are not here: withheld, withdrawn, hidden, erased"),
        ),
        _contributions,
    ),
    Table(
        "comments",
        "What was said of it.",
        (
            Column("id", "integer", "its number"),
            Column("contribution", "integer", "what it stands below; empty: the challenge itself"),
            Column("answers", "integer", "the comment that it answers"),
            Column("side", "string", "member or brand"),
            Column("author", "integer", "a number of this export only"),
            Column("intent", "string", "question, improvement, tried, concern, or none"),
            Column("body", "string", "Markdown"),
            Column("day", "date", ""),
            Column("withheld", "string", "why its words are not here"),
        ),
        _comments,
    ),
    Table(
        "decisions",
        "What the brand answered.",
        (
            Column("contribution", "integer", ""),
            Column("number", "integer", "the highest holds"),
            Column("outcome", "string", "taken, together, later, not_taken"),
            Column("reason", "string", ""),
            Column("lives_on", "string", "what of it lives on"),
            Column("again", "date", "when it is looked at again"),
            Column("into", "integer", "what it was brought together into"),
            Column("day", "date", ""),
            Column(
                "considered_yes",
                "integer",
                "authors who say that it takes them into account; empty from 1 to 4",
            ),
            Column("considered_part", "integer", ""),
            Column("considered_no", "integer", ""),
            Column("site", "string", "the site that gave this answer, if it was brought from there"),
        ),
        _decisions,
    ),
    Table(
        "promises",
        "What the brand promised, and whether it was done.",
        (
            Column("id", "integer", ""),
            Column("contribution", "integer", "what it was promised about; empty: the whole challenge"),
            Column("what", "string", ""),
            Column("day", "date", "on which it was promised"),
            Column("due", "date", ""),
            Column("kept", "date", ""),
            Column("late", "boolean", "kept after it was due"),
            Column("words", "string", "said when it was kept"),
            Column("waived", "date", "taken back"),
            Column("reason", "string", "why it was taken back"),
            Column("replaces", "integer", "the promise whose place it took"),
        ),
        _promises,
    ),
    Table(
        "outcomes",
        "What was made of it.",
        (
            Column("id", "integer", ""),
            Column("title", "string", ""),
            Column("body", "string", "Markdown"),
            Column("made", "date", ""),
            Column("from", "string", "numbers of the contributions that it came from"),
        ),
        _outcomes,
    ),
)
