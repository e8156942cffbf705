"""Protects refresh: what was told reaches the figures once, increments equal a rebuild, nothing identifies."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db.models import Min
from ledger.acts import act, rows

from estime.engagement import api
from estime.engagement.errors import RefreshRunning
from estime.engagement.figures import Figure
from estime.engagement.models import Edition, Lease, StoredFigure
from estime.kernel.home import FILE_NAME
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft, ObservationDraft

pytestmark = pytest.mark.slow

START = datetime(2024, 1, 1, 9, tzinfo=UTC)
NOW = START + timedelta(days=200)


def everything() -> dict[tuple[object, ...], tuple[float | None, ...]]:
    """All stored figures by what they are, rounded to what sums of floats in any order agree on."""
    told = {}
    for figure in StoredFigure.objects.values_list(*Figure._fields):
        values = tuple(None if value is None else float(f"{value:.10g}") for value in figure[4:])
        assert figure[:4] not in told, f"{figure[:4]} stands twice"
        told[figure[:4]] = values
    return told


def random_acts(random: Random, count: int, first: int = 0) -> list[ActDraft]:
    """Acts of a small community: late and early, replies, likes, votes, joins, and some taken back."""
    found = []
    actors = {number: f"p{int(random.paretovariate(0.8)) % 25}" for number in range(first, first + count)}
    for number, who in actors.items():
        at = START + timedelta(minutes=random.randrange(190 * 24 * 60))
        other = random.randrange(max(first + count, 1))
        kind = random.choice(["note", "reply", "reply", "like", "like", "vote", "join", "leave", "undo"])
        fields: dict[str, object] = {"published": at, "actor": who, "content": None}
        if kind == "reply":
            fields |= {"in_reply_to": f"o{other}"}
        elif kind == "vote":
            fields |= {"object_type": "Vote", "in_reply_to": f"o{other}", "value": 1.0}
        elif kind in ("join", "leave"):
            fields |= {"type": kind.title(), "object_id": f"room{other % 3}", "object_type": None}
        elif kind in ("like", "undo"):
            target = f"o{other}" if kind == "like" else f"a{other}"
            if kind == "undo" and random.random() < 0.7:  # only one's own can be taken back
                fields["actor"] = actors.get(other, who)
            fields |= {"type": kind.title(), "object_id": target, "object_type": None}
        found.append(act(number, **fields))
    return found


@pytest.mark.parametrize(("seed", "worn"), [(1, 0.02), (2, 0.02), (3, 1.0), (4, 1.0)])
@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_increments_give_what_a_rebuild_gives(
    installed: Path, monkeypatch: pytest.MonkeyPatch, seed: int, worn: float
) -> None:
    """Whether what is remembered of people is written anew at each step or stays as old as it was at first."""
    monkeypatch.setattr("estime.engagement.actions.remember.WORN", worn)
    random = Random(seed)
    told = random_acts(random, 240)
    random.shuffle(told)  # late and out of order, whatever their times
    steps = [told[:150], told[150:151], told[151:190], told[190:]]
    for number, step in enumerate(steps):
        half = len(step) // 2
        ledger.append("forum", rows(*step[:half]))
        ledger.append("chat", rows(*step[half:]))
        done = api.refresh(now=NOW + timedelta(days=3 * number))
        assert done.whole == (number == 0)
    step_by_step = everything()
    assert api.refresh(whole=True, now=NOW + timedelta(days=9)).whole
    assert everything() == step_by_step
    assert len(step_by_step) > 300


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_an_old_import_beside_archives_of_other_ages_gives_what_a_rebuild_gives(installed: Path) -> None:
    """What is old for one channel is recent for another one, told as of its own end: its weeks are read as well."""
    random = Random(4)

    def told(first: int, days: int) -> list[tuple[int, ActDraft]]:
        acts = random_acts(random, 60, first)
        return rows(*(one._replace(published=one.published + timedelta(days=days)) for one in acts))

    ledger.append("ended", told(0, -1500))
    ledger.append("club", told(60, -600))
    ledger.append("club", told(120, 0))
    later = NOW + timedelta(days=900)
    assert api.refresh(now=later).whole
    ledger.append("found", told(180, -600))
    assert not api.refresh(now=later).whole
    increments = everything()
    api.refresh(whole=True, now=later)
    assert everything() == increments


def test_refresh_on_each_database(installed: Path) -> None:
    ledger.append("forum", rows(*random_acts(Random(7), 60)))
    first = api.refresh(now=NOW)
    assert (first.acts, first.whole) == (60, True)
    ledger.append("forum", rows(*random_acts(Random(8), 20, first=60)))
    assert api.refresh(now=NOW)[0::3] == (20, False)
    before = everything()
    api.refresh(whole=True, now=NOW)
    assert everything() == before


@pytest.fixture
def small(installed: Path) -> Path:
    ledger.append("forum", rows(*random_acts(Random(5), 80)))
    api.refresh(now=NOW)
    return installed


ON_SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@ON_SQLITE
def test_nothing_new_changes_nothing(small: Path) -> None:
    before, edition = everything(), api.edition()
    again = api.refresh(now=NOW)
    assert (again.acts, again.figures) == (0, 0)
    assert everything() == before
    assert api.edition() == edition


@ON_SQLITE
def test_a_change_of_configuration_computes_everything_again(small: Path) -> None:
    (small / FILE_NAME).write_text('[brand]\nname = "B"\naccounts = [{ channel = "forum", handle = "p1" }]\n')
    before = everything()
    assert api.refresh(now=NOW).whole
    assert everything() != before


@ON_SQLITE
def test_new_totals_compute_everything_again(small: Path) -> None:
    ledger.observe("forum", [(1, ObservationDraft("", "followers", 1000.0, START))])
    assert api.refresh(now=NOW).whole
    shares = [f for f in api.figures("forum", ["active_share"]) if f.value is not None]
    assert shares
    assert {f.d for f in shares} == {1000.0}


@ON_SQLITE
def test_an_erased_person_leaves_lake_and_figures(small: Path) -> None:
    assert api.erase("forum", "p1").acts > 0
    assert api.refresh(now=NOW).whole
    before = everything()
    api.refresh(whole=True, now=NOW)
    assert everything() == before


@ON_SQLITE
def test_a_channel_that_fell_silent_long_ago_is_an_archive(small: Path) -> None:
    api.refresh(now=NOW + timedelta(days=400))
    edition = api.edition()
    assert edition is not None
    forum = next(scope for scope in edition.scopes if scope.name == "forum")
    assert forum.archive
    assert edition.as_of["forum"] == forum.last_act


@ON_SQLITE
def test_one_refresh_at_a_time_and_a_dead_one_blocks_nobody(small: Path) -> None:
    import os

    lease = Lease.objects.create(name="refresh", holder=f"{os.getpid()}-x", until=NOW + timedelta(days=9999))
    with pytest.raises(RefreshRunning):
        api.refresh(now=NOW)
    Lease.objects.filter(pk=lease.pk).update(holder="999999999-dead")
    api.refresh(now=NOW)
    assert not Lease.objects.exists()


@ON_SQLITE
def test_an_empty_ledger_is_a_clear_state(installed: Path) -> None:
    assert api.refresh(now=NOW).figures == 0
    edition = api.edition()
    assert edition is not None
    assert edition.scopes == []
    assert api.figures("*") == []


@ON_SQLITE
def test_old_editions_go(small: Path) -> None:
    first = Edition.objects.get().pk
    for days in range(1, 6):
        api.refresh(now=NOW + timedelta(days=days))
    assert Edition.objects.aggregate(first=Min("pk"))["first"] > first, "of six the first one is gone"
    assert Edition.objects.count() == 5
