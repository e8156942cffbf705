"""The page Team: who works here, in which role; invite, change a role, shut out."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.kernel.clock import now
from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.web.access import needs
from estime.web.frame import language, viewer

SHOWN_ONCE = "invitation-shown"
NEWEST, EVENTS = 5, 50
"""Events on the page Team, and on a page of them alone."""
STAFF_ROLES = [role for role in people.Role if role != people.Role.MEMBER]


class InviteForm(forms.Form):
    """Whom, and to what."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput({"autocomplete": "off"}),
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("This is no e-mail address. Write it like name@example.org.")
        },
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(role.value, people.ROLE_NAMES[role]) for role in STAFF_ROLES],
        initial=people.Role.LEAD.value,
        widget=forms.RadioSelect,
    )


@require_safe
@needs("staff.manage")
@never_cache
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody, the open invitations, and the form to invite."""
    return _page(request, InviteForm())


def _page(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    user = viewer(request)
    everybody = people.staff()
    inside = sum(one.is_active for one in everybody)
    shown: dict[str, Any] = {
        "people": [
            {"user": one, "role": people.role_name(one.role), "self": one == user} for one in everybody
        ],
        "head": ngettext("%(n)d person works here.", "%(n)d people work here.", inside) % {"n": inside},
        "invitations": [
            {"invitation": one, "role": people.role_name(one.role), "late": one.expires <= now()}
            for one in people.invitations_open()
        ],
        "roles": [
            {"value": role.value, "name": people.ROLE_NAMES[role], "does": people.ROLE_DOES[role]}
            for role in STAFF_ROLES
        ],
        "form": form,
        "wanted": form["role"].value(),
        "once": secrets.token_urlsafe(16),
        "link": _link_once(request),
        "events": [_event(event) for event in people.trail(NEWEST)],
    }
    return render(request, "web/staff.html", shown, status=status)


def _event(event: people.StaffEvent) -> dict[str, Any]:
    by, what = people.event_words(event)
    return {"at": event.at, "by": by, "what": what}


@require_safe
@needs("staff.manage")
@never_cache
def staff_trail(request: HttpRequest) -> HttpResponse:
    """Who changed who may do what, the last first. Nobody can change it: the database refuses."""
    told = request.GET.get("before", "")
    before = int(told) if told.isdecimal() and len(told) < 18 else None
    found = people.trail(EVENTS + 1, before)
    shown = {
        "events": [_event(event) for event in found[:EVENTS]],
        "next": found[EVENTS - 1].pk if len(found) > EVENTS else None,
        "later": before is not None,
    }
    return render(request, "web/staff_trail.html", shown)


def _link_once(request: HttpRequest) -> str:
    """The link of the invitation just made. The session holds what it is made from, not the link."""
    told = request.session.pop(SHOWN_ONCE, None)
    return _link(request, people.invitation_secret(*told)) if told else ""


def _link(request: HttpRequest, secret: str) -> str:
    here = f"{request.scheme}://{request.get_host()}"
    return people.invitation_link(secret, language(), here)


@require_POST
@needs("staff.manage")
def staff_invite(request: HttpRequest) -> HttpResponseBase:
    """Invite by mail; the link is shown once as well, to be handed over in another way."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        _invited(request, form.cleaned_data["email"], form.cleaned_data["role"])
    except EstimeError as error:
        form.add_error("email", f"{error.message} {error.todo}")
        return _page(request, form, 422)
    return redirect("staff")


def _invited(request: HttpRequest, email: str, role: str) -> None:
    once = request.POST.get("once") or secrets.token_urlsafe(16)
    made = people.invite(email, role, viewer(request), once)
    request.session[SHOWN_ONCE] = (made.invitation.email, made.invitation.role, once)
    if not made.fresh:
        return
    told = {"link": _link(request, made.secret), "role": people.role_name(role)}
    if people.mail_send("people/email/invitation", made.invitation.email, language(), told):
        messages.success(request, _("The invitation is on its way by mail."))
    else:
        messages.warning(request, _("The mail could not be sent. Hand the link over yourself."))


@require_POST
@needs("staff.manage")
def staff_invitation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Renew an open invitation, or take it back."""
    found = people.invitations_open().filter(pk=pk).first()
    if found is None:
        messages.info(request, _("This invitation was over already."))
    elif request.POST.get("do") == "renew":
        try:
            _invited(request, found.email, found.role)
        except EstimeError as error:
            messages.error(request, f"{error.message} {error.todo}")
    elif people.invitation_revoke(pk, viewer(request)):
        messages.success(request, _("The invitation is withdrawn: its link opens nothing any more."))
    return redirect("staff")


@require_POST
@needs("staff.manage")
def staff_person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a role, shut out, let in again."""
    do, by = request.POST.get("do"), viewer(request)
    try:
        if do == "out":
            people.shut_out(pk, by)
            messages.success(request, _("The login is closed: sessions and tokens have ended."))
        elif do == "in":
            people.let_in(pk, by)
            messages.success(request, _("The login is open again."))
        elif do == "role":
            user = people.role_change(pk, request.POST.get("role", ""), by)
            told = {"name": str(user), "role": people.role_name(user.role)}
            messages.success(request, _("%(name)s is now: %(role)s.") % told)
    except EstimeError as error:
        messages.error(request, f"{error.message} {error.todo}")
    return redirect("staff")
