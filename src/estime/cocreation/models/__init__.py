"""Schema and constraints; what triggers hold besides is in `guards.py`."""

from estime.cocreation.models.abuse import Allowance, Echo, Hint
from estime.cocreation.models.ballot import Ballot, Link, Objection, Option, Poll, Result, Voter
from estime.cocreation.models.challenge import (
    BRIEF,
    Acceptance,
    Backstage,
    Challenge,
    Deal,
    Extension,
    Override,
    Phase,
)
from estime.cocreation.models.contribution import (
    Author,
    Contribution,
    Disowning,
    Draft,
    File,
    Picture,
    Support,
    Version,
)
from estime.cocreation.models.decision import Considered, Decision, Outcome, OutcomeSource, Pledge
from estime.cocreation.models.discussion import Comment, Edit, Wording
from estime.cocreation.models.interpellation import Answer, Interpellation, Joining
from estime.cocreation.models.merge import Consent, Contest, Merge, MergePart
from estime.cocreation.models.moderation import TARGETS, Appeal, Hiding, Moderated, Report
from estime.cocreation.models.news import Digest, Event, Follow, Notice
from estime.cocreation.models.space import Member, Space
from estime.cocreation.models.title import TitleBodyPosting, TitleEntry, TitleNear, TitlePosting, TitleWord

__all__ = [
    "BRIEF",
    "TARGETS",
    "Acceptance",
    "Allowance",
    "Answer",
    "Appeal",
    "Author",
    "Backstage",
    "Ballot",
    "Challenge",
    "Comment",
    "Consent",
    "Considered",
    "Contest",
    "Contribution",
    "Deal",
    "Decision",
    "Digest",
    "Disowning",
    "Draft",
    "Echo",
    "Edit",
    "Event",
    "Extension",
    "File",
    "Follow",
    "Hiding",
    "Hint",
    "Interpellation",
    "Joining",
    "Link",
    "Member",
    "Merge",
    "MergePart",
    "Moderated",
    "Notice",
    "Objection",
    "Option",
    "Outcome",
    "OutcomeSource",
    "Override",
    "Phase",
    "Picture",
    "Pledge",
    "Poll",
    "Report",
    "Result",
    "Space",
    "Support",
    "TitleBodyPosting",
    "TitleEntry",
    "TitleNear",
    "TitlePosting",
    "TitleWord",
    "Version",
    "Voter",
    "Wording",
]
