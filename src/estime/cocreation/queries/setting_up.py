"""A draft with what it lacks and what a member would ask about it."""

from datetime import datetime
from typing import NamedTuple

from estime.cocreation.deal_examples import brief_examples
from estime.cocreation.gadgets import Finding, Written, gadget_findings
from estime.cocreation.models import BRIEF, Challenge
from estime.cocreation.queries.phases import phases_of
from estime.cocreation.queries.readiness import opening_lacks
from estime.kernel import clock


class Checked(NamedTuple):
    """`lacks`: names of what has to be there; `findings`: what makes it a gadget."""

    lacks: list[str]
    findings: list[Finding]


def draft_checked(challenge: Challenge, at: datetime | None = None) -> Checked:
    """What stands between a draft and its opening, and what would make it a gadget: four queries."""
    lacks = opening_lacks(challenge, at or clock.now())
    written = Written(
        challenge.power,
        **{name: getattr(challenge, name) for name in BRIEF},
        answer_by=challenge.answer_by,
        phases={phase.kind: (phase.starts, phase.ends) for phase in phases_of(challenge)},
        polls=tuple(challenge.polls.values_list("binding", flat=True)),
        backstage=challenge.backstage.count(),
        examples=frozenset(brief_examples()),
    )
    return Checked(lacks, gadget_findings(written))
