"""Pages of co-creation under load, on a place that bench/place.py filled (ESTIME_HOME, ESTIME_DATABASE_URL).

`python bench/cocreation.py [RATE] [SECONDS]`: open loop as in bench/pages.py. Each page once as a stranger reads it, and once as a member who is signed in.
Ideas are drawn half by how much they are talked about, half evenly; words to search are drawn from titles, some with a slip.
"""

import os
import random
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from pages import free_port, load, serve, told  # noqa: E402  beside this file
from place_edges import BUSY, QUESTION, VOTE  # noqa: E402  beside this file


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

    from estime.cocreation.models import Member
    from estime.people.models import User

    users = []
    for number in (
        17,
        BUSY,
    ):  # somebody who wrote, said and supported much; and somebody who gave 10,000 things
        user = User.objects.filter(email=f"member-{number}@estime.example").first()
        if user is None:
            user = User.objects.create_user(f"member-{number}@estime.example", name="Bench", language="en")
            Member.objects.filter(pk=number).update(user=user)
        users.append(session_of(user))
    drawn = random.Random(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cocreation_contribution")
        most = cursor.fetchone()[0]
        cursor.execute("SELECT max(id) FROM cocreation_comment")
        said = cursor.fetchone()[0]
        ideas = []
        for _ in range(1_000):
            cursor.execute(
                "SELECT contribution_id FROM cocreation_comment WHERE id = %s", [drawn.randint(1, said)]
            )
            ideas += [cursor.fetchone()[0], drawn.randint(1, most)]
        words = []
        for _ in range(300):
            cursor.execute(
                "SELECT title FROM cocreation_contribution WHERE id = %s", [drawn.randint(1, most)]
            )
            found = [word for word in cursor.fetchone()[0].split() if len(word) > 3 and word.isalpha()]
            words += [" ".join(drawn.sample(found, min(len(found), 1 + drawn.randrange(3))))] if found else []
        cursor.execute(
            "SELECT id FROM cocreation_contribution WHERE together_id IS NULL ORDER BY comments DESC LIMIT 20"
        )
        busiest = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id, supports FROM cocreation_contribution WHERE challenge_id = 1 AND together_id IS NULL ORDER BY supports DESC, id DESC"
            " LIMIT 1 OFFSET 9999"
        )
        far, supports = cursor.fetchone()
    connection.close()
    listed = [
        f"/en/challenges/{n}/ideas/{order}"
        for n in (1, 1, 1, 2, 3)
        for order in ("", "?order=support", "?order=open", "?order=talk", "?order=support&kind=tip")
    ]
    listed += [f"/en/challenges/1/ideas/?order=support&after={supports}-{far}"]  # page 500
    from urllib.parse import quote

    return users, {
        "list": listed,
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


def main(rate: float = 40.0, seconds: float = 20.0) -> None:
    (cookie, busy), pages = prepared()
    port = free_port()
    server, start = serve(port)
    print(f"first answer after {start:.2f} s; {rate:.0f} requests/s")
    try:
        for name, paths in pages.items():
            readers = (
                {"stranger": {}, "member": cookie}
                if name != "mine"
                else {"member": cookie, "10,000 given": busy}
            )
            for who, headers in readers.items():
                good = (200, 302) if name in ("idea", "busiest") else (200,)
                load(port, 20, 3, headers, paths[::-1])
                told(f"{name}, {who}", load(port, rate, seconds, headers, paths), good)
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main(*(float(word) for word in sys.argv[1:]))
