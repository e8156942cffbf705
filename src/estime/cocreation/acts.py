"""Every business act is an act of the ledger, written in the transaction of the act itself.

What stands in the ledger, by deed (types of Activity Streams 2.0):

| deed | type | object | object type | in reply to | context |
|---|---|---|---|---|---|
| a contribution is published | Create | itself | Idea, Tip, Story, Creation | what it builds on | the challenge |
| a new version | Update | itself | the same | the improvement it adopted | the challenge |
| it is withdrawn | Delete | itself | the same | | the challenge |
| a version is disowned | Reject | itself, with `#version-` and its number | the same | | the challenge |
| writing it together, in four steps | Invite, Accept, Reject, Remove | itself | Person | | the challenge |
| a comment | Create | itself | Note | the comment or contribution it answers | the challenge |
| it is reworded, taken back; an improvement declined | Update, Delete; Reject | itself | Note | | the challenge |
| following, and stopping | Add, Remove | what is followed | its type, Collection | | the challenge |
| support, and taking it back | Create, Undo | the contribution | Vote | | the challenge |
| a question to the brand | Create | itself | Question | | the challenge or space |
| joining it, and leaving it | Create, Undo | the question | Vote | | the same |
| taking it back | Delete | the question | Question | | the same |
| a vote; taken back | Create; Delete | the poll | Vote, without a value | | the challenge |
| an option or statement is added, taken out | Create, Remove | itself | Note | the poll | the challenge |
| an objection to a vote, its answer | Create | itself | Note | the poll, the objection | the challenge |
| a decision, an answer | Create | itself | Note | the contribution or question | the challenge |
| a promise; kept, taken back | Create; Update | itself | Note | what it is about | the challenge |
| an outcome | Create | itself | Product | | the challenge |
| bringing together is proposed, taken back | Offer, Remove | the proposal | Relationship | | the challenge |
| an author or a lead says yes, no | Accept, Reject | the proposal | Relationship | | the challenge |
| it is brought together, taken apart | Add, Remove (of each part) | the part | Idea and so on | | the challenge |
| a merge is contested, and answered | Create | itself | Note | the proposal, the contest | the challenge |
| a challenge opens | Create | itself | Event | | itself |
"""

from datetime import datetime

from django.db import connection

from estime.cocreation.members import CHANNEL
from estime.cocreation.models import Challenge, Comment, Contribution, Interpellation, Member, Poll, Space
from estime.kernel.ids import uuid7
from estime.ledger import api as ledger
from estime.ledger.api import ActDraft, execute_prepared

KIND_TYPES = {"idea": "Idea", "tip": "Tip", "story": "Story", "creation": "Creation"}

Thing = Space | Challenge | Contribution | Comment | Interpellation | Poll


class LedgerRefused(RuntimeError):
    """An act of our own was refused by the ledger: a defect here, so the whole deed is undone."""


def object_id(thing: Thing) -> str:
    """How the ledger calls something of ours: what an import brought keeps the id that it has there."""
    source = getattr(thing, "source", None)
    if source:
        return str(source)
    return f"{type(thing).__name__.lower()}/{thing.pk}"


def source_new(kind: str) -> str:
    """The id of something new, before it stands anywhere: its act in the ledger has the same."""
    return f"{kind}/{uuid7()}"


def act_write(
    by: Member,
    type: str,
    what: Thing | str,
    at: datetime,
    **more: str | float | dict[str, object] | None,
) -> None:
    """Write one act of a member on our own channel; `more`: other fields of `ledger.api.ActDraft`.

    `source_id` may be given, for acts that can be told twice; else each call is an act of its own. To be called inside
    the transaction of the deed: if the ledger refuses, `LedgerRefused` undoes it all.
    """
    name = what if isinstance(what, str) else object_id(what)
    source_id = str(more.pop("source_id", None) or f"{type.lower()}/{uuid7()}")
    draft = ActDraft(source_id, by.handle, type, at, object_id=name, **more)  # type: ignore[arg-type]
    told, account = ledger.append_one(CHANNEL, draft)
    if told.rejects:
        raise LedgerRefused(told.rejects[0].code)
    if by.account is None and by.channel == CHANNEL:
        account = account or ledger.account_key(CHANNEL, by.handle)
        with connection.cursor() as cursor:  # what the ORM makes of it takes as long as the statement
            execute_prepared(
                cursor,
                "UPDATE cocreation_member SET account = %s::bigint WHERE id = %s::bigint AND account IS NULL",
                [account, by.pk],
            )
        by.account = account
