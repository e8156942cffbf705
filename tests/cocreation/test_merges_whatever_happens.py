"""Bringing together against a model: sets of people and comments per contribution, and merges as edges.

Whatever is given, taken back, written, improved, hidden, withdrawn, brought together (also what is brought together
already) and undone in whatever order, each contribution shows what the model says, and refuses what the model says;
with the last merge undone, it is as if there had been none.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from cocreation.merging import again, merged, whole_of
from cocreation.places import Place
from cocreation.writing import given, offered, said
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
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
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed, NotNow
from estime.cocreation.models import Author, Comment, Contribution, Hiding, Member, Merge, Support
from estime.kernel.errors import EstimeError

WHO, WHICH = st.integers(0, 3), st.integers(0, 99)
REFUSED = pytest.raises(NotNow)
EXAMPLES = int(os.environ.get("ESTIME_TEST_EXAMPLES", "22"))
"""More of them, and a failure made small, when somebody works on it: `ESTIME_TEST_EXAMPLES=300`."""


class Bringing(RuleBasedStateMachine):
    """Each example begins with the same three ideas, one of them by two, all supported by Dani; and leaves nothing."""

    place: Place
    first: tuple[Contribution, ...]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.ideas: list[int] = []
        self.words: dict[int, str] = {}
        self.authors: dict[int, set[int]] = {}
        self.supports: dict[int, set[int]] = {}
        self.comments: dict[int, list[int]] = {}
        self.improved: dict[int, list[int]] = {}
        self.out: dict[int, str] = {}
        self.merges: dict[int, tuple[int, list[int]]] = {}
        self.written = self.by_hand = False
        self.loose: set[int] = set()
        """What has words that somebody decided on by hand while others stayed in it: nobody can tell whose they are."""
        for one in self.first:
            self.known(one)
            self.supports[one.pk].add(self.place.dani.pk)
        self.authors[self.ideas[0]].add(self.place.ben.pk)

    def known(self, one: Contribution) -> None:
        self.ideas.append(one.pk)
        self.words[one.pk], self.authors[one.pk] = one.body, {one.author_id}
        self.supports[one.pk], self.comments[one.pk], self.improved[one.pk] = set(), [], []

    def teardown(self) -> None:
        try:
            while self.merges:
                self.undo(7 * len(self.merges))
                self.as_the_model_says()
            assert not Contribution.objects.exclude(together=None).exists()
            rows = set(
                Author.objects.filter(contribution__in=self.ideas).values_list("contribution", "member")
            )
            assert rows == {(idea, who) for idea, people in self.authors.items() for who in people}
            for one in Contribution.objects.filter(pk__in=self.ideas):
                assert one.pk in self.loose or one.body == self.words[one.pk]
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

    def writers(self, root: int) -> set[int]:
        return set().union(*(self.authors[each] for each in self.group(root)))

    def unless(self, refused: bool, error: type[EstimeError] = NotNow) -> AbstractContextManager[Any]:
        return pytest.raises(error) if refused else nullcontext()

    def member(self, pk: int) -> Member:
        return next(each for each in self.place.members if each.pk == pk)

    @precondition(lambda self: len(self.ideas) < 6)
    @rule(who=WHO)
    def publish(self, who: int) -> None:
        p = self.place
        self.known(given(p, p.members[who], f"Lid {len(self.ideas)}", f"Words {len(self.ideas)}."))

    @rule(who=WHO, several=st.sets(WHICH, min_size=1, max_size=3))
    def support(self, who: int, several: set[int]) -> None:
        member = self.place.members[who]
        for idea in map(self.pick, sorted(several)):
            with self.unless(idea in self.out and member.pk not in self.supports[idea]):
                api.support(member, idea, when=self.place.at)
                self.supports[idea].add(member.pk)

    @precondition(lambda self: any(self.supports.values()))
    @rule(which=WHICH)
    def unsupport(self, which: int) -> None:
        rows = sorted((idea, who) for idea, people in self.supports.items() for who in people)
        idea, who = rows[which % len(rows)]
        member = self.member(who)
        api.unsupport(member, idea, when=self.place.at)
        for each in self.group(self.root(idea)):  # what is shown as one is taken back as one
            self.supports[each].discard(member.pk)

    @rule(who=WHO, which=WHICH, back=st.booleans())
    def comment(self, who: int, which: int, back: bool) -> None:
        idea = self.pick(which)
        told = self.comments[idea]
        if back and told:
            comment = Comment.objects.get(pk=told.pop())
            api.comment_withdraw(comment.by, comment.pk, when=self.place.at)
            return
        with self.unless(idea in self.out):
            told.append(said(self.place, self.place.members[who], again_(idea)).pk)

    @rule(who=WHO, which=WHICH, kind=st.sampled_from(("invite", "hide", "withdraw")))
    def aside(self, who: int, which: int, kind: str) -> None:
        """What is rarer than the rest."""
        if kind == "invite":
            self.invite(who, which)
        elif kind == "hide":
            self.hide(which)
        else:
            self.withdraw(which)

    def invite(self, who: int, which: int) -> None:
        idea, member = self.pick(which), self.place.members[who]
        if member.pk in self.authors[idea]:
            return
        with self.unless(idea in self.out):
            api.coauthor_invite(self.member(min(self.authors[idea])), idea, member, when=self.place.at)
            api.coauthor_accept(member, idea, when=self.place.at)
            self.authors[idea].add(member.pk)

    @rule(who=WHO, which=WHICH, offers=st.booleans())
    def write(self, who: int, which: int, offers: bool) -> None:
        """All authors of a whole write it; whoever is none offers an improvement; a part's own words rest."""
        idea, by = self.pick(which), self.place.members[who]
        root, one = self.root(idea), again_(self.root(idea))
        if self.words[root] not in one.body:
            return
        mine = f"More w{self.words[root][1:]}" if self.words[root][0] == "W" else f"{self.words[root]} So."
        words = api.NewWords(one.title, one.body.replace(self.words[root], mine, 1))
        if idea != root:
            with REFUSED:
                api.version_write(self.member(min(self.authors[idea])), idea, words, 1, when=self.place.at)
        writes = by.pk in self.writers(root)
        author = by if writes else self.member(max(self.writers(root)))
        with self.unless(root in self.out):
            if writes and not offers:
                api.version_write(by, root, words, one.version, when=self.place.at)
            else:
                edit = offered(self.place, by, one, words.body, one.version)
                api.edit_adopt(author, edit.pk, when=self.place.at)
                self.improved[root].append(by.pk)  # a comment that cannot be taken back any more
            self.words[root], self.written = mine, True

    def hide(self, which: int) -> None:
        idea, p = self.pick(which), self.place
        if self.out.get(idea) == "hidden":
            hiding = Hiding.objects.get(contribution=idea, lifted=None)
            api.show_again(p.mo, hiding, "It may stay.", when=p.at)
            del self.out[idea]
        elif idea not in self.out:
            api.hide(p.mo, again_(idea), api.Why("personal", "An address.", criticism=False), when=p.at)
            self.out[idea] = "hidden"

    def withdraw(self, which: int) -> None:
        idea = self.pick(which)
        if idea in self.out:
            return
        alone = len(self.authors[idea]) == 1 and self.group(self.root(idea)) == [idea]
        by = self.member(min(self.authors[idea]))
        with self.unless(not alone):
            api.contribution_withdraw(by, idea, when=self.place.at)
            self.out[idea] = "withdrawn"

    @rule(
        which=WHICH,
        others=st.lists(WHICH, min_size=1, max_size=2),
        joined=st.booleans(),
        decided=st.booleans(),
    )
    def merge(self, which: int, others: list[int], joined: bool, decided: bool) -> None:
        self.bring(which, others, joined, decided)

    @rule(which=WHICH, other=WHICH)
    def merge_plainly(self, which: int, other: int) -> None:
        self.bring(which, [other], joined=True, decided=False)

    def bring(self, which: int, others: list[int], joined: bool, decided: bool) -> None:
        head, p = self.root(self.pick(which)), self.place
        parts = sorted({self.root(self.pick(each)) for each in others} - {head})
        if not parts:
            return
        sides = [again_(pk) for pk in (head, *parts)]
        body = None if joined else "\n\n".join([*(one.body for one in sides[1:]), sides[0].body])
        with self.unless(any(pk in self.out for pk in (head, *parts))):
            if decided:
                words = whole_of(*sides, body=body)
                merge = api.merge_propose(p.lea, head, parts, words, when=p.at)
                assert merge.state == "proposed"
                api.merge_decide(p.lea, merge.pk, "They are one.", when=p.at)
            else:
                merge = merged(p, sides[0], *sides[1:], body=body)
            self.merges[merge.pk] = head, parts
            assert all(one.body in again_(head).body for one in sides)

    @precondition(lambda self: self.merges)
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        number = sorted(self.merges)[which % len(self.merges)]
        head, parts = self.merges[number]
        by = self.place.lea
        for side in (head, *parts) if Merge.objects.get(pk=number).state == "agreed" else ():
            by = self.member(max(self.authors[side]))  # any author of any side
        for each in self.place.members:
            if each.pk not in self.writers(self.root(head)):
                with pytest.raises(NotAllowed):
                    api.merge_undo(each, number, "Apart.", when=self.place.at)
        del self.merges[number]
        try:
            api.merge_undo(by, number, "Apart.", when=self.place.at)
        except ChangedMeanwhile:
            rest = any(one == head for one, _ in self.merges.values())
            assert self.written or self.by_hand or rest, (
                "with nothing written, all of it comes apart by itself"
            )
            one, self.by_hand = again_(head), True
            if rest:
                self.loose.add(head)
            settled = Settled(one.title, one.body if rest else self.words[head], one.version)
            api.merge_undo(by, number, "Apart.", settled=settled, when=self.place.at)

    @invariant()
    def as_the_model_says(self) -> None:
        heads = {head for head, _ in self.merges.values()}
        for one in Contribution.objects.filter(pk__in=self.ideas):
            root = self.root(one.pk)
            group = self.group(root) if root == one.pk else [one.pk]
            assert one.together_id == (root if root != one.pk else None)
            assert one.supports == len(set().union(*(self.supports[each] for each in group)))
            assert one.comments == sum(len(self.comments[each]) + len(self.improved[each]) for each in group)
            assert (one.hidden, one.withdrawn is not None) == (
                self.out.get(one.pk) == "hidden", self.out.get(one.pk) == "withdrawn",
            )  # fmt: skip
            if one.pk not in heads and one.pk not in self.loose:
                assert one.body == self.words[one.pk]
        rows = set(Support.objects.values_list("contribution_id", "member_id"))
        assert rows == {(idea, who) for idea, people in self.supports.items() for who in people}
        for root in heads - {part for _, parts in self.merges.values() for part in parts}:
            whole = api.contribution_whole(root, None)
            assert {each.pk for each in whole.everybody} == self.writers(root)
            assert {each.pk for each in whole.contributors} == {*self.improved[root]} - self.writers(root)


def again_(idea: int) -> Contribution:
    return again(Contribution(pk=idea))


@pytest.mark.django_db
def test_whatever_happens_it_comes_apart_as_if_it_had_never_been(place: Callable[..., Any]) -> None:
    p = Bringing.place = place()
    p.agree()
    Bringing.first = tuple(
        given(p, p.members[who], f"Lid {number}", f"Words {number}.") for number, who in enumerate((0, 0, 2))
    )
    api.coauthor_invite(p.anna, Bringing.first[0].pk, p.ben, when=p.at)
    api.coauthor_accept(p.ben, Bringing.first[0].pk, when=p.at)
    for one in Bringing.first:
        api.support(p.dani, one.pk, when=p.at)
    run_state_machine_as_test(
        Bringing,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if EXAMPLES > 50 else [Phase.generate],
        ),
    )
