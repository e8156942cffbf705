"""Digests of 40,000 members on one Monday morning: seconds, memory, what waits meanwhile. docs/performance.md "Digests".

    ESTIME_HOME=/tmp/bench-digests python bench/digests.py [members]

An empty installation is made (on PostgreSQL where ESTIME_DATABASE_URL names an empty database). Each of 400 ideas is
taken up and promised for a day, a fifth of them commented: 2.2 notices for a member, on average. While the digests are
made, another process writes a comment every tenth of a second, and how long each takes is told.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("ESTIME_HOME", tempfile.mkdtemp(prefix="estime-digests-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "estime.config.settings"
SUNDAY = datetime(2026, 11, 15, 12, tzinfo=UTC)
MONDAY = SUNDAY + timedelta(hours=21)
IDEAS = 400


def fill(number: int) -> None:
    """Members who support ideas; the brand answers them all."""
    from estime.cocreation import api
    from estime.cocreation.models import Author, Contribution, Event, Member, Space, Support, Version
    from estime.cocreation.news import event_tell
    from estime.people.models import User

    users = User.objects.bulk_create(
        [User(email=f"m{n}@example.org", name=f"Member {n}", password="!", language="fr" if n % 2 else "en")
         for n in range(number)], batch_size=2000,
    )  # fmt: skip
    members = Member.objects.bulk_create(
        [
            Member(user=user, channel="estime", handle=f"h{n}", name=user.name, joined=SUNDAY)
            for n, user in enumerate(users)
        ],
        batch_size=2000,
    )
    lea = User.objects.create(email="lea@example.org", name="Léa Martin", role="lead", password="!")
    space = Space.objects.create(slug="bags", title="Bags", threshold=25, created=SUNDAY)
    speaker = api.member_of(lea)
    for n in range(IDEAS):
        author = members[n]
        idea = Contribution.objects.create(
            space=space, kind="idea", title=f"A strap that can be changed {n}", body="Two buckles.", author=author,
            at=SUNDAY, changed=SUNDAY, source=f"bench/{n}",
        )  # fmt: skip
        Version.objects.create(
            contribution=idea, number=1, title=idea.title, body=idea.body, by=author, at=SUNDAY
        )
        Author.objects.create(contribution=idea, member=author, number=1, accepted=SUNDAY)
        Support.objects.bulk_create(
            [
                Support(contribution=idea, member=member, at=SUNDAY)
                for member in members[n::IDEAS]
                if member != author
            ]
        )
        words = api.DecisionWords("taken", "It costs less than the seam, and it lasts longer.", "The buckle.")
        promise = api.PledgeWords("A first bag.", SUNDAY + timedelta(days=100))
        api.decision_write(speaker, idea.pk, words, promise=promise, when=SUNDAY)
        if n % 5 == 0:
            event_tell("merged", speaker, SUNDAY, idea)
    assert Event.objects.count() >= 2 * IDEAS


def wait_of_others(stop: threading.Event, waits: list[float]) -> None:
    """What a member waits for who supports something meanwhile."""
    from django.db import connection

    from estime.cocreation.models import Contribution, Member
    from estime.cocreation.news import event_tell

    idea, member = Contribution.objects.first(), Member.objects.last()
    while not stop.wait(0.1):
        began = time.perf_counter()
        event_tell("commented", member, SUNDAY, idea)
        waits.append((time.perf_counter() - began) * 1000)
    connection.close()


def main(number: int) -> None:
    subprocess.run([sys.executable, "-m", "estime", "init"], check=True, capture_output=True)
    import django

    django.setup()
    from estime.cocreation.actions.digests import digests_run
    from estime.cocreation.models import Digest, Notice
    from estime.kernel import clock
    from estime.kernel.home import home

    clock.now = lambda: SUNDAY
    began = time.perf_counter()
    fill(number)
    print(f"filled in {time.perf_counter() - began:.1f} s: {Notice.objects.count():,} notices", flush=True)
    began = time.perf_counter()
    planned = digests_run(SUNDAY)
    print(f"planned {planned.planned:,} notices in {time.perf_counter() - began:.1f} s", flush=True)
    stop, waits = threading.Event(), list[float]()
    other = threading.Thread(target=wait_of_others, args=(stop, waits))
    other.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    told = digests_run(MONDAY)
    seconds = time.perf_counter() - began
    stop.set()
    other.join()
    files = sum(1 for _ in Path(home() / "digests").rglob("*.eml"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert told.delivered == files == Digest.objects.filter(delivered__isnull=False).count()
    print(
        f"{told.delivered:,} digests in {seconds:.1f} s ({told.delivered / seconds:.0f}/s), {files:,} files"
    )
    print(f"memory: {before / 1024:.0f} MB before, {peak / 1024:.0f} MB at most")
    waits.sort()
    print(
        f"writing beside it: median {statistics.median(waits):.1f} ms, worst {waits[-1]:.0f} ms of {len(waits)}"
    )
    began = time.perf_counter()
    again = digests_run(MONDAY)
    print(f"once more: {again.delivered} delivered in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
