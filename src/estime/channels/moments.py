"""Times as channels write them, read into aware datetimes.

A time without a zone is never guessed: either the user names the zone, or the row is refused. In the hour
that happens twice when clocks go back, the first of the two is meant.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from estime.channels.errors import TimezoneUnknown
from estime.channels.rows import Untranslatable

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


def zone_named(name: str) -> tzinfo:
    """The zone an IANA name ("Europe/Paris") or an offset ("-05:00") stands for."""
    if name.upper() in ("UTC", "Z"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset and int(offset[2]) < 24 and int(offset[3]) < 60:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise TimezoneUnknown(
            f"There is no time zone named “{name}”.",
            todo='Use a name such as Europe/Paris or America/New_York, or an offset such as "-05:00".',
            timezone=name,
        ) from None


def from_epoch_ms(number: int) -> datetime:
    """Milliseconds since 1970 to a moment, exactly."""
    try:
        return _EPOCH_START + timedelta(milliseconds=number)
    except (OverflowError, ValueError):
        raise Untranslatable("bad-time", f"{number} is not a time in milliseconds since 1970.") from None


def from_epoch_text(text: str) -> datetime:
    """Seconds with decimals as text ("1433558207.760577") to a moment, exact to the microsecond."""
    whole, _, part = text.partition(".")
    try:
        micros = int((part + "000000")[:6]) if part else 0
        return _EPOCH_START + timedelta(seconds=int(whole), microseconds=micros)
    except (OverflowError, ValueError):
        raise Untranslatable("bad-time", f"“{text[:40]}” is not a time in seconds since 1970.") from None


def with_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    """The moment itself if it has a zone, else in the zone the user named, else refused."""
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        raise Untranslatable(
            "time-without-zone",
            f"“{moment.isoformat(sep=' ')}” does not say in which time zone it is; "
            "name it with --timezone, for example --timezone Europe/Paris.",
        )
    return moment.replace(tzinfo=zone)


def _recognised(value: str, zone: tzinfo | None) -> datetime:
    if value.endswith((" UTC", " GMT")):
        value = value[:-4] + "Z"
    try:
        return with_zone(datetime.fromisoformat(value), zone)
    except ValueError:
        pass
    digits = value.partition(".")[0]
    if digits.isascii() and digits.isdigit():
        if len(digits) in (9, 10):
            return from_epoch_text(value)
        if len(digits) in (12, 13) and digits == value:
            return from_epoch_ms(int(value))
    raise Untranslatable(
        "bad-time",
        f"“{value[:40]}” is not a time that can be read without help; write 2024-05-31T18:30:00+02:00, "
        'or say in a mapping file how it is written: date_format: "%d/%m/%Y %H:%M".',
    )


def _by_pattern(pattern: str, zone: tzinfo | None) -> Callable[[str], datetime]:
    def read(value: str) -> datetime:
        try:
            moment = datetime.strptime(value, pattern)  # noqa: DTZ007  (the zone is put on below, or refused)
        except ValueError:
            raise Untranslatable("bad-time", f"“{value[:40]}” is not written as {pattern}.") from None
        return with_zone(moment, zone)

    return read


def _millis(value: str) -> datetime:
    try:
        return from_epoch_ms(int(value))
    except ValueError:
        raise Untranslatable("bad-time", f"“{value[:40]}” is not a number of milliseconds.") from None


def moment_reader(date_format: str | None, zone: tzinfo | None) -> Callable[[object], datetime]:
    """A function that reads one cell (text, number or datetime) into an aware datetime."""
    texts: dict[str | None, Callable[[str], datetime]] = {
        None: lambda value: _recognised(value, zone),
        "iso": lambda value: _recognised(value, zone),
        "epoch": from_epoch_text,
        "epoch-ms": _millis,
    }
    read_text = texts.get(date_format) or _by_pattern(date_format or "", zone)

    def read(value: object) -> datetime:
        if isinstance(value, str):
            return read_text(value)
        if isinstance(value, datetime):
            return with_zone(value, zone)
        if isinstance(value, date):
            return with_zone(datetime.combine(value, time()), zone)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return read_text(str(value))
        raise Untranslatable("bad-time", f"A time cannot be a {type(value).__name__}.")

    return read
