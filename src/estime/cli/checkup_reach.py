"""What the doctor tries out in production: that the mail server takes us, and that pages answer at their address.

No mail is sent, and nothing is changed: it says hello to the one, and asks the other for the page to sign in.
"""

import smtplib
import ssl
import urllib.error
import urllib.request
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings

from estime.cli.findings import Finding, fine, note, problem

PATIENCE: Final = 5.0
PAGE: Final = "/en/account/login/"


def mail_finding() -> Finding:
    """Whether the mail server answers, speaks TLS if it has to, and knows our password."""
    from django.core.mail import get_connection

    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    link: Any = get_connection(timeout=PATIENCE)
    try:
        link.open()
    except smtplib.SMTPAuthenticationError as error:
        return problem(
            "mail",
            f"{place} refuses our name or password ({error.smtp_code})",
            "Mend user and password in ESTIME_MAIL_URL.",
        )
    except smtplib.SMTPNotSupportedError:
        return problem(
            "mail",
            f"{place} does not offer what ESTIME_MAIL_URL asks for (TLS, or to sign in)",
            "Use the port that does; for a relay on this machine write smtp://host:25?tls=off.",
        )
    except (smtplib.SMTPException, OSError) as error:
        return problem(
            "mail",
            f"{place} cannot be reached ({type(error).__name__}): no codes, resets or invitations are sent",
            "Check ESTIME_MAIL_URL, the certificate of the server, and that a firewall lets us through.",
        )
    link.close()
    return fine("mail", f"{place} answers")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where we are led is what we want to see."""

    def redirect_request(self, *_: Any) -> None:
        return None


def address_finding(address: str) -> Finding:
    """Whether pages answer at the address that people type, through whatever stands in between."""
    asked = address + PAGE
    try:
        status, headers = _asked(asked)
    except ssl.SSLError as error:
        return problem("address", f"{address}: its certificate is not trusted ({error.reason})", _RENEW)
    except (urllib.error.URLError, OSError) as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, ssl.SSLError):
            return problem("address", f"{address}: its certificate is not trusted ({cause.reason})", _RENEW)
        return note(
            "address",
            f"{address} cannot be reached from here ({type(cause).__name__})",
            "If others cannot reach it either: does the name lead to this machine, and does the proxy run?",
        )
    return _judged(address, asked, status, headers)


_RENEW: Final = "Renew the certificate, and name the whole chain in the proxy's configuration."


def _asked(url: str) -> tuple[int, Any]:
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PATIENCE) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers


def _judged(address: str, asked: str, status: int, headers: Any) -> Finding:
    if status in (301, 302, 307, 308) and urljoin(asked, headers.get("Location", "")) == asked:
        return problem(
            "address",
            f"{address} leads to itself, again and again",
            "Have the proxy send X-Forwarded-Proto, and let ESTIME_PROXY name the address that it comes from.",
        )
    if status in (502, 503, 504):
        return problem(
            "address",
            f"the proxy at {address} reaches nobody ({status})",
            "Start `estime serve`, and check host and port in the proxy's configuration.",
        )
    if not headers.get("X-Request-ID"):
        return problem(
            "address",
            f"something else answers at {address} ({status})",
            "Set site.address in estime.toml to where Estime is, or lead the name and the proxy here.",
        )
    if status == 400:
        return problem(
            "address",
            f"pages are refused at {address} (400): they are asked for by another name",
            "Have the proxy pass Host on; name further names in ESTIME_HOSTS.",
        )
    if status != 200:
        return note("address", f"{address} answers {status}", "The log of `estime serve` says why.")
    return fine("address", f"pages answer at {address}")
