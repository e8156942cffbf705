"""Bringing together against a model: sets of people and comments per contribution, and merges as edges.

Whatever is given, taken back, written, brought together (also what is brought together already) and undone in whatever
order, each contribution shows what the model says; with the last merge undone, it is as if there had been none.
"""

from collections.abc import Callable
from typing import Any

import pytest
from cocreation.merging import again, whole_of
from cocreation.places import Place
from cocreation.writing import given, said
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from estime.cocreation import api
from estime.cocreation.actions.edits import Settled
from estime.cocreation.errors import ChangedMeanwhile
from estime.cocreation.models import Author, Comment, Contribution, Support

WHO, WHICH = st.integers(0, 3), st.integers(0, 99)


class Bringing(RuleBasedStateMachine):
    """Each example begins with the same three ideas, and leaves nothing."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.ideas: list[int] = []
        self.words: dict[int, str] = {}
        self.supports: dict[int, set[int]] = {}
        self.comments: dict[int, list[int]] = {}
        self.merges: dict[int, tuple[int, list[int]]] = {}
        self.written = self.by_hand = False
        for _ in range(3):
            self.publish(0)

    def teardown(self) -> None:
        try:
            while self.merges:
                self.undo(7 * len(self.merges))
                self.as_the_model_says()
            assert not Contribution.objects.exclude(together=None).exists()
            assert Author.objects.filter(contribution__in=self.ideas).count() == len(self.ideas)
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def pick(self, which: int) -> int:
        return self.ideas[which % len(self.ideas)]

    def parent(self, idea: int) -> int | None:
        return next((head for head, parts in self.merges.values() if idea in parts), None)

    def root(self, idea: int) -> int:
        while (head := self.parent(idea)) is not None:
            idea = head
        return idea

    def group(self, root: int) -> list[int]:
        return [idea for idea in self.ideas if self.root(idea) == root]

    @precondition(lambda self: len(self.ideas) < 7)
    @rule(who=WHO)
    def publish(self, who: int) -> None:
        p = self.place
        one = given(p, p.members[who], f"Lid {len(self.ideas)}", f"Words {len(self.ideas)}.")
        self.ideas.append(one.pk)
        self.words[one.pk], self.supports[one.pk], self.comments[one.pk] = one.body, set(), []

    @rule(who=WHO, which=WHICH)
    def support(self, who: int, which: int) -> None:
        idea, member = self.pick(which), self.place.members[who]
        api.support(member, idea, when=self.place.at)
        self.supports[idea].add(member.pk)

    @rule(who=WHO, which=WHICH)
    def unsupport(self, who: int, which: int) -> None:
        idea, member = self.pick(which), self.place.members[who]
        api.unsupport(member, idea, when=self.place.at)
        for each in self.group(self.root(idea)):  # what is shown as one is taken back as one
            self.supports[each].discard(member.pk)

    @rule(who=WHO, which=WHICH)
    def comment(self, who: int, which: int) -> None:
        idea = self.pick(which)
        self.comments[idea].append(said(self.place, self.place.members[who], again_(idea)).pk)

    @rule(which=WHICH)
    def take_back(self, which: int) -> None:
        told = self.comments[self.pick(which)]
        if told:
            comment = Comment.objects.get(pk=told.pop())
            api.comment_withdraw(comment.by, comment.pk, when=self.place.at)

    @rule(which=WHICH)
    def write(self, which: int) -> None:
        idea = self.root(self.pick(which))
        one = again_(idea)
        if self.words[idea] not in one.body:
            return
        mine = f"More w{self.words[idea][1:]}" if self.words[idea][0] == "W" else f"{self.words[idea]} So."
        words = api.NewWords(one.title, one.body.replace(self.words[idea], mine, 1))
        api.version_write(one.author, idea, words, one.version, when=self.place.at)
        self.words[idea], self.written = mine, True

    @rule(which=WHICH, others=st.lists(WHICH, min_size=1, max_size=2), first=st.booleans())
    def merge(self, which: int, others: list[int], first: bool) -> None:
        head, p = self.root(self.pick(which)), self.place
        parts = sorted({self.root(self.pick(each)) for each in others} - {head})
        if not parts:
            return
        sides = [again_(pk) for pk in (head, *parts)]
        body = None if first else "\n\n".join([*(one.body for one in sides[1:]), sides[0].body])
        merge = api.merge_propose(p.dani, head, parts, whole_of(*sides, body=body), when=p.at)
        if merge.state == "proposed":
            api.merge_decide(p.lea, merge.pk, "They are one.", when=p.at)
        self.merges[merge.pk] = head, parts

    @precondition(lambda self: self.merges)
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        number = sorted(self.merges)[which % len(self.merges)]
        head, _parts = self.merges.pop(number)
        try:
            api.merge_undo(self.place.lea, number, "Apart.", when=self.place.at)
        except ChangedMeanwhile:
            rest = any(one == head for one, _ in self.merges.values())
            assert self.written or self.by_hand or rest, (
                "with nothing written, all of it comes apart by itself"
            )
            one, self.by_hand = again_(head), True
            settled = Settled(one.title, one.body if rest else self.words[head], one.version)
            api.merge_undo(self.place.lea, number, "Apart.", settled=settled, when=self.place.at)

    @invariant()
    def as_the_model_says(self) -> None:
        heads = {head for head, _ in self.merges.values()}
        for one in Contribution.objects.filter(pk__in=self.ideas):
            root = self.root(one.pk)
            group = self.group(root) if root == one.pk else [one.pk]
            assert one.together_id == (root if root != one.pk else None)
            assert one.supports == len(set().union(*(self.supports[each] for each in group)))
            assert one.comments == sum(len(self.comments[each]) for each in group)
            if one.pk not in heads:
                assert one.body == self.words[one.pk]
        rows = set(Support.objects.values_list("contribution_id", "member_id"))
        assert rows == {(idea, who) for idea, people in self.supports.items() for who in people}


def again_(idea: int) -> Contribution:
    return again(Contribution(pk=idea))


@pytest.mark.django_db
def test_whatever_happens_it_comes_apart_as_if_it_had_never_been(place: Callable[..., Any]) -> None:
    Bringing.place = place()
    run_state_machine_as_test(
        Bringing,
        settings=settings(
            max_examples=25, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
