"""One import: its numbers, and the rows that were refused, to be mended, left out for a reason, or mended elsewhere."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.channels import api as channels
from estime.jobs import api as jobs
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger
from estime.readouts.wording import count
from estime.web.access import needs, signed_in
from estime.web.frame import may
from estime.web.import_words import (
    MARKS,
    STATUSES,
    TYPES,
    came_in_words,
    field_words,
    refused_words,
    told,
)
from estime.web.views.channels import channel_url
from estime.web.views.uploads import DATES, _date_words

PAGE = 20
LONGEST = 200_000
REASON = 1000
FIRST_SHOWN = ("actor", "published", "type", "content")


def import_found(import_id: UUID) -> channels.Import:
    """An import, or the page that says there is none."""
    record = channels.import_find(import_id)
    if record is None:
        raise Http404(_("There is no such import."))
    return record


@require_safe
@needs("channels.see")
@never_cache
def import_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What came of an import. Rows themselves are for those who may import: they hold what people wrote."""
    record = import_found(import_id)
    mending = may(request, "channels.import")
    code = request.GET.get("code", "")
    codes = channels.codes_of(record)
    shown = {
        **_facts(record),
        "codes": [_code(each, record) for each in codes],
        "mending": mending,
        "mendable": channels.mendable(record),
        "job": jobs.find(record.job) if record.job and record.status == "running" else None,
    }
    if mending and (len(codes) == 1 or code in {each.code for each in codes}):
        shown |= _rows(request, record, code or codes[0].code)
    return render(request, "pages/rejects.html", shown)


def _facts(record: channels.Import) -> dict[str, Any]:
    waiting = channels.import_waiting(record)
    return {
        "record": record,
        "channel_url": channel_url(record.channel) if _is_there(record.channel) else "",
        "sentence": _sentence(record),
        "status": str(STATUSES[record.status]),
        "mark": MARKS[record.status],
        "waiting": waiting,
        "settled": record.settled,
        "types": [
            came_in_words(kind, number)
            for kind, number in sorted(record.types.items(), key=lambda told: -told[1])
        ],
        "closed": _closed(record),
        "stopped": record.stopped and not record.closed,
    }


def _is_there(name: str) -> bool:
    """Not, where rows name their channels themselves, nor where nothing of the first file could be read."""
    return any(channel.name == name for channel in ledger.channels())


def _sentence(record: channels.Import) -> str:
    names = {
        "file": record.file_name,
        "new": count(record.new),
        "waiting": count(channels.import_waiting(record)),
    }
    if record.status == "running":
        return _("“%(file)s” is on its way in.") % names
    if record.sent:
        return _sent(record) % names
    came = (
        ngettext("%(new)s row of “%(file)s” came in.", "%(new)s rows of “%(file)s” came in.", record.new)
        % names
    )
    waiting = channels.import_waiting(record)
    if waiting:
        more = ngettext("%(waiting)s row waits to be mended.", "%(waiting)s rows wait to be mended.", waiting)
        return f"{came} {more % names}"
    return came


def _sent(record: channels.Import) -> str:
    waiting = channels.import_waiting(record)
    if not waiting:
        return _("No refused message of “%(file)s” waits any more.")
    return ngettext(
        "%(waiting)s refused message of “%(file)s” waits to be mended.",
        "%(waiting)s refused messages of “%(file)s” wait to be mended.",
        waiting,
    )


def _closed(record: channels.Import) -> str:
    if record.closed is None:
        return ""
    if record.closed_reason == channels.AGAIN:
        return _("The same file was imported again, and the same rows were refused: they wait there.")
    return _("Set aside by %(who)s: %(why)s") % {"who": record.closed_by, "why": record.closed_reason}


def _code(each: channels.CodeCount, record: channels.Import) -> dict[str, Any]:
    what, todo = refused_words(each.code)
    return {
        "code": each.code,
        "what": what,
        "todo": todo,
        "count": each.total,
        "open": 0 if record.closed else each.open,
        "url": f"{reverse('import', args=[record.pk])}?code={each.code}#rows",
    }


def _rows(request: HttpRequest, record: channels.Import, code: str) -> dict[str, Any]:
    start = int(told_) if (told_ := request.GET.get("from", "0")).isdecimal() and len(told_) < 18 else 0
    page = channels.refused_page(record, code, start, PAGE)
    here = f"{reverse('import', args=[record.pk])}?code={code}"
    return {
        "code": code,
        "code_words": refused_words(code),
        "rows": [_row(record, row) for row in page.rows],
        "next": "" if page.next is None else f"{here}&from={page.next}#rows",
        "first": f"{here}#rows" if start else "",
        "corrections": _corrections(record, code),
    }


def _row(record: channels.Import, row: Any) -> dict[str, Any]:
    broken = channels.broken_of(record, row.place, row.reject)
    pairs = _pairs(record, broken)
    return {
        "line": row.reject.line,
        "reason": row.reject.reason,
        "pairs": [(name, value) for name, value in pairs if value][:12],
        "url": reverse("reject", args=[record.pk, row.place]),
    }


def _pairs(record: channels.Import, broken: channels.Broken) -> list[tuple[str, str]]:
    """The row as names and texts, whichever shape it has."""
    if isinstance(broken.values, str):
        return [(_("Line"), broken.values)]
    if isinstance(broken.values, list):
        return list(zip(channels.columns_of(record), map(str, broken.values), strict=True))
    known = broken.shape in ("draft", "total")
    return [(field_words(name) if known else name, _text(value)) for name, value in broken.values.items()]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _corrections(record: channels.Import, code: str) -> dict[str, Any]:
    """What can be said for all rows of this code at once."""
    possible = channels.POSSIBLE.get(code, ()) if channels.mendable(record) else ()
    words = channels.words_of(record, code) if "types" in possible else []
    return {
        "zone": "zone" in possible,
        "zone_hint": "" if configuration().brand.timezone == "UTC" else configuration().brand.timezone,
        "dates": [(each, _date_words(each)) for each in DATES if each != "iso"]
        if "dates" in possible
        else [],
        "decimal": "decimal" in possible,
        "words": [(number, word, count(times)) for number, (word, times) in enumerate(words)],
        "types": [("", _("– leave waiting –")), *((key, str(words)) for key, words in TYPES.items())],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs("channels.import")
@never_cache
def reject(request: HttpRequest, import_id: UUID, place: int) -> HttpResponseBase:
    """One refused row: mend it and bring it in, or leave it out and say why."""
    record = import_found(import_id)
    if place >= 1 << 62:
        raise Http404(_("This row does not wait here any more."))
    try:
        refused = channels.refused_find(record, place)
    except EstimeError as error:
        if request.method == "POST":
            messages.info(request, told(error))
            return redirect("import", import_id=record.pk)
        raise Http404(told(error)) from error
    broken = channels.broken_of(record, place, refused)
    if request.method == "POST":
        return _settle(request, record, broken, refused)
    return _row_page(request, record, broken, refused)


def _settle(
    request: HttpRequest, record: channels.Import, broken: channels.Broken, refused: Any
) -> HttpResponseBase:
    user = signed_in(request)
    if request.POST.get("do") == "leave":
        reason = request.POST.get("reason", "").strip()[:REASON]
        if not reason:
            return _row_page(request, record, broken, refused, {"reason": _("Say why, in a few words.")})
        channels.leave_out(record.pk, [(broken.place, broken.code)], user.pk, reason)
        messages.success(request, _("The row is left out. Your reason is kept with it."))
        return back_to(record, broken.code)
    mended = _given(request, record, broken)
    done = channels.mend(record.pk, [mended], user.pk) if channels.mendable(record) else None
    if done is None or done.refused:
        again = done.refused[0] if done else refused
        what, todo = refused_words(again.code)
        return _row_page(request, record, mended, refused, {"row": f"{what}. {todo}", "detail": again.reason})
    jobs.enqueue("refresh", {}, key="refresh")
    messages.success(request, _("The row is in."))
    return back_to(record, broken.code)


def back_to(record: channels.Import, code: str) -> HttpResponseBase:
    """The rows of a code that still wait."""
    return redirect(f"{reverse('import', args=[record.pk])}?code={code}#rows")


def _given(request: HttpRequest, record: channels.Import, broken: channels.Broken) -> channels.Broken:
    """The row as the form says it now, in the same shape."""

    def value(number: int, before: object) -> str:
        return request.POST.get(f"v{number}", _text(before))[:LONGEST].replace("\r\n", "\n")

    values: Any
    if isinstance(broken.values, str):
        values = value(0, broken.values)
    elif isinstance(broken.values, list):
        values = [value(number, before) for number, before in enumerate(broken.values)]
    else:
        names = _names(broken)
        fields = {name: value(number, broken.values.get(name)) for number, name in enumerate(names)}
        before = broken.values
        values = {
            **before,
            **{
                name: _like(before.get(name), text) for name, text in fields.items() if text or name in before
            },
        }
    return channels.Broken(broken.place, broken.code, broken.shape, values)


def _names(broken: channels.Broken) -> list[str]:
    if not isinstance(broken.values, dict):
        return []
    there = [name for name in broken.values if name != "extra"]
    if broken.shape != "draft":
        return there
    return list(dict.fromkeys([*FIRST_SHOWN, *there, *channels.ACT_FIELDS]))


def _like(before: object, text: str) -> object:
    """A text as the kind of thing that stood there: a number stays one, what was a text stays one."""
    if before is None or isinstance(before, str):
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        return text


def _row_page(
    request: HttpRequest,
    record: channels.Import,
    broken: channels.Broken,
    refused: Any,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    what, todo = refused_words(refused.code)
    shown = {
        "record": record,
        "line": count(refused.line),
        "what": what,
        "todo": todo,
        "reason": refused.reason,
        "fields": _fields(record, broken),
        "mendable": channels.mendable(record),
        "errors": errors or {},
        "said": request.POST.get("reason", "") if errors else "",
        "back": f"{reverse('import', args=[record.pk])}?code={refused.code}#rows",
    }
    return render(request, "pages/reject.html", shown, status=422 if errors else 200)


def _fields(record: channels.Import, broken: channels.Broken) -> list[dict[str, Any]]:
    if isinstance(broken.values, str):
        told_ = [(_("Line"), broken.values, True)]
    elif isinstance(broken.values, list):
        told_ = [
            (name, str(v), True) for name, v in zip(channels.columns_of(record), broken.values, strict=True)
        ]
    else:
        known = broken.shape in ("draft", "total")
        told_ = [
            (
                field_words(name) if known else name,
                _text(broken.values.get(name)),
                name in broken.values or name in FIRST_SHOWN,
            )
            for name in _names(broken)
        ]
    return [
        {"name": f"v{number}", "label": label or _("(a column without a name)"), "value": value,
         "long": len(value) > 80 or "\n" in value, "first": first}
        for number, (label, value, first) in enumerate(told_)
    ]  # fmt: skip
