"""Bringing together: who proposes, agrees, decides and undoes it, and that nothing of any side is lost or moved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cocreation.merging import again, everything, merged, proposed, whole_of
from cocreation.places import DEAL, Place
from cocreation.writing import given, offered, said

from estime.cocreation import api
from estime.cocreation.actions.edits import Settled
from estime.cocreation.actions.merges import WholeWords
from estime.cocreation.errors import (
    ChangedMeanwhile,
    DealNotAccepted,
    NotAllowed,
    NotFound,
    NotNow,
    WordsMissing,
)
from estime.cocreation.models import (
    Consent,
    Contribution,
    Decision,
    Disowning,
    Event,
    Follow,
    Member,
    Merge,
    Notice,
    Option,
    Poll,
    TitleEntry,
    Version,
)
from estime.cocreation.together import REGRET
from estime.kernel import clock
from estime.ledger.models import Act

pytestmark = pytest.mark.django_db
Make = Callable[..., Place]


@pytest.fixture
def here(place: Make) -> Place:
    return place("build", at=clock.now().replace(microsecond=0) - timedelta(days=40))


@pytest.fixture
def ideas(here: Place) -> list[Contribution]:
    """One of Anna's, one of Ben's, one of Chloé's; given while members proposed."""
    past = Place(**{**vars(here), "at": here.challenge.phases.get(kind="propose").starts})
    return [
        given(past, by, f"Lid {number}", f"Words of {by.name}.")
        for number, by in enumerate((here.anna, here.ben, here.chloe))
    ]


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(event__kind=kind).values_list("member__name", flat=True))


def traces() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Act, Event, Notice, Merge, Consent, Version))


def test_anyone_proposes_and_the_authors_agree(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    merge = proposed(here, here.dani, head, part, title="One lid")
    assert (merge.state, again(part).together_id) == ("proposed", None)
    assert told("merge_proposed") == {"Anna Weber", "Ben Okafor"}
    assert api.merge_agree(here.anna, merge.pk, when=here.at).state == "proposed"
    assert api.merge_agree(here.anna, merge.pk, when=here.at).consents.count() == 1
    assert api.merge_agree(here.ben, merge.pk, when=here.at).state == "agreed"
    head, part = again(head), again(part)
    assert (part.together_id, head.together_id) == (head.pk, None)
    assert (head.title, head.body) == ("One lid", "Words of Anna Weber.\n\nWords of Ben Okafor.")
    assert (part.title, part.body) == ("Lid 1", "Words of Ben Okafor.")
    version = Version.objects.get(contribution=head, number=2)
    assert (version.merge_id, version.by, version.contributor) == (merge.pk, here.dani, here.dani)
    assert told("merged") == {"Anna Weber", "Dani Silva"}  # and Ben did it
    types = Act.objects.order_by("seq").values_list("type", "object_id")
    assert [row for row in types if "merge/" in str(row[1]) or row[0] == "Add"] == [
        ("Offer", f"merge/{merge.pk}"), ("Accept", f"merge/{merge.pk}"), ("Accept", f"merge/{merge.pk}"),
        ("Add", part.source),
    ]  # fmt: skip


def test_an_author_of_all_sides_needs_nobody_and_a_proposal_sent_twice_is_one(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    first, second = proposed(here, here.dani, head, part), proposed(here, here.dani, head, part)
    assert first.pk == second.pk
    with pytest.raises(NotNow) as refused:
        proposed(here, here.anna, part, head)  # the same, the other way round
    assert refused.value.data["merge"] == first.pk
    api.coauthor_invite(here.chloe, other.pk, here.anna, when=here.at)
    api.coauthor_accept(here.anna, other.pk, when=here.at)
    api.coauthor_leave(here.chloe, other.pk, when=here.at)
    assert proposed(here, here.anna, head, other).state == "agreed"


def test_all_authors_of_every_side_are_asked_and_nobody_waits_for_who_left(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    api.coauthor_invite(here.ben, part.pk, here.chloe, when=here.at)
    api.coauthor_accept(here.chloe, part.pk, when=here.at)
    merge = proposed(here, here.dani, head, part)
    assert told("merge_proposed") == {"Anna Weber", "Ben Okafor", "Chloé Petit"}
    api.merge_agree(here.anna, merge.pk, when=here.at)
    assert api.merge_agree(here.ben, merge.pk, when=here.at).state == "proposed"  # Chloé is an author, too
    shown = api.merge_told(merge.pk, here.ben, here.at)
    assert [[each.name for each in side.missing] for side in shown.sides] == [[], ["Chloé Petit"]]
    assert "agree" not in shown.can
    api.coauthor_leave(here.chloe, part.pk, when=here.at)
    merge.refresh_from_db()
    assert (merge.state, merge.settled_by) == ("agreed", here.ben), "in force at once, by whoever agreed last"
    assert again(part).together_id == head.pk
    assert told("merged") == {"Anna Weber", "Ben Okafor", "Chloé Petit", "Dani Silva"} - {"Chloé Petit"}


def test_whoever_cannot_sign_in_is_not_waited_for_and_a_side_without_anybody_is_a_leads(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    api.coauthor_invite(here.ben, part.pk, here.chloe, when=here.at)
    api.coauthor_accept(here.chloe, part.pk, when=here.at)
    merge = proposed(here, here.anna, head, part)
    for gone in (here.chloe, here.ben):
        assert gone.user is not None
        gone.user.is_active = False
        gone.user.save()
    assert api.merge_agree(here.anna, merge.pk, when=here.at).state == "proposed"
    assert api.merge_told(merge.pk, here.anna, here.at).silent
    assert here.ben.user is not None
    here.ben.user.is_active = True
    here.ben.user.save()
    assert api.merge_agree(here.ben, merge.pk, when=here.at).state == "agreed"


def test_whoever_writes_the_words_of_a_whole_agrees_to_the_deal_first(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    words, before = whole_of(head, part)._replace(deal=0), traces()
    with pytest.raises(DealNotAccepted):
        api.merge_propose(here.dani, head.pk, [part.pk], words, when=here.at)
    assert traces() == before
    api.merge_propose(here.dani, head.pk, [part.pk], words._replace(deal=1), when=here.at)
    assert api.deal_accepted(here.dani, here.challenge)


def test_one_no_ends_it_and_whoever_proposed_takes_it_back(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    merge = proposed(here, here.dani, head, part)
    api.merge_agree(here.anna, merge.pk, when=here.at)
    before = traces()
    with pytest.raises(NotAllowed):
        api.merge_refuse(here.chloe, merge.pk, "No", when=here.at)
    with pytest.raises(NotAllowed):
        api.merge_withdraw(here.chloe, merge.pk, when=here.at)
    assert traces() == before
    merge = api.merge_refuse(here.ben, merge.pk, "Mine is of cork.", when=here.at)
    assert (merge.state, merge.settled_reason) == ("declined", "Mine is of cork.")
    assert api.merge_refuse(here.ben, merge.pk, when=here.at).state == "declined"
    with pytest.raises(NotNow):
        api.merge_agree(here.ben, merge.pk, when=here.at)
    assert told("merge_declined") == {"Anna Weber", "Dani Silva"}
    back = api.merge_withdraw(here.dani, proposed(here, here.dani, head, other).pk, when=here.at)
    assert back.state == "declined"
    assert again(other).together_id is None


def test_what_cannot_go_together_is_refused_and_leaves_no_trace(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    merged(here, head, part)
    before = traces()
    with pytest.raises(NotNow) as refused:
        proposed(here, here.dani, other, part)
    assert refused.value.data["contribution"] == head.pk
    with pytest.raises(NotFound):
        proposed(here, here.dani, head, head)
    with pytest.raises(NotFound):
        api.merge_propose(here.dani, head.pk, [999_999], whole_of(head), when=here.at)
    with pytest.raises(ChangedMeanwhile):
        api.merge_propose(
            here.dani,
            head.pk,
            [other.pk],
            WholeWords("r", "t", "b", {head.pk: 1, other.pk: 1}, 1),
            when=here.at,
        )
    with pytest.raises(WordsMissing):
        whole = whole_of(head, other)
        api.merge_propose(here.dani, head.pk, [other.pk], whole._replace(reason=" "), when=here.at)
    Contribution.objects.filter(pk=other.pk).update(hidden=True)
    with pytest.raises(NotNow):
        proposed(here, here.dani, head, other)
    Contribution.objects.filter(pk=other.pk).update(hidden=False, challenge=None)
    with pytest.raises(NotAllowed):
        proposed(here, here.dani, head, other)
    assert traces() == before


def test_a_lead_decides_with_a_reason_that_authors_contest_and_a_lead_answers(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    merge = proposed(here, here.dani, head, part)
    for by in (here.anna, here.remi, here.mo):
        with pytest.raises(NotAllowed):
            api.merge_decide(by, merge.pk, "So that it is done.", when=here.at)
    with pytest.raises(WordsMissing):
        api.merge_decide(here.lea, merge.pk, " ", when=here.at)
    merge = api.merge_decide(here.lea, merge.pk, "Ben does not answer.", when=here.at)
    assert (merge.state, again(part).together_id) == ("decided", head.pk)
    for by in (here.ben, here.dani):
        with pytest.raises(NotAllowed):
            api.merge_undo(by, merge.pk, "I was away.", when=here.at)
    with pytest.raises(NotAllowed):
        api.merge_contest(here.chloe, merge.pk, "No.", when=here.at)
    contest = api.merge_contest(here.ben, merge.pk, "I was away: mine is of cork.", when=here.at)
    assert api.merge_contest(here.ben, merge.pk, "Again.", when=here.at) == contest
    assert "Léa Martin" in told("merge_contested")
    with pytest.raises(NotAllowed):
        api.contest_answer(here.ben, contest.pk, "Right.", when=here.at)
    answered = api.contest_answer(here.lea, contest.pk, "Cork is named in it.", when=here.at)
    assert (answered.name, answered.answer) == ("Léa Martin", "Cork is named in it.")
    assert told("merge_upheld") == {"Ben Okafor"}
    other = api.merge_contest(here.anna, merge.pk, "Too long now.", when=here.at)
    api.merge_undo(here.lea, merge.pk, "Two who write it say so.", when=here.at)
    other.refresh_from_db()
    answered.refresh_from_db()
    assert (other.answer, answered.answer) == ("Two who write it say so.", "Cork is named in it.")


def test_authors_undo_for_thirty_days_and_contest_afterwards(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    before = everything()
    merge = merged(here, head, part)
    late = here.at + REGRET
    with pytest.raises(NotNow):
        api.merge_contest(here.ben, merge.pk, "No.", when=late - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        api.merge_undo(here.ben, merge.pk, "I changed my mind.", when=late)
    assert again(part).together_id == head.pk
    merge = api.merge_undo(here.ben, merge.pk, "I changed my mind.", when=late - timedelta(seconds=1))
    assert api.merge_undo(here.ben, merge.pk, "Again.", when=late).undone_reason == "I changed my mind."
    assert everything() == before
    assert told("unmerged") == {"Anna Weber"}
    assert Version.objects.filter(contribution=head).values_list("number", "body").last() == (
        3,
        "Words of Anna Weber.",
    )


def test_each_person_counts_once_and_what_was_given_stays_where_it_was_given(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    for member, idea in ((here.dani, head), (here.dani, part), (here.chloe, part), (here.ben, other)):
        api.support(member, idea.pk, when=here.at)
    first = said(here, here.dani, part, "Below the part.")
    Follow.objects.create(member=here.mo, contribution=part, at=here.at)
    merge = merged(here, head, part)
    assert (again(head).supports, again(part).supports) == (2, 2)
    assert (again(head).comments, again(part).comments) == (1, 1)
    assert {"Dani Silva", "Chloé Petit", "Mo Haddad"} <= told("merged")
    assert Notice.objects.filter(member=here.dani, event__kind="merged").count() == 1
    api.support(here.mo, head.pk, when=here.at)
    said(here, here.ben, again(head), "Below the whole.")
    said(here, here.anna, again(part), "An answer.", parent=first.pk)
    api.comment_withdraw(here.dani, first.pk, when=here.at)
    assert (again(head).supports, again(head).comments, again(part).comments) == (3, 2, 1)
    api.unsupport(here.dani, head.pk, when=here.at)  # taken back from both sides
    api.merge_undo(here.anna, merge.pk, "Better apart.", when=here.at)
    assert (again(head).supports, again(part).supports) == (1, 1)
    assert (again(head).comments, again(part).comments) == (1, 1)


def test_chains_come_apart_in_any_order(here: Place, ideas: list[Contribution]) -> None:
    a, b, c = ideas
    api.support(here.dani, a.pk, when=here.at)
    api.support(here.dani, b.pk, when=here.at)
    said(here, here.dani, a)
    before = everything()
    for inner_first in (True, False):
        inner = merged(here, b, a)
        outer = merged(here, c, b)
        assert (again(a).together_id, again(b).together_id) == (c.pk, c.pk)
        assert (again(c).supports, again(c).comments) == (1, 1)
        assert again(c).body == "Words of Chloé Petit.\n\nWords of Ben Okafor.\n\nWords of Anna Weber."
        api.merge_undo(here.ben, (inner if inner_first else outer).pk, "r", when=here.at)
        places = (again(a).together_id, again(b).together_id)
        assert places == ((None, c.pk) if inner_first else (b.pk, None))
        if inner_first:
            assert (again(a).comments, again(b).comments, again(c).comments) == (1, 0, 0)
            assert (again(a).supports, again(c).supports) == (1, 1)
            assert again(b).body == "Words of Ben Okafor."
        else:
            assert (again(b).supports, again(c).supports, again(b).comments) == (1, 0, 1)
        api.merge_undo(here.ben, (outer if inner_first else inner).pk, "r", when=here.at)
        assert everything() == before


def test_two_go_into_one_and_the_first_is_undone_first(here: Place, ideas: list[Contribution]) -> None:
    head, b, c = ideas
    before = everything()
    first, second = merged(here, head, b), merged(here, head, c)
    api.merge_undo(here.ben, first.pk, "r", when=here.at)
    assert again(head).body == "Words of Anna Weber.\n\nWords of Chloé Petit."
    assert (again(b).together_id, again(c).together_id) == (None, head.pk)
    api.merge_undo(here.chloe, second.pk, "r", when=here.at)
    assert everything() == before


def test_what_was_written_on_the_whole_stays_when_it_is_undone(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    merge = merged(here, head, part)
    words = api.NewWords("Lid 0", "Words of Anna Weber, and of steel.\n\nWords of Ben Okafor.")
    api.version_write(here.ben, head.pk, words, 2, when=here.at)  # an author of the part writes on the whole
    api.merge_undo(here.anna, merge.pk, "r", when=here.at)
    assert again(head).body == "Words of Anna Weber, and of steel."


def test_where_changes_meet_somebody_decides_on_the_words(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    merge = merged(here, head, part)
    words = api.NewWords("Lid 0", "Words of Anna Weber.\n\nWords of Ben Okafor, who knows cork.")
    api.version_write(here.anna, head.pk, words, 2, when=here.at)
    before = traces()
    with pytest.raises(ChangedMeanwhile) as refused:
        api.merge_undo(here.anna, merge.pk, "r", when=here.at)
    assert refused.value.data["conflicts"] == 1
    with pytest.raises(ChangedMeanwhile):
        api.merge_undo(here.anna, merge.pk, "r", settled=Settled("Lid 0", "Mine.", 2), when=here.at)
    assert traces() == before
    merge = api.merge_undo(
        here.anna, merge.pk, "r", settled=Settled("Lid 0", "Mine, and cork.", 3), when=here.at
    )
    assert merge.by_hand
    assert again(head).body == "Mine, and cork."
    assert again(part).body == "Words of Ben Okafor."


def test_words_decided_by_hand_are_kept_by_later_undoings(here: Place, ideas: list[Contribution]) -> None:
    head, b, c = ideas
    first, second = merged(here, head, b), merged(here, head, c)
    words = api.NewWords("Lid 0", again(head).body.replace("Okafor", "O."))
    api.version_write(here.anna, head.pk, words, 3, when=here.at)
    settled = Settled("Lid 0", "Words of Anna Weber, at length.\n\nWords of Chloé Petit.", 4)
    api.merge_undo(here.anna, first.pk, "r", settled=settled, when=here.at)
    with pytest.raises(ChangedMeanwhile):  # the words about Ben's are in the way of going through them again
        api.merge_undo(here.anna, second.pk, "r", when=here.at)
    assert again(head).body == settled.body


def test_words_decided_by_hand_hold_where_nothing_is_in_their_way(
    here: Place, ideas: list[Contribution]
) -> None:
    head, b, c = ideas
    first, second = merged(here, head, b), merged(here, head, c)
    settled = Settled("Lid 0", "At length.\n\nWords of Anna Weber.\n\nWords of Chloé Petit.", 3)
    api.merge_undo(here.anna, first.pk, "r", settled=settled, when=here.at)
    api.merge_undo(here.anna, second.pk, "r", when=here.at)
    assert again(head).body == "At length.\n\nWords of Anna Weber."


def test_a_newer_deal_is_agreed_to_with_the_next_words(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    merge = merged(here, head, part)
    edit = offered(here, here.dani, other, "Words of Chloé Petit, better.")
    api.version_write(here.chloe, other.pk, api.NewWords("Lid 2", "Words of Chloé."), 1, when=here.at)
    api.deal_write(here.lea, here.challenge, DEAL._replace(licence="CC BY-SA"), reason="r", when=here.at)
    words, base = api.NewWords("Lid 0", "Newer words."), again(head).version
    settled, before = Settled("Lid 0", "Mine.", base), traces()
    deeds: dict[str, Callable[[int], object]] = {
        "a version": lambda deal: api.version_write(here.chloe, other.pk, words, 2, deal=deal, when=here.at),
        "words at an undoing": lambda deal: api.merge_undo(
            here.ben, merge.pk, "r", settled=settled._replace(deal=deal), when=here.at
        ),
        "words of an improvement": lambda deal: api.edit_adopt(
            here.chloe, edit.pk, settled=Settled("Lid 2", "Both.", 3, deal), when=here.at
        ),
    }
    with pytest.raises(DealNotAccepted):
        api.edit_adopt(here.chloe, edit.pk, settled=Settled("Lid 2", "Both.", 2), when=here.at)
    for name, deed in deeds.items():
        for deal in (0, 1) if name != "words of an improvement" else ():
            with pytest.raises(DealNotAccepted):
                deed(deal)
            assert name != "a version" or traces() == before
        deed(2)
    assert api.deal_accepted(here.ben, here.challenge)
    assert api.deal_accepted(here.chloe, here.challenge)


def test_newer_words_of_a_side_are_in_the_whole_or_it_is_proposed_anew(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    merge = proposed(here, here.dani, head, part)
    api.version_write(here.anna, head.pk, api.NewWords("Lid 0", "More words of Anna Weber."), 1, when=here.at)
    api.version_write(here.ben, part.pk, api.NewWords("Lid 1", "Words of Ben Okafor, too."), 1, when=here.at)
    api.merge_agree(here.anna, merge.pk, when=here.at)
    api.merge_agree(here.ben, merge.pk, when=here.at)
    assert again(head).body == "More words of Anna Weber.\n\nWords of Ben Okafor, too."
    merge = proposed(here, here.dani, head, other, body="Quite other words.")
    for author in (here.anna, here.ben):  # the whole is Ben's, too
        api.merge_agree(author, merge.pk, when=here.at)
    api.version_write(here.chloe, other.pk, api.NewWords("Lid 2", "Words of Chloé P."), 1, when=here.at)
    with pytest.raises(ChangedMeanwhile):
        api.merge_agree(here.chloe, merge.pk, when=here.at)
    with pytest.raises(NotAllowed):
        api.merge_reword(here.anna, merge.pk, whole_of(head, other), when=here.at)
    merge = api.merge_reword(here.dani, merge.pk, whole_of(head, other, body="All of it."), when=here.at)
    assert (merge.state, merge.consents.count()) == ("proposed", 0)
    for author in (here.anna, here.ben):
        api.merge_agree(author, merge.pk, when=here.at)
    assert api.merge_agree(here.chloe, merge.pk, when=here.at).state == "agreed"
    assert again(head).body == "All of it."


def test_a_part_rests_and_its_authors_write_on_the_whole(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    edit = offered(here, here.dani, part, "Words of Ben Okafor, better.")
    merge = merged(here, head, part)
    with pytest.raises(NotNow) as refused:
        api.version_write(here.ben, part.pk, api.NewWords("Lid 1", "Other."), 1, when=here.at)
    assert refused.value.data["contribution"] == head.pk
    with pytest.raises(NotNow):
        api.edit_adopt(here.ben, edit.pk, when=here.at)
    with pytest.raises(NotAllowed):  # who writes Anna's after an undoing is hers to say
        api.coauthor_invite(here.ben, head.pk, here.chloe, when=here.at)
    api.coauthor_invite(here.ben, part.pk, here.chloe, when=here.at)
    api.version_disown(here.ben, head.pk, 2, "Not as I meant it.", when=here.at)
    assert Disowning.objects.get().member == here.ben
    api.merge_undo(here.ben, merge.pk, "r", when=here.at)
    assert api.edit_adopt(here.ben, edit.pk, when=here.at).body == "Words of Ben Okafor, better."


def test_an_answer_that_says_brought_together_is_owed_again_after_it_is_undone(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    merge = merged(here, head, part)
    api.decision_write(
        here.lea, part.pk, api.DecisionWords("together", "The same.", "All of it."), when=here.at
    )
    api.decision_write(
        here.lea, head.pk, api.DecisionWords("taken", "We make it.", "All of it."), when=here.at
    )
    assert api.became_of([part.pk])[part.pk].decision.outcome == "together"  # type: ignore[union-attr]
    api.merge_undo(here.ben, merge.pk, "r", when=here.at)
    assert (again(part).decision, again(head).decision) == ("", "taken")
    assert api.became_of([part.pk])[part.pk].decision is None
    assert Decision.objects.count() == 2


def test_what_is_voted_on_keeps_its_words_until_that_is_closed(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    before = merged(here, head, other)
    poll = Poll.objects.create(challenge=here.challenge, title="Which?", method="approval", seed=1, binding=False,
                               opens=here.at, closes=here.at + timedelta(days=1))  # fmt: skip
    for number, one in enumerate((head, part)):
        Option.objects.create(poll=poll, number=number, title=one.title, contribution=one, at=here.at)
    Poll.objects.filter(pk=poll.pk).update(opened=here.at)
    with pytest.raises(NotNow):
        proposed(here, here.dani, head, part)
    with pytest.raises(NotNow):
        api.merge_undo(here.anna, before.pk, "r", when=here.at)
    merge = merged(here, head, part, body=again(head).body)
    assert Version.objects.filter(contribution=head).count() == 2
    assert api.merge_undo(here.ben, merge.pk, "r", when=here.at).state == "undone"
    assert Option.objects.filter(poll=poll).count() == 2


def test_a_part_is_found_and_leads_to_its_head(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    past = Place(**{**vars(here), "at": here.challenge.phases.get(kind="propose").starts})
    cork = given(past, here.ben, "Stoppers made of cork", "Cork.")
    merge = merged(here, head, cork, part, title="One lid for all")
    assert [each.contribution for each in api.similar(here.space.pk, "a stopper of cork")] == [head.pk]
    listed = api.contributions_listed(here.challenge, api.Wanted(words="cork"))
    assert [row.contribution.pk for row in listed.rows] == [head.pk]
    assert api.similar(here.space.pk, "a stopper of cork", leave_out=[head.pk]) == []
    plain = api.contributions_listed(here.challenge, api.Wanted())
    assert {row.contribution.pk for row in plain.rows} == {head.pk, other.pk}
    api.merge_undo(here.ben, merge.pk, "r", when=here.at)
    assert [each.contribution for each in api.similar(here.space.pk, "a stopper of cork")] == [cork.pk]
    assert TitleEntry._default_manager.count() == 4


def test_nobody_without_a_part_in_it_does_anything(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    stranger = Member.objects.create(channel="estime", handle="x", joined=here.at)
    with pytest.raises(NotAllowed):
        proposed(here, stranger, head, part)
    merge = proposed(here, here.dani, head, part)
    for deed in (api.merge_agree, api.merge_refuse, api.merge_withdraw):
        with pytest.raises(NotAllowed):
            deed(stranger, merge.pk, when=here.at)
    with pytest.raises(NotFound):
        api.merge_agree(here.anna, merge.pk + 1, when=here.at)
