"""Protects what became of what people gave: decisions, promises, outcomes, and whether it took them into account."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cocreation.answering import NOW, TAKEN, idea
from cocreation.places import Place

from estime.cocreation.actions import decisions, outcomes, pledges
from estime.cocreation.actions.considered import considered_decision
from estime.cocreation.actions.decisions import decision_write
from estime.cocreation.actions.outcomes import OutcomeWords, outcome_make
from estime.cocreation.actions.pledges import (
    PledgeWords,
    pledge_keep,
    pledge_make,
    pledge_replace,
    pledge_waive,
)
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed, NotFound, NotNow, WordsMissing
from estime.cocreation.models import (
    Comment,
    Contribution,
    Decision,
    Edit,
    Event,
    Member,
    Notice,
    Outcome,
    OutcomeSource,
    Pledge,
    Support,
    Version,
)
from estime.cocreation.queries.answers import outcome_whole
from estime.cocreation.queries.becoming import became_of, became_words
from estime.cocreation.queries.lineage import Source, lineage, sources_proposed
from estime.cocreation.reasons import reason_doubts
from estime.ledger.models import Act


@pytest.fixture
def here(db: None, _home: Path, place: Callable[..., Place]) -> Place:
    return place("decide", at=NOW - timedelta(days=20))


@pytest.fixture
def given(here: Place) -> Contribution:
    made = idea(here, here.anna)
    Support.objects.create(contribution=made, member=here.dani, at=here.at)
    return made


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(event__kind=kind).values_list("member__name", flat=True))


def test_a_decision_has_a_reason_a_name_and_what_lives_on(here: Place, given: Contribution) -> None:
    for words in (
        TAKEN._replace(reason=" "),
        TAKEN._replace(lives_on=""),
        TAKEN._replace(lives_on="-"),
        TAKEN._replace(reason="**…**"),
        TAKEN._replace(outcome="maybe"),
        TAKEN._replace(outcome="later"),
        TAKEN._replace(outcome="later", again=NOW.date() - timedelta(days=40)),
    ):
        with pytest.raises(WordsMissing):
            decision_write(here.remi, given.pk, words, when=here.at)
    with pytest.raises(NotAllowed):
        decision_write(here.ben, given.pk, TAKEN)
    made = decision_write(here.remi, given.pk, TAKEN, when=here.at)
    assert decision_write(here.remi, given.pk, TAKEN).pk == made.pk, "a double click"
    assert (made.number, made.name, told("decided")) == (1, "Rémi Faure", {"Anna Weber", "Dani Silva"})
    given.refresh_from_db()
    assert given.decision == "taken"


def test_a_newer_decision_stands_above_the_older_one(here: Place, given: Contribution) -> None:
    decision_write(here.remi, given.pk, TAKEN._replace(outcome="later", again=NOW.date()), when=here.at)
    with pytest.raises(ChangedMeanwhile) as refused:
        decision_write(here.lea, given.pk, TAKEN._replace(seen=0))
    assert "Rémi Faure" in refused.value.message
    decision_write(here.lea, given.pk, TAKEN._replace(seen=1))
    assert list(Decision.objects.values_list("number", "outcome")) == [(1, "later"), (2, "taken")]


def test_together_points_at_the_head_and_parts_have_no_answer_of_their_own(
    here: Place, given: Contribution
) -> None:
    other = idea(here, here.ben, "A clip")
    together = TAKEN._replace(outcome="together")
    with pytest.raises(NotNow):
        decision_write(here.lea, other.pk, together)
    Contribution.objects.filter(pk=other.pk).update(together=given)
    with pytest.raises(NotNow):
        decision_write(here.lea, other.pk, TAKEN)
    assert decision_write(here.lea, other.pk, together).into_id == given.pk


@pytest.mark.parametrize("field", ["withdrawn", "hidden"])
def test_what_does_not_stand_is_owed_no_answer(here: Place, given: Contribution, field: str) -> None:
    Contribution.objects.filter(pk=given.pk).update(**{field: NOW if field == "withdrawn" else True})
    with pytest.raises(NotNow):
        decision_write(here.lea, given.pk, TAKEN)


@pytest.mark.parametrize(
    ("reason", "doubts"),
    [
        ("Merci beaucoup pour votre contribution, nous vous remercions de votre participation.", ["thanks"]),
        ("Thank you so much for your great idea! We really appreciate your input.", ["thanks"]),
        ("Bonjour, super idée, n’hésitez pas à continuer !", ["thanks"]),
        ("Trop cher.", ["short"]),
        ("", ["short"]),
        ("Merci : la colle tient 5 000 ouvertures, la couture 800 seulement, et elle ne se répare pas.", []),
        ("The supplier stops making this zip in March, and two others do not hold 5,000 openings.", []),
    ],
)
def test_empty_talk_is_noticed(reason: str, doubts: list[str]) -> None:
    assert reason_doubts(reason) == doubts


def test_a_promise_kept_late_stays_late(here: Place, given: Contribution) -> None:
    with pytest.raises(WordsMissing):
        pledge_make(here.lea, given, PledgeWords("A first bag.", here.at), when=here.at)
    words = PledgeWords("A first bag.", here.at + timedelta(days=3))
    made = pledge_make(here.lea, given, words, when=here.at)
    assert pledge_make(here.lea, given, words, when=here.at).pk == made.pk
    kept = pledge_keep(here.remi, made.pk, "Ten people try it.", when=here.at + timedelta(days=5))
    assert (kept.kept, kept.name) == (here.at + timedelta(days=5), "Léa Martin")
    assert Event.objects.get(kind="pledge_kept").data["late"] is True
    assert pledge_keep(here.remi, made.pk, "Again.").kept_words == "Ten people try it."
    with pytest.raises(NotNow):
        pledge_waive(here.lea, made.pk, "No.")
    assert told("pledged") == {"Anna Weber", "Dani Silva"}


def test_a_promise_with_a_new_day_stands_beside_the_old_one(here: Place, given: Contribution) -> None:
    old = pledge_make(here.lea, given, PledgeWords("A bag.", here.at + timedelta(days=3)), when=here.at)
    words = PledgeWords("A bag.", here.at + timedelta(days=30))
    new = pledge_replace(here.remi, old.pk, words, when=here.at)
    assert pledge_replace(here.remi, old.pk, words, when=here.at).pk == new.pk, "a double click"
    old.refresh_from_db()
    assert (new.replaces_id, old.due) == (old.pk, here.at + timedelta(days=3))
    for deed in (
        lambda: pledge_keep(here.lea, old.pk, ""),
        lambda: pledge_replace(here.lea, old.pk, words, when=here.at),
    ):
        with pytest.raises(NotNow):
            deed()
    with pytest.raises(WordsMissing):
        pledge_waive(here.lea, new.pk, "")
    assert pledge_waive(here.lea, new.pk, "The supplier is gone.").waived is not None


def test_a_promise_of_a_challenge_is_told_to_all_who_took_part(here: Place, given: Contribution) -> None:
    pledge_make(here.lea, here.challenge, PledgeWords("Shops in May.", NOW + timedelta(days=9)))
    assert "Anna Weber" in told("challenge_pledged")


def test_authors_say_whether_it_takes_them_into_account(here: Place, given: Contribution) -> None:
    first = decision_write(here.remi, given.pk, TAKEN)
    for says in ("yes", "part", "part"):
        considered_decision(here.anna, first.pk, says)
    first.refresh_from_db()
    assert (first.said_yes, first.said_part, first.said_no) == (0, 1, 0)
    with pytest.raises(NotAllowed):
        considered_decision(here.dani, first.pk, "yes")
    with pytest.raises(WordsMissing):
        considered_decision(here.anna, first.pk, "maybe")
    decision_write(here.lea, given.pk, TAKEN)
    with pytest.raises(NotNow):
        considered_decision(here.anna, first.pk, "no")


def improved(contribution: Contribution, by: Member, number: int) -> Comment:
    comment = Comment.objects.create(
        contribution=contribution,
        by=by,
        intent="improvement",
        body="Brass.",
        at=NOW,
        source=f"c{number}-{contribution.pk}",
    )
    edit = Edit.objects.create(
        comment=comment, base=1, title="A buckle", state="adopted", settled=NOW, version=number
    )
    Version.objects.create(
        contribution=contribution,
        number=number,
        title="A buckle",
        by=contribution.author,
        contributor=by,
        edit=edit,
        at=NOW,
    )
    return comment


def test_what_it_came_from_is_followed_as_far_as_it_goes(here: Place, given: Contribution) -> None:
    root = idea(here, here.dani, "A knot")
    older = idea(here, here.ben, "A strap", built_on=root)
    Contribution.objects.filter(pk=given.pk).update(built_on=older)
    part = idea(here, here.chloe, "A clip", together=given)
    Contribution.objects.filter(pk=root.pk).update(built_on=given)  # a circle
    comment = improved(part, here.ben, 2)
    found = lineage([given.pk])
    assert set(found) == {
        Source("taken", given.pk),
        Source("together", part.pk, to=given.pk),
        Source("built_on", older.pk, to=given.pk),
        Source("built_on", root.pk, to=older.pk),
        Source("adopted", comment=comment.pk, to=part.pk),
    }
    assert lineage([]) == []
    assert sources_proposed(here.challenge.pk) == [], "nothing is taken up yet"
    decision_write(here.lea, given.pk, TAKEN)
    assert {one.source for one in sources_proposed(here.challenge.pk)} == set(found)
    (named, *_rest) = sources_proposed(here.challenge.pk, [part.pk])
    assert named.source == Source("together", part.pk), "named by itself, it is still a part of another"


def test_an_outcome_keeps_what_it_came_from_and_tells_all_who_gave_it(
    here: Place, given: Contribution
) -> None:
    comment = improved(given, here.ben, 2)
    Contribution.objects.filter(pk=given.pk).update(version=2)
    words = OutcomeWords(
        "The bag that can be mended", "In shops now.", NOW.date() - timedelta(days=1), once="x1"
    )
    sources = [Source("taken", given.pk), Source("adopted", comment=comment.pk), Source("taken", given.pk)]
    with pytest.raises(NotAllowed):
        outcome_make(here.remi, here.challenge.pk, words, sources)
    with pytest.raises(WordsMissing):
        outcome_make(
            here.lea, here.challenge.pk, words._replace(made=NOW.date() + timedelta(days=2)), sources
        )
    made = outcome_make(here.lea, here.challenge.pk, words, sources)
    assert outcome_make(here.lea, here.challenge.pk, words, sources).pk == made.pk
    assert OutcomeSource.objects.count() == 2
    source = OutcomeSource.objects.get(contribution=given)
    assert source.words == "part", "it was not taken up, whatever a lead says"
    assert source.version is not None
    assert source.version.number == 2
    assert told("made_of") == {"Anna Weber", "Ben Okafor", "Dani Silva"}
    assert Act.objects.get(object_type="Product").source_id == made.source


@pytest.mark.parametrize("answer", ["", "not_taken", "later", "taken"])
def test_an_outcome_says_taken_up_only_of_what_was_taken_up(
    here: Place, given: Contribution, answer: str
) -> None:
    """Also where the answer comes after the outcome, and in the line of My contributions."""
    words = OutcomeWords("The bag", "", NOW.date() - timedelta(days=1))
    made = outcome_make(here.lea, here.challenge.pk, words, [Source("taken", given.pk)])
    if answer:
        again = NOW.date() + timedelta(days=90) if answer == "later" else None
        decision_write(here.lea, given.pk, TAKEN._replace(outcome=answer, again=again), when=here.at)
    whole = outcome_whole(made.pk)
    assert whole is not None
    taken = answer == "taken"
    assert [one.source.relation for one in whole.sources] == ["taken" if taken else "part"]
    line = became_words(became_of([given.pk])[given.pk], NOW)
    assert ("lives on in “The bag”" in line) is not taken, line
    assert sources_proposed(here.challenge.pk, [given.pk])[0].source.relation == (
        "taken" if taken else "part"
    )


def test_an_outcome_is_made_of_what_its_own_space_holds(here: Place, given: Contribution) -> None:
    words = OutcomeWords("A bag", "", NOW.date() - timedelta(days=1))
    with pytest.raises(NotFound):
        outcome_make(here.lea, here.challenge.pk, words, [Source("taken", given.pk + 1000)])
    assert not Outcome.objects.exists()


def test_a_deed_that_fails_leaves_no_trace(
    here: Place, given: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls(*_: Any, **__: Any) -> None:
        raise RuntimeError

    pledged = pledge_make(here.lea, given, PledgeWords("A bag.", NOW + timedelta(days=3)))
    before = (Act.objects.count(), Event.objects.count())
    for module in (decisions, pledges, outcomes):
        monkeypatch.setattr(module, "event_tell", falls)
    for deed in (
        lambda: decision_write(here.lea, given.pk, TAKEN),
        lambda: pledge_make(here.lea, given, PledgeWords("A clip.", NOW + timedelta(days=3))),
        lambda: pledge_keep(here.lea, pledged.pk, ""),
        lambda: pledge_waive(here.lea, pledged.pk, "No."),
        lambda: pledge_replace(here.lea, pledged.pk, PledgeWords("A bag.", NOW + timedelta(days=9))),
        lambda: outcome_make(
            here.lea, here.challenge.pk, OutcomeWords("A", "", NOW.date() - timedelta(days=2)), []
        ),
    ):
        with pytest.raises(RuntimeError):
            deed()
    assert not Decision.objects.exists()
    assert not Outcome.objects.exists()
    held = Pledge.objects.get()
    assert (held.kept, held.waived) == (None, None)
    assert (Act.objects.count(), Event.objects.count()) == before
    assert Contribution.objects.get().decision == ""
