"""Voting: ballots a second through the action and over HTTP, and whether each one is there, once, with its last content.

`python bench/voting.py [--no-http]` measures SQLite, and PostgreSQL if ESTIME_BENCH_POSTGRESQL (or
ESTIME_TEST_POSTGRESQL) names a server: one with fsync on, or the figure says nothing.

Every voter is new: no act of theirs is in the ledger yet, which is the dearest case. One ballot in five is then changed.
Action: PROCESSES processes, closed loop. HTTP: CLIENTS connections to `estime serve` with two workers; first each ballot is
a form with session and CSRF token, answered by a redirect, then each is `PUT /api/v1/polls/{n}/ballot` with a token. Afterwards what stands in the database is compared with what
every caller was told, and the vote is closed, counted and sealed.
"""

import http.client
import json
import multiprocessing
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rest import free_port

PROCESSES, CLIENTS, OPTIONS = 3, 12, 10
VOTERS = {"sqlite": 6_000, "postgresql": 12_000}
OVER_HTTP = 4_000
"""Voters by form, and as many over REST."""
TOKEN = "c" * 32

FILL = """
import django; django.setup()
import json, sys
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from estime.cocreation import api
from estime.cocreation.models import Member
from estime.kernel import clock
from estime.people.api import User
from estime.people.tokens import token_make
voters, sessions = int(sys.argv[1]), int(sys.argv[2])
now = clock.now()
lead = User(email="lead@example.org", name="Lea", role="lead", password="!"); lead.save()
lea = api.member_of(lead)
space = api.space_make(lea, api.SpaceWords("Bench"))
words = api.ChallengeWords("Bench", problem="p", known="k", decided="d", off_table="o", decider="d", resources="r",
                           answer_by=now + timedelta(90))
challenge = api.challenge_draft(lea, space, words)
api.phases_set(lea, challenge, {"vote": (now - timedelta(1), now + timedelta(30))})
api.deal_write(lea, challenge, api.DealWords(*["x"] * 6))
poll = api.poll_draft(lea, challenge, api.PollRules("Which?", binding=False))
for number in range(OPTIONS):
    api.option_add(lea, poll, f"Option {number}")
api.challenge_open(lea, challenge)
api.poll_open(poll)
users = User.objects.bulk_create(
    User(email=f"{n}@example.org", name=f"Voter {n}", password="!") for n in range(voters + 2 * sessions)
)
members = Member.objects.bulk_create(
    Member(user=user, channel="estime", handle=f"v-{user.pk}", name=user.name, joined=now) for user in users
)
keys = []
for user in users[voters:voters + sessions]:
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
tokens = [token_make(user, "bench", ["votes:cast"])[1] for user in users[voters + sessions:]]
who = [m.pk for m in members]
print(json.dumps({"poll": poll.pk, "members": who[:voters], "form": list(zip(keys, who[voters:])),
                  "rest": list(zip(tokens, who[voters + sessions:]))}))
""".replace("OPTIONS", str(OPTIONS))

CHECK = """
import django; django.setup()
import json, sys, time
from collections import Counter
from estime.cocreation import api
from estime.cocreation.models import Ballot, Link, Poll, Voter
from estime.ledger.models import Act
poll = Poll.objects.get(pk=int(sys.argv[1]))
told = {int(who): choice for who, choice in json.load(sys.stdin).items()}
content = dict(Ballot.objects.filter(poll=poll).values_list("pk", "content"))
links = dict(Link.objects.filter(poll=poll).values_list("member_id", "ballot"))
stands = {who: json.loads(content[ballot]) for who, ballot in links.items()}
lost = [who for who in told if stands.get(who) != told[who]]
doubled = len(content) - len(links) + Voter.objects.filter(poll=poll).count() - len(links)
acts = Act.objects.filter(object_id=f"poll/{poll.pk}", type="Create").count()
steps = {}
for name, step in (("close", lambda: api.poll_close(poll, when=poll.closes)),
                   ("count", lambda: api.poll_count(poll)),
                   ("seal", lambda: api.poll_seal(poll, when=Poll.objects.get(pk=poll.pk).objections_until))):
    begun = time.perf_counter(); step(); steps[name] = time.perf_counter() - begun
print(json.dumps({"lost": len(lost), "doubled": doubled, "acts": acts, "ballots": len(content), "told": len(told), **steps}))
"""


def voting_process(poll: int, members: list[int], told: multiprocessing.Queue) -> None:
    """Every member of this process votes; one in five then votes otherwise."""
    import django

    django.setup()
    from estime.cocreation.actions.ballots import ballot_cast
    from estime.cocreation.models import Member, Poll

    people = list(Member.objects.select_related("user").filter(pk__in=members))
    here = Poll.objects.get(pk=poll)
    drawn = random.Random(members[0])
    last: dict[int, list[int]] = {}
    waits = []
    told.put("ready")
    while not Path(os.environ["ESTIME_HOME"], "go").exists():
        time.sleep(0.005)
    begun = time.time()
    for member in people:
        for _turn in range(2 if drawn.random() < 0.2 else 1):
            choice = sorted(drawn.sample(range(1, OPTIONS + 1), drawn.randint(0, 4)))
            at = time.perf_counter()
            ballot_cast(here, member, choice)
            waits.append(time.perf_counter() - at)
            last[member.pk] = choice
    told.put((begun, time.time(), len(waits), waits, last))


def form_of(poll: int, key: str, choice: list[int]) -> tuple[str, str, bytes, dict[str, str]]:
    """A ballot as the page sends it."""
    body = urlencode([("csrfmiddlewaretoken", TOKEN), *(("o", str(n)) for n in choice)]).encode()
    kind = "application/x-www-form-urlencoded"
    cookies = f"sessionid={key}; csrftoken={TOKEN}"
    return "POST", f"/en/votes/{poll}/cast/", body, {"Content-Type": kind, "Cookie": cookies}


def rest_of(poll: int, key: str, choice: list[int]) -> tuple[str, str, bytes, dict[str, str]]:
    """A ballot over REST."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    return "PUT", f"/api/v1/polls/{poll}/ballot", json.dumps({"choice": choice}).encode(), headers


WAYS: dict[str, tuple[Any, int]] = {"form": (form_of, 302), "rest": (rest_of, 200)}


def sending(
    port: int, poll: int, way: str, voters: list[tuple[str, int]], told: multiprocessing.Queue
) -> None:
    """Ballots over one connection, each answered before the next is sent."""
    drawn = random.Random(voters[0][1])
    last: dict[int, list[int]] = {}
    waits = []
    written, wanted = WAYS[way]
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.time()
    for key, member in voters:
        for _turn in range(2 if drawn.random() < 0.2 else 1):
            choice = sorted(drawn.sample(range(1, OPTIONS + 1), drawn.randint(0, 4)))
            method, address, body, headers = written(poll, key, choice)
            at = time.perf_counter()
            link.request(method, address, body, {**headers, "Host": "localhost"})
            answer = link.getresponse()
            said = answer.read()
            waits.append(time.perf_counter() - at)
            if answer.status != wanted:
                raise RuntimeError(f"answered {answer.status}: {said[:300]!r}")
            last[member] = choice
    told.put((begun, time.time(), len(waits), waits, last))


def python(environment: dict[str, str], code: str, *words: str, **more: Any) -> Any:
    """What a piece of code in a process of its own tells as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **more,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def gathered(
    processes: list[Any], told: multiprocessing.Queue
) -> tuple[float, list[float], dict[int, list[int]]]:
    """(ballots a second, how long each took, what each voter was told last)."""
    results = [told.get(timeout=900) for _ in processes]
    for each in processes:
        each.join()
    spent = max(r[1] for r in results) - min(r[0] for r in results)
    last: dict[int, list[int]] = {}
    for result in results:
        last |= result[4]
    return sum(r[2] for r in results) / spent, sorted(w for r in results for w in r[3]), last


def by_action(
    environment: dict[str, str], filled: dict[str, Any]
) -> tuple[float, list[float], dict[int, list[int]]]:
    """Processes that call the action."""
    os.environ.update(environment)
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    parts = [filled["members"][start::PROCESSES] for start in range(PROCESSES)]
    processes = [context.Process(target=voting_process, args=(filled["poll"], part, told)) for part in parts]
    for each in processes:
        each.start()
    for _ in processes:
        assert told.get(timeout=120) == "ready"
    Path(environment["ESTIME_HOME"], "go").touch()
    return gathered(processes, told)


def over_http(
    environment: dict[str, str], filled: dict[str, Any], way: str
) -> tuple[float, list[float], dict[int, list[int]]]:
    """Connections to a real server."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "estime", "serve", "--port", str(port), "--workers", "2", "--no-work"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                link.request("GET", "/health")
                link.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        pairs = filled[way]
        told: multiprocessing.Queue = multiprocessing.Queue()
        processes = [
            multiprocessing.Process(
                target=sending, args=(port, filled["poll"], way, pairs[start::CLIENTS], told)
            )
            for start in range(CLIENTS)
        ]
        for each in processes:
            each.start()
        return gathered(processes, told)
    finally:
        server.terminate()
        server.wait(30)


def prepared(scratch: Path, kind: str) -> dict[str, str]:
    """An installation of its own."""
    environment = {
        **os.environ,
        "ESTIME_HOME": str(scratch / kind),
        "DJANGO_SETTINGS_MODULE": "estime.config.settings",
    }
    environment.pop("ESTIME_DATABASE_URL", None)
    if kind == "postgresql":
        import psycopg

        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(SERVER, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
            print(f"postgresql: fsync {link.execute('SHOW fsync').fetchone()[0]}")
        environment["ESTIME_DATABASE_URL"] = f"{SERVER.rsplit('/', 1)[0]}/{name}"
    subprocess.run([sys.executable, "-m", "estime", "init"], env=environment, check=True, capture_output=True)
    return environment


def told_of(what: str, rate: float, waits: list[float]) -> None:
    print(
        f"  {what}: {rate:,.0f} ballots/s · p50 {waits[len(waits) // 2] * 1000:.1f} ms"
        f" · p99 {waits[int(len(waits) * 0.99)] * 1000:.1f} ms · load {os.getloadavg()[0]:.1f}"
    )


SERVER = os.environ.get("ESTIME_BENCH_POSTGRESQL") or os.environ.get("ESTIME_TEST_POSTGRESQL", "")


def main() -> None:
    """Both databases, both ways."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ["sqlite", *(["postgresql"] if SERVER else [])]:
            environment = prepared(Path(folder), kind)
            filled = python(environment, FILL, str(VOTERS[kind]), str(OVER_HTTP))
            print(kind)
            rate, waits, last = by_action(environment, filled)
            told_of(f"action, {PROCESSES} processes", rate, waits)
            for way in () if "--no-http" in sys.argv else WAYS:
                rate, waits, more = over_http(environment, filled, way)
                told_of(f"HTTP, {way}, {CLIENTS} connections", rate, waits)
                last |= more
            print("  ", python(environment, CHECK, str(filled["poll"]), input=json.dumps(last)))


if __name__ == "__main__":
    main()
