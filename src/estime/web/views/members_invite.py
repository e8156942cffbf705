"""Inviting customers: several at once, by mail, to where they are wanted."""

import secrets
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from estime.cocreation import api as cocreation
from estime.kernel.clock import now
from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.web.access import needs
from estime.web.frame import language, viewer
from estime.web.taking_part import looking
from estime.web.views.cocreation.space import space_or_404

MOST: Final = 50
"""Addresses at a time: each is a mail that the page waits for."""
SHOWN_ONCE: Final = "members-invited"
MEMBER: Final = people.Role.MEMBER.value


class MembersForm(forms.Form):
    """Whom: one address a line, or separated by commas."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses, one a line"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_addresses(self) -> list[str]:
        """Each once; which lines are none is told."""
        told = self.cleaned_data["addresses"].replace(",", "\n").replace(";", "\n").splitlines()
        found = list(dict.fromkeys(line.strip().lower() for line in told if line.strip()))
        wrong = [address for address in found if not _is_address(address)]
        if wrong:
            raise ValidationError(_("This is no e-mail address: %(what)s") % {"what": wrong[0][:80]})
        if not found:
            raise ValidationError(_("Write at least one address."))
        if len(found) > MOST:
            raise ValidationError(_("At most %(n)d at a time.") % {"n": MOST})
        return found


def _is_address(told: str) -> bool:
    try:
        validate_email(told)
    except ValidationError:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@needs("member.invite")
@never_cache
def members_invite(request: HttpRequest) -> HttpResponseBase:
    """The form, who is invited and not here yet, and the links just made."""
    here = _space(request)
    form = MembersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _invite_all(request, form.cleaned_data["addresses"], here)
        return redirect(_address(here))
    shown: dict[str, Any] = {
        "form": form,
        "space": here,
        "once": secrets.token_urlsafe(16),
        "links": _links_once(request),
        "invitations": [
            {"invitation": one, "late": one.expires <= now()}
            for one in people.invitations_open().filter(role=MEMBER)[:200]
        ],
    }
    return render(request, "web/members_invite.html", shown, status=422 if form.errors else 200)


def _space(request: HttpRequest) -> cocreation.Space | None:
    """Where those who are invited are led; none: to all spaces they may read."""
    slug = request.GET.get("space", "")
    return space_or_404(slug, looking(request)) if slug else None


def _address(here: cocreation.Space | None) -> str:
    return reverse("members-invite") + (f"?{urlencode({'space': here.slug})}" if here else "")


def _invite_all(request: HttpRequest, addresses: list[str], here: cocreation.Space | None) -> None:
    once = request.POST.get("once") or secrets.token_urlsafe(16)
    going = reverse("space", args=[here.slug]) if here else ""
    made, sent, failed = [], 0, False
    for address in addresses:
        try:
            one = people.invite(address, MEMBER, viewer(request), once)
        except EstimeError as error:
            messages.info(request, f"{address}: {error.message}")
            continue
        made.append((address, once, going))
        if one.fresh and not failed:  # one mail that cannot be sent is enough: the server would fail for all
            failed = not _mail(request, address, one.secret, going)
            sent += not failed
    request.session[SHOWN_ONCE] = made
    if failed:
        messages.warning(request, _("Not every mail could be sent. Hand the links below over yourself."))
    if sent:
        told = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", sent)
        messages.success(request, told % {"n": sent})


def _mail(request: HttpRequest, address: str, secret: str, going: str) -> bool:
    told = {"link": _link(request, secret, going)}
    return people.mail_send("people/email/invitation_member", address, language(), told)


def _link(request: HttpRequest, secret: str, going: str) -> str:
    link = people.invitation_link(secret, language(), f"{request.scheme}://{request.get_host()}")
    return f"{link}?{urlencode({'next': going})}" if going else link


def _links_once(request: HttpRequest) -> list[tuple[str, str]]:
    """The links just made, shown once: the session holds what they are made of, not the links."""
    told = request.session.pop(SHOWN_ONCE, [])
    return [
        (address, _link(request, people.invitation_secret(address, MEMBER, once), going))
        for address, once, going in told
    ]


@require_POST
@needs("member.invite")
def members_invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member's invitation back; those to a role of the team are not theirs to touch."""
    mine = people.invitations_open().filter(pk=pk, role=MEMBER).exists()
    if mine and people.invitation_revoke(pk, viewer(request)):
        messages.success(request, _("The invitation is withdrawn: its link opens nothing any more."))
    else:
        messages.info(request, _("This invitation was over already."))
    return redirect("members-invite")
