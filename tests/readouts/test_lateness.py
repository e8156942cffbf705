"""Protects how lateness reads: as many days as lie between the two days that stand beside it, at every hour."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from estime.kernel.debts import Debt
from estime.readouts.desk import when_told
from estime.readouts.wording import days_late

PARIS = ZoneInfo("Europe/Paris")


def at(told: str) -> datetime:
    return datetime.fromisoformat(f"2026-{told}").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("due", "came", "days"),
    [
        ("03-03 12:00", "03-07 09:00", 4),
        ("03-03 12:00", "03-07 15:00", 4),
        ("03-03 23:59", "03-05 00:10", 2),
        ("03-04 00:00", "03-05 00:10", 2),
        ("03-04 00:00", "03-04 00:10", 1),
        ("03-03 00:30", "03-03 23:30", 0),
        ("03-28 12:00", "03-30 11:30", 2),
        ("10-24 12:00", "10-26 12:30", 2),
    ],
    ids=[
        "earlier-in-the-day", "later-in-the-day", "of-a-whole-day", "until-midnight", "the-day-after", "the-same-day",
        "an-hour-is-lost", "an-hour-is-won",
    ],
)  # fmt: skip
def test_days_are_those_of_the_calendar(due: str, came: str, days: int) -> None:
    with timezone.override(PARIS):
        assert days_late(at(due), at(came)) == days


def test_days_are_those_of_whoever_looks() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert (
            days_late(at("03-03 10:00"), at("03-04 13:00")) == 2
        )  # 22:00 of the 3rd there, and 01:00 of the 5th


def test_what_was_owed_yesterday_is_not_late_since_today() -> None:
    debt = Debt("question", "1", at("03-01 12:00"), "", due=at("03-03 23:00"))
    with timezone.override(PARIS):
        assert when_told(debt, at("03-03 23:30")) == ("Late since today", True)
        assert when_told(debt, at("03-04 01:00")) == ("1 day late", True)
        assert when_told(debt, at("03-03 22:00") - timedelta(hours=1))[1] is False
