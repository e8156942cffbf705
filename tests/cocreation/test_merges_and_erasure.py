"""Whatever is brought together, taken apart and erased, in whatever order: words stay exactly as long as one is there
who wrote them. The model: who is erased, and merges as edges."""

from collections.abc import Callable, Iterator

import pytest
from cocreation.merging import again, whole_of
from cocreation.places import Place
from cocreation.writing import given
from django.db import transaction
from hypothesis import HealthCheck, example, settings
from hypothesis import given as having
from hypothesis import strategies as st

from estime.cocreation import api
from estime.cocreation.models import Contribution, Member, Merge, Version

STEPS = st.lists(
    st.tuples(st.sampled_from(("merge", "erase", "undo", "merge")), st.integers(0, 3), st.integers(0, 3)),
    min_size=2,
    max_size=9,
)
Step = tuple[str, int, int]


class Model:
    """Four ideas, one of them by two, and what became of them."""

    def __init__(self, place: Place, ideas: list[Contribution]) -> None:
        self.place, self.ideas = place, [one.pk for one in ideas]
        self.own = {one.pk: one.body for one in ideas}
        who = [member.pk for member in (place.anna, place.ben, place.chloe, place.dani)]
        self.authors = {pk: {author} for pk, author in zip(self.ideas, who, strict=True)}
        self.authors[self.ideas[0]].add(place.ben.pk)
        self.erased: set[int] = set()
        self.gone: set[int] = set()
        """Ideas of which no words are left; they never come back."""
        self.edges: dict[int, tuple[int, int]] = {}
        self.by_hand: set[int] = set()

    def below(self, idea: int) -> Iterator[int]:
        yield idea
        for head, part in self.edges.values():
            if head == idea:
                yield from self.below(part)

    def root(self, idea: int) -> int:
        above = next((head for head, part in self.edges.values() if part == idea), None)
        return idea if above is None else self.root(above)

    def there(self, *ideas: int) -> bool:
        return any(self.authors[idea] - self.erased for idea in ideas)

    def merge(self, which: int, other: int) -> None:
        head, part = self.root(self.ideas[which]), self.root(self.ideas[other])
        if head == part or {head, part} & self.gone:
            return
        sides = [again(Contribution(pk=pk)) for pk in (head, part)]
        lea, at = self.place.lea, self.place.at
        merge = api.merge_propose(lea, head, [part], whole_of(*sides), when=at)
        api.merge_decide(lea, merge.pk, "They are one.", when=at)
        self.edges[merge.pk] = head, part

    def undo(self, which: int, _other: int = 0) -> None:
        if not self.edges:
            return
        number = sorted(self.edges)[which % len(self.edges)]
        head, _part = self.edges.pop(number)
        try:
            api.merge_undo(self.place.lea, number, "Apart.", when=self.place.at)
        except api.ChangedMeanwhile:
            mine = self.there(head)
            assert head in self.by_hand or not mine, "what nobody’s erasure touched comes apart by itself"
            self.by_hand.add(head)
            one = again(Contribution(pk=head))
            words = self.own[head] if mine and not self.at_head(head) else one.body
            settled = api.Settled(one.title, words, one.version)
            api.merge_undo(self.place.lea, number, "Apart.", settled=settled, when=self.place.at)

    def at_head(self, idea: int) -> bool:
        return any(head == idea for head, _part in self.edges.values())

    def erase(self, which: int, _other: int = 0) -> None:
        member = (self.place.anna, self.place.ben, self.place.chloe, self.place.dani)[which]
        api.forget_accounts([Member.objects.values_list("account", flat=True).get(pk=member.pk) or 0])
        self.erased.add(member.pk)

    def check(self) -> None:
        self.gone |= {idea for idea in self.ideas if not self.there(*self.below(idea))}
        for one in Contribution.objects.filter(pk__in=self.ideas):
            told = dict(Version.objects.filter(contribution=one).values_list("number", "body"))
            assert one.together_id == (None if self.root(one.pk) == one.pk else self.root(one.pk))
            assert one.erased == (one.pk in self.gone)
            if one.erased:
                assert {one.title, one.body, *told.values()} == {""}
                continue
            assert one.body == told[one.version] != ""
            if self.there(one.pk):
                assert "" not in told.values(), "nothing of whoever is there is lost"
                assert one.body == self.own[one.pk] or one.pk in self.by_hand or self.at_head(one.pk)
            else:
                assert told[1] == "", "what was theirs alone is gone"
                assert self.own[one.pk] not in [
                    body for number, body in told.items() if number <= self.began(one.pk)
                ]
        assert not Merge.objects.filter(head__in=self.gone).exclude(title="", body="").exists()

    def began(self, idea: int) -> int:
        befores = Merge.objects.filter(pk__in=self.edges, head=idea).values_list("before", flat=True)
        return min((before or 1 for before in befores), default=1)


@pytest.mark.django_db
def test_words_stay_as_long_as_somebody_is_there_who_wrote_them(place: Callable[..., Place]) -> None:
    p = place()
    p.agree()
    writers = (p.anna, p.ben, p.chloe, p.dani)
    ideas = [given(p, by, f"Lid {number}", f"Words {number}.") for number, by in enumerate(writers)]
    api.coauthor_invite(p.anna, ideas[0].pk, p.ben, when=p.at)
    api.coauthor_accept(p.ben, ideas[0].pk, when=p.at)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @having(STEPS)
    @example([("merge", 2, 1), ("erase", 2, 0), ("undo", 0, 0)])
    @example([("merge", 2, 1), ("merge", 2, 3), ("erase", 2, 0), ("undo", 0, 0), ("erase", 3, 0)])
    @example(
        [("merge", 2, 1), ("merge", 3, 2), ("erase", 2, 0), ("erase", 3, 0), ("undo", 1, 0), ("undo", 0, 0)]
    )
    @example([("erase", 0, 0), ("merge", 0, 3), ("erase", 1, 0), ("undo", 0, 0)])
    def holds(steps: list[Step]) -> None:
        with transaction.atomic():
            model = Model(p, ideas)
            for step, which, other in steps:
                getattr(model, step)(which, other)
                model.check()
            while model.edges:
                model.undo(len(model.edges) - 1)
                model.check()
            transaction.set_rollback(True)

    holds()
