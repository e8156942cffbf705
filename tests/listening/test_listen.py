"""Protects readings: each text is read once, whatever is killed, erased, replaced or done twice at once."""

import threading
from pathlib import Path

import pytest
from django.db import connection
from ledger.acts import START, act, rows
from listening.plain import PlainReader

from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.ledger import following
from estime.listening import api
from estime.listening.actions import due
from estime.listening.actions import listen as module
from estime.listening.actions.listen import Heard, listen
from estime.listening.models import Followed, Reading
from estime.listening.processes import ReadingStopped

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
DAY = (START.date().toordinal()) - 719_163


def told() -> list[tuple[object, ...]]:
    """Every reading, without what it was numbered by."""
    return list(
        Reading.objects.order_by("seq").values_list(
            "seq", "account", "day", "lang", "negative", "positive", "unclear", "target", "felt"
        )
    )


def run(strength: int = 800, **more: int) -> Heard:
    return listen(reader=PlainReader(strength), processes=1, **more)  # type: ignore[arg-type]


@pytest.fixture
def in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a ledger of many windows is read."""
    monkeypatch.setattr(following, "WINDOW", 7)


def test_each_text_is_read_once(spoken: Path, in_windows: None) -> None:
    assert run() == Heard(30, 0)
    assert run() == Heard(0, 0)
    assert Reading.objects.count() == 30
    first = Reading.objects.order_by("seq")[1]
    assert (first.day, first.lang, first.negative, first.neutral, first.positive) == (DAY, 1, 800, 200, 0)
    assert (bytes(first.emotions), first.felt, first.unclear, first.target) == (bytes(range(8)), 16, False, 0)
    assert first.channel == ledger.channel_formats()["forum"][0]
    ledger.append(
        "forum", rows(act(40, content="+ later"), act(41, content=None, type="Like", object_type=None))
    )
    assert run() == Heard(1, 0)
    assert Reading.objects.filter(positive=800).count() == 16


def test_another_reader_reads_all_again_and_old_figures_stand_meanwhile(
    spoken: Path, in_windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    before = told()
    keep, windows = module.readings_keep, iter(range(99))

    def falls(*args: object) -> None:
        if next(windows) == 2:
            raise KeyboardInterrupt
        keep(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "readings_keep", falls)
    with pytest.raises(KeyboardInterrupt):
        run(600)
    assert len(told()) == 30
    assert {row[5] for row in told()} == {0, 600, 800}
    monkeypatch.setattr(module, "readings_keep", keep)
    assert run(600).again == 30 - 14, "what was read again stays read"
    assert {row[5] for row in told()} == {0, 600}
    assert [row[:4] for row in told()] == [row[:4] for row in before]
    assert (Followed.objects.get().version, Followed.objects.get().made) == (2, 2)
    assert run(600) == Heard(0, 0)


def test_two_at_once(spoken: Path, in_windows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read the same window; one writes it, the other one finds that out and goes on behind it."""
    met, write = threading.Barrier(2, timeout=20), module._write

    def meets(*args: object) -> None:
        if args[1].start == (0, 0) or args[1].start[1] == 0:  # type: ignore[attr-defined]
            met.wait()
        write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_write", meets)
    counts: list[Heard] = []

    def other() -> None:
        counts.append(run())
        connection.close()

    thread = threading.Thread(target=other)
    module._begin(PlainReader().version)
    thread.start()
    counts.append(run())
    thread.join(20)
    assert sum(heard.read for heard in counts) == 30
    assert Reading.objects.count() == 30
    assert Followed.objects.get().step <= 5


@pytest.mark.parametrize("at", ["before", "after"])
def test_somebody_is_erased_while_their_texts_are_read(
    spoken: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, write = ledger.account_key("forum", "person-1"), module._write

    def meanwhile(*args: object) -> None:
        monkeypatch.setattr(module, "_write", write)
        ledger.erase_accounts([key], Lake(str(spoken / "lake")))
        if at == "after":
            api.forget_accounts([key])
        write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_write", meanwhile)
    assert run() == Heard(24, 0)
    assert not Reading.objects.filter(account=key).exists()
    assert Followed.objects.get().erased == 1


def test_an_erasure_that_was_cut_off_is_completed(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.setattr(due, "reader_version", lambda: PlainReader().version)
    monkeypatch.setattr(due, "model_there", lambda: True)
    assert not api.listen_due()
    key = ledger.account_key("forum", "person-2")
    ledger.erase_accounts([key], Lake(str(spoken / "lake")))  # and killed before listening was told
    assert Reading.objects.filter(account=key).exists()
    assert api.listen_due()
    run()
    assert not Reading.objects.filter(account=key).exists()
    assert Reading.objects.count() == 24
    assert not api.listen_due()


def test_what_is_due(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "reader_version", lambda: PlainReader().version)
    monkeypatch.setattr(due, "model_there", lambda: True)
    assert api.listen_due()
    run()
    assert not api.listen_due()
    ledger.append("forum", rows(act(50)))
    assert api.listen_due()
    run()
    assert not api.listen_due()
    monkeypatch.setattr(due, "reader_version", lambda: PlainReader(1).version)
    assert api.listen_due()


def test_a_ledger_from_another_server_is_read_from_its_beginning(spoken: Path) -> None:
    run()
    Followed.objects.update(xid=10**15, seq=10**15)
    Reading.objects.filter(negative=0).delete()
    assert run() == Heard(30, 0)
    assert Reading.objects.count() == 30


@SQLITE
def test_a_reader_that_falls_loses_nothing(spoken: Path, in_windows: None) -> None:
    ledger.append("forum", rows(act(60, content="fall")))
    with pytest.raises(ValueError, match="told to"):
        run()
    assert Reading.objects.count() >= 21
    assert Reading.objects.count() == len({row[0] for row in told()})


@SQLITE
def test_other_processes_read_the_same(
    spoken: Path, in_windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    alone = told()
    Reading.objects.all().delete()
    Followed.objects.all().delete()
    monkeypatch.setattr(module, "MANY", 3)
    monkeypatch.setattr(module, "PORTION", 2)
    assert listen(reader=PlainReader(), processes=2) == Heard(30, 0)
    assert told() == alone


@SQLITE
def test_a_process_that_is_killed_is_told_of(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from estime.listening import processes

    with processes.readers(PlainReader().scores, 2) as by:
        by.submit(["+"]).result()
        for child in [by._free.get(), by._free.get()]:
            child._process.kill()
            by._free.put(child)
        with pytest.raises(ReadingStopped):
            by.submit(["+"]).result()


@SQLITE
def test_long_texts_are_read_at_their_beginning(installed: Path) -> None:
    ledger.append("forum", rows(act(0, content="+ " + "a" * 900_000), act(1, content="+ " + "a" * 100_000)))
    [one, other], _ = ledger.texts_following((0, 0))
    assert len(one.text) == len(other.text) == following.BEGINNING
    run()
    assert Reading.objects.count() == 2
