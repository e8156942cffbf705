"""Whoever leaves or is erased while things stand together: nobody waits for them, joint words stay, theirs alone go."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.merging import again, merged, proposed
from cocreation.places import Place
from cocreation.writing import given, offered

from estime.cocreation import api
from estime.cocreation.models import (
    Contribution,
    Edit,
    Member,
    Merge,
    Notice,
    Option,
    Poll,
    TitleEntry,
    Version,
)
from estime.kernel import clock
from estime.people.api import shut_out

Make = Callable[..., Place]


@pytest.fixture
def here(on_both: Path, place: Make) -> Place:
    return place("propose")


@pytest.fixture
def ideas(here: Place) -> list[Contribution]:
    return [
        given(here, by, f"Lid {number}", f"Words of {by.name}.")
        for number, by in enumerate((here.anna, here.ben, here.chloe))
    ]


def erase(*members: Member) -> None:
    accounts = Member.objects.filter(pk__in=[each.pk for each in members]).values_list("account", flat=True)
    assert api.forget_accounts([account for account in accounts if account is not None]) == len(members)


def versions(one: Contribution) -> list[str]:
    return list(Version.objects.filter(contribution=one).order_by("number").values_list("body", flat=True))


def found(here: Place, title: str) -> set[int]:
    return {each.contribution for each in api.similar(here.space.pk, title)}


def waiting_for_chloe(here: Place, ideas: list[Contribution]) -> Merge:
    """Anna and Ben agreed; Ben's is Chloé's, too, who said nothing."""
    head, part, _other = ideas
    api.coauthor_invite(here.ben, part.pk, here.chloe, when=here.at)
    api.coauthor_accept(here.chloe, part.pk, when=here.at)
    merge = proposed(here, here.dani, head, part)
    for author in (here.anna, here.ben):
        assert api.merge_agree(author, merge.pk, when=here.at).state == "proposed"
    return merge


def leaves(here: Place, part: Contribution) -> None:
    api.coauthor_leave(here.chloe, part.pk, when=here.at)


def is_shut_out(here: Place, _part: Contribution) -> None:
    assert here.chloe.user is not None
    shut_out(here.chloe.user.pk)


def is_erased(here: Place, _part: Contribution) -> None:
    erase(here.chloe)


@pytest.mark.parametrize("goes", [leaves, is_shut_out, is_erased])
def test_what_all_others_agreed_to_is_in_force_at_once(
    here: Place, ideas: list[Contribution], goes: Callable[[Place, Contribution], None]
) -> None:
    merge = waiting_for_chloe(here, ideas)
    head, part, other = ideas
    waits = proposed(here, here.dani, other, part)  # of its other side Chloé was the only one
    goes(here, part)
    merge.refresh_from_db()
    waits.refresh_from_db()
    assert (merge.state, merge.settled_by) == ("agreed", here.ben), "by whoever agreed last"
    assert (again(part).together_id, again(head).body) == (
        head.pk, "Words of Anna Weber.\n\nWords of Ben Okafor.",
    )  # fmt: skip
    assert waits.state == ("declined" if goes is is_erased else "proposed")
    told = Notice.objects.filter(event__kind="merged", event__contribution=head)
    assert {here.anna.pk, here.ben.pk, here.dani.pk} <= set(told.values_list("member", flat=True))


def test_what_cannot_be_carried_out_now_keeps_nobody_from_leaving(
    here: Place, ideas: list[Contribution]
) -> None:
    merge = waiting_for_chloe(here, ideas)
    head, part, _other = ideas
    api.version_write(here.anna, head.pk, api.NewWords("Lid 0", "Quite others."), 1, when=here.at)
    Merge.objects.filter(pk=merge.pk).update(body="Words of Anna, otherwise.")
    leaves(here, part)
    merge.refresh_from_db()
    assert (merge.state, again(part).together_id) == ("proposed", None)
    assert not part.authors.filter(member=here.chloe, left=None).exists()


def test_the_whole_outlives_the_only_author_of_its_head(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    offered(here, here.dani, head, "Words of Anna Weber, better.")
    poll = Poll.objects.create(challenge=here.challenge, title="Which?", method="approval", seed=1, binding=False,
                               opens=here.at, closes=here.at + timedelta(days=1))  # fmt: skip
    Option.objects.create(poll=poll, number=1, title=head.title, contribution=head, at=here.at)
    merge = merged(here, head, part, title="One lid for all")
    former = proposed(here, here.ben, head, other, body="A third text.")
    api.merge_refuse(here.chloe, former.pk, when=here.at)
    own = proposed(here, here.anna, other, head)  # of hers alone are the words that she proposed
    erase(here.anna)
    whole, joint = again(head), "Words of Anna Weber.\n\nWords of Ben Okafor."
    assert (whole.erased, whole.title, whole.body) == (False, "One lid for all", joint)
    assert versions(head) == ["", joint]
    assert found(here, "One lid for all") == {head.pk}
    assert [edit.body for edit in Edit.objects.all()] == [""]
    assert Option.objects.get().title == "", "under this title it was hers"
    merge.refresh_from_db()
    former.refresh_from_db()
    own.refresh_from_db()
    assert (merge.state, merge.title, merge.body) == ("agreed", "One lid for all", joint)
    assert (former.title, former.body) == ("", "")
    assert (own.state, own.settled_by, own.body) == ("declined", here.anna, "")
    shown = api.contribution_whole(head.pk, None)
    assert [each.name for each in shown.everybody] == ["", "Ben Okafor"]
    api.version_write(here.ben, head.pk, api.NewWords("One lid", joint + " More."), 2, when=here.at)
    erase(here.anna)  # twice changes nothing
    assert versions(head) == ["", joint, joint + " More."]

    undoing = api.undo_told(merge.pk, here.ben)
    assert (undoing.words, undoing.what) == (None, None)
    api.merge_undo(here.ben, merge.pk, "Better apart.", when=here.at)
    whole = again(head)
    assert (whole.erased, whole.title, whole.body, whole.version) == (True, "", "", 3)
    assert versions(head) == ["", "", ""]
    assert head.pk not in found(here, "One lid")
    merge.refresh_from_db()
    assert (merge.title, merge.body) == ("", "")
    assert (again(part).together_id, again(part).body) == (None, "Words of Ben Okafor.")
    assert api.contribution_whole(head.pk, None).words_shown is False


def test_with_the_last_author_of_a_whole_all_its_words_go(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    merged(here, head, part)
    erase(here.anna)
    assert not again(head).erased
    erase(here.ben)
    assert {(one.erased, one.title, one.body) for one in map(again, (head, part))} == {(True, "", "")}
    assert {*versions(head), *versions(part)} == {""}
    assert versions(other) == ["Words of Chloé Petit."]
    assert again(part).together_id == head.pk, "the structure stays"
    assert set(TitleEntry._default_manager.values_list("contribution", flat=True)) == {other.pk}


def test_co_authors_erased_one_after_the_other_leave_no_words(here: Place, ideas: list[Contribution]) -> None:
    head, _part, other = ideas
    for one, by in ((head, here.anna), (other, here.chloe)):
        api.coauthor_invite(by, one.pk, here.ben, when=here.at)
        api.coauthor_accept(here.ben, one.pk, when=here.at)
    erase(here.anna)
    assert again(head).body == "Words of Anna Weber."
    with pytest.raises(api.NotNow):  # the last who is there does not slip away
        api.coauthor_leave(here.ben, head.pk, when=here.at)
    erase(here.ben)
    assert (again(head).erased, again(head).body, versions(head)) == (True, "", [""])
    assert (again(other).erased, again(other).body) == (False, "Words of Chloé Petit.")


def test_of_two_merges_the_first_undone_leaves_words_to_decide_on(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    first, second = merged(here, head, part), merged(here, head, other)
    erase(here.anna)
    assert versions(head)[0] == ""
    with pytest.raises(api.ChangedMeanwhile):  # her words cannot be gone through again
        api.merge_undo(here.ben, first.pk, "r", when=here.at)
    settled = api.Settled("Lid", "What Chloé says of it.", 3)
    api.merge_undo(here.ben, first.pk, "r", settled=settled, when=here.at)
    assert (again(head).erased, again(head).body) == (False, settled.body)
    assert versions(head)[:2] == ["", ""], "of before what is still together"
    api.merge_undo(here.chloe, second.pk, "r", when=clock.now())
    assert (again(head).erased, again(head).body) == (True, "")
