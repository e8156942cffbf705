"""Imports end to end: into the ledger, again, broken, cut, stopped, and on a full disk."""

import errno
import gzip
import json
import stat

import orjson
import pytest
from channels.reading import sample
from django.db import OperationalError

from estime.channels import actions, errors
from estime.channels.models import Import
from estime.channels.options import ReadOptions
from estime.kernel.errors import StorageFull
from estime.kernel.home import make_home, rejects_dir
from estime.ledger.errors import BadChannelName
from estime.ledger.models import Account, Act, Channel, Observation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(tmp_path, monkeypatch):
    """An installation of its own for each test."""
    monkeypatch.setenv("ESTIME_HOME", str(tmp_path / "home"))
    make_home()


def line(number, **change):
    doc = {
        "id": f"a{number}",
        "type": "Like",
        "actor": "ana",
        "published": "2024-05-01T10:00:00Z",
        "object": "o1",
    }
    return json.dumps(doc | change)


@pytest.fixture
def good(write):
    return write("a.jsonl", [line(n) for n in range(10)])


def test_a_whole_import(good):
    told = []
    result = actions.import_path(good, channel="forum", progress=lambda *numbers: told.append(numbers))
    assert (result.status, result.rows, result.new, result.known, result.rejected) == ("done", 10, 10, 0, 0)
    assert result.types == {"Like": 10}
    assert Act.objects.count() == 10
    assert Channel.objects.get().format == "as2"
    assert told[-1] == (good.stat().st_size, good.stat().st_size, 10)
    record = Import.objects.get()
    assert (record.file_name, record.status, record.new, record.rejects_file) == ("a.jsonl", "done", 10, "")
    assert record.finished >= record.started
    assert not list(rejects_dir().iterdir())


def test_the_same_again_adds_nothing(good):
    actions.import_path(good, channel="forum")
    result = actions.import_path(good, channel="forum")
    assert (result.status, result.new, result.known) == ("done", 0, 10)
    assert Act.objects.count() == 10


def test_the_same_id_twice_in_one_file(write):
    path = write("a.jsonl", [line(1), line(1), line(1, object="other")])
    result = actions.import_path(path, channel="forum")
    assert (result.new, result.known, result.rejected) == (1, 1, 1)
    assert result.types == {"Like": 2}
    assert result.first_rejects[0].code == "act-differs"


def test_broken_rows_go_to_a_file_that_only_the_owner_reads(write):
    path = write(
        "a.jsonl", [line(1), "{", line(2, published="2999-01-01T00:00:00Z"), line(3, type="Sing"), line(4)]
    )
    result = actions.import_path(path, channel="forum")
    assert (result.status, result.new, result.rejected) == ("partial", 2, 3)
    assert result.types == Import.objects.get().types == {"Like": 2}, "what was refused did not come in"
    kept = [orjson.loads(text) for text in result.rejects_path.read_bytes().splitlines()]
    assert {(k["line"], k["code"]) for k in kept} == {
        (2, "bad-json"),
        (3, "time-in-future"),
        (4, "unknown-type"),
    }
    assert all(k["reason"] and k["raw"] for k in kept)
    assert stat.S_IMODE(result.rejects_path.stat().st_mode) == 0o600
    assert Import.objects.get().rejects_file == result.rejects_path.name == f"{result.id}.jsonl"
    assert [r.line for r in result.first_rejects] == [k["line"] for k in kept]


def test_a_dry_run_leaves_no_trace(write):
    path = write("a.jsonl", [line(1), "{", line(2, type="Sing")])
    result = actions.import_path(path, channel="forum", dry_run=True)
    assert (result.status, result.new, result.rejected) == ("dry-run", 1, 2)
    assert result.types == {"Like": 1}
    assert [r.code for r in result.first_rejects] == ["bad-json", "unknown-type"]
    for model in (Act, Account, Channel, Import):
        assert not model.objects.exists()
    assert not list(rejects_dir().iterdir())


def test_a_bad_channel_name_is_told_before_anything(good):
    with pytest.raises(BadChannelName):
        actions.import_path(good, channel="../etc")
    assert not Channel.objects.exists()


def test_batches(good, monkeypatch):
    monkeypatch.setattr(actions, "BATCH_ROWS", 3)
    assert actions.import_path(good, channel="forum").new == 10


def test_long_texts_make_smaller_batches(write, monkeypatch):
    sizes = []
    append = actions.ledger.append
    monkeypatch.setattr(actions, "BATCH_TEXT", 1000)
    monkeypatch.setattr(actions.ledger, "append", lambda c, rows: sizes.append(len(rows)) or append(c, rows))
    path = write("a.jsonl", [line(n, content="x" * 400) for n in range(9)])
    assert actions.import_path(path, channel="forum").new == 9
    assert max(sizes) == 3


def test_a_cut_file_is_in_as_far_as_it_goes_and_completed_later(write):
    whole = gzip.compress("\n".join(line(n, content=f"{n * 7919}") for n in range(3000)).encode())
    path = write("a.jsonl.gz", whole[: len(whole) // 2])
    with pytest.raises(errors.TruncatedSource) as caught:
        actions.import_path(path, channel="forum")
    inside = Act.objects.count()
    assert 100 < inside < 3000
    assert f"{inside:,} rows are in" in str(caught.value)
    assert caught.value.data["result"].status == Import.objects.get().status == "partial"
    path.write_bytes(whole)
    result = actions.import_path(path, channel="forum")
    assert (result.new, result.known) == (3000 - inside, inside)


def open_imports():
    return set(Import.objects.filter(closed=None).values_list("rejected", flat=True))


def test_rows_that_another_way_of_reading_brought_in_wait_no_longer(write):
    """What the message says to do, naming the zone, is the end of it."""
    rows = [line(1), line(2, published="2024-05-01T10:00:00"), line(3, type="Sing")]
    path = write("a.jsonl", rows)
    assert actions.import_path(path, channel="forum").rejected == 2
    options = ReadOptions(timezone="Europe/Paris")
    assert actions.import_path(path, channel="forum", options=options).rejected == 1
    assert open_imports() == {1}
    path.write_text("\n".join(rows[:1]) + "\n")
    assert actions.import_path(path, channel="forum").rejected == 0
    assert open_imports() == {0, 1}  # another content: the row that cannot be read is not in it


def stop_at_second_batch(monkeypatch, error):
    """The first batch is written, the second fails."""
    append, calls = actions.ledger.append, []

    def failing(channel, rows):
        calls.append(rows)
        if len(calls) == 2:
            raise error
        return append(channel, rows)

    monkeypatch.setattr(actions, "BATCH_ROWS", 4)
    monkeypatch.setattr(actions.ledger, "append", failing)


@pytest.mark.parametrize(
    ("stopper", "expected"),
    [
        (OperationalError("database or disk is full"), StorageFull),
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull),
        (KeyboardInterrupt(), errors.ImportInterrupted),
    ],
)
def test_what_stops_half_way_says_what_is_in_and_a_second_run_completes_it(
    good, monkeypatch, stopper, expected
):
    with monkeypatch.context() as patch:
        stop_at_second_batch(patch, stopper)
        with pytest.raises(expected) as caught:
            actions.import_path(good, channel="forum")
    assert "4 rows are safely in" in str(caught.value)
    assert "again" in caught.value.todo
    assert Act.objects.count() == 4
    assert Import.objects.get().status == "failed"
    result = actions.import_path(good, channel="forum")
    assert (result.new, result.known) == (6, 4)


def test_a_postgresql_disk_full_is_known_by_its_state(good, monkeypatch):
    inner = Exception("could not extend file")
    inner.sqlstate = "53100"
    outer = OperationalError("could not extend file")
    outer.__cause__ = inner
    with monkeypatch.context() as patch:
        stop_at_second_batch(patch, outer)
        with pytest.raises(StorageFull):
            actions.import_path(good, channel="forum")


def test_other_failures_are_recorded_and_not_hidden(good, monkeypatch):
    with monkeypatch.context() as patch:
        stop_at_second_batch(patch, ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            actions.import_path(good, channel="forum")
    assert Import.objects.get().message == "ZeroDivisionError"


def test_a_source_that_cannot_be_read_fails_with_its_record(write):
    path = write("a.csv", ["foo,bar", "1,2"])
    with pytest.raises(errors.MappingNeeded):
        actions.import_path(path, channel="forum", format="csv")
    assert Import.objects.get().status == "failed"
    assert not Channel.objects.exists()


def test_rows_that_were_all_refused_wait_in_their_channel(write):
    assert actions.import_path(write("a.jsonl", ["{"]), channel="forum", format="as2").rejected == 1
    assert Channel.objects.get().name == "forum"


def test_samples_come_in_whole_and_twice_is_once():
    folder = sample("polis/15-per-hour-seattle")
    first = actions.import_path(folder, channel="wages")
    assert (first.status, first.rejected, first.new) == ("done", 0, 54 + 2995 + 123 + 1)
    assert Observation.objects.get().metric == "views"
    again = actions.import_path(folder, channel="wages")
    assert (again.status, again.new, again.known) == ("done", 0, first.new)


def test_a_page_by_a_shipped_mapping():
    path = sample("brandpages/redbull_facebook_statuses.csv")
    result = actions.import_path(path, channel="redbull", mapping="facebook-page-posts")
    assert (result.status, result.types["Create"], result.types["observation: likes"]) == ("done", 40, 40)
    assert Account.objects.get().handle == "14226545351"
