"""Protects the way into the lake: every committed act exactly once, however late, and nothing that identifies."""

import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction
from ledger.acts import act, rows

from estime.kernel.home import secret
from estime.kernel.ids import lake_key
from estime.kernel.lake import Lake
from estime.ledger import api
from estime.ledger.actions import archive as archive_module
from estime.ledger.models import Account, Act


@pytest.fixture
def lake(installed: Path) -> Lake:
    return Lake(str(installed / "lake"))


def read(lake: Lake, columns: str = "*") -> list[tuple[object, ...]]:
    return duckdb.sql(f"SELECT {columns} FROM read_parquet({lake.files('acts')}) ORDER BY seq").fetchall()


def test_acts_become_numbers(lake: Lake) -> None:
    api.append(
        "forum",
        rows(act(1, in_reply_to="o0", context="room", value=2.5, incentive="x"), act(2, on_behalf_of="b")),
    )
    assert api.archive(lake).acts == 2
    columns = "channel, type, object_type, source_key, object_key, reply_key, thread_key, day, value"
    columns += ", spontaneous, spoken_for"
    first, second = read(lake, columns)
    key = secret()
    keys = tuple(lake_key(key, "forum", name) for name in ("a1", "o1", "o0", "room"))
    assert first == ("forum", "Create", "Note", *keys, 19783, 2.5, False, False)
    assert second[5:] == (None, None, 19783, None, True, True)
    accounts = [account for (account,) in read(lake, "account")]
    assert accounts == list(Act.objects.order_by("seq").values_list("actor_id", flat=True))


def test_nothing_that_identifies_stands_in_the_lake(lake: Lake, installed: Path) -> None:
    api.append(
        "forum", rows(act(1, actor="Marie.Curie", content="radium is fine", source_id="https://x/marie"))
    )
    api.archive(lake)
    for file in (installed / "lake").rglob("*"):
        if file.is_file():
            told = file.read_bytes()
            assert not any(word in told for word in (b"Marie", b"radium", b"https://x"))
    account = Account.objects.get()
    log = b"".join(file.read_bytes() for file in (installed / "lake").rglob("*.json"))
    assert str(account.key).encode() not in log


def test_each_archive_brings_only_what_is_new(lake: Lake) -> None:
    api.append("forum", rows(act(1)))
    first = api.archive(lake)
    assert api.archive(lake) == (0, first.batch)
    api.append("forum", rows(act(2), act(3)))
    second = api.archive(lake)
    assert second.acts == 2
    assert second.batch > first.batch
    assert [batch for (batch,) in read(lake, "batch")] == [first.batch, second.batch, second.batch]


def test_an_empty_ledger_makes_no_lake(lake: Lake) -> None:
    assert api.archive(lake) == (0, 0)
    assert lake.files("acts") == []


def test_many_small_files_become_few(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MANY_FILES", 4)
    for number in range(6):
        api.append("forum", rows(act(number)))
        api.archive(lake)
    assert len(lake.files("acts")) < 4
    assert len(read(lake, "seq")) == 6
    assert api.archive(lake).acts == 0


@pytest.mark.parametrize(
    ("run", "lie"), [(100, "CCCJJJLLL"), (4, "CCJLCJLLJ"), (1, "CJCLJLCLJ")], ids=["all", "four", "each"]
)
def test_acts_of_one_type_lie_together(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, run: int, lie: str
) -> None:
    """Whoever reads joins only then skips nearly all others; as many at once as memory is sure to do for."""
    monkeypatch.setattr(archive_module, "RUN", run)
    kinds = [{"C": "Create", "J": "Join", "L": "Like"}[letter] for letter in "CJLCJLLCJ"]
    found = pa.table({"seq": range(9), "type": kinds})
    told = archive_module.by_type(found.to_reader(max_chunksize=2)).read_all()
    assert "".join(kind[0] for kind in told["type"].to_pylist()) == lie
    assert sorted(told.to_pylist(), key=lambda row: row["seq"]) == found.to_pylist()
    api.append("forum", rows(*(act(n, type=kind) for n, kind in enumerate(kinds))))
    assert api.archive(lake).acts == 9
    [file] = lake.files("acts")
    laid = pq.read_table(file, columns=["type"])["type"].to_pylist()
    assert laid == sorted(kinds), "they came in one piece"


@pytest.mark.postgresql
@pytest.mark.parametrize("installed", ["postgresql"], indirect=True)
def test_a_commit_that_lands_late_is_never_missed(lake: Lake) -> None:
    """A transaction takes its places in the ledger first and commits last, with an archive in between."""
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            api.append("forum", rows(act(1)))
            opened.set()
            finish.wait(20)
        connection.close()

    api.channel_ensure("forum")
    writer = threading.Thread(target=slow)
    writer.start()
    assert opened.wait(20)
    api.append("forum", rows(act(2, actor="somebody else")))
    assert Act.objects.get().source_id == "a2"
    early = api.archive(lake)
    finish.set()
    writer.join()
    late = Act.objects.get(source_id="a1")
    assert late.seq < Act.objects.get(source_id="a2").seq
    api.archive(lake)
    assert sorted(seq for (seq,) in read(lake, "seq")) == sorted(Act.objects.values_list("seq", flat=True))
    assert early.acts <= 1
