"""Questions to the brand as pages show them: a list of a space, one with everything that belongs to it."""

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from estime.cocreation.errors import NotFound
from estime.cocreation.models import (
    Answer,
    Considered,
    Follow,
    Interpellation,
    Joining,
    Member,
    Pledge,
    Space,
)
from estime.cocreation.queries.becoming import pledges_of
from estime.cocreation.standing import may_read

PAGE: Final = 30
ORDERS: Final = ("joined", "new", "owed", "answered")


@dataclass(slots=True)
class Asked:
    """A question and what stands around it. `joined`: whoever looks asks it too."""

    question: Interpellation
    answers: list[Answer]
    pledges: list[Pledge] = field(default_factory=list)
    joined: bool = False
    follows: bool = False
    says: str = ""

    @property
    def shown(self) -> bool:
        """Whether its words are to be read."""
        return not (self.question.hidden or self.question.erased or self.question.withdrawn)


def questions_listed(
    space: Space, order: str = "joined", after: str = "", *, challenge: int | None = None
) -> tuple[list[Interpellation], str]:
    """A page of the questions of a space, and where the next one begins ("" for no more).

    Orders: by how many ask, newest, those owed an answer (what is due first stands first), those answered.
    """
    rows = Interpellation.objects.filter(space=space, hidden=False, withdrawn=None, erased=False)
    rows = rows.filter(challenge=challenge) if challenge is not None else rows
    first, last = _cursor(after)
    if order == "owed":
        rows = rows.filter(reached__isnull=False, answered=None).order_by("due", "pk")
        found = list(rows.select_related("author")[: PAGE + first + 1])[first:]
        return found[:PAGE], f"{first + PAGE}" if len(found) > PAGE else ""
    if order == "joined":
        rows = rows.filter(Q(joined__lt=first) | Q(joined=first, pk__lt=last)) if last else rows
        rows = rows.order_by("-joined", "-pk")
    else:
        rows = rows.filter(answered__isnull=False) if order == "answered" else rows
        rows = (rows.filter(pk__lt=last) if last else rows).order_by("-pk")
    found = list(rows.select_related("author")[: PAGE + 1])
    end = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{end.joined}-{end.pk}" if end else ""


def question_whole(number: int, member: Member | None) -> Asked:
    """Everything that the page of a question shows but its discussion; at most seven queries. Raises `NotFound`."""
    found = Interpellation.objects.select_related("space", "challenge", "author").filter(pk=number).first()
    if found is None or not may_read(found.space, member):
        raise NotFound(_("There is no such question."), todo=_("Go back to the list."))
    answers = list(Answer.objects.filter(interpellation=found).select_related("by").order_by("number"))
    asked = Asked(found, answers, pledges_of(interpellation=[found.pk]))
    if member is not None:
        asked.joined = Joining.objects.filter(interpellation=found, member=member).exists()
        asked.follows = Follow.objects.filter(interpellation=found, member=member).exists()
        said = Considered.objects.filter(interpellation=found, member=member).first()
        asked.says = said.says if said is not None else ""
    return asked


def _cursor(after: str) -> tuple[int, int]:
    """Where a page begins; from the beginning for what makes no sense."""
    first, _dash, last = after.partition("-")
    numbers = [
        int(told) if told.isascii() and told.isdecimal() and len(told) < 18 else 0 for told in (first, last)
    ]
    return min(numbers[0], 1_000_000), numbers[1]
