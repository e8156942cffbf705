"""Support is one per person, counted once over what was brought together, whatever many threads do at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cocreation.places import Place
from cocreation.writing import given, offered
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import given as with_
from hypothesis import strategies as st

from estime.cocreation import api
from estime.cocreation.errors import NotNow
from estime.cocreation.models import Challenge, Contribution, Member, Support, Version
from estime.kernel.errors import EstimeError
from estime.ledger.models import Act

Make = Callable[..., Place]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["give", "back"]), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("merge"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("part"), st.integers(1, 3), st.just(0)),
    ),
    max_size=14,
)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Each in a thread with a connection of its own; an error of ours is its answer."""

    def run(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except EstimeError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [one.result(60) for one in [threads.submit(run, deed) for deed in deeds]]


def people_of(head: int) -> int:
    group = [head, *Contribution.objects.filter(together=head).values_list("pk", flat=True)]
    return Support.objects.filter(contribution__in=group).values("member").distinct().count()


@pytest.mark.django_db
def test_support_is_given_once_taken_back_and_in_the_ledger(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    assert api.support(p.ben, one.pk, when=p.at)
    assert not api.support(p.ben, one.pk, when=p.at)
    assert Contribution.objects.get(pk=one.pk).supports == 1
    assert api.unsupport(p.ben, one.pk, when=p.at)
    assert not api.unsupport(p.ben, one.pk, when=p.at)
    assert Contribution.objects.get(pk=one.pk).supports == 0
    given_act, undone = Act.objects.filter(object_type="Vote").order_by("seq")
    assert (given_act.type, undone.type, undone.object_id) == ("Create", "Undo", given_act.source_id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phase", "may"), [("propose", True), ("vote", True), ("decide", True), ("made", False)]
)
def test_support_counts_until_it_is_decided(place: Make, phase: str, may: bool) -> None:
    p = place(phase)
    past = Place(**{**vars(p), "at": p.challenge.phases.get(kind="propose").starts})
    one = given(past, past.anna)
    if may:
        assert api.support(p.ben, one.pk, when=p.at)
        return
    with pytest.raises(NotNow):
        api.support(p.ben, one.pk, when=p.at)
    assert not Support.objects.exists()


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@with_(steps=STEPS)
def test_a_head_counts_each_person_once_whatever_happens(
    place: Make, steps: list[tuple[str, int, int]]
) -> None:
    """Against a model: sets of people. The first contribution is the head; the others join it and leave it."""
    ours = getattr(test_a_head_counts_each_person_once_whatever_happens, "place", None)
    if ours is None or not Member.objects.filter(pk=ours[0].anna.pk).exists():
        p = place()
        ours = (p, [given(p, p.anna, f"Lid {n}") for n in range(4)])
        test_a_head_counts_each_person_once_whatever_happens.place = ours  # type: ignore[attr-defined]
    p, ideas = ours
    Support.objects.all().delete()
    Contribution.objects.update(together=None, supports=0)
    model: dict[int, set[int]] = {idea.pk: set() for idea in ideas}
    joined: set[int] = set()
    for what, first, second in steps:
        idea, member = ideas[first].pk, p.members[second]
        group = [ideas[0].pk, *joined] if idea == ideas[0].pk or idea in joined else [idea]
        if what == "give":
            api.support(member, idea, when=p.at)
            model[idea].add(member.pk)
        elif what == "back":
            api.unsupport(member, idea, when=p.at)
            for each in group:
                model[each].discard(member.pk)
        else:  # what the merge does: it sets `together`, and counts the head anew
            joined = joined | {idea} if what == "merge" else joined - {idea}
            Contribution.objects.filter(pk=idea).update(together=ideas[0] if what == "merge" else None)
            Contribution.objects.filter(pk=ideas[0].pk).update(supports=people_of(ideas[0].pk))
    for idea in ideas:
        expected = set(model[idea.pk])
        if idea is ideas[0]:
            expected = expected.union(*(model[part] for part in joined))
        assert Contribution.objects.get(pk=idea.pk).supports == len(expected), idea
    rows = set(Support.objects.values_list("contribution_id", "member_id"))
    assert rows == {(idea, member) for idea, members in model.items() for member in members}


@pytest.mark.usefixtures("on_both")
def test_many_threads_support_at_once(place: Make) -> None:
    p = place()
    head, part = given(p, p.anna, "Head"), given(p, p.anna, "Part")
    Contribution.objects.filter(pk=part.pk).update(together=head)
    deeds = [
        lambda member=member, idea=idea: api.support(member, idea.pk, when=p.at)
        for member in p.members for idea in (head, part) for _twice in range(3)
    ]  # fmt: skip
    told = at_once(*deeds[:24], *(lambda m=m: api.unsupport(m, part.pk, when=p.at) for m in p.members[2:]))
    assert all(answer in (True, False) for answer in told), told
    head.refresh_from_db()
    part.refresh_from_db()
    assert head.supports == people_of(head.pk)
    assert part.supports == Support.objects.filter(contribution=part).count()
    assert Support.objects.filter(member__in=p.members[:2]).count() == 4
    for support in Support.objects.all():
        assert Act.objects.filter(source_id=f"support/{support.pk}").count() == 1


@pytest.mark.usefixtures("on_both")
def test_one_draft_published_by_many_windows_is_one_contribution(place: Make, on_both: Path) -> None:
    p = place()
    draft = api.draft_begin(p.anna, api.Place(p.challenge), when=p.at)
    api.draft_save(p.anna, draft.pk, api.DraftWords("Once", "Only once."), 0, when=p.at)
    others = []
    for number in range(3):
        other = api.draft_begin(p.anna, api.Place(p.challenge), when=p.at)
        api.draft_save(p.anna, other.pk, api.DraftWords(f"Other {number}", "Words."), 0, when=p.at)
        others.append(other.pk)
    publish = [
        lambda pk=pk: api.contribution_publish(p.anna, pk, deal=1, when=p.at).pk
        for pk in [draft.pk] * 5 + others
    ]
    told = at_once(*publish)
    assert len(set(told[:5])) == 1
    assert Contribution.objects.count() == 4
    now = Challenge.objects.get(pk=p.challenge.pk)
    assert (now.contributions_count, now.people_count) == (4, 1)  # four at once, by one person


@pytest.mark.usefixtures("on_both")
def test_improvements_adopted_at_once_are_all_in_or_said_to_meet(place: Make) -> None:
    p = place()
    one = given(p, p.anna, body="One.\n\nTwo.\n\nThree.")
    edits = [offered(p, p.ben, one, f"One.\n\nTwo.\n\nThree. {n}") for n in range(2)]
    edits.append(offered(p, p.chloe, one, "One, better.\n\nTwo.\n\nThree."))
    told = at_once(
        *(lambda pk=e.pk: api.edit_adopt(p.anna, pk, when=p.at).number for e in edits for _ in range(2))
    )
    numbers = [answer for answer in told if isinstance(answer, int)]
    assert sorted(set(numbers)) == [2, 3]
    assert set(told) - set(numbers) == {"changed-meanwhile"}  # two of them end the same line in other words
    versions = list(Version.objects.filter(contribution=one).order_by("number"))
    assert [each.number for each in versions] == [1, 2, 3]
    assert versions[-1].body.startswith("One, better.")
    assert "Three. " in versions[-1].body
