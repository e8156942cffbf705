"""Leaving for good: what goes and what stays, showing once more who one is, and then it is done.

No address erases anything when it is opened: the one form that does is asked for by POST, from somebody who has shown
in the last minutes that it is they. Where that is too long ago they show it again and see the form again; nothing that
was sent before is carried out by itself.
"""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.web.access import needs, open_to_all, signed_in
from estime.web.limits import limited


@require_safe
@needs("me.own")
@never_cache
def leave(request: HttpRequest) -> HttpResponseBase:
    """In plain words: what goes, what stays, what nobody can call back."""
    user = signed_in(request)
    member = cocreation.member_known(user)
    running = cocreation.votes_running(member, clock.now()) if member is not None else []
    shown = {"staff": user.is_staff, "running": running, "only": people.only_administrator(user)}
    return render(request, "web/leave.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.own")
@never_cache
@sensitive_post_parameters("code")
@limited("own_code")
def leave_code(request: HttpRequest) -> HttpResponseBase:
    """For those who have neither a password nor a second step: a code to their address."""
    user = signed_in(request)
    if people.shown_lately(request, user) or not people.shows_by_code(user):
        return redirect("me-leave-sure")
    error = ""
    if request.method == "POST" and request.POST.get("do") == "send":
        if people.own_code_send(request, user):
            return redirect("me-leave-code")
        error = _("The mail could not be sent. Try again in a few minutes.")
    elif request.method == "POST":
        if people.own_code_take(request, user, request.POST.get("code", "")):
            return redirect("me-leave-sure")
        error = _("The code is not right, or too old.")
    shown = {"who": user, "sent": people.own_code_sent(request), "error": error}
    return render(request, "web/leave_code.html", shown, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.own")
@never_cache
def leave_sure(request: HttpRequest) -> HttpResponseBase:
    """The last question, and the deed."""
    user = signed_in(request)
    if not people.shown_lately(request, user):
        return redirect(_again(user))
    if request.method != "POST":
        return _sure(request, user)
    if request.POST.get("sure") != "yes":
        return _sure(request, user, error=_("Tick the box if you want all that is yours erased."))
    try:
        people.leave(user.pk)
    except EstimeError as refused:
        return _sure(request, user, refused=refused)
    logout(request)
    return redirect("goodbye")


def _sure(request: HttpRequest, user: people.User, **told: Any) -> HttpResponseBase:
    shown = {"who": user, "mails": people.mail_set_up(), **told}
    return render(request, "web/leave_sure.html", shown, status=422 if told else 200)


def _again(user: people.User) -> str:
    """Where they show who they are; a page of allauth's leads on to the other ways."""
    if people.shows_by_code(user):
        return reverse("me-leave-code")
    return people.again_url(user) + "?" + urlencode({"next": reverse("me-leave-sure")})


@require_safe
@open_to_all
@never_cache
def goodbye(request: HttpRequest) -> HttpResponseBase:
    """For whoever has just left. It says nothing of anybody."""
    return render(request, "web/goodbye.html", {"mails": people.mail_set_up()})
