"""Protects what was brought together: each person counts once, words stay whole, and chains come apart in any order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cocreation.merging import (
    again,
    everything,
    long_ago,
    merged,
    proposed,
    three_given,
    told,
    traces,
    whole_of,
)
from cocreation.places import DEAL, Place
from cocreation.writing import given, offered, said

from estime.cocreation import api
from estime.cocreation.actions.edits import Settled
from estime.cocreation.errors import (
    ChangedMeanwhile,
    DealNotAccepted,
    NotAllowed,
    NotFound,
    NotNow,
)
from estime.cocreation.models import (
    Contribution,
    Decision,
    Disowning,
    Follow,
    Member,
    Notice,
    Option,
    Poll,
    TitleEntry,
    Version,
)

pytestmark = pytest.mark.django_db
Make = Callable[..., Place]


@pytest.fixture
def here(place: Make) -> Place:
    return long_ago(place)


@pytest.fixture
def ideas(here: Place) -> list[Contribution]:
    return three_given(here)


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
