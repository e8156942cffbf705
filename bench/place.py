"""A large place to measure in: 100,000 ideas, 1 million comments, 5 million votes (supports and ballots).

`python bench/place.py [SHARE]` fills the installation of ESTIME_HOME and ESTIME_DATABASE_URL, which has to be new; SHARE (1.0) scales
all of it. Written straight into the tables, through COPY on PostgreSQL: the actions are measured elsewhere (bench/voting.py). Half of the ideas are in one
challenge, the other half in nineteen; how often an idea is supported and commented falls off as a power law; 400 groups of three ideas are brought together.
Besides, what stretches a page (place_edges.py): one member with 10,000 contributions, a question that 50,000 people ask, a vote of 100,000 ballots, 10,000 reports.
The ledger is left out: no page of co-creation reads it.
"""

import os
import random
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / p) for p in ("src", "bench")]
from place_rows import Row, rows_write, sequences_set  # beside this file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")

BEGUN = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Place:
    def __init__(self, share: float) -> None:
        self.rng = random.Random(20261122)
        self.share = share
        self.ideas = int(100_000 * share)
        self.comments = int(1_000_000 * share)
        self.votes = int(5_000_000 * share)
        self.members = max(200, int(40_000 * share))
        self.challenges = 20

    def at(self, number: int, of: int) -> datetime:
        return BEGUN + timedelta(days=300) * (number / of)

    def fill(self) -> None:
        from django.db import transaction
        from place_edges import Edges

        edges = Edges(self, self.share)
        for step in (
            self.people,
            self.challenges_,
            self.votes_,
            self.ideas_,
            self.talk,
            self.supports,
            self.ballots,
            self.together,
            self.events,
            edges.answers,
            edges.busy_member,
            edges.question,
            edges.vote,
            edges.reports,
        ):
            begun = time.perf_counter()
            with transaction.atomic():
                told = step()
            print(
                f"{step.__name__.rstrip('_')}: {told:,} rows, {time.perf_counter() - begun:.0f} s", flush=True
            )
        sequences_set()

    def people(self) -> int:
        rows_write(
            "space",
            "id slug title about language public fictional attribution threshold created",
            [(1, "bench", "A large place", "", "fr", True, False, "", 25, BEGUN)],
        )
        return rows_write(
            "member",
            "id channel handle name about joined digest erased spoke spoke_in_id welcomed",
            (
                (
                    n,
                    "estime",
                    f"m-{n:012d}",
                    f"Member {n}",
                    "",
                    self.at(n, self.members * 2),
                    "weekly",
                    False,
                    *((self.at(n, self.members * 2), 1) if n % 20 else (None, None)),
                    self.at(n, self.members * 2) if n % 20 and n % 40 != 1 else None,
                )
                for n in range(1, self.members + 1)
            ),
        )

    def challenges_(self) -> int:
        ends = BEGUN + timedelta(days=400)
        self.share_of = [self.ideas // 2] + [self.ideas // 2 // (self.challenges - 1)] * (self.challenges - 1)

        def challenge(n: int, ideas: int) -> Row:
            return (
                n, 1, 1, True, f"challenge-{n}", f"Challenge {n}", "decide", "What?", "This.", "That.", "Nothing.", "You.",
                "Two people.", ends, '["idea"]', BEGUN, "", "", False, ideas, min(self.members, ideas),
            )  # fmt: skip

        rows_write(
            "challenge",
            "id space_id owner_id by_brand slug title power problem known decided off_table decider resources answer_by kinds created cancel_reason channel erased contributions_count people_count",
            (challenge(n, ideas) for n, ideas in enumerate(self.share_of, 1)),
        )
        rows_write(
            "phase",
            "challenge_id kind starts ends",
            (
                (n, kind, BEGUN + timedelta(days=a), BEGUN + timedelta(days=b))
                for n in range(1, self.challenges + 1)
                for kind, a, b in (("propose", 0, 350), ("vote", 350, 380), ("decide", 380, 400))
            ),
        )
        rows_write(
            "deal",
            "challenge_id version owns licence if_adopted if_refused if_withdrawn if_altered reason by_id at",
            (
                (n, 1, "You.", "CC BY 4.0", "a", "b", "c", "d", "", 1, BEGUN)
                for n in range(1, self.challenges + 1)
            ),
        )
        return self.challenges

    def votes_(self) -> int:
        """A vote for each challenge, the last one for place_edges.py; thirty options each."""
        from django.db import connection

        ends = BEGUN + timedelta(days=400)

        def vote(n: int) -> Row:
            return (
                n, min(n, self.challenges), f"Vote {n}", "approval", "{}", "shared", n, 0, "members", True, True,
                BEGUN, ends, BEGUN, BEGUN, False, "", "",
            )  # fmt: skip

        rows_write(
            "poll",
            "id challenge_id title method parameters ties seed threshold who binding secret opens closes locked opened sealing digest channel",
            (vote(n) for n in range(1, self.challenges + 2)),
        )
        # Options are refused once a vote is open, so they come first with the poll closed to them lifted for the moment of filling.
        with connection.cursor() as cursor:
            self.guard(cursor, "option", False)
        rows_write(
            "option",
            "id poll_id number title at hidden source",
            (
                ((p - 1) * 30 + o, p, o, f"Option {o}", BEGUN, False, "")
                for p in range(1, self.challenges + 2)
                for o in range(1, 31)
            ),
        )
        with connection.cursor() as cursor:
            self.guard(cursor, "option", True)
            cursor.execute("UPDATE cocreation_challenge SET opened = %s", [BEGUN])
        return 31 * (self.challenges + 1)

    def guard(self, cursor: object, table: str, on: bool) -> None:
        from django.db import connection

        from estime.cocreation.guards import guards_install

        if on:
            guards_install()
        elif connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the checks of foreign keys are pending
            cursor.execute(f"ALTER TABLE cocreation_{table} DISABLE TRIGGER ALL")
        else:
            cursor.execute(f"DROP TRIGGER cocreation_{table}_only_insert")

    def challenge_of(self, idea: int) -> int:
        return 1 if idea % 2 else 2 + idea // 2 % (self.challenges - 1)

    def ideas_(self) -> int:
        import similar as bench_titles

        titles = bench_titles.titles(self.ideas, self.rng)
        self.titles = titles
        author = [self.rng.randint(1, self.members) for _ in range(self.ideas + 1)]
        decisions = ["", "", "", "", "taken", "not_taken", "later"]
        rows_write(
            "contribution",
            "id space_id challenge_id kind title body lang version author_id at changed hidden erased supports comments decision answered channel source",
            (
                (
                    n,
                    1,
                    self.challenge_of(n),
                    "idea",
                    titles[n - 1],
                    self.words(n, 8),
                    "fr",
                    1,
                    author[n],
                    self.at(n, self.ideas),
                    self.at(n, self.ideas),
                    False,
                    False,
                    0,
                    0,
                    decisions[n % 7],
                    self.at(n, self.ideas) if decisions[n % 7] else None,
                    "",
                    f"idea/{n}",
                )
                for n in range(1, self.ideas + 1)
            ),
        )
        rows_write(
            "version",
            "contribution_id number title body by_id note at",
            (
                (n, 1, titles[n - 1], self.words(n, 8), author[n], "", self.at(n, self.ideas))
                for n in range(1, self.ideas + 1)
            ),
        )
        rows_write(
            "author",
            "contribution_id member_id number accepted",
            ((n, author[n], 1, self.at(n, self.ideas)) for n in range(1, self.ideas + 1)),
        )
        from estime.cocreation.models import Contribution
        from estime.cocreation.similar import index

        print("  index of titles …", flush=True)
        entries = (
            index.Title(n, 1, titles[n - 1], self.challenge_of(n), self.words(n, 8))
            for n in range(1, self.ideas + 1)
        )
        self.titles_put(index, entries)
        return Contribution.objects.count()

    def titles_put(self, index: object, entries: Iterable[tuple[int, int, int, str, str]]) -> None:
        index.titles_put_many(entries)

    def words(self, number: int, sentences: int) -> str:
        """So many sentences, no two texts alike; every eighth text has marks, a list, a link and something quoted."""
        said = [self.titles[(number * 7919 + place * 104_729) % self.ideas] for place in range(sentences)]
        text = ". ".join(sentence.capitalize() for sentence in said) + "."
        if number % 8:
            return text
        return f"> {said[0]}\n\n**{said[0]}** {text}\n\n- {said[-1]}\n- https://example.org/{number}\n"

    def fall_off(self, count: int) -> list[int]:
        """How often each idea is drawn, by a power law over ideas in random order; sums to about `count`."""
        order = list(range(1, self.ideas + 1))
        self.rng.shuffle(order)
        weights = [1 / (rank + 10) ** 0.8 for rank in range(self.ideas)]
        whole = sum(weights)
        found = [0] * (self.ideas + 1)
        for idea, weight in zip(order, weights, strict=True):
            found[idea] = int(count * weight / whole)
        return found

    def talk(self) -> int:
        often = self.fall_off(self.comments)
        intents = ["", "", "", "question", "improvement", "tried", "concern"]

        def rows() -> Iterable[Row]:
            number = 0
            for idea in range(1, self.ideas + 1):
                root = 0
                for place in range(often[idea]):
                    number += 1
                    answers = place % 4 != 0
                    if not answers:
                        root = number
                    more = min(3, often[idea] - place - 1) if not answers else 0
                    yield (
                        number,
                        idea,
                        root if answers else None,
                        root if answers else None,
                        self.rng.randint(1, self.members),
                        False,
                        intents[number % 7],
                        self.words(number, 1 + number % 4),
                        "fr",
                        more,
                        self.at(number, self.comments * 2),
                        False,
                        False,
                        "",
                        f"c/{number}",
                    )

        told = rows_write(
            "comment",
            "id contribution_id root_id parent_id by_id for_brand intent body lang replies at hidden erased channel source",
            rows(),
        )
        self.counted("comments", often)
        self.comments_written = told
        return told

    def counted(self, column: str, often: list[int]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE cocreation_contribution SET {column} = %s WHERE id = %s",
                [(often[n], n) for n in range(1, self.ideas + 1) if often[n]],
            )

    def supports(self) -> int:
        often = [min(n, self.members) for n in self.fall_off(self.votes * 4 // 5)]

        def rows() -> Iterable[Row]:
            at = self.at(1, 2)
            for idea in range(1, self.ideas + 1):
                first, step = (
                    self.rng.randrange(self.members),
                    7919,
                )  # prime to the number of members: nobody twice
                for place in range(often[idea]):
                    yield (idea, 1 + (first + place * step) % self.members, at)

        told = rows_write("support", "contribution_id member_id at", rows())
        self.counted("supports", often)
        return told

    def ballots(self) -> int:
        each = min(self.members, self.votes // 5 // self.challenges)
        ids = self.rng.sample(range(1, 2**53), each * self.challenges)

        def choice() -> str:
            return str(sorted(self.rng.sample(range(1, 31), 3)))

        at = self.at(1, 2)
        pairs = [(p, m) for p in range(1, self.challenges + 1) for m in range(1, each + 1)]
        rows_write(
            "ballot", "id poll_id content", ((i, p, choice()) for i, (p, _m) in zip(ids, pairs, strict=True))
        )
        rows_write("voter", "poll_id member_id last", ((p, m, at) for p, m in pairs))
        return rows_write(
            "link", "poll_id member_id ballot", ((p, m, i) for i, (p, m) in zip(ids, pairs, strict=True))
        )

    def together(self) -> int:
        from django.db import connection

        groups = [(n, n + 40, n + 80) for n in range(1, 400 * 120, 120) if n + 80 <= self.ideas]
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE cocreation_contribution SET together_id = %s WHERE id = %s",
                [(head, part) for head, *parts in groups for part in parts],
            )
        return 2 * len(groups)

    def events(self) -> int:
        kinds = ("published", "versioned", "supported", "decided")
        return rows_write(
            "event",
            "space_id kind by_id challenge_id contribution_id data at",
            (
                (
                    1,
                    kinds[n % 4],
                    1 + n % self.members,
                    self.challenge_of(1 + n // 3),
                    1 + n // 3,
                    "{}",
                    self.at(n, self.ideas * 3),
                )
                for n in range(self.ideas * 3)
            ),
        )


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    Place(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0).fill()
    with connection.cursor() as cursor:  # what PostgreSQL's autovacuum would have done by the next day
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    main()
