"""An act in words: who did what."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from estime.ledger.api import Listed

_DONE: Final = {
    "Create": pgettext_lazy("what somebody did", "wrote"),
    "Vote": pgettext_lazy("what somebody did", "voted"),
    "Like": pgettext_lazy("what somebody did", "liked"),
    "Dislike": pgettext_lazy("what somebody did", "disliked"),
    "Announce": pgettext_lazy("what somebody did", "shared"),
    "Flag": pgettext_lazy("what somebody did", "reported"),
    "Follow": pgettext_lazy("what somebody did", "followed"),
    "Join": pgettext_lazy("what somebody did", "joined"),
    "Leave": pgettext_lazy("what somebody did", "left"),
    "Undo": pgettext_lazy("what somebody did", "took something back"),
    "Update": pgettext_lazy("what somebody did", "edited"),
    "Delete": pgettext_lazy("what somebody did", "deleted"),
    "Remove": pgettext_lazy("what somebody did", "removed"),
    "Add": pgettext_lazy("what somebody did", "added"),
    "View": pgettext_lazy("what somebody did", "viewed"),
    "Read": pgettext_lazy("what somebody did", "has read"),
    "Listen": pgettext_lazy("what somebody did", "listened"),
    "Offer": pgettext_lazy("what somebody did", "offered"),
    "Accept": pgettext_lazy("what somebody did", "accepted"),
    "Reject": pgettext_lazy("what somebody did", "refused"),
    "Invite": pgettext_lazy("what somebody did", "invited"),
    "Question": pgettext_lazy("what somebody did", "asked"),
    "Block": pgettext_lazy("what somebody did", "blocked"),
    "Ignore": pgettext_lazy("what somebody did", "ignored"),
    "Move": pgettext_lazy("what somebody did", "moved"),
    "Arrive": pgettext_lazy("what somebody did", "arrived"),
    "Travel": pgettext_lazy("what somebody did", "travelled"),
    "TentativeAccept": pgettext_lazy("what somebody did", "accepted for now"),
    "TentativeReject": pgettext_lazy("what somebody did", "refused for now"),
}
_KINDS: Final = {
    "Create": gettext_lazy("Posts and replies"),
    "Vote": gettext_lazy("Votes"),
    "Like": gettext_lazy("Likes"),
    "Dislike": gettext_lazy("Dislikes"),
    "Announce": gettext_lazy("Shares"),
    "Flag": gettext_lazy("Reports"),
    "Follow": gettext_lazy("Follows"),
    "Join": gettext_lazy("Joinings"),
    "Leave": gettext_lazy("Leavings"),
    "Undo": gettext_lazy("Taken back"),
    "Update": gettext_lazy("Edits"),
    "Delete": gettext_lazy("Deletions"),
    "Remove": gettext_lazy("Removals"),
    "Add": gettext_lazy("Additions"),
    "View": gettext_lazy("Views"),
    "Read": gettext_lazy("Readings"),
    "Listen": gettext_lazy("Listenings"),
    "Offer": gettext_lazy("Offers"),
    "Accept": gettext_lazy("Acceptances"),
    "Reject": gettext_lazy("Refusals"),
    "Invite": gettext_lazy("Invitations"),
    "Question": gettext_lazy("Polls"),
}


def done(act: Listed) -> str:
    """What somebody did, as a verb of the past; a vote is one whatever its type."""
    if not act.vote and act.type == "Create" and act.in_reply_to is not None:
        return pgettext("what somebody did", "replied")
    return str(_DONE.get("Vote" if act.vote else act.type, act.type))


def kind_name(kind: str) -> str:
    """Acts of one kind, in words; what we have no words for keeps the standard's name."""
    return str(_KINDS.get(kind, kind))


def account_name(account: int) -> str:
    """An account without its handle: the end of its number."""
    return _("account …%(number)s") % {"number": f"{account % 1_000_000:06d}"}


def who(handle: str | None, account: int, sees: bool) -> str:
    """Who did it, for somebody who may see it or may not; of somebody who was erased nothing is told."""
    if handle is None:
        return _("somebody who was erased")
    return handle if sees else account_name(account)
