"""Protects near-duplicate keys: the same text is never split, copies by hand meet, strangers do not."""

import subprocess
import sys
from random import Random

import numpy as np
import scipy.sparse.csgraph  # noqa: F401  what near_groups loads when it is first asked: not within a deadline
from hypothesis import given
from hypothesis import strategies as st

from estime.listening.near import ALIKE, near_groups, near_keys

WORDS = [f"{a}{b}{c}" for a in "bcdfglmnpr" for b in "aeiou" for c in "ltnsk"]


def alike(one: str, other: str) -> bool:
    return near_groups(near_keys([one, other])).tolist() == [0, 0]


@given(st.lists(st.text(max_size=60), max_size=12))
def test_a_text_has_one_key_wherever_it_stands(texts: list[str]) -> None:
    keys = near_keys(texts)
    assert [near_keys([text])[0] for text in texts] == keys.tolist()
    groups = near_groups(keys)
    assert all(groups[i] == groups[j] for i in range(len(texts)) for j in range(i) if texts[i] == texts[j])


def test_the_same_key_in_another_process() -> None:
    text = "Un texte, toujours le même"
    code = f"from estime.listening.near import near_keys; print(near_keys([{text!r}])[0])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(told.stdout) == near_keys([text])[0]


def test_copies_by_hand_have_the_same_key() -> None:
    keys = near_keys(
        [
            "Où est ma commande n° 3312 ? @maison https://a.example/x",
            "ou est MA commande n° 77 !!! @autre 😡😡",
            "Ouuuu est ma <b>commande</b>,   n°…",
        ]
    )
    assert len(set(keys.tolist())) == 1


def test_what_has_no_word_is_known_by_what_it_has() -> None:
    keys = near_keys(["😀", "😡", "12 34", "", " \u200b", "؟"]).tolist()
    assert len(set(keys[:3])) == 3
    assert keys[3] == keys[4] == 0
    assert keys[5] != 0


def test_ten_thousand_copies_are_one_group() -> None:
    keys = near_keys(["Boycott ! Partagez cette vidéo."] * 10_000 + ["Merci à toute l’équipe pour tout."])
    assert near_groups(keys).tolist() == [0] * 10_000 + [10_000]


_BAND = st.integers(0, 2)


@given(st.lists(st.tuples(_BAND, _BAND, _BAND, _BAND), max_size=40), st.randoms())
def test_groups_are_what_hangs_together_whatever_the_order(
    bands: list[tuple[int, ...]], random: Random
) -> None:
    """Against the definition, pair by pair. Joins over several bands were once lost in some orders."""
    keys = np.array([sum(b << 16 * at for at, b in enumerate(one)) for one in bands], np.uint64)
    group = list(range(len(bands)))
    for i, one in enumerate(bands):
        for j, other in enumerate(bands[:i]):
            if sum(a == b for a, b in zip(one, other, strict=True)) >= ALIKE and group[i] != group[j]:
                low, high = sorted((group[i], group[j]))
                group = [low if each == high else each for each in group]
    assert near_groups(keys).tolist() == group
    order = list(range(len(bands)))
    random.shuffle(order)
    shuffled = near_groups(keys[order]).tolist()
    assert len(set(shuffled)) == len(set(group))


def test_the_rates_that_are_told() -> None:
    """One word changed in thirty: 78 % are found. Of strangers made of the same words, nobody is taken for another."""
    random = Random(3)
    first = [[random.choice(WORDS) for _ in range(30)] for _ in range(1500)]
    second = [list(words) for words in first]
    for words in second:
        words[random.randrange(1, 29)] = "autrement"
    keys = near_keys([" ".join(words) for words in first + second])
    groups = near_groups(keys)
    found = np.mean(groups[:1500] == groups[1500:])
    assert 0.74 < found < 0.82
    assert len(set(groups[:1500].tolist())) == 1500


def test_a_word_changed_in_a_long_text() -> None:
    text = " ".join(WORDS)
    assert alike(text, text.replace("bal ", "toto ", 1))
    assert not alike(text, " ".join(reversed(WORDS)))
