"""Bringing together while others support, talk, bring together and undo: nobody twice, nobody lost, one merge wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cocreation.merging import again, merged, proposed
from cocreation.places import Place
from cocreation.voting import crowd
from cocreation.writing import given, said
from django.db import connection

from estime.cocreation import api
from estime.cocreation.models import Comment, Contribution, Merge, Support, Version
from estime.kernel.errors import EstimeError
from estime.ledger.models import Act

Make = Callable[..., Place]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Each in a thread with a connection of its own; an error of ours is its answer."""

    def run(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except EstimeError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [one.result(120) for one in [threads.submit(run, deed) for deed in deeds]]


def counted(one: Contribution) -> tuple[int, int]:
    """People and comments over a group, from the rows."""
    group = [one.pk, *Contribution.objects.filter(together=one).values_list("pk", flat=True)]
    people = Support.objects.filter(contribution__in=group).values("member").distinct().count()
    return people, Comment.objects.filter(contribution__in=group, withdrawn=None).count()


@pytest.mark.usefixtures("on_both")
def test_twenty_threads_support_both_sides_while_it_is_brought_together_and_undone(place: Make) -> None:
    p = place()
    head, part = given(p, p.anna, "Head"), given(p, p.ben, "Part")
    people = crowd(10)
    first = merged(p, head, part)
    api.merge_undo(p.anna, first.pk, "r", when=p.at)
    second = proposed(p, p.dani, again(head), again(part))
    api.merge_agree(p.anna, second.pk, when=p.at)
    both = (head.pk, part.pk)

    def supports(member: Any, odd: int) -> str:
        for pk in both if odd else both[::-1]:
            api.support(member, pk, when=p.at)
        if odd:
            api.unsupport(member, part.pk, when=p.at)
            api.support(member, part.pk, when=p.at)
        said(p, member, again(head if odd else part))
        return "given"

    told = at_once(
        *(lambda member=member, odd=odd: supports(member, odd) for member in people for odd in (0, 1)),
        lambda: api.merge_agree(p.ben, second.pk, when=p.at).state,
        lambda: api.merge_undo(p.anna, second.pk, "r", when=p.at).state,
    )
    assert told[:20] == ["given"] * 20
    assert told[20] == "agreed"
    if told[21] == "not-possible-now":  # it came before the agreement
        assert counted(head) == (again(head).supports, again(head).comments)
        api.merge_undo(p.anna, second.pk, "r", when=p.at)
    for one in (again(head), again(part)):
        assert one.together_id is None
        assert (one.supports, one.comments) == counted(one)
    assert Comment.objects.count() == 20
    assert again(part).supports == 10
    for row in Support.objects.all():
        assert Act.objects.filter(source_id=f"support/{row.pk}").count() == 1


@pytest.mark.usefixtures("on_both")
def test_of_two_that_take_the_same_contribution_one_wins_and_the_other_is_told(place: Make) -> None:
    p = place()
    ones = [given(p, p.anna, f"Lid {number}") for number in range(4)]
    a, b, c, _rest = (one.pk for one in ones)

    def brings(head: int, part: int) -> Callable[[], Any]:
        return lambda: proposed(p, p.anna, again(Contribution(pk=head)), again(Contribution(pk=part))).state

    told = at_once(brings(a, b), brings(c, b), brings(b, a), brings(b, c), brings(a, c), brings(c, a))
    assert set(told) <= {"agreed", "not-possible-now", "changed-meanwhile"}, told
    in_force = Merge.objects.filter(state="agreed")
    assert told.count("agreed") == in_force.count() >= 1
    parts = [part.contribution_id for merge in in_force for part in merge.parts.all()]
    assert len(parts) == len(set(parts))  # nothing went into two
    for one in Contribution.objects.filter(pk__in=(a, b, c)):
        root = one.pk
        parents = {part.contribution_id: merge.head_id for merge in in_force for part in merge.parts.all()}
        while root in parents:
            root = parents[root]
        assert (one.together_id or one.pk) == root
    told = at_once(
        *(
            lambda pk=merge.pk: api.merge_undo(p.lea, pk, "r", when=p.at).state
            for merge in in_force
            for _ in "12"
        )
    )
    assert set(told) <= {"undone"}
    assert not Contribution.objects.exclude(together=None).exists()
    for one in ones:
        assert again(one).body == one.body
        assert Version.objects.filter(contribution=one).count() == again(one).version
