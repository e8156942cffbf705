"""Near-duplicates as one, and how much each of them weighs: people count, not texts.

The order in which texts are given changes nothing: groups are put in the order of the text that stands for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estime.listening.near import near_groups, near_keys
from estime.listening.topics.cleaning import LONGEST
from estime.listening.topics.vectors import Floats
from estime.listening.topics.words import Ints


@dataclass(frozen=True)
class Groups:
    """`of`: each text's group. `stands`: the text that stands for each group. `weight`, `owner`: of each
    group."""

    of: Ints
    stands: Ints
    size: Ints
    weight: Floats
    owner: Ints


def grouped(texts: Sequence[str], person: Ints, lang: Sequence[str | None] | None = None) -> Groups:
    """Texts that say nearly the same as one group, which the shortest of them stands for.

    A person who wrote in m groups weighs log2(1 + m), a group log2(1 + the sum of what its people bring): ten
    thousand texts of one person weigh thirteen people, and ten thousand copies of one text as much.
    """
    label = near_groups(near_keys(texts))
    heads = [text[:LONGEST] for text in texts]
    told = lang or [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda at: (len(heads[at]), heads[at], told[at] or ""))
    _, first, back = np.unique(label[order], return_index=True, return_inverse=True)
    by_text = np.argsort(first, kind="stable")  # groups in the order of the text that stands for them
    rank = np.empty_like(by_text)
    rank[by_text] = np.arange(len(by_text))
    of = np.empty(len(texts), dtype=np.int64)
    of[order] = rank[back]
    stands = np.array(order, dtype=np.int64)[first[by_text]]
    return _weighed(of, stands, person)


def _weighed(of: Ints, stands: Ints, person: Ints) -> Groups:
    groups, people = len(stands), int(person.max()) + 1
    both = np.unique(of * people + person)
    group, who = both // people, both % people
    wrote = np.bincount(who, minlength=people)
    brings = np.log2(1 + wrote[who]) / wrote[who]
    weight = np.log2(1 + np.bincount(group, weights=brings, minlength=groups))
    first = np.searchsorted(group, np.arange(groups))
    return Groups(of, stands, np.bincount(of, minlength=groups), weight, _renumbered(who[first]))


def _renumbered(owner: Ints) -> Ints:
    """Owners by the first group that each has: people are parted by chance along these numbers, and the order in
    which texts are given must not decide who is drawn."""
    _, first, back = np.unique(owner, return_index=True, return_inverse=True)
    rank = np.empty_like(first)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return np.asarray(rank[back])
