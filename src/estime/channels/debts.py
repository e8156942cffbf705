"""Refused rows and stopped imports on the desk of everything owed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.channels.models import Import
from estime.channels.queries import import_waiting, imports_open
from estime.kernel.debts import ALL, Cursor, Debt, Only


class RejectDebts:
    """Fits `kernel.debts.Debts`: one debt for each import of which something waits. None has a date."""

    kind = "rejects"
    permission = "channels.import"

    def count(self, now: datetime) -> tuple[int, int]:
        """How many imports have something to be done; none is ever late."""
        return imports_open(now).count(), 0

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """The oldest after a cursor. None was handed to anybody."""
        if only.mine or only.place:
            return []
        rows = imports_open(now)
        if only.channel:
            rows = rows.filter(channel=only.channel)
        if after is not None:
            moment, last = after
            same = Q(started=moment, pk__gt=UUID(last)) if last else Q(started=moment)
            rows = rows.filter(Q(started__gt=moment) | same)
        return [_debt(record) for record in rows.order_by("started", "id")[:limit]]


def _debt(record: Import) -> Debt:
    waiting = import_waiting(record)
    told = {"file": record.file_name, "number": f"{waiting:,}"}
    if record.sent:
        title = ngettext(
            "%(number)s message of “%(file)s” was refused",
            "%(number)s messages of “%(file)s” were refused",
            waiting,
        )
        detail = _("Mend it and bring it in, or leave it out and say why.")
    elif waiting:
        title = ngettext(
            "%(number)s row of “%(file)s” was refused", "%(number)s rows of “%(file)s” were refused", waiting
        )
        detail = _("Mend it and bring it in, or leave it out and say why.")
    else:
        title = _("The import of “%(file)s” stopped before its end")
        detail = _("Import the same file again: what is in is recognised, the rest follows.")
    return Debt("rejects", str(record.pk), record.started, title % told, detail, channel=record.channel)


reject_debts = RejectDebts()
