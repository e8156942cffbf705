"""Pages of co-creation under load, on a place that bench/place.py filled; prints a table for docs/performance.md.

`python bench/cocreation.py [--place HOME] [--database URL] [--rate 40] [--seconds 20] [--pages list,search,…]`: open loop as in
bench/pages.py. HOME is the place's ESTIME_HOME (else that of the environment), URL its database if that is PostgreSQL. Each page once as a
stranger reads it, and once as a member who is signed in. Ideas are drawn half by how much they are talked about, half evenly; words to search
are drawn from titles. Processor time is that of our server alone: PostgreSQL's, and that of what asks, come on top.
"""

import argparse
import os
import random
import sys
from pathlib import Path
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from pages import Found, free_port, load, serve  # beside this file
from place_edges import BUSY, QUESTION, VOTE  # beside this file

ASKED = ("list", "search", "idea", "challenge")
"""The pages of which a p99 below 100 ms at 40 requests/s is asked."""
MOST = 100.0
TICKS = os.sysconf("SC_CLK_TCK")


def session_of(user: object) -> dict[str, str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def prepared() -> tuple[list[dict[str, str]], dict[str, list[str]]]:
    """Sessions of two members; addresses by kind of page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    import django

    django.setup()
    from django.db import connection

    # somebody who wrote, said and supported much; and somebody who gave 10,000 things
    users = [session_of(member_user(number)) for number in (17, BUSY)]
    with connection.cursor() as cursor:
        found = addresses(cursor, random.Random(3))
    connection.close()
    return users, found


def member_user(number: int) -> object:
    """The login of a member; made if there is none."""
    from estime.cocreation.models import Member
    from estime.people.models import User

    user = User.objects.filter(email=f"member-{number}@estime.example").first()
    if user is None:
        user = User.objects.create_user(f"member-{number}@estime.example", name="Bench", language="en")
        Member.objects.filter(pk=number).update(user=user)
    return user


def addresses(cursor: object, drawn: random.Random) -> dict[str, list[str]]:
    """Addresses by kind of page."""
    cursor.execute("SELECT max(id) FROM cocreation_contribution")
    most = cursor.fetchone()[0]
    ideas = ideas_drawn(cursor, drawn, most)
    words = words_drawn(cursor, drawn, most)
    cursor.execute(
        "SELECT id FROM cocreation_contribution WHERE together_id IS NULL ORDER BY comments DESC LIMIT 20"
    )
    busiest = [row[0] for row in cursor.fetchall()]
    return {
        "list": lists(cursor, most),
        "search": [f"/en/challenges/1/ideas/?words={quote(word)}" for word in words],
        "idea": [f"/en/ideas/{n}/" for n in ideas],
        "busiest": [f"/en/ideas/{n}/" for n in busiest],
        "challenge": [f"/en/challenges/{n}/" for n in (1, 1, 1, 2, 3, 4)],
        "space": ["/en/spaces/bench/"],
        "power": ["/en/spaces/bench/power/"],
        "question": [f"/en/questions/{QUESTION}/"],
        "vote": ["/en/votes/1/", "/en/votes/2/"],
        "result": [f"/en/votes/{VOTE}/result/"],
        "mine": ["/en/me/contributions/"],
    }


def ideas_drawn(cursor: object, drawn: random.Random, most: int) -> list[int]:
    """Half by how much they are talked about, half evenly."""
    cursor.execute("SELECT max(id) FROM cocreation_comment")
    said, ideas = cursor.fetchone()[0], []
    for _ in range(1_000):
        cursor.execute(
            "SELECT contribution_id FROM cocreation_comment WHERE id = %s", [drawn.randint(1, said)]
        )
        ideas += [cursor.fetchone()[0], drawn.randint(1, most)]
    return ideas


def words_drawn(cursor: object, drawn: random.Random, most: int) -> list[str]:
    """One to three words of titles, to be searched for."""
    words = []
    for _ in range(300):
        cursor.execute("SELECT title FROM cocreation_contribution WHERE id = %s", [drawn.randint(1, most)])
        found = [word for word in cursor.fetchone()[0].split() if len(word) > 3 and word.isalpha()]
        words += [" ".join(drawn.sample(found, min(len(found), 1 + drawn.randrange(3))))] if found else []
    return words


def lists(cursor: object, most: int) -> list[str]:
    """Lists in their orders, and one far down: page 500."""
    cursor.execute(
        "SELECT id, supports FROM cocreation_contribution WHERE challenge_id = 1 AND together_id IS NULL ORDER BY supports DESC, id DESC"
        " LIMIT 1 OFFSET %s",
        [min(9_999, most // 4)],
    )
    far, supports = cursor.fetchone()
    orders = ("", "?order=support", "?order=open", "?order=talk", "?order=support&kind=tip")
    listed = [f"/en/challenges/{n}/ideas/{order}" for n in (1, 1, 1, 2, 3) for order in orders]
    return [*listed, f"/en/challenges/1/ideas/?order=support&after={supports}-{far}"]


def cpu_seconds(pid: int) -> float:
    """What a process and its children have worked so far."""
    whole = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended
            continue
        if path.parent.name == str(pid) or told[1] == str(pid):
            whole += (int(told[11]) + int(told[12])) / TICKS
    return whole


def row(name: str, who: str, found: Found, cpu: float) -> float:
    """Print a line of the table; returns its p99."""
    times = sorted(latency * 1000 for latency, _, _ in found)
    p50, p90, p99 = (times[int(len(times) * part)] for part in (0.5, 0.9, 0.99))
    good = (200, 302) if name in ("idea", "busiest") else (200,)  # parts lead to their head
    failed = sum(status not in good for _, status, _ in found)
    size = max(size for _, _, size in found) / 1024
    print(
        f"| {name} | {who} | {p50:.0f} | {p90:.0f} | {p99:.0f} | {times[-1]:.0f} | {cpu / len(found) * 1000:.1f}"
        f" | {size:.0f} | {failed} |",
        flush=True,
    )
    return p99


def measure(rate: float, seconds: float, wanted: list[str]) -> None:
    (cookie, busy), pages = prepared()
    port = free_port()
    server, _start = serve(port)
    print(f"{rate:.0f} requests/s for {seconds:.0f} s each; milliseconds\n")
    print("| page | reader | p50 | p90 | p99 | longest | our processor time | kB | failed |")
    print("|---|---|---|---|---|---|---|---|---|")
    slow = []
    try:
        for name in wanted or pages:
            readers = {"stranger": {}, "member": cookie}
            if name == "mine":
                readers = {"member": cookie, "10,000 given": busy}
            for who, headers in readers.items():
                load(port, 20, 3, headers, pages[name][::-1])
                before = cpu_seconds(server.pid)
                found = load(port, rate, seconds, headers, pages[name])
                p99 = row(name, who, found, cpu_seconds(server.pid) - before)
                slow += [f"{name} ({who}): {p99:.0f} ms"] if name in ASKED and p99 >= MOST else []
    finally:
        server.terminate()
        server.wait(30)
    print(f"\np99 of {', '.join(ASKED)} below {MOST:.0f} ms: {'no: ' + '; '.join(slow) if slow else 'yes'}")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--place", help="ESTIME_HOME of the filled place")
    given.add_argument("--database", help="its PostgreSQL database, as ESTIME_DATABASE_URL")
    given.add_argument("--rate", type=float, default=40.0)
    given.add_argument("--seconds", type=float, default=20.0)
    given.add_argument("--pages", default="", help="some only, separated by commas")
    asked = given.parse_args()
    if asked.place:
        os.environ["ESTIME_HOME"] = asked.place
        os.environ.pop("ESTIME_DATABASE_URL", None)
    if asked.database:
        os.environ["ESTIME_DATABASE_URL"] = asked.database
    measure(asked.rate, asked.seconds, [name for name in asked.pages.split(",") if name])


if __name__ == "__main__":
    main()
