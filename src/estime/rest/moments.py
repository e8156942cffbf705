"""Times that are sent."""

from datetime import UTC, datetime

from estime.rest.errors import Invalid


def utc(moment: datetime) -> datetime:
    """A time as it is kept; one without a zone is of UTC. Raises `Invalid`."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise Invalid(
            "This time is out of reach.", todo="Use a time between the years 1 and 9999."
        ) from error
