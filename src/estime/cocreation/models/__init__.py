"""Schema and constraints; what triggers hold besides is in `guards.py`."""

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
from estime.cocreation.models.merge import Consent, Merge, MergePart
from estime.cocreation.models.moderation import TARGETS, Appeal, Hiding, Report
from estime.cocreation.models.news import Digest, Event, Follow, Notice
from estime.cocreation.models.space import Member, Space
from estime.cocreation.models.title import TitleBodyPosting, TitleEntry, TitleNear, TitlePosting, TitleWord

__all__ = [
    "BRIEF",
    "TARGETS",
    "Acceptance",
    "Answer",
    "Appeal",
    "Author",
    "Backstage",
    "Ballot",
    "Challenge",
    "Comment",
    "Consent",
    "Considered",
    "Contribution",
    "Deal",
    "Decision",
    "Digest",
    "Disowning",
    "Draft",
    "Edit",
    "Event",
    "Extension",
    "File",
    "Follow",
    "Hiding",
    "Interpellation",
    "Joining",
    "Link",
    "Member",
    "Merge",
    "MergePart",
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
