"""Protects digests against kills: SIGKILL anywhere, between handing over and the mark above all, and nobody is left
out, nobody is told twice. Lives are forked, as in driver.py, and die at each boundary of one run."""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from cocreation.answering import idea
from cocreation.places import place_made
from django.db import connection
from driver import Boundaries

from estime.cocreation import delivery
from estime.cocreation.actions import digests
from estime.cocreation.models import Contribution, Digest, Member, Notice, Support
from estime.cocreation.news import event_tell
from estime.kernel import clock
from estime.people.models import User

SUNDAY = datetime(2026, 11, 15, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
MEMBERS = 5
Kill = tuple[int, str]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what time it is, for this process and those that it forks."""
    told = [SUNDAY]
    monkeypatch.setattr(clock, "now", lambda: told[0])

    def at(moment: datetime) -> None:
        told[0] = moment

    return at


def followed() -> Contribution:
    """An idea that some members support; nobody else is told of it."""
    here = place_made("decide", at=SUNDAY - timedelta(days=2))
    made = idea(here, here.lea)
    for number in range(MEMBERS):
        user = User.objects.create(email=f"m{number}@example.org", password="!")
        member = Member.objects.create(user=user, channel="estime", handle=f"h{number}", joined=SUNDAY)
        Support.objects.create(contribution=made, member=member, at=SUNDAY)
    Member.objects.exclude(handle__startswith="h").update(digest="never")
    return made


def life(kill: Kill | None, out: Path | None = None) -> int:
    """A forked process that tells whoever is due; it may end by its own hand. Returns how it ended."""
    connection.close()
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        boundaries = Boundaries()
        boundaries.kill = kill
        _cut(boundaries)
        digests.digests_run()
        if out is not None:
            out.write_text(json.dumps(boundaries.names))
        os._exit(0)
    except BaseException as error:
        print(error, file=sys.stderr)
        os._exit(1)


def _cut(boundaries: Boundaries) -> None:
    boundaries.wrap_database()
    boundaries.wrap(delivery, "_sync", "files")  # all of them are written, none is marked
    boundaries.active = True
    if boundaries.kill == (-1, "file"):  # some are written, by threads
        written, real = Counter[str](), Path.replace

        def replace(path: Path, target: Path) -> Path:
            done = real(path, target)
            written["files"] += 1
            if written["files"] == MEMBERS // 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        Path.replace = replace  # type: ignore[method-assign]


def letters(home: Path) -> dict[int, str]:
    """What lies there, by the number that each file says itself."""
    told = {}
    for path in (home / "digests").rglob("*.eml"):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert path.stem == letter["X-Estime-Digest"]
        told[int(path.stem)] = str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    return told


def test_a_kill_at_any_boundary_leaves_nobody_out_and_tells_nobody_twice(
    installed: Path, tmp_path: Path, now: Callable[[datetime], None]
) -> None:
    made = followed()
    names: list[str] = []
    kills: list[Kill | None] = [None]
    week = 0
    while kills:
        kill, week = kills.pop(0), week + 1
        sunday = SUNDAY + WEEK * week
        now(sunday)
        before = letters(installed)
        event_tell("versioned", None, sunday, made, version=week)
        event_tell("merged", None, sunday, made)
        digests.digests_run()  # plans
        now(sunday + timedelta(days=1))
        status = life(kill, tmp_path / "names" if kill is None else None)
        if kill is None:
            names = json.loads((tmp_path / "names").read_text())
            assert "files" in names
            assert names.index("files") < len(names) - 1, "the mark comes after"
            kills = [(number, "before") for number in range(len(names))] + [
                (len(names) - 1, "after"),
                (-1, "file"),
            ]
        else:
            assert os.WIFSIGNALED(status), (kill, names)
        handed = {number: text for number, text in letters(installed).items() if number not in before}
        now(sunday + timedelta(days=1) + digests.CLAIM + digests.AGAIN)
        assert life(None) == 0
        fresh = {number: text for number, text in letters(installed).items() if number not in before}
        assert {number: fresh[number] for number in handed} == handed, "the same letter, under its own name"
        told = Digest.objects.filter(pk__in=fresh)
        assert sorted(told.values_list("member__handle", flat=True)) == [f"h{n}" for n in range(MEMBERS)], (
            kill
        )
        assert not told.filter(delivered=None).exists()
        assert not digests.digests_due()
    assert week > 5
    assert Notice.objects.filter(member__handle__startswith="h", digest=None).count() == 0
    left = list((installed / "digests").rglob("*.part"))  # half written when it was killed
    for path in left:
        os.utime(path, (0, 0))
    now(SUNDAY + WEEK * (week + 1))
    delivery.letters_sweep(3650)
    assert not list((installed / "digests").rglob("*.part"))
    assert len(letters(installed)) == week * MEMBERS
