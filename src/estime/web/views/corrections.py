"""Many refused rows at once: one correction for all of a code, a file out and back, an import put aside."""

import hashlib
import re
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from estime.channels import api as channels
from estime.jobs import api as jobs
from estime.kernel.errors import EstimeError
from estime.web.access import needs, signed_in
from estime.web.import_words import told
from estime.web.uploading import OneFile, take_one_file
from estime.web.views.rejects import REASON, back_to, import_found


@require_POST
@needs("channels.import")
def correct(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """One correction for all rows of a code that wait: a job does it."""
    record = import_found(import_id)
    code = request.POST.get("code", "")
    words = {
        request.POST.get(f"word-{number}", ""): request.POST.get(f"type-{number}", "") for number in range(50)
    }
    wanted = {
        "timezone": request.POST.get("timezone", "").strip(),
        "date_format": request.POST.get("date_pattern", "").strip() or request.POST.get("date_format", ""),
        "decimal": request.POST.get("decimal", ""),
        "types": {word: kind for word, kind in words.items() if word and kind},
    }
    if request.POST.get("do") == "leave":
        wanted = {"leave": request.POST.get("reason", "")}
    try:
        correction = channels.check_correction(code, wanted)
    except EstimeError as error:
        messages.error(request, told(error))
        return back_to(record, code)
    data: dict[str, jobs.JSON] = {
        "import": str(record.pk),
        "code": code,
        "correction": correction,
        "by": signed_in(request).pk,
    }
    told_apart = hashlib.sha256(orjson.dumps(correction, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    job = jobs.enqueue("mend", data, key=f"{record.pk}:{code}:{told_apart}"[:200], by=signed_in(request).pk)
    return redirect("job", job_id=job)


@require_POST
@needs("channels.import")
def close(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """Put an import aside with a reason, or take it up again."""
    record = import_found(import_id)
    if request.POST.get("do") == "reopen":
        channels.import_reopen(record.pk)
        return redirect("import", import_id=record.pk)
    reason = request.POST.get("reason", "").strip()[:REASON]
    if not reason:
        messages.error(request, _("Say why, in a few words."))
    elif channels.import_close(record.pk, signed_in(request).pk, reason):
        messages.success(request, _("Nothing of this import waits any longer. Your reason is kept with it."))
    return redirect("import", import_id=record.pk)


@require_safe
@needs("channels.import")
@never_cache
def rejects_file(request: HttpRequest, import_id: UUID, kind: str) -> HttpResponseBase:
    """The rows that wait, as a file to mend elsewhere."""
    record = import_found(import_id)
    types = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
    if kind not in types:
        raise Http404
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", record.file_name)[:40].strip("-") or "rows"
    response = StreamingHttpResponse(
        channels.rejects_written(record, "csv" if kind == "csv" else "jsonl"), content_type=types[kind]
    )
    response["Content-Disposition"] = f'attachment; filename="refused-{stem}.{kind}"'
    return response


@csrf_exempt  # the inner view checks it, once it is said where the file is to go
@require_POST
@needs("channels.import")
def corrected(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """A file of refused rows, mended elsewhere, coming back: a job brings its rows in."""
    handler = take_one_file(request)
    try:
        return _corrected(request, handler, import_id)
    finally:
        handler.discard()


@csrf_protect
def _corrected(request: HttpRequest, handler: OneFile, import_id: UUID) -> HttpResponseBase:
    record = import_found(import_id)
    try:
        upload = handler.remember(signed_in(request).pk, record.pk)
        if upload is None:
            messages.error(request, _("Choose a file first."))
            return redirect("import", import_id=record.pk)
        return redirect("job", job_id=channels.import_ask(upload))
    except EstimeError as error:
        messages.error(request, told(error))
        return redirect("import", import_id=record.pk)
