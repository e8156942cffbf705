"""Protects against sources that are broken, cut off, made to harm, or read by a process that is killed.

Whatever comes: rows that can be read come in, the others are refused one by one with line and reason, or the whole is
refused in words. Never an exception that nobody foresaw, never a row that the database refuses, never a half.
"""

import gzip
import os
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from handmade import DECIDIM, IDEAS, MADRID, PAIRS, PB, POLIS, UNDECIDED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estime.channels.challenges import read as reading
from estime.channels.challenges.api import challenge_import, challenge_mapping_load
from estime.channels.challenges.choosing import ChallengeOptions
from estime.channels.challenges.registry import challenge_read, guess, named
from estime.channels.errors import SourceBomb
from estime.cocreation.api import About, Brings, Choosable, Chosen, Given, Spoken, challenge_bring
from estime.cocreation.models import Ballot, Challenge, Comment, Contribution, Option, Poll, Space, Voter
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.ledger.models import Act

SOURCES = {
    "polis": POLIS,
    "allourideas": PAIRS | {"wikisurvey_square_nonvotes.csv": UNDECIDED},
    "madrid": MADRID,
    "decidim": DECIDIM,
    "pb": PB,
    "mapped": IDEAS,
}
HARM = (b"\0", b"\xff", b'"', b"\n", b";", b",", b"-", b"9" * 30, b"\xe2\x80", b"", b"<a", b"&#0;", b"\r")


def path_of(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder if len(files) > 1 else folder / next(iter(files))


def read(path: Path, name: str) -> reading.Read:
    mapping = challenge_mapping_load("town-votes") if name == "mapped" else None
    return challenge_read(path, named(name), ChallengeOptions(), mapping)


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_wrong_is_told(name, data, tmp_path_factory):
    """Bytes put in, taken out and cut off anywhere: read, refused row by row, or refused in words."""
    files = {file: text.encode() for file, text in SOURCES[name].items()}
    broken = data.draw(st.sampled_from(sorted(files)))
    raw = bytearray(files[broken])
    for _each in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.sampled_from(HARM))
    if data.draw(st.integers(0, 4)) == 0:
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    path = path_of(tmp_path_factory.mktemp("harm"), files | {broken: bytes(raw)})
    try:
        found = read(path, name)
    except EstimeError as error:
        assert error.todo
        return
    assert all(one.line > 0 and one.code and one.reason for one in found.rejects)
    assert "\0" not in repr([row.thing for row in found.rows])


@pytest.mark.parametrize("name", SOURCES)
def test_one_bad_line_costs_itself_only(name, tmp_path):
    """A byte of another encoding, a NUL, a line without end: in every file of every format."""
    files = {file: text.encode() for file, text in SOURCES[name].items() if "users" not in file}
    bad = b"\xff\n", b"a\0b\n", b"x" * (reading_limit() + 1) + b"\n"
    whole = read(path_of(tmp_path, files), name)
    rows = {file: content.count(b"\n") for file, content in files.items()}
    for harm in bad:
        there = {
            file: content if file == "summary.csv" else content + harm for file, content in files.items()
        }
        found = read(path_of(tmp_path, there), name)
        assert len(found.rows) == len(whole.rows)
        fresh = sorted(one.line for one in found.rejects)
        for line in (one.line for one in whole.rejects):
            fresh.remove(line)
        assert fresh == sorted(many + 1 for file, many in rows.items() if file != "summary.csv")


def reading_limit() -> int:
    from estime.channels.source import LINE_LIMIT

    return LINE_LIMIT


def test_another_encoding_is_named_and_read(tmp_path, space, bring):
    raw = MADRID["proposals.csv"].encode("cp1252")
    path = path_of(tmp_path, {"proposals.csv": raw})
    refused = bring(path, dry_run=True)
    assert "bad-encoding" in {one.code for one in refused.first_rejects}
    told = bring(path, options=ChallengeOptions(encoding="cp1252"))
    assert told.counts["contributions"] == 1
    assert Contribution.objects.filter(body="Más árboles & bancos.").exists()


@pytest.mark.parametrize("name", SOURCES)
def test_packed_is_read_as_well_and_a_bomb_is_not(name, tmp_path, monkeypatch):
    files = {file: text.encode() for file, text in SOURCES[name].items()}
    plain = read(path_of(tmp_path, files), name)
    packed = tmp_path / f"{next(iter(files)).rpartition('.')[0]}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    if name != "mapped":
        assert guess(packed, ChallengeOptions()).name == name
    assert len(read(packed, name).rows) == len(plain.rows)
    monkeypatch.setattr("estime.channels.challenges.registry.UNPACKED", 100)
    with pytest.raises(SourceBomb):
        read(packed, name)
    if len(files) == 1:
        (tmp_path / "one.csv.gz").write_bytes(gzip.compress(next(iter(files.values()))))
        with pytest.raises(SourceBomb):
            read(tmp_path / "one.csv.gz", name)


def test_no_row_reaches_the_database_that_it_would_refuse(installed):
    """Numbers, names, times and texts that are larger than anything meant, with acts and without, on both databases."""
    space = Space.objects.create(slug="square", title="Square", threshold=25, created=clock.now())
    at = datetime(2024, 3, 1, tzinfo=UTC)
    far, old = datetime.max.replace(tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)
    things = [
        Given("c/1", None, "Good", "", at, supports=1_000_000_000),
        Given("c/2", None, "T", "", at, supports=10**15),
        Given("c/3", None, "T", "", far),
        Given("c/4", None, "T", "", old),
        Given("c/5", None, "T", "", at, withdrawn=far),
        Given("c" * 201, None, "T", "", at),
        Given("c/6", None, "T", "x" * 1_000_001, at),
        Spoken("k/1", None, "Said", at, on="c/1", lang="x" * 99),
        Spoken("k/2", None, "Said", far, on="c/1"),
        Spoken("k/3", None, "Said", at, on="c" * 300),
        Choosable("o/1", "One", at, cost="1.00"),
        Choosable("o/2", "Two", at, cost="99999999999.99"),
        Choosable("o/3", "T", at, cost="1" + "0" * 11),
        Choosable("o/4", "T", at, cost="0.00"),
        Choosable("o" * 201, "T", at, cost="1.00"),
    ]
    rows = [Brings(line, thing) for line, thing in enumerate(things, start=1)]
    voter = reading.vote("b", 90, Chosen("v", ("o/1",), 1, at), "b/v")
    about = About("b", "B" * 500, "text", method="budget", parameters={"budget": "1000.00"})
    told = challenge_bring(None, space, "town", about, [*rows, voter])
    assert {one.line: one.code for one in told.rejects} == {
        2: "too-many", 3: "out-of-time", 4: "out-of-time", 5: "out-of-time", 6: "name-too-long", 7: "text-too-long",
        9: "out-of-time", 10: "name-too-long", 13: "no-cost", 14: "no-cost", 15: "name-too-long",
    }  # fmt: skip
    assert (Contribution.objects.count(), Comment.objects.count(), Option.objects.count()) == (1, 1, 2)
    assert Poll.objects.get().sealed is not None


def standing() -> list[int]:
    return [one.objects.count() for one in (Challenge, Contribution, Comment, Option, Ballot, Voter, Act)]


def test_killed_anywhere_the_second_run_completes_it(installed, tmp_path):
    """SIGKILL while it reads, while it writes, while it counts: nothing is half there, and nothing comes twice."""
    folder = path_of(tmp_path, {name: text.encode() for name, text in IDEAS.items()})
    space = Space.objects.create(slug="square", title="Square", threshold=25, created=clock.now())
    places = (
        "estime.cocreation.actions.bring.comments_bring",
        "estime.cocreation.actions.bring.poll_count",
        "estime.channels.challenges.importing._keep",
    )
    for number, place in enumerate(places):
        assert killed_at(place, folder) == -signal.SIGKILL
        assert Challenge.objects.count() == (number > 0), place
        assert bool(Act.objects.count()) == (number > 0), "the challenge whole, or its acts neither"
    told = challenge_import(folder, space, mapping="town-votes")
    assert (told.fresh, told.new, Poll.objects.get().sealed is None) == (False, 0, False)
    done = standing()
    challenge_import(folder, space, mapping="town-votes")
    assert standing() == done
    assert done == [1, 2, 3, 2, 6, 6, 13]


def killed_at(place: str, folder: Path) -> int:
    """Run the import in a process of its own that is killed as it comes to a function."""
    module, _dot, function = place.rpartition(".")
    program = f"""
import os, signal, sys
from estime.cli.installation import open_installation
open_installation()
import {module} as where
where.{function} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from estime.cocreation.models import Space
from estime.channels.challenges.api import challenge_import
from pathlib import Path
challenge_import(Path({str(folder)!r}), Space.objects.get(), mapping="town-votes")
"""
    return subprocess.run([sys.executable, "-c", program], env={**os.environ}, capture_output=True).returncode
