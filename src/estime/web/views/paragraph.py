"""The paragraph of truth, sent as it stands: copied, in one's own mail, as a file, or by mail to colleagues from here."""

from email.policy import SMTP
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.people import api as people
from estime.people.mail import mail_deliver
from estime.people.models import User
from estime.readouts.report import report_build, scope_front
from estime.readouts.shapes import Report
from estime.readouts.wording import day
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
    context = {
        "request": request,
        "text": report.truth.text,
        "mailto": f"mailto:?subject={quote(subject_of(report))}&body={quote(_body(report, '', ''))}",
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


def subject_of(report: Report) -> str:
    """What the mail is called: the brand, the place, the day."""
    told = {"brand": configuration().brand.name, "place": report.title, "day": day(report.as_of.date())}
    return _("%(brand)s: the truth about %(place)s, %(day)s") % told


def _body(report: Report, note: str, sender: str) -> str:
    """The paragraph as it stands, with a link to where its figures come from if this installation has an address."""
    address = configuration().site.address
    parts = [
        note,
        report.truth.text,
        _("Where these figures come from: %(address)s") % {"address": f"{address}/{report.lang}/to-keep/"}
        if address
        else "",
        _("Sent by %(name)s from Estime.") % {"name": sender} if sender else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _mail(report: Report, sender: User, to: str, note: str = "") -> EmailMessage:
    return EmailMessage(
        subject_of(report),
        _body(report, note, str(sender)),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to] if to else [],
        reply_to=[sender.email],
    )


@require_safe
@needs("desk.see")
@never_cache
def paragraph_file(request: HttpRequest) -> HttpResponseBase:
    """The paragraph as a mail that any program opens, without addressee."""
    report, user = _report(), viewer(request)
    if report is None or user is None:
        return redirect("paragraph")
    message = _mail(report, user, "")
    told = message.message()
    for name in ("From", "Message-ID"):
        del told[name]
    told["From"] = user.email
    told["X-Unsent"] = "1"  # mail programs open it as a draft
    response = HttpResponse(told.as_bytes(policy=SMTP), content_type="message/rfc822")
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
    sent = [one for one in addressed if mail_deliver(_mail(report, user, one.email, note))]
    return _told(request, addressed, sent)


def _told(request: HttpRequest, addressed: list[User], sent: list[Any]) -> HttpResponseBase:
    missed = [str(one) for one in addressed if one not in sent]
    if sent:
        told = ngettext("Sent to %(n)d colleague.", "Sent to %(n)d colleagues.", len(sent))
        messages.success(request, told % {"n": len(sent)})
    if missed:
        told = _("The mail server did not take it for: %(names)s. An administrator finds out with “estime doctor”.")
        messages.error(request, told % {"names": ", ".join(missed)})
    return redirect("desk") if sent else redirect("paragraph")
