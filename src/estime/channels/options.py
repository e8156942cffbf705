"""What the user may say about a source beyond its path."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from estime.channels.errors import TimeInvalid
from estime.channels.moments import moment_reader, zone_named
from estime.channels.rows import Untranslatable

if TYPE_CHECKING:
    from estime.channels.mapping import Mapping


@dataclass(frozen=True)
class ReadOptions:
    """How to read a source. Everything may be left out; what is given here wins over a mapping file.

    timezone: zone of times written without one: an IANA name, or an offset such as "-05:00".
    encoding: of the text; left out, UTF-8 (or UTF-16 when the file says so by its first bytes).
    date_format: "iso", "epoch", "epoch-ms", or a strptime pattern such as "%d/%m/%Y %H:%M".
    delimiter: between the cells of a CSV; left out, seen from the header.
    channel: name of the channel the rows go to; insights use it as the page's handle when nothing else
    names it.
    account: handle of the page's own account, for insights.
    dry_run: nothing may be written.
    observed: when totals stood as the source gives them; left out, what the source itself tells.
    file_name: what the file is called, where it is kept under another name.
    rows: read no more than so many.
    unpacked: read no more bytes than so many out of something packed: a small file may unpack to fill a disk.
    """

    timezone: str | None = None
    encoding: str | None = None
    date_format: str | None = None
    delimiter: str | None = None
    mapping: "Mapping | None" = None
    channel: str | None = None
    account: str | None = None
    observed: str | None = None
    dry_run: bool = False
    file_name: str | None = None
    rows: int | None = None
    unpacked: int | None = None

    @property
    def zone(self) -> tzinfo | None:
        """The zone of naive times, or None when nobody named one."""
        name = self.timezone or (self.mapping.timezone if self.mapping else None)
        return zone_named(name) if name else None

    @property
    def time_format(self) -> str | None:
        """The date format that applies, or None for what can be recognised by itself."""
        return self.date_format or (self.mapping.date_format if self.mapping else None)

    @property
    def observed_at(self) -> datetime | None:
        """When totals stood so, if the user says it. A day without a zone is one of UTC."""
        if not self.observed:
            return None
        try:
            return moment_reader(None, self.zone or UTC)(self.observed)
        except Untranslatable as error:
            raise TimeInvalid(
                str(error), todo="Write a day such as 2024-05-31.", observed=self.observed
            ) from error
