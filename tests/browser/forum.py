"""A small forum of these days, as a file: talk, questions to the brand, likes, and rows that will be refused."""

import csv
import io
from datetime import UTC, datetime, timedelta

TEAM = "team"
HEAD = ("id", "author", "date", "type", "text", "reply_to", "thread")
PEOPLE = ("anna", "bob", "chloé", "dan", "eve", "farid", "gwen", "hugo", "iris", "jon", "kim", "léo")
QUESTIONS = (
    "Is it blue?", "Does the lid fit the old bottle?", "When does the large one come back?",
    "Why has the price gone up?", "Can I wash it in the machine?", "Who made the new strap?",
    "Do you repair the first series?", "Where can I hand in my old one?",
    "Will there be a green one for the spring, and may those who asked try it first?",
)  # fmt: skip
"""What members ask beneath a post of the brand: enough for each test that settles one."""


def rows() -> list[tuple[str, ...]]:
    """Eight weeks: a post of the team each week, answers to it, likes and questions."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(weeks=8)
    made: list[tuple[str, ...]] = []

    def add(name: str, who: str, hours: float, *rest: str) -> None:
        made.append((name, who, (start + timedelta(hours=hours)).isoformat(), *rest))

    for week in range(8):
        at, post = week * 168.0, f"post{week}"
        add(
            post, TEAM, at, "Create", f"News of week {week + 1}: what we made, and what we did not.", "", post
        )
        for number, who in enumerate(PEOPLE[: 6 + week % 6]):
            add(
                f"c{week}-{number}",
                who,
                at + 2 + number,
                "Create",
                f"I tried it {number + 1} times.",
                post,
                post,
            )
            if number % 3 == 0:
                add(f"l{week}-{number}", who, at + 3 + number, "Like", "", post, post)
    for number, text in enumerate(QUESTIONS):
        add(f"q{number}", PEOPLE[number], 1150 + 4 * number, "Create", text, "post6", "post6")
    return made


def refused() -> list[tuple[str, ...]]:
    """Rows whose times say no zone, and one without an author."""
    return [
        ("r1", "anna", "2026-05-31 19:00", "Create", "The <b>first</b> refused row.", "", "r1"),
        ("r2", "bob", "2026-05-31 20:00", "Create", "The second refused row.", "", "r2"),
        ("r3", "", "2026-05-31T20:00:00Z", "Create", "Nobody said this.", "", "r3"),
    ]


def table(lines: list[tuple[str, ...]]) -> str:
    """Lines as CSV, with their head."""
    told = io.StringIO()
    csv.writer(told).writerows([HEAD, *lines])
    return told.getvalue()
