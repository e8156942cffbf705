"""Places of single people: only where the brand may, gone when it may no more; contested by whoever they are about."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from ledger.acts import act, rows

from estime.engagement import api
from estime.engagement.actions.place import said
from estime.engagement.models import Contested, Objection, Place, StoredFigure
from estime.kernel.home import FILE_NAME
from estime.ledger import api as ledger
from estime.listening.models import Followed, Reading
from estime.listening.version import reader_version

pytestmark = pytest.mark.slow

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
START = datetime(2024, 1, 8, 9, tzinfo=UTC)
NOW = START + timedelta(days=200)
ON = '[privacy]\nperson_affect = true\npurpose = "To listen better"\nlegal_basis = "Legitimate interest, weighed"\n'


def told(people: int = 40, texts: int = 12) -> list[tuple[int, ledger.ActDraft]]:
    """Everybody writes once a fortnight, the last time shortly before now."""
    drafts = [
        act(number, actor=f"p{number % people}", published=NOW - timedelta(days=1 + 14 * (number // people)))
        for number in range(people * texts)
    ]
    return rows(*drafts)


def read(texts: int) -> None:
    """Readings of everything, as a reader would have left them: who is even likes us, every fourth does not."""
    random = Random(1)
    found = []
    for one in ledger.texts_following((0, 0))[0]:
        number = int(one.text.split()[1])
        mean = 600 if number % 2 == 0 else (-700 if number % 4 == 1 else 0)
        valence = max(-1000, min(1000, int(random.gauss(mean, 150))))
        positive, negative = max(valence, 0), max(-valence, 0)
        shares = {"negative": negative, "neutral": 1000 - positive - negative, "positive": positive}
        shares["toward"] = valence
        fixed = {
            "lang": 2,
            "emotions": b"",
            "felt": 0,
            "unclear": False,
            "target": 1,
            "target_id": 0,
            "near": 0,
        }
        where = {"seq": one.seq, "channel": one.channel, "account": one.account, "day": one.day}
        found.append(Reading(**where, **shares, **fixed, version=1, step=1))
    assert len(found) == texts
    Reading.objects.bulk_create(found)
    end = ledger.texts_end((0, 0))
    followed = Followed(pk=1, reader=reader_version(), step=1)
    followed.position = followed.again = followed.until = end
    followed.save()


@pytest.fixture
def community(installed: Path) -> Path:
    ledger.append("forum", told())
    read(480)
    return installed


def switch(home: Path, config: str) -> None:
    (home / FILE_NAME).write_text(config)


def someone(like: bool) -> int:
    """The account of somebody attached, or of a critic."""
    return ledger.account_key("forum", "p2" if like else "p1")


def the_map() -> dict[tuple[str, str], tuple[float | None, ...]]:
    found = StoredFigure.objects.filter(scope="forum", period=None, measure__startswith="map")
    return {(f.measure, f.label): (f.value, f.low, f.high, f.n, f.d) for f in found}


def test_off_until_recorded_and_gone_when_switched_off(community: Path) -> None:
    api.refresh(now=NOW)
    assert not Place.objects.exists()
    groups = the_map()
    assert groups["map", "attached_active"][3:] == (20, 40)
    assert groups["map_health", "critics"][3:] == (10, 40)
    switch(community, ON)
    assert api.refresh_due()
    api.refresh(now=NOW)
    assert Place.objects.count() == 40
    assert the_map() == groups, "groups are told the same either way"
    place, critic = api.person_place(someone(True)), api.person_place(someone(False))
    assert place is not None
    assert critic is not None
    assert (place.cell, critic.cell) == ("attached_active", "critic")
    assert critic.high < -0.1
    switch(community, "")
    assert api.person_place(someone(True)) is None, "at once, whatever is still stored"
    assert api.refresh_due()
    api.refresh(now=NOW)
    assert not Place.objects.exists()


@SQLITE
def test_a_person_s_place_and_words_go_with_them(community: Path) -> None:
    switch(community, ON)
    api.refresh(now=NOW)
    key = someone(True)
    seq = api.person_texts(key, 1)[0].seq
    api.reading_contest(key, seq, 0, "irony")
    api.place_contest(key, "wrong", out=False)
    api.refresh(now=NOW, whole=True)
    assert Place.objects.filter(pk=key).exists()
    before = the_map()
    api.erase("forum", "p2")
    for model in (Place, Contested, Objection):
        assert not model.objects.filter(account=key).exists()
    api.refresh(now=NOW)
    assert the_map() == before, "what is told of groups does not tell what the erased person felt"


def test_what_is_contested_counts_as_it_was_meant(community: Path) -> None:
    switch(community, ON)
    api.refresh(now=NOW)
    key = someone(False)
    place = api.person_place(key)
    assert place is not None
    texts = api.person_texts(key, 50)
    for each in texts:
        api.reading_contest(key, each.seq, 1, "I like you")
        api.reading_contest(key, each.seq, 1, "I like you")
    assert api.person_place(key) is None, "not told until it is computed anew"
    assert api.contests_counted().readings is None, "of one person"
    assert {each.value for each in api.person_texts(key, 50)} == {1.0}
    api.refresh(now=NOW, whole=True)
    after = api.person_place(key)
    assert after is not None
    assert after.cell == "attached_active"
    for each in texts:
        api.reading_contest_withdraw(key, each.seq)
    assert api.contests_counted().readings == 0
    assert Contested.objects.count() == len(texts), "kept"
    api.refresh(now=NOW, whole=True)
    assert api.person_place(key) == place


@SQLITE
def test_only_one_s_own_readings_are_contested(community: Path) -> None:
    other = api.person_texts(someone(True), 1)[0].seq
    with pytest.raises(api.ReadingNotFound):
        api.reading_contest(someone(False), other, None, "")
    with pytest.raises(api.ContestRefused):
        api.reading_contest(someone(True), other, 3, "")
    with pytest.raises(api.ContestRefused):
        api.reading_contest(someone(True), other, None, "x" * 2001)
    assert not Contested.objects.exists()
    api.reading_contest(someone(True), other, None, "")
    api.reading_contest_withdraw(someone(False), other)
    assert Contested.objects.filter(withdrawn=None).count() == 1


@SQLITE
def test_whoever_does_not_want_to_be_placed_is_not(community: Path) -> None:
    switch(community, ON)
    api.refresh(now=NOW)
    key = someone(True)
    api.place_contest(key, "my own business", out=True)
    assert api.person_place(key) is None
    api.refresh(now=NOW, whole=True)
    assert Place.objects.count() == 39
    assert said().apart == [key]
    api.place_contest_withdraw(key)
    api.refresh(now=NOW, whole=True)
    assert Place.objects.count() == 40


@SQLITE
def test_two_editions_lie_ten_people_apart(community: Path) -> None:
    """What one person does is not told of by how the groups changed."""
    api.refresh(now=NOW)
    before = the_map()
    ledger.append("forum", rows(*(act(9_000 + n, actor="p1", published=NOW) for n in range(30))))
    api.refresh(now=NOW + timedelta(days=3))
    assert the_map() == before
    ledger.append("forum", rows(*(act(9_100 + n, actor=f"new{n}", published=NOW) for n in range(12))))
    api.refresh(now=NOW + timedelta(days=3))
    assert the_map() != before


@SQLITE
def test_the_texts_that_say_most_explain_a_place(community: Path) -> None:
    switch(community, ON)
    api.refresh(now=NOW)
    key = someone(False)
    place = api.person_place(key)
    assert place is not None
    found = api.weightiest(key, 3, place.as_of)
    assert [each.value < -0.3 for each in found] == [True] * 3
    said_most = [each.weight * abs(each.value) for each in api.person_texts(key, 50)]
    assert found[0].weight * abs(found[0].value) >= max(said_most) * 0.99
    assert found[0].text.startswith("words")
