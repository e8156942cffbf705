"""Packed lists give back exactly what was put in, whatever their length."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.ledger.search import postings as p
from estime.ledger.search.rows import before, before_each
from estime.ledger.search.terms import Terms

SLOT = st.integers(0, p.SLOTS - 1)
TERM = st.integers(0, (1 << 58) - 1)


def bitmap(slots: list[int]) -> int:
    return sum(1 << slot for slot in slots)


@given(st.dictionaries(TERM, st.lists(SLOT, min_size=1, max_size=40), max_size=40), TERM)
@settings(max_examples=60, deadline=None)
def test_every_term_has_its_slots_and_no_other(held: dict[int, list[int]], other: int) -> None:
    terms = np.array([term for term, slots in held.items() for _ in slots], np.uint64)
    slots = np.array([slot for told in held.values() for slot in told], np.uint16)
    buckets = dict(p.pack(terms, slots))
    for term, told in held.items():
        assert p.found(buckets[p.bucket_of(term)], term) == bitmap(sorted(set(told)))
    if other not in held and p.bucket_of(other) in buckets:
        assert p.found(buckets[p.bucket_of(other)], other) == 0


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), unique=True, min_size=1),
    st.lists(st.tuples(st.integers(-1, 7), st.integers(-1, 10)), min_size=1),
    st.booleans(),
)
def test_many_acts_find_their_place_at_once_as_each_alone(
    held: list[tuple[int, int]], asked: list[tuple[int, int]], also_equal: bool
) -> None:
    ats, seqs = np.array(sorted(held), np.int64).T
    told = before_each(ats, seqs, np.array(asked, np.int64), also_equal=also_equal)
    assert told.tolist() == [before(ats, seqs, key, also_equal=also_equal) for key in asked]
    assert told.tolist() == [sum(one < key or (also_equal and one == key) for one in held) for key in asked]


def test_terms_that_differ_in_their_last_bits_only_are_told_apart() -> None:
    base = 5 | (77 << 27)
    terms = [base, base | 1 << 11, base | 3 << 11, base | 1 << 26]
    bucket = dict(p.pack(np.array(terms, np.uint64), np.array([1, 2, 3, 4], np.uint16)))[5]
    assert [p.found(bucket, term) for term in terms] == [1 << 1, 1 << 2, 1 << 3, 1 << 4]
    assert p.found(bucket, base | 2 << 11) == 0


@given(st.integers(1, (1 << 63) - 1), st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_an_account_and_the_answers_to_it_are_read_together_and_apart_from_words(
    account: int, word: str
) -> None:
    terms = Terms(b"a secret")
    mine = p.bucket_of(terms.account(account))
    assert mine == p.bucket_of(terms.answered(account))
    assert terms.account(account) != terms.answered(account)
    common = {
        p.bucket_of(number)
        for number in (*terms.word(word), terms.place("o", 1, word), terms.pair(1, account))
    }
    assert p.BUCKETS <= mine < p.BUCKETS + p.WHO
    assert all(bucket < p.BUCKETS for bucket in common)
    assert {mine, *common} <= set(p.EVERY_BUCKET)


def test_long_lists_are_bitmaps() -> None:
    for many in (2_047, 2_048, p.SLOTS):
        slots = np.arange(many, dtype=np.uint16)
        packed = p.packed(slots)
        assert len(packed) == min(2 * many, 4_096)
        bits = p.bits_of(packed)
        assert bits.bit_count() == many
        assert (p.slots_of(bits) == slots).all()


@given(st.sets(SLOT, max_size=200), st.integers(0, 250))
@settings(max_examples=60, deadline=None)
def test_from_either_end(held: set[int], most: int) -> None:
    bits = bitmap(sorted(held))
    assert p.highest(bits, most) == sorted(held, reverse=True)[:most]
    assert p.lowest(bits, most) == sorted(held)[:most]
    assert (bits & p.below(1_000)).bit_count() == sum(slot < 1_000 for slot in held)
