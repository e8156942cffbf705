"""Topics: worlds are told apart, the same is never parted, order changes nothing, people are counted."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from listening.topics.worlds import BAKERY, CYCLING, LIVRAISON, three, world
from sklearn.metrics import adjusted_rand_score

from estime.listening.topics.finding import find_topics
from estime.listening.topics.groups import grouped
from estime.listening.topics.result import Found, Options, Texts


@pytest.fixture(scope="module")
def found() -> Found:
    return find_topics(Texts(three()[0]))


def test_three_worlds_are_told_apart(found: Found) -> None:
    _texts, truth = three()
    has = found.member > 0
    assert has.mean() > 0.95
    # A topic may be a part of a world; none is of two.
    for topic in found.topics:
        assert len(set(truth[found.member == topic.id])) == 1
    assert len({truth[found.member == topic.id][0] for topic in found.topics}) == 3


def test_labels_are_words_as_people_wrote_them_and_name_one_topic(found: Found) -> None:
    texts = " ".join(three()[0])
    labels = [term for topic in found.topics for term in topic.terms]
    assert labels
    assert all(term in texts for term in labels)
    assert len(labels) == len(set(labels))


def test_quotes_are_of_the_topic_short_and_of_different_people(found: Found) -> None:
    texts, _truth = three()
    for topic in found.topics:
        assert 1 <= len(topic.quotes) <= 3
        assert len({quote.seq for quote in topic.quotes}) == len(topic.quotes)
        assert all(found.member[quote.seq] == topic.id for quote in topic.quotes)
        assert all(quote.text in texts for quote in topic.quotes)


MANY = [text for part in (BAKERY, CYCLING, LIVRAISON) for text in world(part)]
MANY += [MANY[5]] * 9 + [MANY[200].upper() + "!!"] * 2


@pytest.fixture(scope="module")
def straight() -> Found:
    return find_topics(Texts(MANY))


# Each example finds topics twice over: shrinking would take minutes and tell nothing that the order itself does not.
@settings(max_examples=2, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.randoms(use_true_random=False))
def test_order_changes_nothing_and_the_same_is_never_parted(straight: Found, random) -> None:
    texts, order = MANY, list(range(len(MANY)))
    random.shuffle(order)
    shuffled = find_topics(Texts([texts[at] for at in order]))
    assert (shuffled.member == straight.member[order]).all()
    assert [topic.label for topic in shuffled.topics] == [topic.label for topic in straight.topics]
    assert [topic.terms for topic in shuffled.topics] == [topic.terms for topic in straight.topics]
    by_text: dict[str, set[int]] = {}
    for text, member in zip(texts, straight.member.tolist(), strict=True):
        by_text.setdefault(text.lower().strip("!?"), set()).add(member)
    assert all(len(members) == 1 for members in by_text.values())


@given(
    st.lists(st.tuples(st.sampled_from(MANY[:40]), st.integers(0, 6)), min_size=1, max_size=40), st.randoms()
)
def test_groups_do_not_depend_on_the_order_of_texts_nor_on_how_people_are_numbered(said, random) -> None:
    """What chance is drawn along: owners numbered by the order of texts had topics differ (decision 22)."""
    person = {who: at for at, who in enumerate(sorted({who for _, who in said}))}
    texts, people = [text for text, _ in said], np.array([person[who] for _, who in said])
    order = list(range(len(said)))
    random.shuffle(order)
    one, other = grouped(texts, people), grouped([texts[at] for at in order], people[order])
    assert (other.of == one.of[order]).all()
    assert (other.owner == one.owner).all()
    assert np.array_equal(other.weight, one.weight)
    assert [texts[at] for at in one.stands] == [texts[order[at]] for at in other.stands]


def test_another_seed_finds_much_the_same(found: Found) -> None:
    other = find_topics(Texts(three()[0]), options=Options(seed=7))
    assert adjusted_rand_score(found.member, other.member) > 0.6


def test_who_shouts_is_one_person() -> None:
    bread, bikes = world(BAKERY), world(CYCLING)
    texts = bread + bikes
    person = np.concatenate([np.zeros(len(bread), dtype=np.int64), np.arange(1, len(bikes) + 1)])
    found = find_topics(Texts(texts, person=person), options=Options(fewest_people=2))
    assert found.topics
    assert not any(found.member[:20].all() and topic.people == 1 for topic in found.topics)
    assert all(text not in quote.text for topic in found.topics for quote in topic.quotes for text in bread)


def test_now_against_before_counts_people() -> None:
    bread, bikes = world(BAKERY), world(CYCLING)
    texts = bread + bikes + bread[:30]
    now = np.array([True] * len(bread) + [False] * len(bikes) + [False] * 30)
    found = find_topics(Texts(texts, now=now))
    by_world = {
        ("bike" if found.member[len(bread)] == topic.id else "bread"): topic for topic in found.topics
    }
    assert found.texts == len(bread)
    assert found.before_texts == len(bikes) + 30
    for topic in found.topics:
        assert topic.trend is not None
        assert topic.trend.low <= topic.trend.ratio <= topic.trend.high
        if topic.texts:
            assert topic.trend.direction in ("more", "new")
        else:
            assert topic.trend.direction == "gone"
    assert by_world


def test_who_speaks_adds_up() -> None:
    texts, _ = three()
    many = len(texts)
    person = np.arange(many) // 2
    newcomer, brand = person % 3 == 0, person % 7 == 0
    found = find_topics(
        Texts(texts, person=person, newcomer=newcomer, brand=brand, valence=np.where(brand, np.nan, 0.5))
    )
    for topic in found.topics:
        assert topic.people == (topic.newcomers or 0) + (topic.regulars or 0) + topic.brand_people
        assert topic.valence == pytest.approx(0.5)
        mine = found.member == topic.id
        assert topic.people == len(set(person[mine]))
        assert topic.brand_texts == (mine & brand).sum()


def test_topics_keep_their_id_and_label_as_texts_arrive() -> None:
    texts, _truth = three()
    order = np.random.default_rng(3).permutation(len(texts))
    texts, some = [texts[at] for at in order], int(len(order) / 1.2)
    before = find_topics(Texts(texts[:some]))
    after = find_topics(Texts(texts), options=Options(seed=9), carried=before.carried)
    assert (before.member == after.member[:some]).mean() > 0.85
    labels = dict(zip(before.carried.ids, before.carried.labels, strict=True))
    later = dict(zip(after.carried.ids, after.carried.labels, strict=True))
    assert labels.items() <= later.items()
    # With nothing said any more a topic is not told, but known.
    silent = find_topics(Texts([]), carried=after.carried)
    assert silent.carried == after.carried


def test_at_most_as_many_topics_as_asked() -> None:
    assert len(find_topics(Texts(three()[0]), options=Options(topics=2)).topics) <= 2
