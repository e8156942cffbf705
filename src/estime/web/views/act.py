"""One act: everything that is known of it, what it answers, what followed from it, and its thread around it."""

import json
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.channels import api as channels
from estime.ledger import api as ledger
from estime.ledger.api import ActFilter, ActRow, Listed, Place
from estime.listening import api as listening
from estime.people import api as people
from estime.readouts.mentions import without_people
from estime.web.access import needs
from estime.web.act_filters import acts_url
from estime.web.act_rows import Row, Rows, finder
from estime.web.frame import may, viewer
from estime.web.listening_words import reading_words, target_words
from estime.web.moments import moment
from estime.web.said import Find, linked
from estime.web.sealed import unseal

NEAR: Final = 5
FOLLOWED: Final = 20
VERSIONS: Final = ("Update", "Delete", "Remove", "Undo")


@require_safe
@needs("acts.see")
@never_cache
def act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """One act's page."""
    told, row = ledger.act_listed(act_id), ledger.act_find(act_id)
    if told is None or row is None:
        raise Http404(_("There is no such act."))
    sees = may(request, "persons.see")
    user = viewer(request)
    if sees and user is not None and not told.erased:
        people.look_record(user, told.account, "act")
    rows = Rows(sees)
    shown = rows.row(told)
    context = {
        "request": request,
        "act": told,
        "row": shown,
        "sentence": _("%(who)s %(done)s on %(channel)s") % shown._asdict(),
        "text": linked(rows.text(told.text), _sought(request, sees)),
        "reads": _reads(request, told),
        "facts": _facts(row, sees),
        "extra": _extra(row) if sees else "",
        "hidden": not sees,
        "came": _came(row),
        **_around(told, row, rows),
    }
    return render(request, "pages/act.html", context)


def _sought(request: HttpRequest, sees: bool) -> Find | None:
    """What was looked for in the list that led here: sealed in the address, and forgotten once that is too old."""
    words = unseal(request.GET.get("text", "")) or ""
    return finder(words if sees else without_people(words)[0])


def _reads(request: HttpRequest, told: Listed) -> list[str]:
    """How its text reads and whom it is about, in words; nothing where that is nobody's business."""
    if not told.text or not may(request, "listening.see") or not listening.text_shown(told.seq, told.text):
        return []
    reading = listening.text_reading(told.seq)
    return [words for words in (reading_words(reading), target_words(reading)) if words] if reading else []


def _around(told: Listed, row: ActRow, rows: Rows) -> dict[str, Any]:
    return {
        "parent": _parent(told, rows),
        "answers": _answers(told, rows),
        "done_to": _done_to(told, rows),
        "versions": _versions(told, row, rows),
        "thread": _thread(told, rows),
    }


def _parent(told: Listed, rows: Rows) -> Row | None:
    parent = None if told.parent is None else ledger.act_listed(told.parent.id)
    return None if parent is None else rows.row(parent)


def _answers(told: Listed, rows: Rows) -> dict[str, Any] | None:
    """The newest answers to what this act made."""
    if told.object_id is None or told.type != "Create":
        return None
    page = ledger.acts_page(ActFilter(reply_to=Place(told.channel, told.object_id)), limit=FOLLOWED)
    if not page.acts:
        return None
    return {"rows": rows.of(page.acts), "url": acts_url(reply_to=told.id) if page.older else ""}


def _done_to(told: Listed, rows: Rows) -> dict[str, Any] | None:
    """What was done to the same thing: likes, shares, votes."""
    if told.object_id is None:
        return None
    page = ledger.acts_page(
        ActFilter(of=Place(told.channel, told.object_id), without=VERSIONS), limit=NEAR + 1
    )
    others = [each for each in page.acts if each.id != told.id]
    if not others:
        return None
    return {
        "rows": rows.of(others[:NEAR]),
        "url": acts_url(of=told.id) if len(others) > NEAR or page.older else "",
    }


def _versions(told: Listed, row: ActRow, rows: Rows) -> list[Row]:
    """What came of it later: edits, a deletion, the taking back of it."""
    found: list[Listed] = []
    made = row.object_id if row.type == "Create" else None
    for identifier, kinds in ((made, ("Update", "Delete", "Remove")), (row.source_id, ("Undo",))):
        if identifier is not None:
            asked = ActFilter(of=Place(told.channel, identifier), types=kinds)
            found += ledger.acts_page(asked, limit=FOLLOWED).acts
    return rows.of([each for each in sorted(found, key=lambda each: each.at) if each.id != told.id])


def _thread(told: Listed, rows: Rows) -> dict[str, Any] | None:
    """A few acts before and after it in its thread."""
    if told.context is None:
        return None
    place, here = ActFilter(thread=Place(told.channel, told.context)), (told.at, told.seq)
    before = ledger.acts_page(place, before=here, limit=NEAR).acts
    after = ledger.acts_page(place, after=here, limit=NEAR).acts
    around = sorted([*before, *after], key=lambda each: (each.at, each.seq))
    if not around:
        return None
    return {
        "before": rows.of([each for each in around if (each.at, each.seq) < here]),
        "after": rows.of([each for each in around if (each.at, each.seq) > here]),
        "url": acts_url(thread=told.id),
    }


def _facts(row: ActRow, sees: bool) -> list[tuple[str, str]]:
    """Every field of the act as it stands in the ledger; identifiers of a source may name people."""
    shown: list[tuple[str, object]] = [
        ("type", row.type),
        ("object_type", row.object_type),
        ("published", row.published.isoformat()),
        ("recorded", row.recorded.isoformat()),
        ("channel", row.channel),
        ("account", row.account),
        ("lang", row.lang),
        ("value", row.value),
        ("unit", row.unit),
        ("incentive", row.incentive),
        ("id", row.id),
        ("seq", row.seq),
    ]
    if sees:
        names = ("on_behalf_of", "source_id", "object_id", "in_reply_to", "context")
        shown += [(name, getattr(row, name)) for name in names]
    return [(name, str(told)) for name, told in shown if told is not None]


def _extra(row: ActRow) -> str:
    if row.extra is None:
        return ""
    return json.dumps(json.loads(row.extra), ensure_ascii=False, indent=2, sort_keys=True)[:20_000]


def _came(row: ActRow) -> dict[str, Any] | None:
    """The import that brought it, where one was under way on its channel when it was recorded."""
    found = channels.imports(row.channel, (row.recorded + timedelta(microseconds=1), UUID(int=0)), 1)
    if not found or (found[0].finished is not None and found[0].finished < row.recorded):
        return None
    return {"id": found[0].pk, "file": found[0].file_name, "when": moment(found[0].started)}
