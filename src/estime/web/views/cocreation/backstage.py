"""*Coulisses*: what the brand gives first and tells on the way, with files to save; and the forms to give it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Backstage, Challenge, File, Member
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count, number
from estime.web import challenge_words as words
from estime.web.access import needs, open_to_all
from estime.web.attaching import FIELD, OneAttachment, take_one_attachment
from estime.web.member_words import Prose, name_of
from estime.web.taking_part import looking, me, told
from estime.web.views.cocreation.challenge import frame_of

PICTURE = "image/webp"


@require_safe
@open_to_all
@never_cache
def backstage(request: HttpRequest, pk: int) -> HttpResponse:
    """What lies in the backstage of a challenge."""
    member = looking(request)
    return _page(request, words.challenge_or_404(pk, member), member)


def _page(
    request: HttpRequest, here: Challenge, member: Member | None, errors: dict[str, str] | None = None
) -> HttpResponse:
    entries = cocreation.backstage_of(here)
    prose = Prose([one.body for one in entries], here.space, member)
    leads = cocreation.leads(member, here) and here.cancelled is None
    change = request.GET.get("change", "")
    config = configuration().cocreation
    shown = {
        **frame_of(here, "backstage"),
        "entries": [_entry(one, here, prose) for one in entries],
        "changing": next((one for one in entries if leads and str(one.pk) == change), None),
        "leads": leads,
        "form": request.POST,
        "errors": errors or {},
        "endings": ", ".join(f".{ending}" for ending in cocreation.kinds_taken()),
        "most": count(config.file_mb),
        "most_picture": count(config.picture_mb),
        "draft": here.opened is None,
    }
    return render(request, "cocreation/backstage.html", shown, using="jinja2", status=422 if errors else 200)


def _entry(one: Backstage, here: Challenge, prose: Prose) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "title": one.title,
        "html": prose.html(one.body) if one.body else "",
        "who": name_of(one.by, for_brand=here.by_brand),
        "at": one.at,
        "changed": one.changed,
        "files": [_file(file) for file in one.files.all()],
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "pk": file.pk,
        "name": file.name,
        "url": reverse("backstage-file", args=[file.pk]),
        "size": _size(file.size),
        "picture": file.media_type == PICTURE,
    }


def _size(size: int) -> str:
    if size < 1 << 20:
        return _("%(n)s KB") % {"n": count(max(1, size >> 10))}
    return _("%(n)s MB") % {"n": number(size / (1 << 20), 1)}


def _led(request: HttpRequest, pk: int) -> tuple[Challenge, Member]:
    member = me(request)
    here = words.challenge_or_404(pk, member)
    if not cocreation.leads(member, here):
        raise PermissionDenied
    return here, member


def _entry_led(request: HttpRequest, pk: int, entry: int) -> tuple[Challenge, Member, Backstage]:
    here, member = _led(request, pk)
    found = here.backstage.filter(pk=entry).first()
    if found is None:
        raise Http404(_("This is not there any more."))
    return here, member, found


@csrf_exempt  # the inner view checks it, once it is said where a file is to go
@require_POST
@needs("space.take_part")
@never_cache
def backstage_give(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add an entry, with a first file if one comes along."""
    return _given(request, pk, take_one_attachment(request))


@csrf_protect
def _given(request: HttpRequest, pk: int, handler: OneAttachment) -> HttpResponseBase:
    here, member = _led(request, pk)
    try:
        entry = cocreation.backstage_give(
            member, here, request.POST.get("title", ""), request.POST.get("body", "")
        )
    except EstimeError as refused:
        return _page(request, here, member, {str(refused.data.get("field", "")): told(refused)})
    _attach(request, member, entry, handler)
    return redirect(f"{reverse('backstage', args=[pk])}#e-{entry.pk}")


def _attach(request: HttpRequest, member: Member, entry: Backstage, handler: OneAttachment) -> None:
    """Keep the file that came; whatever is wrong with it is said, and the entry stays."""
    file = request.FILES.get(FIELD)
    if handler.too_large:
        messages.error(
            request,
            _("This file has more than %(n)s MB: it was not kept.") % {"n": count(handler.limit >> 20)},
        )
        return
    if file is None:
        return
    try:
        cocreation.backstage_file_give(member, entry, file, file.name or "")
    except EstimeError as refused:
        messages.error(request, told(refused))
    else:
        messages.success(request, _("Saved."))


@require_POST
@needs("space.take_part")
@never_cache
def backstage_change(request: HttpRequest, pk: int, entry: int) -> HttpResponseBase:
    """Say it better."""
    here, member, found = _entry_led(request, pk, entry)
    try:
        cocreation.backstage_change(
            member, found, request.POST.get("title", ""), request.POST.get("body", "")
        )
    except EstimeError as refused:
        return _page(request, here, member, {str(refused.data.get("field", "")): told(refused)})
    return redirect(f"{reverse('backstage', args=[pk])}#e-{entry}")


@csrf_exempt  # the inner view checks it, once it is said where a file is to go
@require_POST
@needs("space.take_part")
@never_cache
def backstage_attach(request: HttpRequest, pk: int, entry: int) -> HttpResponseBase:
    """Put a file beside an entry."""
    return _attached(request, pk, entry, take_one_attachment(request))


@csrf_protect
def _attached(request: HttpRequest, pk: int, entry: int, handler: OneAttachment) -> HttpResponseBase:
    _here, member, found = _entry_led(request, pk, entry)
    _attach(request, member, found, handler)
    return redirect(f"{reverse('backstage', args=[pk])}#e-{entry}")


@require_POST
@needs("space.take_part")
@never_cache
def backstage_drop(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    """Take a file away."""
    here, member = _led(request, pk)
    found = (
        File.objects.select_related("backstage__challenge").filter(pk=file, backstage__challenge=here).first()
    )
    if found is not None:
        try:
            cocreation.backstage_file_drop(member, found)
        except EstimeError as refused:
            messages.error(request, told(refused))
    return redirect("backstage", pk)


@require_safe
@open_to_all
def backstage_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file, to be saved; whether this reader may have it is asked each time."""
    found = cocreation.file_seen(pk, looking(request))
    if found is None:
        raise Http404(_("This file is not here."))
    try:
        if found.media_type == PICTURE:
            path = cocreation.picture_path(found.sha256, "main")
        else:
            path = cocreation.file_path(found.sha256)
    except (cocreation.FileGone, cocreation.PictureGone) as error:
        raise Http404(error.message) from error
    response = FileResponse(path.open("rb"))
    for name, value in cocreation.file_headers(found.name, found.media_type, found.sha256).items():
        response[name] = value
    return response
