"""Protects single people in sums of what was read, and that the sums are right."""

from datetime import UTC, date, datetime, timedelta
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger.acts import act, rows
from listening.readings import read

from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening.affect.lexicon import EMOTIONS
from estime.listening.affect.reading import POLARITIES
from estime.listening.queries import readings_told as module
from estime.listening.queries.readings_told import LANGS, readings_told, share_of_texts
from estime.listening.scoring import LANGS as AS_READ
from estime.listening.survey_numbers import Z, share_estimate

MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)


@pytest.fixture
def forums(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two channels, on a day of July."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 7, 9, tzinfo=UTC))
    ledger.append("forum", rows(act(1)))
    ledger.append("shop", rows(act(2)))


def test_numbers_mean_what_the_reader_means() -> None:
    assert module.EMOTIONS == EMOTIONS
    assert (*POLARITIES, "unclear") == module.POLARITIES
    assert (*AS_READ[:3], "too_short") == LANGS


def test_sums_of_a_month(forums: None) -> None:
    read(range(1, 11), MAY, polarity="negative", felt=1 + 16, target=1)
    read(range(1, 6), MAY + timedelta(days=30), lang=2, felt=16)
    read([11], MAY, polarity="unclear", lang=0, target=4)
    read([12], MAY, polarity="positive", lang=3, target=2)
    [told] = readings_told("forum", 12)
    assert (told.month, told.people, told.texts) == (MAY, 12, 17)
    assert told.languages == {"fr": 10, "en": 5, "other": 1, "too_short": 1}
    assert {name: one for name, (one, _) in told.polarity.items()} == {
        "negative": 10, "neutral": 5, "positive": 1, "unclear": 1,
    }  # fmt: skip
    assert {name: one for name, one in told.emotions.items() if one} == {"anger": 10, "joy": 15}
    assert told.targets == {"unknown": 5, "brand": 10, "product": 1, "member": 0, "third_party": 1}
    # Ten people wrote one negative text each; five of them a neutral one too: 27 squares of texts, 15 of both.
    assert told.polarity["negative"][1] == share_of_texts(12, (17, 27), (10, 10, 15))
    [alike] = readings_told("*", 12)
    assert alike == told


def test_months_that_are_over_and_have_ten_people(forums: None) -> None:
    read(range(1, 11), date(2025, 7, 1))  # still runs
    read(range(1, 10), JUNE)  # nine
    read(range(1, 11), MAY)
    read(range(1, 11), date(2024, 12, 31))
    assert [one.month for one in readings_told("forum", 36)] == [date(2024, 12, 1), MAY]
    assert [one.month for one in readings_told("forum", 2)] == [MAY]
    assert [one.month for one in readings_told("forum", 36, MAY)] == [date(2024, 12, 1)]
    assert [one.month for one in readings_told("forum", 36, MAY + timedelta(days=1))] == [
        date(2024, 12, 1),
        MAY,
    ]
    assert readings_told("forum", 36, date.min) == []
    assert readings_told("none", 36) == []


def test_what_is_not_told_cannot_be_found_by_subtraction(forums: None) -> None:
    read(range(1, 31), MAY)
    read(range(101, 104), MAY, channel="shop")
    assert readings_told("shop", 12) == []
    assert readings_told("forum", 12) == [], "all together, less the forum, would be three people"
    [both] = readings_told("*", 12)
    assert both.people == 33


def brute(texts: list[tuple[int, int]]) -> tuple[float, float]:
    """The share, and by how much larger its variance is than of texts drawn one by one: person by person."""
    total, people = sum(n for n, _ in texts), len(texts)
    share = sum(y for _, y in texts) / total
    variance = people / (people - 1) * sum((y - share * n) ** 2 for n, y in texts) / total**2
    return share, variance / (share * (1 - share) / total)


PEOPLE = st.lists(st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2)


@given(PEOPLE)
def test_an_interval_that_knows_who_wrote(texts: list[tuple[int, int]]) -> None:
    total, count = (sum(each[at] for each in texts) for at in (0, 1))
    squares = sum(n * n for n, _ in texts)
    both = (count, sum(y * y for _, y in texts), sum(y * n for n, y in texts))
    told = share_of_texts(len(texts), (total, squares), both)
    assert told.value == pytest.approx(count / total)
    assert 0 <= told.low <= told.value <= told.high <= 1
    naive = share_estimate(count, total)
    assert told.high - told.low >= naive.high - naive.low - 1e-9, (
        "texts of one person say no more than they do"
    )
    if 0 < count < total:
        share, effect = brute(texts)
        left = max(1.0, total / max(1.0, effect))
        half = Z / (1 + Z * Z / left) * sqrt(share * (1 - share) / left + Z * Z / (4 * left * left))
        if told.low > 0 and told.high < 1:
            assert (told.high - told.low) / 2 == pytest.approx(half)
