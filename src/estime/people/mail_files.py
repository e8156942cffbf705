"""Mails as files of a folder, one for each: whoever is forgotten takes theirs along, and nobody else's."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends import filebased

from estime.kernel import clock


class EmailBackend(filebased.EmailBackend):
    """Django's, but for the names: two mails of one second may have the same one there, and one file."""

    _written = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each into a file of its own; returns how many."""
        sent = 0
        for message in email_messages:
            if self._written:
                self.close()
            sent += super().send_messages([message]) or 0
            self._written = True
        return sent

    def _get_filename(self) -> str:
        return str(Path(self.file_path) / f"{clock.now():%Y%m%d-%H%M%S}-{uuid4().hex}.log")
