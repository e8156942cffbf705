"""Showing once more who one is: within the last minutes, by a way of allauth's, or by a code where there is none.

allauth asks those again who have a password or a second step, and takes everybody else at their word. What cannot be
undone asks them too: for a code that goes to their address, bound to their session, good for ten minutes and a few
tries.
"""

import hmac
import time
from typing import Final

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest

from estime.people.mail import mail_send
from estime.people.models import User
from estime.people.onetime import secret_of

KEPT: Final = "own-code"
VALID: Final = 600
TRIES: Final = 3


def shown_lately(request: HttpRequest, user: User) -> bool:
    """Whether whoever asks has shown that it is they, other than by being signed in, in the last minutes."""
    records = [one for one in get_authentication_records(request, user) if one.get("reauthenticated")]
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def shows_by_code(user: User) -> bool:
    """Whether a code by mail is all they have: no password, no second step."""
    return not get_reauthentication_flows(user)


def again_url(user: User) -> str:
    """Where somebody with a password or a second step shows it again."""
    return str(get_adapter().get_reauthentication_methods(user)[0]["url"])


def own_code_send(request: HttpRequest, user: User) -> bool:
    """Send a code; an earlier one ends. False if the mail server did not take it."""
    code = str(get_adapter(request).generate_login_code())
    request.session[KEPT] = {"digest": _digest(user, code), "until": time.time() + VALID, "tries": TRIES}
    return mail_send("people/email/own_code", user.email, user.language or _language(request), {"code": code})


def own_code_sent(request: HttpRequest) -> bool:
    """Whether a code is open."""
    kept = request.session.get(KEPT, {"tries": 0, "until": 0})
    return bool(kept["tries"] > 0 and kept["until"] > time.time())


def own_code_take(request: HttpRequest, user: User, told: str) -> bool:
    """Use a code up; whether it was the right one."""
    if not own_code_sent(request):
        request.session.pop(KEPT, None)
        return False
    kept = request.session[KEPT]
    if not hmac.compare_digest(_digest(user, told), kept["digest"]):
        request.session[KEPT] = {**kept, "tries": kept["tries"] - 1}
        return False
    del request.session[KEPT]
    record_authentication(request, user, method="code", reauthenticated=True)
    return True


def _digest(user: User, code: str) -> str:
    plain = "".join(code.split()).replace("-", "").upper()
    return secret_of("own-code", str(user.pk), plain)


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "") or "en")
