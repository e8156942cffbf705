"""The paragraph of truth, sent as it stands: copied, in one's own mail, as a file, or mailed from here."""

from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.engagement import api as engagement
from estime.people import api as people
from estime.people.mail import mail_deliver
from estime.people.models import User
from estime.readouts.paragraph import PlainMail, paragraph_mail_of
from estime.readouts.report import report_build, scope_front
from estime.readouts.shapes import Report
from estime.web.access import needs
from estime.web.frame import language, viewer
from estime.web.limits import limited

NOTE_LONGEST: Final = 1_000
MOST: Final = 50


@require_safe
@needs("desk.see")
@never_cache
def paragraph(request: HttpRequest) -> HttpResponseBase:
    """The paragraph, and the ways to send it."""
    return _page(request)


def _page(request: HttpRequest, error: str = "", chosen: tuple[str, ...] = ()) -> HttpResponseBase:
    report = _report()
    if report is None:
        messages.info(request, _("No figure has been computed yet: there is no paragraph to send."))
        return redirect("desk")
    user = viewer(request)
    told = paragraph_mail_of(report)
    context = {
        "request": request,
        "text": told.text,
        "mailto": f"mailto:?subject={quote(told.subject)}&body={quote(told.text)}",
        "people": [one for one in people.staff() if one.is_active and (user is None or one.pk != user.pk)],
        "chosen": chosen,
        "error": error,
        "note": request.POST.get("note", ""),
        "from_address": user.email if user else "",
    }
    return render(request, "pages/paragraph.html", context, using="jinja2", status=400 if error else 200)


def _report() -> Report | None:
    edition = engagement.edition()
    if edition is None or not edition.scopes:
        return None
    return report_build(edition, scope_front(edition), language())


def _mail(told: PlainMail, sender: User, to: str, note: str = "") -> EmailMultiAlternatives:
    """The mail in text and HTML; a note of the sender's stands above it."""
    signed = _("Sent by %(name)s from Estime.") % {"name": sender}
    above = f"{note}\n\n" if note else ""
    message = EmailMultiAlternatives(
        told.subject,
        f"{above}{told.text}\n{signed}\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to] if to else [],
        reply_to=[sender.email],
    )
    if not note:  # the HTML is a page of its own, into which nobody writes
        message.attach_alternative(told.html, "text/html")
    return message


@require_safe
@needs("desk.see")
@never_cache
def paragraph_file(request: HttpRequest) -> HttpResponseBase:
    """The paragraph as a mail that any program opens, without addressee."""
    report, user = _report(), viewer(request)
    if report is None or user is None:
        return redirect("paragraph")
    told = _mail(paragraph_mail_of(report), user, "").message()
    for name in ("From", "Message-ID"):
        del told[name]
    told["From"] = user.email
    told["X-Unsent"] = "1"  # mail programs open it as a draft
    response = HttpResponse(told.as_bytes().replace(b"\n", b"\r\n"), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="estime-{report.as_of:%Y-%m-%d}.eml"'
    return response


@require_POST
@needs("desk.see")
@limited("paragraph")
def paragraph_send(request: HttpRequest) -> HttpResponseBase:
    """Mail it to colleagues who sign in here: to nobody else, so that the site cannot be used to write to strangers."""
    report, user = _report(), viewer(request)
    if report is None or user is None:
        return redirect("paragraph")
    chosen = tuple(request.POST.getlist("to"))[:MOST]
    known = {str(one.pk): one for one in people.staff() if one.is_active}
    addressed = [known[pk] for pk in dict.fromkeys(chosen) if pk in known]
    note = request.POST.get("note", "").strip()
    if not addressed:
        return _page(request, _("Nothing was sent: choose at least one colleague."))
    if len(note) > NOTE_LONGEST:
        return _page(request, _("Nothing was sent: the note is too long."), chosen)
    told = paragraph_mail_of(report)
    sent = [one for one in addressed if mail_deliver(_mail(told, user, one.email, note))]
    return _told(request, addressed, sent)


def _told(request: HttpRequest, addressed: list[User], sent: list[Any]) -> HttpResponseBase:
    missed = [str(one) for one in addressed if one not in sent]
    if sent:
        told = ngettext("Sent to %(n)d colleague.", "Sent to %(n)d colleagues.", len(sent))
        messages.success(request, told % {"n": len(sent)})
    if missed:
        told = _(
            "The mail server did not take it for: %(names)s. An administrator finds out with “estime doctor”."
        )
        messages.error(request, told % {"names": ", ".join(missed)})
    return redirect("desk") if sent else redirect("paragraph")
