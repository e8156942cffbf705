"""Bring a file: choose it, look at how it is understood, correct that, and have it imported."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from estime.channels import api as channels
from estime.jobs import api as jobs
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger
from estime.readouts.wording import count
from estime.web.access import needs, signed_in
from estime.web.import_words import FIELDS, TYPES, error_words, field_words, refused_words
from estime.web.uploading import OneFile, limit, take_one_file

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "mac-roman")
DATES = ("iso", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M",
         "%Y-%m-%d %H:%M", "epoch", "epoch-ms")  # fmt: skip
FIRST_FIELDS = ("actor", "published", "content", "type")
OTHER_FIELDS = ("source_id", "in_reply_to", "context", "object_id", "value", "unit", "lang", "incentive")
TOTALS = ("insights", "audience", "discourse")
"""Formats that tell totals: when they were taken is worth a field."""
LONGEST = 200


@csrf_exempt  # the inner view checks it, once it is said where the file is to go
@require_http_methods(["GET", "HEAD", "POST"])
@needs("channels.import")
@never_cache
def upload(request: HttpRequest) -> HttpResponseBase:
    """The form to choose a file, and the file when it comes."""
    handler = take_one_file(request)
    try:
        return _upload(request, handler)
    finally:
        handler.discard()


@csrf_protect
def _upload(request: HttpRequest, handler: OneFile) -> HttpResponseBase:
    if request.method != "POST":
        return _form(request, {})
    user = signed_in(request)
    try:
        kept = handler.remember(user.pk)
        if kept is None:
            return _refuse(request, _("Choose a file first."))
        try:
            channels.preview_ask(channels.upload_options(kept, _first_options(request.POST)))
        except EstimeError:
            channels.upload_drop(kept)
            raise
    except EstimeError as error:
        return _refuse(request, " ".join(error_words(error.code, error.message, error.todo)))
    return _go(request, reverse("upload-page", args=[kept.pk]))


def _first_options(told: QueryDict) -> dict[str, Any]:
    return {"channel": _channel(told), "format": told.get("format", "")[:LONGEST], "title": _title(told)}


def _channel(told: QueryDict) -> str:
    """The channel that was chosen, or the new one that was named."""
    fresh = told.get("new_channel", "").strip()
    return (fresh or told.get("channel", "").strip())[:LONGEST]


def _title(told: QueryDict) -> str:
    return told.get("title", "").strip()[:LONGEST] if told.get("new_channel", "").strip() else ""


def _refuse(request: HttpRequest, why: str) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"error": why}, status=422)
    return _form(request, {"file": why}, status=422)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return JsonResponse({"to": url}) if _by_script(request) else redirect(url)


def _by_script(request: HttpRequest) -> bool:
    """Whether our own script sent the form to show how far it is: it follows what it is told."""
    return request.headers.get("Accept") == "application/json"


def _kept() -> str:
    days = configuration().privacy.keep_uploads_days
    words = ngettext(
        "The file is kept on this server only until it is imported, %(n)s day at most, and nobody else can open it.",
        "The file is kept on this server only until it is imported, %(n)s days at most, and nobody else can open it.",
        days,
    )
    return words % {"n": count(days)}


def _form(request: HttpRequest, errors: dict[str, str], status: int = 200) -> HttpResponse:
    told = request.POST if errors else request.GET
    shown = {
        "channels": _channel_choices(),
        "formats": _formats(),
        "errors": errors,
        "told": {name: told.get(name, "") for name in ("channel", "new_channel", "title", "format")},
        "most": ngettext("At most %(n)s MiB.", "At most %(n)s MiB.", limit() >> 20)
        % {"n": count(limit() >> 20)},
        "limit": limit(),
        "kept": _kept(),
    }
    return render(request, "pages/upload.html", shown, status=status)


def _channel_choices() -> list[tuple[str, str]]:
    known = [(each.name, str(each)) for each in ledger.channels()]
    return [("", _("Choose a channel")), *known]


def _formats() -> list[tuple[str, str]]:
    return [("", _("Find out by itself")), *((name, str(words)) for name, words in _format_words().items())]


def _format_words() -> dict[str, str]:
    words = {
        "csv": _("CSV: a table with one row per act"),
        "jsonl": _("JSON Lines: one object per line"),
        "parquet": _("Parquet: a table"),
        "as2": _("Activity Streams 2.0, one act per line"),
        "insights": _("CSV of a page’s posts with totals"),
        "audience": _("CSV of followers over time"),
        "slack": _("A Slack export (zip), or its messages"),
        "discourse": _("Posts of a Discourse forum"),
        "zulip": _("A Zulip export (zip), or its messages"),
        "polis": _("A Polis conversation (zip of its folder)"),
        "estime": _("An export of Estime (zip of its folder)"),
    }
    return {name: words.get(name, form.title) for name, form in channels.FORMATS.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("channels.import")
@never_cache
def upload_page(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """One file that came: how it is understood, and what is to be done with it."""
    user = signed_in(request)
    try:
        found = channels.upload_find(upload_id, user.pk)
    except EstimeError as error:
        raise Http404(error_words(error.code, error.message, error.todo)[0]) from error
    if request.method == "POST":
        return _act(request, found)
    return _shown(request, found)


def _act(request: HttpRequest, found: channels.Upload) -> HttpResponseBase:
    here = redirect("upload-page", upload_id=found.pk)
    wanted = request.POST.get("do", "")
    try:
        if wanted == "drop":
            channels.upload_drop(found)
            messages.info(request, _("The file is discarded. Nothing of it was imported."))
            return redirect("channels")
        if wanted == "look" and found.state == "waiting":
            channels.preview_ask(channels.upload_options(found, _options(request.POST, found)))
        elif wanted == "import":
            if found.state == "waiting" and not found.mends_id and not _place_known(found):
                channels.upload_options(found, {**found.options, "channel": _channel(request.POST)})
            channels.import_ask(found)
    except EstimeError as error:
        messages.error(request, " ".join(error_words(error.code, error.message, error.todo)))
    return here


def _place_known(found: channels.Upload) -> bool:
    form = channels.FORMATS.get((found.preview or {}).get("format", ""))
    return bool(found.options.get("channel")) or bool(form and form.names_channels)


def _options(told: QueryDict, found: channels.Upload) -> dict[str, Any]:
    """What somebody said about the file, on the page of its preview."""
    names = ("format", "timezone", "encoding", "date_format", "delimiter", "account", "observed")
    options: dict[str, Any] = {name: told.get(name, "").strip()[:LONGEST] for name in names}
    if told.get("date_format") == "other":
        options["date_format"] = told.get("date_pattern", "").strip()[:LONGEST]
    if told.get("delimiter") == "\\t":
        options["delimiter"] = "\t"
    options["channel"] = _channel(told) or found.options.get("channel", "")
    options["title"] = _title(told) or found.options.get("title", "")
    if options["format"] in channels.MAPPED and told.get("map") == "1":
        mapping = _mapping(told)
        if mapping:
            options["mapping"] = mapping
    return options


def _mapping(told: QueryDict) -> dict[str, Any]:
    """The mapping that the selects say, or nothing where who or when is not chosen."""
    fields: dict[str, Any] = {}
    for name in (*FIRST_FIELDS, *OTHER_FIELDS):
        column = told.get(f"field-{name}", "")
        if column:
            fields[name] = {"column": column}
    if told.get("field-published") and told.get("field-hour"):
        fields["published"] = {"columns": [told["field-published"], told["field-hour"]]}
    if "type" not in fields and told.get("always") in TYPES:
        fields["type"] = {"constant": told["always"]}
    if not {"actor", "published"} <= set(fields):
        return {}
    decimal = "," if told.get("decimal") == "," else "."
    return {"fields": fields, "decimal": decimal}


def _shown(request: HttpRequest, found: channels.Upload) -> HttpResponseBase:
    if found.state == "done" and found.imported_id:
        return redirect("import", import_id=found.imported_id)
    shown: dict[str, Any] = {"upload": found, "size": _size(found.size), "mends": found.mends_id}
    if found.state == "waiting" and found.preview is not None:
        return render(request, "pages/import.html", {**shown, **_preview(found)})
    which = found.job or found.preview_job
    job = jobs.find(which) if which else None
    if found.state == "gone" and found.job is None:
        raise Http404(_("This file is not kept here any more."))
    shown |= {"job": job, "job_words": _job_words(found, job), "live": job is not None and _going(job)}
    return render(request, "pages/import.html", shown)


def _going(job: jobs.JobInfo) -> bool:
    return job.status in ("waiting", "running")


def _job_words(found: channels.Upload, job: jobs.JobInfo | None) -> str:
    if job is None or job.status == "failed":
        return _("This stopped before its end.")
    if found.state == "waiting":
        return _("We are looking into the file.")
    if job.status == "waiting":
        return _("The file waits for its turn. You can leave this page: it goes on without you.")
    if job.status == "done":
        return _("The file is in.")
    return _("The file is on its way in. You can leave this page: it goes on without you.")


def _preview(found: channels.Upload) -> dict[str, Any]:
    told: dict[str, Any] = found.preview or {}
    error = told.get("error")
    form = told.get("format", "")
    names_itself = form in channels.FORMATS and channels.FORMATS[form].names_channels
    result = told.get("result")
    return {
        "preview": told,
        "format_words": _format_words().get(form, form),
        "formats": _formats(),
        "error": error and _error(error),
        "detail": error["message"] if error else "",
        "result": result and {**result, "sentence": _result_words(result), "codes": _codes(result)},
        "options": found.options,
        "choices": _choices(told, found.options),
        "channels": _channel_choices(),
        "needs_channel": not names_itself and not found.options.get("channel"),
        "names_itself": names_itself,
        "understood": [(field_words(name), column) for name, column in told.get("mapping", {}).items()],
        "totals": form in TOTALS,
        "can_map": form in channels.MAPPED and bool(told.get("columns")),
        "can_import": found.mends_id is not None or (result is not None and result["rows"] > 0),
    }


def _error(error: dict[str, str]) -> dict[str, str]:
    what, todo = error_words(error["code"], error["message"], error["todo"])
    return {"what": what, "todo": todo}


def _result_words(result: dict[str, Any]) -> str:
    """What an import would do, in a sentence."""
    if not result["rows"]:
        return _("There is no row in this file.")
    rows, new, known, refused = (result[name] for name in ("rows", "new", "known", "rejected"))
    return _("Of %(rows)s, %(new)s, %(known)s and %(refused)s.") % {
        "rows": _rows_words(rows, result["whole"]),
        "new": ngettext("%(n)s would come in", "%(n)s would come in", new) % {"n": count(new)},
        "known": ngettext("%(n)s is known already", "%(n)s are known already", known) % {"n": count(known)},
        "refused": ngettext("%(n)s would be refused", "%(n)s would be refused", refused)
        % {"n": count(refused)},
    }


def _rows_words(rows: int, whole: bool) -> str:
    if whole:
        return ngettext("%(n)s row", "%(n)s rows", rows) % {"n": count(rows)}
    return _("the first %(n)s rows") % {"n": count(rows)}


def _codes(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Why rows would be refused, each reason once: the first lines it was met on, and what the reader says there."""
    reasons: dict[str, dict[str, Any]] = {}
    for row in result["first_rejects"]:
        what, todo = refused_words(row["code"])
        each = reasons.setdefault(
            row["code"], {"lines": [], "what": what, "todo": todo, "reason": row["reason"]}
        )
        each["lines"].append(row["line"])
    for each in reasons.values():
        lines = [count(line) for line in each.pop("lines")]
        each["where"] = ngettext("On line %(n)s", "On lines %(n)s", len(lines)) % {"n": ", ".join(lines)}
    return list(reasons.values())


def _choices(told: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """What the selects of the preview offer, and what is chosen in them."""
    columns = [("", _("– not in this file –")), *((name, name) for name in told.get("columns", []))]
    understood = told.get("mapping", {})
    given = (options.get("mapping") or {}).get("fields", {})
    chosen = {name: understood.get(name, "") for name in (*FIRST_FIELDS, *OTHER_FIELDS)}
    hour = ""
    if (parts := given.get("published", {}).get("columns")) is not None:
        chosen["published"], hour = parts[0], parts[-1]
    elif " " in chosen["published"] and chosen["published"] not in told.get("columns", []):
        chosen["published"], _space, hour = chosen["published"].partition(" ")
    return {
        "columns": columns,
        "first": [(name, str(FIELDS[name]), chosen[name]) for name in FIRST_FIELDS],
        "other": [(name, str(FIELDS[name]), chosen[name]) for name in OTHER_FIELDS],
        "hour": hour,
        "types": [
            ("", _("posts, comments, messages")),
            *((k, str(v)) for k, v in TYPES.items() if k != "Create"),
        ],
        "always": (given.get("type") or {}).get("constant", ""),
        "decimal": (options.get("mapping") or {}).get("decimal", "."),
        **_reading(options),
    }


def _reading(options: dict[str, Any]) -> dict[str, Any]:
    """How the file as a whole is read: what can be chosen, and what is."""
    pattern = options.get("date_format", "")
    usual = pattern in ("", *DATES)
    return {
        "encodings": [("", _("Find out by itself")), *((e, e.upper()) for e in ENCODINGS)],
        "dates": [
            ("", _("Find out by itself")),
            *((d, _date_words(d)) for d in DATES),
            ("other", _("Another way")),
        ],
        "date_format": pattern if usual else "other",
        "date_pattern": "" if usual else pattern,
        "delimiters": [("", _("Find out by itself")), (",", ","), (";", ";"), ("\\t", _("tab")), ("|", "|")],
        "delimiter": "\\t" if options.get("delimiter") == "\t" else options.get("delimiter", ""),
        "zones": sorted(available_timezones()),
        "zone": options.get("timezone") or "",
        "zone_hint": configuration().brand.timezone,
    }


def _date_words(pattern: str) -> str:
    """A way of writing times by its example."""
    examples = {
        "epoch": _("seconds since 1970"),
        "epoch-ms": _("milliseconds since 1970"),
        "iso": "2024-05-31T18:30:00+02:00",
    }
    marks = {"%d": "31", "%m": "05", "%Y": "2024", "%H": "18", "%M": "30", "%S": "00"}
    shown = pattern
    for mark, example in marks.items():
        shown = shown.replace(mark, example)
    return examples.get(pattern, shown)


def _size(size: int) -> str:
    if size < 1 << 20:
        return _("%(n)s KiB") % {"n": count(max(size / 1024, 1))}
    return _("%(n)s MiB") % {"n": count(size / (1 << 20))}
