"""Protects bringing together: proposed, agreed, declined, decided, contested, undone."""

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
from cocreation.places import Place

from estime.cocreation import api
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
    Contribution,
    Version,
)
from estime.cocreation.together import REGRET
from estime.ledger.models import Act

pytestmark = pytest.mark.django_db
Make = Callable[..., Place]


@pytest.fixture
def here(place: Make) -> Place:
    return long_ago(place)


@pytest.fixture
def ideas(here: Place) -> list[Contribution]:
    return three_given(here)


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
