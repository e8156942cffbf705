"""Protects kept topics: found once, told of groups only, no text copied, gone with the person, whole after a kill."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger.acts import START, rows
from listening.kept_topics import run, topic
from listening.plain import PlainReader
from listening.topics.worlds import BAKERY, CYCLING, world

from estime.engagement import api as engagement
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.listening import api
from estime.listening.actions import find_topics as module
from estime.listening.actions import topics_due as due
from estime.listening.actions.find_topics import topics_find, topics_find_one
from estime.listening.actions.listen import listen
from estime.listening.actions.topics_due import REST, Scope, topics_due
from estime.listening.topic_models import KeptTopic, TopicRun
from estime.listening.topics.packing import packed, unpacked

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
TEXTS = [*world(BAKERY), *world(CYCLING)]


@pytest.fixture
def home(db: None, _home: Path) -> Path:
    """A folder for what needs no more than a database that is rolled back."""
    _home.mkdir(mode=0o700)
    (_home / "secret").write_text("5e" * 32)
    return _home


@pytest.fixture(autouse=True)
def _all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of these tests is not the installed one."""
    monkeypatch.setattr(due, "listen_due", lambda: False)


def came_in(start: int = 0, texts: list[str] = TEXTS) -> None:
    """Texts of thirty people; one in four sounds negative."""
    drafts = [
        ActDraft(
            source_id=f"t{start + n}",
            actor=f"handle{n % 30}",
            type="Create",
            object_type="Note",
            object_id=f"o{start + n}",
            published=START + timedelta(days=n % 60),
            content=f"{text}{' -' if n % 4 == 0 else ''}",
        )
        for n, text in enumerate(texts)
    ]
    ledger.append("forum", rows(*drafts))
    listen(reader=PlainReader(), processes=1)
    ledger.index_acts()


def told() -> api.TopicsTold:
    found = api.topics_told(0, 90)
    assert found is not None
    return found


def test_topics_are_found_once_and_told_without_any_text_being_copied(installed: Path) -> None:
    came_in()
    assert topics_due()
    assert topics_find() == 1
    assert not topics_due()
    assert topics_find() == 0, "nothing it depends on has changed"
    assert TopicRun.objects.count() == 1, "one channel is all channels"
    assert (told().outcome, told().texts, told().people) == ("found", len(TEXTS), 30)
    for one in told().topics:
        assert one.members is not None
        assert 10 <= one.members <= 30
        assert (one.negative is None) == (one.read == 0)
        assert len(one.acts) == one.texts
        shown = api.topic_acts([seq for seq, _near in one.quotes])
        assert len(shown) == len(one.quotes) > 0
        assert set(shown) <= set(one.acts)
    assert any(one.negative for one in told().topics)
    row = " ".join(str(value) for one in KeptTopic.objects.values() for value in one.values())
    row += str(TopicRun.objects.values_list("carried", flat=True).get())
    assert not any(text in row for text in TEXTS)
    labels = {one.number: one.label for one in told().topics}
    came_in(1000, [f"{text} again" for text in TEXTS[:40]])
    assert topics_find() == 1
    later = {one.number: one.label for one in told().topics}
    assert labels.keys() & later.keys()
    assert all(later[number] == label for number, label in labels.items() if number in later)
    assert api.topics_find() == 0


@SQLITE
def test_whoever_is_erased_is_quoted_no_more_and_counted_no_more(installed: Path) -> None:
    came_in()
    topics_find()
    quoted = next(seq for one in told().topics for seq, _near in one.quotes)
    who = api.topic_acts([quoted])[quoted].handle
    engagement.erase("forum", str(who))
    assert api.topic_acts([quoted]) == {}
    assert TopicRun.objects.exclude(mark=module.topics_mark()).exists(), "found again next time"
    topics_find()
    assert told().people == 29
    assert not any(quoted in one.acts for one in told().topics)


def test_due_rests_an_hour(home: Path) -> None:
    assert not topics_due(), "an empty ledger has nothing to be looked for"
    made = run(made=clock.now())
    assert not topics_due()
    TopicRun.objects.filter(pk=made.pk).update(made=clock.now() - REST - timedelta(seconds=1))
    assert topics_due()
    TopicRun.objects.update(mark=module.topics_mark())
    assert not topics_due()


def test_an_empty_ledger_and_a_channel_that_is_gone_have_a_clear_end(home: Path) -> None:
    assert topics_find() == 1
    assert told().outcome == "no-text"
    assert topics_find_one(Scope(7, 90)) == 0
    assert topics_find_one(Scope(0, 31)) == 0
    run(channel=7, asked=clock.now())
    TopicRun.objects.update(mark="older")
    topics_find()
    assert not TopicRun.objects.filter(channel=7).exists()


def test_what_somebody_chose_is_found_again_for_a_month(home: Path) -> None:
    topics_find_one(Scope(0, 30))
    assert TopicRun.objects.get(days=30).asked is not None
    TopicRun.objects.update(mark="older")
    assert topics_find() == 2
    TopicRun.objects.filter(days=30).update(asked=clock.now() - timedelta(days=31))
    topics_find()
    assert list(TopicRun.objects.values_list("days", flat=True)) == [90]


@pytest.mark.parametrize(
    ("fields", "members", "before", "direction", "ratio"),
    [
        ({}, 24, 12, "more", 2.0),
        ({"newcomers": 4, "regulars": 5}, None, 12, "more", None),
        ({"newcomers": 0, "regulars": 0, "direction": "gone"}, 0, 12, "gone", 2.0),
        ({"before_people": 9, "before_brand": 0}, 24, None, "more", None),
        ({"before_people": 0, "direction": "new"}, 24, 0, "new", 2.0),
        ({"before_people": 3, "direction": "new"}, 24, None, "more", None),
        ({"newcomers": 4, "regulars": 5, "before_people": 9}, "nothing", None, "", None),
        ({"newcomers": 0, "regulars": 0, "brand_people": 30, "before_people": 0}, "nothing", None, "", None),
    ],
)
def test_of_few_people_nothing_is_told(home, fields, members, before, direction, ratio) -> None:
    topic(run(), seqs=[9, 8], **fields)
    found = told()
    if members == "nothing":
        assert (found.topics, found.few) == ((), 1)
        return
    (one,) = found.topics
    assert (one.members, one.before) == (members, before)
    assert one.trend is not None
    assert (one.trend.direction, one.trend.ratio) == (direction, ratio)
    assert bool(one.acts) == bool(one.quotes) == (members == 24)
    assert (one.texts is None) == (members != 24)


def test_a_split_that_would_tell_of_few_is_told_in_words(home: Path) -> None:
    made = run()
    topic(made, 1, newcomers=3, regulars=21, read_people=9)
    topic(made, 2, newcomers=0, regulars=24)
    first, second = told().topics
    assert (first.newcomers, first.regulars, first.mostly, first.negative) == (None, None, "regulars", None)
    assert (second.newcomers, second.regulars, second.mostly) == (0, 24, "")


def test_what_reveals_is_told_only_while_the_switch_says_so(home: Path) -> None:
    topic(run(left_out={"faith": 1}), sensitive="health")
    assert (told().topics, told().left_out) == ((), {"faith": 1, "health": 1})
    (home / "estime.toml").write_text("[privacy]\nsensitive_topics = true\n")
    assert len(told().topics) == 1


@SQLITE
def test_killed_before_the_end_what_was_kept_stands(installed: Path) -> None:
    came_in(texts=TEXTS[:60])
    topic(run(), 77, label="what was kept")
    child = (
        "import os, signal, django; django.setup()\n"
        "from estime.listening.actions import find_topics as module\n"
        "module.KeptTopic.objects.bulk_create = lambda rows: (len(list(rows)), os.kill(os.getpid(), signal.SIGKILL))\n"
        "module.topics_find()\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "estime.config.settings", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", child], env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [one.label for one in told().topics] == ["what was kept"]
    assert topics_find() == 1
    assert "what was kept" not in [one.label for one in told().topics]


@given(st.lists(st.integers(0, 2**62), max_size=60))
def test_numbers_are_packed_without_loss(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers
