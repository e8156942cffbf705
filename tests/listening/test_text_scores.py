"""Protects the way from a reading to the row that is kept: nothing is lost by rounding, numbers mean what docs say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.listening.affect.lexicon import EMOTIONS
from estime.listening.affect.reading import POLARITIES, read
from estime.listening.models import LANGUAGES
from estime.listening.near import near_keys
from estime.listening.scoring import LANGS, WHOLE, InstalledReader, joined, thousandths
from estime.listening.version import reader_version

TEXTS = [
    "J'adore cette crème, merci !",
    "I hate this, it is awful.",
    "",
    "😀😀😀",
    "Das ist ein Text auf Deutsch, nicht wahr?",
]


def test_numbers_stand_in_the_order_that_docs_tell() -> None:
    assert POLARITIES == ("negative", "neutral", "positive")
    assert tuple(sorted(EMOTIONS)) == EMOTIONS
    assert len(EMOTIONS) == 8
    assert [name for _, name in LANGUAGES[:3]] == list(LANGS[:3])


def test_rows_say_what_the_reader_says() -> None:
    scores = InstalledReader().scores(TEXTS)
    for row, found in enumerate(read(TEXTS)):
        assert LANGS[scores.lang[row]] == found.lang
        assert scores.shares[row].tolist() == pytest.approx(
            [WHOLE * found.polarity[name] for name in POLARITIES], abs=1
        )
        felt = {name for bit, name in enumerate(EMOTIONS) if scores.felt[row] >> bit & 1}
        assert felt == set(found.emotions)
        for bit, name in enumerate(EMOTIONS):
            if name in found.emotions:
                assert scores.emotions[row, bit] / 255 == pytest.approx(found.emotions[name], abs=0.004)
        assert scores.unclear[row] == found.unclear
    assert scores.shares.sum(axis=1).tolist() == [WHOLE] * len(TEXTS)
    assert scores.near.view(np.uint64).tolist() == near_keys(TEXTS).tolist()
    assert not scores.target.any()


def test_texts_read_together_or_apart_are_read_the_same() -> None:
    reader = InstalledReader()
    together, apart = reader.scores(TEXTS), joined([reader.scores([text]) for text in TEXTS])
    for name in ("lang", "felt", "unclear", "near"):
        assert getattr(together, name).tolist() == getattr(apart, name).tolist()
    assert abs(together.shares - apart.shares).max() <= 1
    assert reader.version == reader_version()


@given(
    st.lists(
        st.tuples(*[st.floats(0, 1)] * 3).filter(lambda shares: sum(shares) > 0), min_size=1, max_size=20
    )
)
def test_thousandths_add_up(shares: list[tuple[float, float, float]]) -> None:
    told = np.array(shares) / np.array(shares).sum(axis=1)[:, None]
    found = thousandths(told)
    assert found.sum(axis=1).tolist() == [WHOLE] * len(shares)
    assert abs(found - told * WHOLE).max() <= 2
    assert found.min() >= 0
