"""A discussion as a page shows it: threads, answers, improvements; and the form to say something.

For pages of contributions, challenges and questions to the brand alike: `talk_context`, and `cocreation/_talk.html`.
"""

from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation import api as cocreation
from estime.cocreation.api import (
    INTENT_NAMES,
    Challenge,
    Comment,
    Contribution,
    Edit,
    Hiding,
    Member,
    Spot,
    Version,
)
from estime.readouts.wording import count
from estime.web.addresses import numbered, numbering
from estime.web.hidden_words import hidden_told, hidden_url, look_url
from estime.web.loop_forms import number
from estime.web.member_words import Prose, difference_told, is_new, name_of
from estime.web.taking_part import address, title_of

DIFFS: Final = 5
"""Improvements whose change is shown where they stand; of more, it is a link away."""
_FORMS: Final = {
    "Contribution": "idea-comment",
    "Challenge": "challenge-comment",
    "Interpellation": "question-comment",
}


def talk_context(
    request: HttpRequest,
    where: Spot,
    member: Member | None,
    *,
    group: dict[int, Contribution] | None = None,
    settles: bool = False,
    typed: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What `cocreation/_talk.html` shows. `group`: a head and its parts; `settles`: may adopt improvements."""
    before = number(request.GET.get("before", ""))
    told = cocreation.talk(where, list(group) if group else None, before=before)
    comments = list(told.comments)
    lead = _lead(request, where, group, typed)
    prose = Prose([one.body for one in comments], where.space, member)
    rows = Rows(where, member, prose, group=group, settles=settles)
    rows.prepare(comments)
    return {
        "threads": [rows.thread(thread) for thread in told.threads],
        "older": f"?before={told.before}#talk" if told.before else "",
        "newest": f"{request.path}#talk" if before else "",
        "form": say_form(where, member, lead, typed),
        "sign_in": f"{reverse('account_login')}?next={request.path}",
    }


class Rows:
    """Comments as dictionaries for a template."""

    def __init__(
        self,
        where: Spot,
        member: Member | None,
        prose: Prose,
        *,
        group: dict[int, Contribution] | None = None,
        settles: bool = False,
    ) -> None:
        self._where, self._member, self._prose = where, member, prose
        self._group, self._settles = group or {}, settles
        self._page, self._judges = place_url(where), member is not None and member.may("moderation.act")
        self._url = numbering("comment")
        self._bases: dict[tuple[int, int], Version] = {}
        self._hidings: dict[int, Hiding] = {}
        self._diffs = 0

    def prepare(self, comments: list[Comment]) -> None:
        """Look up at once what several comments need."""
        edits = [
            one.edit for one in comments if hasattr(one, "edit") and one.withdrawn is None and not one.hidden
        ]
        offered = [each for each in edits if each.state == "offered"][:DIFFS]
        if offered:
            bases = Version.objects.filter(
                contribution__in={each.comment.contribution_id for each in offered},
                number__in={each.base for each in offered},
            )
            self._bases = {(one.contribution_id, one.number): one for one in bases}
        hidden = [one.pk for one in comments if one.hidden]
        if hidden:
            rows = Hiding.objects.filter(comment__in=hidden, lifted=None)
            self._hidings = {row.comment_id: row for row in rows if row.comment_id}

    def thread(self, thread: cocreation.Thread) -> dict[str, Any]:
        """A thread with the answers that are shown."""
        more = ngettext("Show the other answer", "Show the other %(n)s answers", thread.more)
        return {
            **self.row(thread.root),
            "answers": [self.row(answer) for answer in thread.answers],
            "more": more % {"n": count(thread.more)} if thread.more else "",
            "more_url": self._url(thread.root.pk),
        }

    def row(self, comment: Comment) -> dict[str, Any]:
        """One comment."""
        gone = self._gone(comment)
        mine = self._member is not None and comment.by_id == self._member.pk
        return {
            "pk": comment.pk,
            "url": self._url(comment.pk),
            "name": name_of(comment.by, for_brand=comment.for_brand),
            "brand": comment.for_brand,
            "new": is_new(comment.by),
            "intent": str(INTENT_NAMES[comment.intent]) if comment.intent else "",
            "mark": comment.intent,
            "at": comment.at,
            "edited": comment.edited,
            "gone": gone,
            "why_url": hidden_url(comment, self._hidings.get(comment.pk), self._member, mine=mine),
            "html": self._prose.html(comment.body, comment.quoted) if not gone or self._own(comment) else "",
            "place": self._place(comment),
            "answers_to": self._answers_to(comment),
            "edit": None if gone else self._edit(comment),
            "may_answer": self._member is not None and not gone,
            "mine": mine and not gone,
            "answer_url": f"{self._page}?answer={comment.pk}#say",
            "quote_url": f"{self._page}?quote={comment.pk}#say",
            "report_url": self._report_url(comment) if not gone and not mine else "",
        }

    def _gone(self, comment: Comment) -> str:
        if comment.erased:
            return _("Whoever wrote this has left; their words went with them.")
        if comment.withdrawn is not None:
            return _("Taken back by whoever wrote it.")
        if comment.hidden:
            return hidden_told(self._hidings.get(comment.pk))
        return ""

    def _own(self, comment: Comment) -> bool:
        """Whether whoever looks wrote what is hidden: they still read it."""
        hidden = comment.hidden and not comment.erased and comment.withdrawn is None
        return hidden and self._member is not None and comment.by_id == self._member.pk

    def _report_url(self, comment: Comment) -> str:
        if self._member is None:
            return ""
        return look_url(comment) if self._judges else numbered("report", comment.pk, "comment")

    def _place(self, comment: Comment) -> dict[str, str] | None:
        """Below which part it was said, where that is not the head itself."""
        part = self._group.get(comment.contribution_id or 0)
        if part is None or part.pk == self._where.pk:
            return None
        return {"title": title_of(part), "url": numbered("idea", part.pk)}

    def _answers_to(self, comment: Comment) -> dict[str, str] | None:
        """Whom it answers, where that is not the one the thread began with."""
        parent = comment.parent
        if parent is None or comment.parent_id == comment.root_id:
            return None
        return {"name": name_of(parent.by), "url": self._url(parent.pk)}

    def _edit(self, comment: Comment) -> dict[str, Any] | None:
        edit: Edit | None = getattr(comment, "edit", None)
        if edit is None:
            return None
        base = self._bases.get((comment.contribution_id or 0, edit.base))
        shown = None
        if base is not None and edit.state == "offered" and self._diffs < DIFFS:
            self._diffs += 1
            shown = difference_told(cocreation.difference((base.title, base.body), (edit.title, edit.body)))
        return {
            "url": numbered("improvement", edit.pk),
            "state": edit.state,
            "words": self._settled(edit),
            "reason": edit.reason,
            "diff": shown,
            "settles": self._settles and edit.state == "offered",
            "adopt": numbered("improvement", edit.pk),
            "decline": numbered("improvement-decline", edit.pk),
        }

    @staticmethod
    def _settled(edit: Edit) -> str:
        if edit.state == "adopted":
            return _("Adopted in version %(number)s") % {"number": edit.version}
        if edit.state == "declined" and edit.settled_by is not None:
            return _("Not adopted by %(name)s") % {"name": name_of(edit.settled_by)}
        return ""


def say_form(
    where: Spot, member: Member | None, lead: dict[str, Any], typed: dict[str, str] | None = None
) -> dict[str, Any] | None:
    """The form to say something; None where this person cannot."""
    if member is None or not _open(where):
        return None
    typed = typed or {}
    intents = [(key, str(words)) for key, words in INTENT_NAMES.items()]
    return {
        "action": reverse(_FORMS[type(where).__name__], args=[where.pk]),
        "once": typed.get("once") or str(uuid4()),
        "intents": intents,
        "intent": typed.get("intent", ""),
        "body": typed.get("body", lead.get("body", "")),
        "error": typed.get("error", ""),
        "handles": [told for told in typed.get("chosen", "").split("\n") if told],
        "people": reverse("people-suggested", args=[type(where).__name__.lower(), where.pk]),
        **{name: lead.get(name, "") for name in ("parent", "quoted", "words", "back")},
    }


def _open(where: Spot) -> bool:
    if isinstance(where, Challenge):
        return where.opened is not None and not where.hidden
    standing = where.withdrawn is None and not where.hidden and not where.erased
    return standing and not (isinstance(where, Contribution) and where.together_id)


def _lead(
    request: HttpRequest, where: Spot, group: dict[int, Contribution] | None, typed: dict[str, str] | None
) -> dict[str, Any]:
    """What the form begins with: an answer to somebody, or a quotation."""
    typed = typed or {}
    asked = typed.get("parent") or request.GET.get("answer", "")
    quoting = typed.get("quoted") or request.GET.get("quote", "")
    pk = number(asked) or number(quoting)
    if not pk:
        return {}
    found = Comment.objects.select_related("by").filter(pk=pk, hidden=False, withdrawn=None).first()
    if found is None or not _is_here(found, where, group):
        return {}
    told = {"name": name_of(found.by)}
    lead: dict[str, Any] = {"parent": found.pk, "back": place_url(where) + "#talk"}
    if number(quoting):
        names = cocreation.names_of(_handles(found.body))
        lead["body"] = cocreation.mentions_typed_again(
            cocreation.quote_write(found.body, cocreation.quote_id(found)), names
        )
        lead["quoted"] = found.pk
        lead["words"] = _("You quote %(name)s, and answer below it.") % told
    else:
        lead["words"] = _("You answer %(name)s.") % told
    return lead


def _handles(text: str) -> list[str]:
    return [part.partition("]")[0] for part in text.split("@[")[1:]]


def _is_here(comment: Comment, where: Spot, group: dict[int, Contribution] | None) -> bool:
    if isinstance(where, Contribution):
        return comment.contribution_id in (group or {where.pk: where})
    if isinstance(where, Challenge):
        return comment.challenge_id == where.pk
    return comment.interpellation_id == where.pk


def place_url(where: Spot) -> str:
    """The page that something is discussed on; a part is discussed on its head's."""
    if isinstance(where, Contribution):
        return numbered("idea", where.together_id or where.pk)
    if isinstance(where, Challenge):
        return address("challenge", where.pk) or numbered("ideas", where.pk)
    return address("interpellation", where.pk) or reverse("front")
