"""What each method of deciding needs to be told, checked before a challenge opens and locked with it.

`rules_read(poll)` gives them back typed. What is left out has the default that stands here, and is written down with
the rest at the drafting: a later version of Estime with other defaults changes no vote that runs.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from estime.cocreation.amounts import amount_read
from estime.cocreation.errors import PollInvalid
from estime.cocreation.models import Poll

GAINING: Final = ("pairwise", "groups")
"""Methods whose votes may gain options while they run."""

LEAST_TOLD: Final = 3
"""From so many voters on it is told who won: with fewer, the winner is how somebody voted."""
LEAST_COUNTED: Final = 5
"""From so many voters on figures are told; also how many of a kind a published ballot or a figure of accounts needs."""
LEAST_GROUP: Final = 10
"""From so many people on an opinion group is drawn and its votes are told."""


class Rules(BaseModel):
    """What every method has. `publish`: whether each ballot, without name and time, is published once it is sealed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    objection_days: int = Field(default=7, ge=1, le=60)
    young_days: int = Field(default=7, ge=1, le=365)
    alike_minutes: int = Field(default=10, ge=1, le=1440)
    options: Literal["chosen", "all"] = "chosen"
    """"all": whatever stands in the challenge when the vote opens is an option; "chosen": its lead says which."""
    publish: Literal["counts", "ballots"] = "counts"


class ApprovalRules(Rules):
    """`most`: options on a ballot at most; none: as many as one likes. `seats`: how many win."""

    most: int | None = Field(default=None, ge=1, le=1000)
    seats: int = Field(default=1, ge=1, le=100)


class ScoreRules(Rules):
    """Points from 0 to `top`."""

    top: int = Field(default=5, ge=1, le=100)
    seats: int = Field(default=1, ge=1, le=100)


class RankedRules(Rules):
    """A ranking has one winner, or several that it does not tell apart."""


class PairwiseRules(Rules):
    """`propose`: whether members may add options while the vote runs."""

    propose: bool = True


class GroupsRules(Rules):
    """`propose`: whether members may add statements while the vote runs."""

    propose: bool = True


class BudgetRules(Rules):
    """`within`: whether what somebody chooses has to fit into the budget, or is shared out by the method."""

    budget: Decimal = Field(gt=0, lt=Decimal(10) ** 12, decimal_places=2)
    unit: str = Field(default="EUR", min_length=1, max_length=12)
    within: bool = False

    @field_validator("budget", mode="before")
    @classmethod
    def _as_written(cls, told: object) -> object:
        """Thousands and cents as people write them."""
        if not isinstance(told, str):
            return told
        amount = amount_read(told)
        if amount is None:
            raise ValueError("no amount of money")
        return amount


RULES: Final[dict[str, type[Rules]]] = {
    "approval": ApprovalRules,
    "score": ScoreRules,
    "ranked": RankedRules,
    "pairwise": PairwiseRules,
    "budget": BudgetRules,
    "groups": GroupsRules,
}


def rules_checked(method: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a vote, whole, as they are kept. Raises `PollInvalid` with the name of the field."""
    model = RULES.get(method)
    if model is None:
        raise PollInvalid(
            _("There is no such way of deciding."), todo=_("Choose one of those on the list."), field="method"
        )
    try:
        return model.model_validate(dict(told)).model_dump(mode="json")
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "parameters"
        raise _refused(field, model.model_fields.get(field)) from error


def _refused(field: str, known: FieldInfo | None) -> PollInvalid:
    """What a rule may be, said in the words of its own."""
    if field == "budget":
        return PollInvalid(
            _("How much money is there to share out? It is an amount of more than nothing."),
            todo=_("Write a number such as 5000 or 5000.50."),
            field=field,
        )
    bounds = known.metadata if known is not None else []
    least = next((bound.ge for bound in bounds if hasattr(bound, "ge")), None)
    most = next((bound.le for bound in bounds if hasattr(bound, "le")), None)
    if least is not None and most is not None:
        return PollInvalid(
            _("This is a whole number from %(least)s to %(most)s.") % {"least": least, "most": most},
            todo=_("Write one of these, and save again."),
            field=field,
        )
    if field == "unit":
        return PollInvalid(
            _("A currency is one to twelve letters."), todo=_("Write it as in EUR."), field=field
        )
    return PollInvalid(
        _("This vote cannot have this rule: %(field)s.") % {"field": field},
        todo=_("docs/voting.md lists the rules of each method."),
        field=field,
    )


def rules_read(poll: Poll) -> Any:
    """The rules of a vote, of the model that its method has."""
    return RULES[poll.method].model_validate(poll.parameters)
