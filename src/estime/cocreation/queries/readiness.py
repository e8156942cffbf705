"""What a draft still lacks before it can open. What makes it a gadget stops nothing (`gadgets.py`)."""

from datetime import datetime

from estime.cocreation.models import BRIEF, Challenge
from estime.cocreation.queries.deals import deal_of

DEAL_PARTS = ("owns", "licence", "if_adopted", "if_refused", "if_withdrawn", "if_altered")
BINDING = ("choose", "decide")
"""Powers under which the brand does what members decide."""


def opening_lacks(challenge: Challenge, at: datetime) -> list[str]:
    """The names of what is missing: fields of the brief, `answer_by`, `deal`, `phases`, `kinds`, `poll`.

    A challenge where members choose or decide needs its vote before it opens: no binding vote can be added later.
    """
    lacks = [name for name in ("title", *BRIEF) if not getattr(challenge, name)]
    if challenge.answer_by is None or challenge.answer_by <= at:
        lacks.append("answer_by")
    phases = {phase.kind: phase for phase in challenge.phases.all()}
    if not phases or max(phase.ends for phase in phases.values()) <= at:
        lacks.append("phases")
    if "propose" in phases and not challenge.kinds:
        lacks.append("kinds")
    deal = deal_of(challenge)
    if deal is None or not all(getattr(deal, part) for part in DEAL_PARTS):
        lacks.append("deal")
    if challenge.power in BINDING and not challenge.polls.filter(binding=True).exists():
        lacks.append("poll")
    return lacks
