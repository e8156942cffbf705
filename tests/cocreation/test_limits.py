"""How much an account and an address may do, links, the same again, groups: counted right, told, hinted at."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import Place, person
from cocreation.writing import given, said
from django.db import connection, connections, transaction
from hypothesis import given as holds
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from estime.cocreation import api
from estime.cocreation.actions.hints import hints_look
from estime.cocreation.errors import EstimeError, LinksMany, SaidAlready, SlowDown
from estime.cocreation.limits import KINDS, address_hash, allowances_sweep, check_limits, check_links, young
from estime.cocreation.models import Allowance, Comment, Echo, Hint, Joining, Member, Support
from estime.cocreation.moderation_jobs import hints_job
from estime.cocreation.repetition import alike, runs_of
from estime.cocreation.rings import at_least, rings_find
from estime.kernel.home import home, make_home

Make = Callable[..., Place]
LID = "The lid of my bottle opens by itself in the bag and then everything in there is wet"


@pytest.fixture(autouse=True)
def at_home(request: pytest.FixtureRequest, _home: Path) -> Path:
    if "installed" not in request.fixturenames:
        make_home()
    return _home


@pytest.fixture
def few(at_home: Path) -> Callable[..., None]:
    """Settings under which little is enough."""

    def told(**limits: int) -> None:
        lines = "\n".join(f"{name} = {number}" for name, number in limits.items())
        (home() / "estime.toml").write_text(f"[cocreation.limits]\n{lines}\n")

    return told


@pytest.mark.django_db
class TestLimits:
    def test_every_kind_has_its_number_and_its_window(self, few: Callable[..., None], place: Make) -> None:
        made = place()
        few(**{name: 2 for name, _window in KINDS.values()})
        for what, (_name, window) in KINDS.items():
            for _time in range(2):
                check_limits(made.anna, what, made.at)
            with pytest.raises(SlowDown) as refused:
                check_limits(made.anna, what, made.at)
            assert refused.value.data["seconds"] == window / 2
            check_limits(made.ben, what, made.at)
            later = made.at + timedelta(seconds=window / 2)
            check_limits(made.anna, what, later)
            with pytest.raises(SlowDown):
                check_limits(made.anna, what, later)

    def test_each_deed_is_counted(self, few: Callable[..., None], place: Make) -> None:
        made = place()
        idea, question = (
            given(made, made.ben),
            api.question_ask(made.ben, made.space, api.QuestionWords("Why?")),
        )
        few(**{name: 1 for name, _window in KINDS.values()}, young_part=1)
        at = made.at
        mine = given(made, made.anna)
        deeds: dict[str, Callable[[], object]] = {
            "ideas": lambda: given(made, made.anna, "Another"),
            "rewordings": lambda: api.version_write(
                made.anna, mine.pk, api.NewWords("A", f"B {Allowance.objects.count()}"), mine.version, when=at
            ),
            "comments": lambda: said(made, made.anna, idea),
            "supports": lambda: api.support(made.anna, idea.pk, when=at),
            "questions": lambda: api.question_ask(made.anna, made.space, api.QuestionWords("How?"), when=at),
            "joins": lambda: api.question_join(made.anna, question.pk, when=at),
            "challenges": lambda: api.challenge_draft(
                made.anna, made.space, api.ChallengeWords("Mine"), when=at
            ),
            "reports": lambda: (
                api.report(made.anna, idea, "hateful", when=at)
                and api.report(made.anna, question, "hateful", when=at)
            ),
            "invitations": lambda: api.coauthor_invite(made.anna, mine.pk, made.ben, when=at),
        }
        for what, deed in deeds.items():
            with pytest.raises(SlowDown):
                for _time in range(2):
                    deed()
                    mine.refresh_from_db()
            assert Allowance.objects.filter(key=f"{what}:m{made.anna.pk}").count() == 1, what
        before = Comment.objects.count()
        with pytest.raises(SlowDown):
            api.comment_edit(made.anna, Comment.objects.filter(by=made.anna)[0].pk, "Other words", when=at)
        assert Comment.objects.count() == before

    def test_new_accounts_do_a_part_of_it(self, few: Callable[..., None], place: Make) -> None:
        made = place()
        few(comments_per_hour=4, young_part=4)
        fresh = person("Nour Ali", joined=made.at)
        assert young(fresh, made.at)
        assert not young(fresh, made.at + timedelta(days=7))
        assert not young(made.anna, made.at)
        assert not young(person("Neo New", "lead", joined=made.at), made.at)
        check_limits(fresh, "comments", made.at)
        with pytest.raises(SlowDown, match="New accounts"):
            check_limits(fresh, "comments", made.at)

    def test_all_accounts_of_an_address_together(self, few: Callable[..., None], place: Make) -> None:
        made = place()
        few(comments_per_hour=2, address_times=2, young_part=1)
        here = address_hash("203.0.114.7")
        for member in made.members:
            member.address = here
        for member in made.members:
            check_limits(member, "comments", made.at)
        with pytest.raises(SlowDown):
            check_limits(made.anna, "comments", made.at)
        made.lea.address = address_hash("203.0.114.8")
        check_limits(made.lea, "comments", made.at)
        assert not any("203.0.114" in key for key in Allowance.objects.values_list("key", flat=True))

    def test_which_addresses_count(self) -> None:
        assert not any(
            address_hash(told)
            for told in ("127.0.0.1", "::1", "10.0.0.8", "192.168.1.1", "", "nonsense", "fe80::1")
        )
        assert (
            address_hash("2a01:cb00::1")
            == address_hash("2a01:cb00::ffff")
            != address_hash("2a01:cb00:0:1::1")
        )
        assert address_hash("::ffff:93.184.216.34") == address_hash("93.184.216.34") != ""

    def test_none_is_no_limit_and_what_fails_counts_nothing(
        self, few: Callable[..., None], place: Make
    ) -> None:
        made = place()
        few(comments_per_hour=0, supports_per_hour=1)
        for _time in range(300):
            check_limits(made.anna, "comments", made.at)
        for _time in range(5):
            with pytest.raises(EstimeError):
                api.support(made.anna, 12_345, when=made.at)
        assert api.support(made.anna, given(made, made.ben).pk, when=made.at)

    def test_a_clock_that_was_set_back_locks_nobody_out(self, few: Callable[..., None], place: Make) -> None:
        made = place()
        few(comments_per_hour=1)
        check_limits(made.anna, "comments", made.at + timedelta(days=30))
        check_limits(made.anna, "comments", made.at)
        assert allowances_sweep(made.at + timedelta(hours=2)) == 1

    def test_first_votes_are_never_refused(self, few: Callable[..., None], place: Make) -> None:
        made = place("vote", "decide")
        few(votes_per_hour=1)
        poll = made.challenge.polls.get()
        type(poll).objects.filter(pk=poll.pk).update(opened=None)
        for number in (1, 2):
            api.Option.objects.create(poll=poll, number=number, title=f"O{number}", at=made.at)
        type(poll).objects.filter(pk=poll.pk).update(opened=poll.opens)
        cast = partial(api.ballot_cast, poll, when=made.at)
        assert all(cast(who, [1]).first for who in made.members)
        cast(made.anna, [2])
        with pytest.raises(SlowDown):
            cast(made.anna, [1])
        with pytest.raises(SlowDown):
            api.ballot_withdraw(poll, made.anna, when=made.at)


def test_many_at_once_never_pass_more_than_the_limit(
    on_both: Path, place: Make, few: Callable[..., None]
) -> None:
    made = place()
    (home() / "estime.toml").write_text("[cocreation.limits]\ncomments_per_hour = 5\n")
    passed: list[int] = []

    def act() -> None:
        try:
            with transaction.atomic():
                check_limits(made.anna, "comments", made.at)
            passed.append(1)
        except SlowDown:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(passed) == 5, connection.vendor


@pytest.mark.django_db
class TestLinks:
    def test_new_accounts_write_few_links(self, place: Make) -> None:
        made = place()
        fresh = person("Nour Ali", joined=made.at)
        idea = given(made, made.anna)
        two = "See https://a.example and http://b.example/x."
        assert said(made, fresh, idea, two)
        for more in (
            "https://c.example",
            "www.c.example",
            "[c](https://c.example)",
            "mailto:c@c.example",
            "HTTPS://C",
        ):
            with pytest.raises(LinksMany) as refused:
                said(made, fresh, idea, f"{two} {more}")
            assert refused.value.data == {"field": "body", "most": 2}
            check_links(made.anna, f"{two} {more}", "body", made.at)
        with pytest.raises(LinksMany):
            given(made, fresh, "Look", two + " www.c.example")
        with pytest.raises(LinksMany):
            api.question_ask(
                fresh, made.space, api.QuestionWords("Look", two + " www.c.example"), when=made.at
            )
        with pytest.raises(LinksMany):
            api.comment_edit(
                fresh, Comment.objects.filter(by=fresh).get().pk, two + " www.c.example", when=made.at
            )

    def test_counting_is_quick_whatever_the_text(self, place: Make) -> None:
        made = place()
        fresh = person("Nour Ali", joined=made.at)
        for piece in ("www", "http://", ".www.", "/", "hthttphttps:/"):
            with pytest.raises(LinksMany) if piece in ("http://",) else _nothing():
                check_links(fresh, piece * 20_000, "body", made.at)


class _nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.django_db
class TestRepetition:
    def test_the_same_account_is_told(self, place: Make) -> None:
        made = place()
        idea = given(made, made.ben)
        first = said(made, made.anna, idea, LID)
        for again in (LID, LID.upper() + "!!!", LID.replace("everything", "all"), f"> quoted\n\n{LID}"):
            with pytest.raises(SaidAlready) as refused:
                said(made, made.anna, idea, again)
            assert refused.value.data["what"] == f"comment/{first.pk}"
        with pytest.raises(SaidAlready):
            given(made, made.anna, "My lid", LID)
        with pytest.raises(SaidAlready):
            api.question_ask(made.anna, made.space, api.QuestionWords("Why?", LID), when=made.at)
        assert Comment.objects.count() == 1
        assert not Hint.objects.exists()
        Echo.objects.update(at=made.at - timedelta(hours=2))
        assert said(made, made.anna, idea, LID)

    def test_several_accounts_may_and_moderators_get_a_hint(self, place: Make) -> None:
        made = place()
        idea = given(made, made.ben)
        same = [said(made, who, idea, LID) for who in made.members]
        hint = Hint.objects.get()
        assert hint.kind == "repeated"
        assert set(hint.data["things"]) == {f"comment/{one.pk}" for one in same}
        assert not Comment.objects.filter(hidden=True).exists()
        assert api.hint_seen(made.mo, hint, "A campaign; fine.").seen_by == made.mo
        assert LID not in str(hint.data)

    def test_short_words_and_what_is_built_on_are_no_repetition(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna, "My lid", LID)
        for _time in range(3):
            said(made, made.anna, idea, "Thank you very much!")
        assert given(made, made.anna, "My lid", LID, built_on=idea)

    @holds(st.lists(st.sampled_from("lid bag wet open shut cold warm cup".split()), max_size=40))
    @hypothesis(max_examples=40, deadline=None)
    def test_likeness_is_symmetric_and_whole_with_itself(self, words: list[str]) -> None:
        runs = runs_of(" ".join(words))
        assert bool(runs) == (len(words) >= 12)
        assert alike(runs, runs) == bool(runs)
        other = runs_of(" ".join(words[::-1]))
        assert alike(runs, other) == alike(other, runs)


def crowd(seed: int = 1, things: int = 120, people: int = 200) -> tuple[list[int], list[int], list[float]]:
    """Supports as they come by themselves: each thing a burst that ebbs away."""
    import numpy as np

    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, float]] = []
    for thing in range(things):
        start = rng.uniform(0, 40 * 86_400)
        for who in rng.choice(people, rng.integers(5, 60), replace=False):
            rows.append((thing, int(who), start + rng.exponential(86_400)))
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


class TestRings:
    def test_a_crowd_has_none(self) -> None:
        found = [rings_find(*crowd(seed), 10, shuffles=20) for seed in range(5)]
        assert [one.rings for one in found] == [()] * 5
        assert sum(one.false for one in found) <= 2

    def test_accounts_that_come_together_are_a_group_with_its_figures(self) -> None:
        things, accounts, moments = crowd()
        for thing in range(0, 90, 10):
            for number, who in enumerate((901, 902, 903)):
                things.append(thing)
                accounts.append(who)
                moments.append(41 * 86_400 + thing * 3_600 + number * 60)
        (ring,) = rings_find(things, accounts, moments, 10, shuffles=20).rings
        assert ring.accounts == (901, 902, 903)
        assert ring.things == tuple(sorted(ring.things, key=ring.things.index))
        assert ring.together == 9
        assert ring.expected < 1
        assert ring.chance < 1e-6

    def test_everybody_at_once_is_no_group(self) -> None:
        """A mail went round: all support the same nine things within five minutes."""
        rows = [(thing, who, thing * 86_400 + who) for thing in range(9) for who in range(60)]
        found = rings_find(
            [a for a, _b, _c in rows], [b for _a, b, _c in rows], [float(c) for *_, c in rows], 10
        )
        assert found.rings == ()
        assert found.false == 0

    def test_little_is_nothing(self) -> None:
        assert rings_find([], [], [], 10).rings == ()
        assert rings_find([1], [1], [0.0], 10).rings == ()

    @holds(st.lists(st.floats(0, 1), max_size=9), st.integers(0, 10))
    @hypothesis(max_examples=60, deadline=None)
    def test_the_chance_of_as_many(self, chances: list[float], number: int) -> None:
        from itertools import product
        from math import isclose, prod

        exact = sum(
            prod(p if hit else 1 - p for p, hit in zip(chances, hits, strict=True))
            for hits in product((0, 1), repeat=len(chances))
            if sum(hits) >= number
        )
        assert isclose(at_least(number, chances), exact, abs_tol=1e-9)


@pytest.mark.django_db
def test_a_group_is_hinted_at_once_and_nothing_else_changes(place: Make) -> None:
    made = place()
    ideas = [given(made, made.dani, f"Lid {n}") for n in range(8)]
    question = api.question_ask(made.dani, made.space, api.QuestionWords("Why?"), when=made.at)
    crowded = [
        Member.objects.create(handle=f"x{n}", channel="estime", name=f"X{n}", joined=made.at)
        for n in range(30)
    ]
    for number, idea in enumerate(ideas):
        at = made.at - timedelta(days=number)
        for place_of, who in enumerate((made.anna, made.ben)):
            Support.objects.create(contribution=idea, member=who, at=at - timedelta(minutes=place_of))
        for turn, who in enumerate(crowded):
            Support.objects.create(
                contribution=idea,
                member=who,
                at=at - timedelta(hours=2 * ((turn * 7 + number * 11) % 97 + 1)),
            )
    Joining.objects.create(interpellation=question, member=made.anna, at=made.at)
    before = _rows()
    found = hints_look(made.space, made.at)
    assert found is not None
    assert [ring.accounts for ring in found.rings] == [(made.anna.pk, made.ben.pk)]
    hints_job({}, lambda *_: None)
    hint = Hint.objects.get()
    assert hint.data["members"] == [made.anna.pk, made.ben.pk]
    assert (
        hint.data["things"] == [f"contribution/{idea.pk}" for idea in ideas] or len(hint.data["things"]) == 8
    )
    assert _rows() == before
    with pytest.raises(EstimeError):
        api.hint_seen(made.anna, hint)
    api.hint_seen(made.mo, hint, "A couple.")
    api.hint_seen(made.lea, hint, "Twice is harmless.")
    hint.refresh_from_db()
    assert (hint.note, hint.seen_by) == ("A couple.", made.mo)
    assert _rows() == before


def _rows() -> list[Any]:
    """All that a hint must not touch."""
    from estime.cocreation.models import Contribution, Interpellation

    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Contribution, Comment, Interpellation, Support, Joining, Member)
    ]
