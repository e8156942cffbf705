"""The acts of a filter as a file, streamed. Whoever may see people gets handles, and each person in it is looked at."""

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.ledger import api as ledger
from estime.ledger.api import ActFilter, Listed
from estime.people import api as people
from estime.people.models import User
from estime.readouts.files import harmless
from estime.readouts.mentions import without_mentions
from estime.web.access import needs
from estime.web.act_filters import asked
from estime.web.frame import may, viewer

MOST: Final = 100_000
"""Acts of one file; who needs the whole ledger has `estime export`."""
COLUMNS: Final = (
    "id",
    "published",
    "channel",
    "account",
    "handle",
    "type",
    "object_type",
    "text",
    "lang",
    "value",
    "unit",
    "on_behalf_of",
)
TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
_AT_ONCE: Final = 500


@require_safe
@needs("acts.see")
@never_cache
def acts_export(request: HttpRequest) -> HttpResponseBase:
    """The newest MOST acts that the filter of the address finds."""
    ending = request.GET.get("format", "")
    sees = may(request, "persons.see")
    want = asked(request.GET.dict(), sees=sees, channels=[channel.name for channel in ledger.channels()])
    user = viewer(request)
    if ending not in TYPES or want.errors or user is None:
        raise Http404(_("There is no such file."))
    if request.method == "HEAD":
        told: Iterator[str] = iter(())
    else:
        told = _Export(user, sees).lines(want.told, ending)
    response = StreamingHttpResponse((line.encode() for line in told), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="acts.{ending}"'
    return response


class _Export:
    """One file for one person."""

    def __init__(self, user: User, sees: bool) -> None:
        self._user, self._sees = user, sees
        self._channels = {channel.pk: channel.name for channel in ledger.channels()}
        self._seen: set[int] = set()

    def lines(self, told: ActFilter, ending: str) -> Iterator[str]:
        line = csv_line if ending == "csv" else json_line
        if ending == "csv":
            yield "\ufeff" + csv_line({name: name for name in COLUMNS})
        waiting: list[Listed] = []
        for act in ledger.acts_each(told, MOST):
            waiting.append(act)
            if len(waiting) == _AT_ONCE:
                yield from self._written(waiting, line)
                waiting = []
        yield from self._written(waiting, line)

    def _written(self, acts: list[Listed], line: Any) -> Iterator[str]:
        """Looks are noted before the rows leave: whoever breaks off has seen what was sent."""
        if self._sees:
            fresh = {act.account for act in acts if not act.erased} - self._seen
            people.looks_record(self._user, sorted(fresh), "export")
            self._seen |= fresh
        yield "".join(line(self._fields(act)) for act in acts)

    def _fields(self, act: Listed) -> dict[str, object]:
        text = act.text or ""
        return {
            "id": str(act.id),
            "published": act.published.isoformat(),
            "channel": self._channels.get(act.channel, ""),
            "account": str(act.account),
            "handle": (act.handle or "") if self._sees else "",
            "type": act.type,
            "object_type": act.object_type or "",
            "text": text if self._sees else without_mentions(text),
            "lang": act.lang or "",
            "value": "" if act.value is None else act.value,
            "unit": act.unit or "",
            "on_behalf_of": (act.on_behalf_of or "") if self._sees else "",
        }


class _Line:
    """What csv writes to: the line itself."""

    def write(self, text: str) -> str:
        return text


_WRITER = csv.writer(_Line())


def csv_line(fields: Mapping[str, object]) -> str:
    """A line for spreadsheets: a cell that would be taken for a formula begins with an apostrophe."""
    cells = [harmless(cell) if isinstance(cell, str) else cell for cell in fields.values()]
    return str(_WRITER.writerow(cells))


def json_line(fields: Mapping[str, object]) -> str:
    """A line of JSON with what there is."""
    return json.dumps({name: told for name, told in fields.items() if told != ""}, ensure_ascii=False) + "\n"
