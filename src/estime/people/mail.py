"""Mail in plain text, in the reader's language. What is sent where is nobody's business: nothing is logged of it."""

import hmac
import logging
from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

from estime.kernel.configuration import configuration
from estime.kernel.home import home, secret
from estime.people.mail_url import FILES
from estime.people.models import User

LOG = logging.getLogger(__name__)


def mail_send(template: str, to: str, language: str, told: dict[str, Any], *, number: str = "") -> bool:
    """Send one mail made of `template`_subject.txt and _message.txt; False if the mail server did not take it.

    `number`: a mail that is sent again under the same one is the same mail, by its Message-ID.
    """
    with override(language):
        context = {**told, "brand": configuration().brand.name, "email": to}
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        body = render_to_string(f"{template}_message.txt", context).strip() + "\n"
    headers = {"Message-ID": _message_id(number)} if number else None
    return mail_deliver(EmailMessage(subject, body, to=[to], headers=headers))


def mail_written(number: str) -> bool:
    """Whether a mail of this number is a file in the folder of this installation; False where mails are sent."""
    if mail_set_up():
        return False
    told = f"message-id: {_message_id(number)}".lower().encode()
    return any(told in path.read_bytes().lower() for path in (home() / "mail").glob("*.log"))


def _message_id(number: str) -> str:
    """The same for the same number of this installation, and of no other."""
    mark = hmac.digest(secret(), number.encode(), "sha256").hex()[:16]
    return f"<{number}.{mark}@estime.invalid>"


def mail_set_up() -> bool:
    """Whether mails go to people. Where nothing is said of mail, they are files in a folder of this installation."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    return not (settings.EMAIL_BACKEND == FILES and folder == str(home() / "mail"))


def goodbye_send(user: User) -> None:
    """The last mail: all of theirs is erased. One that cannot be sent keeps nobody from being forgotten."""
    if mail_set_up():
        mail_send("people/email/left", user.email, user.language or settings.LANGUAGE_CODE, {})


def mails_forget(address: str) -> None:
    """Take mails to somebody out of the folder of this installation."""
    if mail_set_up():
        return
    told = f"\nTo: {address}\n".lower().encode()
    for path in (home() / "mail").glob("*.log"):
        with suppress(OSError):
            if told in b"\n" + path.read_bytes().replace(b"\r\n", b"\n").lower():
                path.unlink()


def mail_deliver(message: EmailMessage) -> bool:
    """Hand a mail over; False if nobody took it. The error's text may hold addresses, so only its kind is logged."""
    try:
        message.send()
    except (SMTPException, OSError, ImproperlyConfigured) as error:  # the last: a folder that is none
        LOG.error("mail could not be sent", extra={"fields": {"reason": type(error).__name__}})
        return False
    return True
