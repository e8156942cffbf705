"""After an erasure nothing of what somebody wrote is found, at once and for good, and no file holds a word of it."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from ledger.acts import act, rows
from ledger.search_cases import ByHand, account, caught_up, channel, fill_ledger, small_blocks

from estime.kernel.home import secret
from estime.kernel.lake import Lake
from estime.ledger import api
from estime.ledger.actions import erase
from estime.ledger.search import fill, pending
from estime.ledger.search.find import Search
from estime.ledger.search.models import GONE, SearchBlock, SearchMade, SearchPosting
from estime.ledger.search.terms import Terms
from estime.ledger.search.wanted import ActFilter, Place

SECRET = "Mirabelle"
SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)  # what the SQL of both shares


@pytest.fixture
def lake(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    small_blocks(monkeypatch)
    fill_ledger(100)
    api.append("forum", rows(act(900, actor="marie", content=f"{SECRET} and the lid", context="room-2")))
    api.append("forum", rows(act(901, actor="jean", content="an answer", in_reply_to="o900")))
    caught_up()
    return Lake(str(installed / "lake"))


def found(**told: object) -> list[int]:
    return [seq for _at, seq in Search(ActFilter(**told)).page(None, 1000).acts]  # type: ignore[arg-type]


def test_nothing_is_found_in_the_moment_of_the_erasure_nor_after(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, jean = account("marie"), account("jean")
    assert len(found(words=SECRET)) == len(found(account=key)) == len(found(answers_to=key)) == 1
    assert len(found(of=Place(channel("forum"), "o900"))) == 1
    monkeypatch.setattr(erase, "index_acts", lambda: None)  # a process killed right after the ledger's commit
    api.erase_accounts([key], lake)
    assert found(words=SECRET) == found(account=key) == found(answers_to=key) == []
    assert found(of=Place(channel("forum"), "o900")) == []
    assert SearchBlock.objects.filter(due=GONE).exists()
    assert found(account=jean) == []  # in the same block; not told wrongly meanwhile, but not at all
    caught_up()
    assert found(words=SECRET) == found(account=key) == found(answers_to=key) == []
    assert len(found(account=jean)) == 1
    assert found() == ByHand().found(ActFilter())  # that something was said stays, as the act of nobody
    assert len(found(words="lid")) == len(ByHand().found(ActFilter(words="lid")))


@SQLITE
def test_an_erasure_that_is_undone_takes_nothing_away(lake: Lake) -> None:
    key = account("marie")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        erase.erasure_begins()
        erase._blank_acts(erase.Account.objects.select_related("channel").get(pk=key))
        raise ZeroDivisionError
    assert len(found(words=SECRET)) == 1


def test_a_block_that_was_being_built_meanwhile_is_built_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, real, built = account("marie"), fill.build, []

    def slow(*told: object) -> fill.Built:
        made = real(*told)  # type: ignore[arg-type]
        if not built:
            built.append(made)
            with monkeypatch.context() as context:
                context.setattr(erase, "index_acts", lambda: None)
                api.erase_accounts([key], lake)
        return made

    monkeypatch.setattr(fill, "build", slow)
    api.append("forum", rows(act(902, actor="ann", content="one more")))
    for _ in range(300):
        fill.index_acts()
        if built:
            break
    monkeypatch.setattr(fill, "build", real)
    caught_up()
    assert found(words=SECRET) == found(account=key) == []
    assert len(found(words="more")) == 1


def test_what_was_read_before_an_erasure_is_not_noted_after_it(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers of what somebody made and pointed at go, also where the acts are just being read for the index."""
    api.append("forum", rows(act(903, actor="marie", in_reply_to="nowhere"), act(904, actor="ann")))
    key, real, erased = account("marie"), pending._made_and_taken, []

    def slow(*told: object) -> object:
        made = real(*told)  # type: ignore[arg-type]
        if not erased:
            erased.append(1)
            with monkeypatch.context() as context:
                context.setattr(erase, "index_acts", lambda: None)
                api.erase_accounts([key], lake)
        return made

    monkeypatch.setattr(pending, "_made_and_taken", slow)
    caught_up()
    place = Terms(secret()).place("o", channel("forum"), "o903")
    assert erased
    assert not SearchMade.objects.filter(key=place).exists()
    assert SearchMade.objects.filter(key=Terms(secret()).place("o", channel("forum"), "o904")).exists()
    assert found() == ByHand().found(ActFilter())


@SQLITE
def test_the_index_holds_no_word_at_all(lake: Lake, installed: Path) -> None:
    held = b"".join(bytes(data) for data in SearchPosting.objects.values_list("data", flat=True))
    assert held
    assert not any(word in held.lower() for word in (b"mirabelle", b"lid", b"marie", b"o900", b"room-2"))
    terms, other = Terms(secret()), Terms(b"another installation's secret")
    assert terms.word("lid") != other.word("lid")


@SQLITE
def test_no_file_of_sqlite_holds_what_was_erased(lake: Lake, installed: Path) -> None:
    def told() -> list[str]:
        files = [file for file in installed.rglob("*") if file.is_file()]
        return [file.name for file in files if SECRET.encode() in file.read_bytes()]

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert told()
    api.erase_accounts([account("marie")], lake)
    assert told() == []


@SQLITE
def test_what_named_the_erased_object_names_nothing(lake: Lake) -> None:
    number = Terms(secret()).place("o", channel("forum"), "o900")
    assert SearchMade.objects.filter(pk=number).exists()
    api.erase_accounts([account("marie")], lake)
    assert not SearchMade.objects.filter(pk=number).exists()
    assert found(reply_to=Place(channel("forum"), "o900")) == []
