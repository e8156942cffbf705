"""Discussions: threads page by page, each with its first answers, over all parts of what was brought together.

Everything is bounded: so many threads a page, so many answers each; every statement reads a few rows of an index,
however long the discussion is. Five queries a page, whatever it holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection

from estime.cocreation.members import named_of, shown_of
from estime.cocreation.mentions import Spot
from estime.cocreation.models import Challenge, Comment, Contribution, Interpellation
from estime.cocreation.prepared import Prepared

THREADS: Final = 20
ANSWERS: Final = 3
THREAD_PAGE: Final = 50
MOST_PARTS: Final = 60
"""Parts of one contribution whose discussions are read beside each other."""
_PLACES: Final = {
    Contribution: "contribution_id",
    Challenge: "challenge_id",
    Interpellation: "interpellation_id",
}


@dataclass(slots=True)
class Thread:
    """A comment with its first answers; `more`: how many there are besides."""

    root: Comment
    answers: list[Comment] = field(default_factory=list)

    @property
    def more(self) -> int:
        return max(self.root.replies - len(self.answers), 0)


@dataclass(slots=True)
class Talk:
    """A page of threads, newest first. `before`: cursor of the next page, 0 at the end."""

    threads: list[Thread]
    before: int = 0

    @property
    def comments(self) -> Iterable[Comment]:
        for thread in self.threads:
            yield thread.root
            yield from thread.answers


def talk(
    where: Spot, numbers: Sequence[int] | None = None, *, before: int = 0, threads: int = THREADS
) -> Talk:
    """What is said below something. `numbers`: of a head and its parts, else its own."""
    column = _PLACES[type(where)]
    pks = list(numbers or [where.pk])[:MOST_PARTS]
    roots = _first(
        [
            f"{column} = {int(pk)} AND root_id IS NULL" + (f" AND id < {int(before)}" if before else "")
            for pk in pks
        ],
        "DESC",
        threads + 1,
    )
    roots = sorted(roots, reverse=True)[: threads + 1]
    shown = roots[:threads]
    answers = _first([f"root_id = {root}" for root in shown], "ASC", ANSWERS)
    known = {comment.pk: comment for comment in comments_shown([*shown, *answers])}
    made = {pk: Thread(known[pk]) for pk in shown if pk in known}
    for pk in sorted(answers):
        root = known[pk].root_id if pk in known else None
        if root in made:
            made[root].answers.append(known[pk])
    return Talk(list(made.values()), shown[-1] if len(roots) > threads else 0)


def thread(root: Comment, *, after: int = 0) -> tuple[Thread, int]:
    """One thread and a page of its answers, oldest first; and the cursor of the next page, 0 at the end."""
    told = f"root_id = {int(root.pk)}" + (f" AND id > {int(after)}" if after else "")
    numbers = sorted(_first([told], "ASC", THREAD_PAGE + 1))
    shown = numbers[:THREAD_PAGE]
    known = {comment.pk: comment for comment in comments_shown([root.pk, *shown])}
    made = Thread(known[root.pk], [known[pk] for pk in shown if pk in known])
    return made, shown[-1] if len(numbers) > THREAD_PAGE else 0


def _first(conditions: Sequence[str], order: str, most: int) -> list[int]:
    """The first comments of each of some indexed places, in one statement."""
    if not conditions:
        return []
    each = " UNION ALL ".join(
        f"SELECT * FROM (SELECT id FROM cocreation_comment WHERE {condition}"
        f" ORDER BY id {order} LIMIT {most}) AS p{number}"
        for number, condition in enumerate(conditions)
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return [pk for (pk,) in cursor.fetchall()]


def comments_shown(numbers: Sequence[int]) -> list[Comment]:
    """Comments with who said them, whom they answer, whom they quote, and what they offer."""
    return _SHOWN.all(numbers) if numbers else []


_OWN: Final = (
    "contribution challenge interpellation root parent quoted by for_brand intent body lang replies at edited"
    " withdrawn hidden erased channel source"
).split()
_EDIT: Final = "comment base title body state settled_by settled reason version".split()
_SHOWN: Final = Prepared(
    lambda numbers: (
        Comment.objects.filter(pk__in=numbers)
        .select_related("by", "parent__by", "quoted__by", "edit__settled_by")
        .only(
            *_OWN,
            *shown_of("by"),
            *named_of("parent__by", "quoted__by", "edit__settled_by"),
            *(
                "parent__by",
                "quoted__by",
                "quoted__hidden",
                "quoted__withdrawn",
                "quoted__channel",
                "quoted__source",
            ),
            *(f"edit__{name}" for name in _EDIT),
        )
    ),
    plan_once=True,
)


def quote_id(comment: Comment) -> UUID:
    """By what a quotation names a comment: the id in its source, or one made from where it came from."""
    kind, _slash, told = comment.source.partition("/")
    try:
        return (
            UUID(told) if kind == "comment" else uuid5(NAMESPACE_URL, f"{comment.channel}/{comment.source}")
        )
    except ValueError:
        return uuid5(NAMESPACE_URL, f"{comment.channel}/{comment.source}")


def thread_page(comment: Comment) -> int:
    """The cursor of the page of its thread that a comment stands on."""
    before = Comment.objects.filter(root=comment.root_id, pk__lt=comment.pk).count()
    page = before // THREAD_PAGE * THREAD_PAGE
    if not page:
        return 0
    numbers = Comment.objects.filter(root=comment.root_id).order_by("pk").values_list("pk", flat=True)
    return numbers[page - 1]
