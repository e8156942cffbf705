"""What stretches single pages of a large place: see place.py, which fills all the rest first.

A fifth of what was answered has a promise, and a quarter of the promises is late. Member 18 gave 10,000 contributions and was told of each; question 1 is asked by
50,000 people; vote 21 has 100,000 ballots and is counted; 10,000 reports wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from place_rows import Row, rows_write, sequences_set

if TYPE_CHECKING:
    from place import Place

BUSY = 18
"""The member of the 10,000 contributions."""
VOTE = 21
QUESTION = 1


class Edges:
    def __init__(self, place: Place, share: float) -> None:
        self.place = place
        self.contributions = int(10_000 * share)
        self.joined = int(50_000 * share)
        self.ballots = int(100_000 * share)
        self.reports_ = int(10_000 * share)

    def answers(self) -> int:
        """A decision where an idea has one; a promise with every fifth. Only whoever can sign in decides."""
        from estime.cocreation.models import Member
        from estime.people.models import User

        place = self.place
        lea = User.objects.create(email="lea@example.org", name="Léa Martin", role="lead", password="!")
        Member.objects.filter(pk=1).update(user=lea)
        decided = [n for n in range(1, place.ideas + 1) if n % 7 in (4, 5, 6)]
        outcome = {4: "taken", 5: "not_taken", 6: "later"}
        again = place.at(1, 1).date()
        rows_write(
            "decision",
            "contribution_id number outcome reason lives_on again by_id name at",
            (
                (
                    n,
                    1,
                    outcome[n % 7],
                    place.words(n, 3),
                    place.words(n + 1, 2),
                    again if n % 7 == 6 else None,
                    1,
                    "Léa Martin",
                    place.at(n, place.ideas),
                )
                for n in decided
            ),
        )
        late, ahead = timedelta(days=100), timedelta(days=380)
        return len(decided) + rows_write(
            "pledge",
            "contribution_id what by_id name due at kept_words waived_reason",
            (
                (
                    n,
                    place.words(n, 1),
                    1,
                    "Léa Martin",
                    place.at(0, 1) + (ahead if number % 4 else late),
                    place.at(0, 1),
                    "",
                    "",
                )
                for number, n in enumerate(decided[::5])
            ),
        )

    def busy_member(self) -> int:
        """Ten thousand more contributions by one person, with what happened to each of them."""

        place, first = self.place, self.place.ideas + 1
        numbers = range(first, first + self.contributions)
        at = place.at(1, 2)
        rows_write(
            "contribution",
            "id space_id challenge_id kind title body lang version author_id at changed hidden erased supports comments decision channel source",
            (
                (
                    n,
                    1,
                    place.challenge_of(n),
                    "tip",
                    place.words(n, 1)[:150],
                    place.words(n, 4),
                    "fr",
                    1,
                    BUSY,
                    at,
                    at,
                    False,
                    False,
                    0,
                    0,
                    "",
                    "",
                    f"idea/{n}",
                )
                for n in numbers
            ),
        )
        rows_write("version", "contribution_id number title body by_id note at",
            ((n, 1, place.words(n, 1)[:150], place.words(n, 4), BUSY, "", at) for n in numbers))  # fmt: skip
        rows_write("author", "contribution_id member_id number accepted", ((n, BUSY, 1, at) for n in numbers))
        begun = place.ideas * 3 + 1
        rows_write("event", "id space_id kind by_id challenge_id contribution_id data at",
            ((begun + i, 1, "published", BUSY, place.challenge_of(n), n, "{}", at) for i, n in enumerate(numbers)))  # fmt: skip
        return len(numbers) + rows_write(
            "notice", "member_id event_id planned", ((BUSY, begun + i, True) for i in range(len(numbers)))
        )

    def question(self) -> int:
        """A question that more people ask than were members until then; and forty others."""

        place, at = self.place, self.place.at(1, 2)
        first = place.members + 1
        self.more_members(range(first, first + max(self.joined, self.ballots)), at)
        rows_write(
            "interpellation",
            "id space_id author_id title body lang threshold joined at reached due source",
            (
                (n, 1, n, place.words(n, 1)[:180], place.words(n, 5), "fr", 25, self.joined if n == QUESTION else 1, at, at if n == QUESTION else None,
                 at + timedelta(days=30) if n == QUESTION else None, f"question/{n}")
                for n in range(1, 41)
            ),
        )  # fmt: skip
        rows_write("joining", "interpellation_id member_id at", ((n, n, at) for n in range(2, 41)))
        return rows_write("joining", "interpellation_id member_id at", ((QUESTION, first + n, at) for n in range(self.joined)))  # fmt: skip

    def more_members(self, numbers: range, at: object) -> None:

        rows_write(
            "member",
            "id channel handle name about joined digest erased",
            ((n, "estime", f"m-{n:012d}", f"Member {n}", "", at, "weekly", False) for n in numbers),
        )

    def vote(self) -> int:
        """A vote of very many ballots, closed and counted."""
        from place import BEGUN

        from estime.cocreation.actions.closing import poll_close
        from estime.cocreation.actions.counting import poll_count
        from estime.cocreation.models import Poll

        place = self.place
        first, ends = place.members + 1, BEGUN + timedelta(days=400)
        sequences_set()
        rows_write("ballot", "id poll_id content", self.ballot_rows())
        rows_write("voter", "poll_id member_id last", ((VOTE, first + n, BEGUN) for n in range(self.ballots)))
        poll = Poll.objects.get(pk=VOTE)
        poll_close(poll, when=ends)
        poll_count(poll, when=ends)
        return self.ballots

    def ballot_rows(self) -> Iterable[Row]:
        rng = self.place.rng
        for number in rng.sample(range(2**53, 2**54), self.ballots):
            yield number, VOTE, str(sorted(rng.sample(range(1, 31), 3)))

    def reports(self) -> int:

        place = self.place
        reasons = ("unlawful", "personal", "hateful", "advertising", "repeated", "elsewhere", "other")
        return rows_write(
            "report",
            "space_id comment_id member_id reason words at",
            (
                (1, 1 + n * 7 % place.comments_written, 1 + n % place.members, reasons[n % 7], place.words(n, 1), place.at(n, self.reports_))
                for n in range(self.reports_)
            ),
        )  # fmt: skip
