"""Protects the secret of the ballot in the database itself: everything that stands in it is read, after the sealing.

Each voter casts a ballot unlike all others, in a known order: whatever in the database still followed that order, or
joined a ballot to a voter, would be found by its place, its version or its number.
"""

import itertools
import re
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, voting
from django.db import connection

from estime.cocreation.actions.ballots import ballot_cast, ballot_withdraw
from estime.cocreation.actions.closing import poll_seal
from estime.cocreation.actions.forget import forget_accounts
from estime.cocreation.models import Ballot, Link, Member, Poll, Voter
from estime.kernel import clock

VOTERS = 200


@pytest.mark.usefixtures("on_both")
def test_after_the_sealing_nothing_joins_ballots_with_voters_or_time(place: Factory):
    poll, members, contents, old = _lived(place)
    new = set(Ballot.objects.filter(poll=poll).values_list("pk", flat=True))
    assert not old & new
    assert not Link.objects.filter(poll=poll).exists()

    for table, rows in _everything().items():
        if table == "cocreation_ballot":
            continue
        found = [value for row in rows for value in row if value in old or value in new]
        assert not found, f"{table} knows ballots"
        texts = " ".join(str(value) for row in rows for value in row if isinstance(value, str))
        assert not any(content in texts for content in contents), f"{table} holds a ballot"

    order = {content: place_ for place_, content in enumerate(contents)}
    for name, places in _places(poll).items():
        followed = [order[content] for content in places]
        assert abs(_correlation(followed)) < 0.35, f"{name} follows the order of casting"
        neighbours = np.mean(np.abs(np.diff(followed)) == 1)
        assert neighbours < 0.1, f"{name}: who voted one after the other lies side by side"

    voters = Voter.objects.filter(poll=poll)
    assert set(voters.values_list("member_id", flat=True)) == {member.pk for member in members}
    assert not voters.exclude(last=None).exists()


@pytest.mark.usefixtures("on_both")
def test_before_the_sealing_it_would_have_been_found(place: Factory):
    """The same eyes on a vote that is not sealed: they see links, and on PostgreSQL the order of the rows."""
    poll, _members, contents, old = _lived(place, seal=False)
    known = [value for row in _everything()["cocreation_link"] for value in row if value in old]
    assert len(known) == VOTERS
    if connection.vendor == "postgresql":
        order = {content: place_ for place_, content in enumerate(contents)}
        assert _correlation([order[content] for content in _places(poll)["ctid"]]) > 0.9


@pytest.mark.django_db
def test_the_ballot_of_somebody_who_is_erased_is_found_nowhere(
    place: Factory, monkeypatch: pytest.MonkeyPatch
):
    """While the vote runs: no row holds its number or their name. (All else: test_votes_and_leaving.py.)"""
    made, poll = voting(place)
    monkeypatch.setattr(clock, "now", lambda: made.at + timedelta(days=1))
    members = crowd(6)
    cast_all(poll, members, [[1]] * 3 + [[2]] * 2 + [[4]], start=made.at, step=timedelta(minutes=1))
    gone = members[5]
    gone.refresh_from_db()
    assert gone.account is not None
    name, ballot = gone.name, Link.objects.get(poll=poll, member=gone).ballot
    forget_accounts([gone.account])
    tables = {table: rows for table, rows in _everything().items() if table.startswith("cocreation_")}
    left = [value for rows in tables.values() for row in rows for value in row]
    assert ballot not in left
    assert name not in left


@pytest.mark.usefixtures("on_both")
def test_what_was_deleted_does_not_lie_in_the_files(place: Factory):
    """A ballot that was taken back, and the numbers by which links knew ballots: gone from the pages of the tables."""
    made, poll = voting(place)
    ballot_cast(poll, made.anna, [1, 4], when=made.at)
    ballot_withdraw(poll, made.anna, when=made.at)
    cast_all(poll, crowd(8), [[1]] * 8, start=made.at, step=timedelta(minutes=1))
    counted(poll)
    poll_seal(poll, when=poll.closes + timedelta(days=7))
    if connection.vendor == "sqlite":
        raw = b"".join(path.read_bytes() for path in _files())
        assert b"[1,4]" not in raw
        assert b"[1]" in raw, "ballots are looked for in the right place"
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_dead_tup FROM pg_stat_user_tables WHERE relname LIKE 'cocreation_%'"
        )
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        for table in ("cocreation_ballot", "cocreation_link", "cocreation_voter"):
            cursor.execute(
                "SELECT count(*) FROM generate_series(0, pg_relation_size(%s) / 8192 - 1) AS page,"
                " heap_page_items(get_raw_page(%s, page::int)) AS item"
                " WHERE item.lp_flags = 1 AND item.t_xmax <> 0 AND (item.t_infomask & 2048) = 0",
                [table, table],
            )
            assert cursor.fetchone() == (0,), f"{table}: deleted rows are still there to be read"


def _lived(place: Factory, *, seal: bool = True) -> tuple[Poll, list[Member], list[str], set[int]]:
    """A vote with a ranking of its own for each voter: (poll, voters, ballots in the order of casting, their ids)."""
    made, poll = voting(place, "ranked", 6)
    members = crowd(VOTERS)
    rankings = list(itertools.islice(itertools.permutations(range(1, 7)), VOTERS))
    choices: list[Any] = [[[number] for number in ranking] for ranking in rankings]
    cast_all(poll, members, choices, start=made.at, step=timedelta(minutes=1))
    contents = [str(choice).replace(" ", "") for choice in choices]
    ids = set(Ballot.objects.filter(poll=poll).values_list("pk", flat=True))
    counted(poll)
    if seal:
        poll_seal(poll, when=poll.closes + timedelta(days=7))
    return poll, members, contents, ids


def _everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, hidden columns included."""
    extra = "ctid::text, xmin::text, xmax::text" if connection.vendor == "postgresql" else "rowid"
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            try:
                cursor.execute(f'SELECT *, {extra} FROM "{table}"')
            except Exception as error:  # a table WITHOUT ROWID
                if not re.search("rowid", str(error)):
                    raise
                cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = cursor.fetchall()
    assert "ledger_act" in found
    return found


def _places(poll: Poll) -> dict[str, list[str]]:
    """Contents of the ballots in every order that the database keeps."""
    orders = {
        "postgresql": {
            "ctid": "ctid",
            "id": "id",
            "unordered": "NULL::int",
        },
        "sqlite": {"rowid": "rowid", "id": "id", "unordered": "NULL"},
    }[connection.vendor]
    found = {}
    with connection.cursor() as cursor:
        for name, order in orders.items():
            cursor.execute(
                f"SELECT content FROM cocreation_ballot WHERE poll_id = %s ORDER BY {order}", [poll.pk]
            )
            found[name] = [content for (content,) in cursor.fetchall()]
        if connection.vendor == "postgresql" and poll.results.exists():
            cursor.execute(
                "SELECT count(DISTINCT xmin::text) FROM cocreation_ballot WHERE poll_id = %s", [poll.pk]
            )
            (versions,) = cursor.fetchone()
            assert versions == (1 if Poll.objects.get(pk=poll.pk).sealed else VOTERS)
    return found


def _correlation(places: list[int]) -> float:
    return float(np.corrcoef(np.arange(len(places)), places)[0, 1])


def _files() -> list[Any]:
    from pathlib import Path

    main = Path(str(connection.settings_dict["NAME"]))
    return [path for path in main.parent.glob(main.name + "*") if path.is_file()]
