"""What may happen to a challenge once it is open: longer, called off, another deal, a decision set aside."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Member
from estime.kernel.errors import EstimeError
from estime.web import challenge_words as words
from estime.web.access import needs
from estime.web.challenge_steps import HELP, day_end, local_day
from estime.web.taking_part import me, told
from estime.web.views.cocreation.challenge import frame_of

Deed = Callable[[], object]


def _form(
    request: HttpRequest, here: Challenge, page: str, deed: Deed, done: str, shown: dict[str, Any]
) -> HttpResponseBase:
    """A form that does one deed: done and back to the challenge, or shown again with what was typed."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            deed()
        except (ValueError, OverflowError):
            errors = {"until": _("Write a day, such as 2027-03-31.")}
        except EstimeError as refused:
            field = str(refused.data.get("field", ""))
            errors = {field if field in request.POST else "": told(refused)}
        else:
            messages.success(request, done)
            return redirect("challenge", here.pk)
    context = {**frame_of(here, page), "form": request.POST, "errors": errors, **shown}
    status = 422 if errors else 200
    return render(request, f"cocreation/{page}.html", context, using="jinja2", status=status)


def _led(request: HttpRequest, pk: int) -> tuple[Challenge, Member]:
    member = me(request)
    here = words.challenge_or_404(pk, member)
    if not cocreation.leads(member, here):
        raise PermissionDenied
    return here, member


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def challenge_extend(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a phase longer, with a reason that everybody reads."""
    here, member = _led(request, pk)
    form = request.POST
    phases = [one for one in words.calendar(here) if one["when"] != "past"]
    shown = {
        "phases": [(one["kind"], one["name"], local_day(one["last"])) for one in phases],
        "calendar": words.calendar(here),
        "chosen": form.get("phase", phases[0]["kind"] if phases else ""),
    }

    def deed() -> object:
        until = day_end(form.get("until", ""))
        return cocreation.challenge_extend(member, here, form.get("phase", ""), until, form.get("reason", ""))

    done = _("Done: the calendar says so, and whoever takes part is told.")
    return _form(request, here, "challenge-extend", deed, done, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def challenge_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Call it off, with a reason that stays."""
    member = me(request)
    here = words.challenge_or_404(pk, member)
    if not (cocreation.leads(member, here) or member.may("challenge.lead")):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    return _form(
        request,
        here,
        "challenge-cancel",
        lambda: cocreation.challenge_cancel(member, here, reason),
        _("It is called off. Your reason stands on its page, and whoever takes part is told."),
        {},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("decision.override")
@never_cache
def challenge_override(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Set aside what members decided: in public, by name, for ever."""
    member = me(request)
    here = words.challenge_or_404(pk, member)
    form = request.POST
    said = cocreation.OverrideWords(form.get("title", ""), form.get("reason", ""), form.get("instead", ""))
    return _form(
        request,
        here,
        "challenge-override",
        lambda: cocreation.decision_override(member, here, said),
        _("It is set aside. Your name and your reason stand on the page of the challenge, for ever."),
        {"possible": cocreation.can_override(here)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def deal_change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A new version of the deal: members are asked again."""
    here, member = _led(request, pk)
    deal = cocreation.deal_of(here)
    now = {name: getattr(deal, name) if deal else "" for name in words.DEAL_NAMES}
    parts = {name: request.POST.get(name, now[name]) for name in words.DEAL_NAMES}
    shown = {
        "deal_parts": parts,
        "names": {name: str(label) for name, label in words.DEAL_NAMES.items()},
        "help": {name: str(text) for name, text in HELP.items()},
    }
    reason = request.POST.get("reason", "")
    return _form(
        request,
        here,
        "deal-change",
        lambda: cocreation.deal_write(member, here, cocreation.DealWords(**parts), reason=reason),
        _("The new deal holds from now on. Members are asked again before they give anything more."),
        shown,
    )
