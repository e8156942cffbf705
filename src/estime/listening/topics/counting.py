"""What is counted for each topic besides what it is told by: its texts, and how many of its people sound negative."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from estime.listening.topics.result import Found, Texts
from estime.listening.topics.words import Ints


@dataclass(frozen=True)
class Said:
    """`acts`: seqs of the topic's texts in the window, the newest first. Counts are of people who do not speak for
    the brand: `read_people`, those whose tone is clear in one text at least; `negative_people`, those of them who
    sound negative in half of these texts or more. `before_brand`: people who spoke for the brand before."""

    acts: tuple[int, ...]
    read_people: int
    negative_people: int
    before_brand: int


def counted(found: Found, texts: Texts) -> dict[int, Said]:
    """By the id of each topic that is told. `texts` are those that `found` was found in."""
    if texts.seq is None or texts.person is None or texts.now is None:
        return {}
    many = len(texts.text)
    brand = np.zeros(many, dtype=bool) if texts.brand is None else texts.brand
    clear = np.zeros(many, dtype=bool) if texts.valence is None else ~np.isnan(texts.valence)
    negative = np.zeros(many, dtype=bool) if texts.negative is None else texts.negative
    told = {}
    for topic in found.topics:
        mine = found.member == topic.id
        here = mine & texts.now
        read = here & clear & ~brand
        told[topic.id] = Said(
            tuple(sorted(texts.seq[here].tolist(), reverse=True)),
            *_tone(texts.person[read], negative[read]),
            len(np.unique(texts.person[mine & ~texts.now & brand])),
        )
    return told


def _tone(person: Ints, negative: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """People, and those of them half of whose texts are negative.

    >>> _tone(np.array([7, 7, 8, 9, 9, 9]), np.array([True, False, False, True, True, False]))
    (3, 2)
    """
    if not len(person):
        return 0, 0
    people, back = np.unique(person, return_inverse=True)
    share = np.bincount(back, weights=negative) / np.bincount(back)
    return len(people), int((share >= 0.5).sum())
