"""Drafts, publishing, versions, authors: what each deed leaves behind, and that a failed one leaves nothing."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from cocreation.places import Place
from cocreation.writing import given, offered, said

from estime.cocreation import api
from estime.cocreation.errors import ChangedMeanwhile, DealNotAccepted, NotAllowed, NotFound, NotNow
from estime.cocreation.models import (
    Acceptance,
    Author,
    Challenge,
    Contribution,
    Disowning,
    Draft,
    Event,
    Member,
    Notice,
    Version,
    Wording,
)
from estime.ledger.models import Act

pytestmark = pytest.mark.django_db
Make = Callable[..., Place]


def traces() -> tuple[int, ...]:
    """How much there is of everything that a deed may leave."""
    return tuple(
        model.objects.count()
        for model in (
            Act,
            Event,
            Notice,
            Contribution,
            Version,
            Author,
            Acceptance,
            Draft,
            Disowning,
            Wording,
        )
    )


def counts(place: Place) -> tuple[int, int]:
    now = Challenge.objects.get(pk=place.challenge.pk)
    return now.contributions_count, now.people_count


def told(kind: str) -> set[str]:
    """Which members are told of events of a kind; whoever leads the challenge is told of much, and left out here."""
    notices = Notice.objects.filter(event__kind=kind, member__user__role="member")
    return set(notices.values_list("member__name", flat=True))


def test_an_older_window_never_overwrites_a_newer_one(place: Make) -> None:
    p = place()
    draft = api.draft_begin(p.anna, api.Place(p.challenge), when=p.at)
    assert api.draft_save(p.anna, draft.pk, api.DraftWords("One", ""), 0).saved == 1
    assert api.draft_save(p.anna, draft.pk, api.DraftWords("Two", ""), 1).saved == 2
    with pytest.raises(ChangedMeanwhile) as refused:
        api.draft_save(p.anna, draft.pk, api.DraftWords("Old", ""), 1)
    assert refused.value.data["saved"] == 2
    assert (
        api.draft_save(p.anna, draft.pk, api.DraftWords("Two", ""), 0).saved == 2
    )  # the same words: harmless
    assert Draft.objects.get().title == "Two"


def test_drafts_leave_no_trace_but_themselves_and_are_nobody_elses(place: Make) -> None:
    p = place()
    before = Act.objects.count(), Event.objects.count()
    number = uuid4()
    api.draft_begin(p.anna, api.Place(p.challenge), id=number)
    assert api.draft_begin(p.anna, api.Place(p.challenge), id=number).pk == number
    assert (Act.objects.count(), Event.objects.count()) == before
    for deed in (
        lambda: api.draft_begin(p.ben, api.Place(p.challenge), id=number),
        lambda: api.draft_save(p.ben, number, api.DraftWords("x", ""), 0),
        lambda: api.contribution_publish(p.ben, number, deal=1, when=p.at),
        lambda: api.draft_of(p.ben, number),
    ):
        with pytest.raises(NotFound):
            deed()
    api.draft_discard(p.ben, number)
    assert Draft.objects.get().member == p.anna
    api.draft_discard(p.anna, number)
    api.draft_discard(p.anna, number)
    assert not Draft.objects.exists()


def test_publishing_writes_everything_once(place: Make) -> None:
    p = place()
    api.follow(p.dani, p.challenge, when=p.at)
    one = given(p, p.anna)
    assert api.contribution_publish(p.anna, Draft(id=one.source.partition("/")[2]).pk, deal=1).pk == one.pk
    act = Act.objects.get(source_id=one.source)
    assert (act.type, act.object_type, act.object_id) == ("Create", "Idea", one.source)
    assert act.content == "A lid with a click\n\nIt clicks when it is shut."
    assert Version.objects.get().number == 1
    assert Author.objects.get().accepted == p.at
    assert told("published") == {"Dani Silva"}
    assert not Draft.objects.exists()
    assert [found.contribution for found in api.similar(p.space.pk, "lids that click")] == [one.pk]
    assert counts(p) == (1, 1)
    given(p, p.anna, "Another")
    given(p, p.ben, "A third")
    assert counts(p) == (3, 2)


@pytest.mark.parametrize(
    ("phase", "built_on", "may"),
    [("propose", False, True), ("build", False, False), ("build", True, True), ("vote", True, False)],
)
def test_what_can_be_published_in_which_phase(place: Make, phase: str, built_on: bool, may: bool) -> None:
    p = place(phase)
    past = Place(**{**vars(p), "at": p.challenge.phases.get(kind="propose").starts})
    origin = given(past, past.ben, "Origin")
    before = traces()
    draft = api.draft_begin(p.anna, api.Place(p.challenge, origin if built_on else None), when=p.at)
    api.draft_save(p.anna, draft.pk, api.DraftWords("New", "Words"), 0, when=p.at)
    if may:
        one = api.contribution_publish(p.anna, draft.pk, deal=1, when=p.at)
        assert Act.objects.get(source_id=one.source).in_reply_to == (origin.source if built_on else None)
        assert told("built_on") == ({"Ben Okafor"} if built_on else set())
    else:
        with pytest.raises(NotNow):
            api.contribution_publish(p.anna, draft.pk, deal=1, when=p.at)
        api.draft_discard(p.anna, draft.pk)
        assert traces() == before


def test_a_refused_publication_leaves_no_trace(place: Make) -> None:
    p = place()
    draft = api.draft_begin(p.anna, api.Place(p.challenge), when=p.at)
    api.draft_save(p.anna, draft.pk, api.DraftWords("Title", ""), 0, when=p.at)
    before = traces()
    for code, deal in (("deal-not-accepted", 0), ("deal-not-accepted", 9), ("words-missing", 1)):
        with pytest.raises(Exception) as refused:
            api.contribution_publish(p.anna, draft.pk, deal=deal, when=p.at)
        assert refused.value.code == code  # type: ignore[attr-defined]
        assert traces() == before
    assert counts(p) == (0, 0)


def test_versions_keep_every_wording_and_know_their_base(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    version = api.version_write(p.anna, one.pk, api.NewWords("B", "bb", "shorter"), 1, when=p.at)
    assert version.number == 2
    assert api.version_write(p.anna, one.pk, api.NewWords("B", "bb"), 1, when=p.at).pk == version.pk
    before = traces()
    with pytest.raises(ChangedMeanwhile):
        api.version_write(p.anna, one.pk, api.NewWords("C", "cc"), 1, when=p.at)
    with pytest.raises(NotAllowed):
        api.version_write(p.ben, one.pk, api.NewWords("C", "cc"), 2, when=p.at)
    assert traces() == before
    assert [each.title for each in api.versions_of(one)] == ["B", "A lid with a click"]
    assert [found.title for found in api.similar(p.space.pk, "B bb")] in ([], ["B"])
    assert not api.similar(p.space.pk, "lid click")


def test_an_author_disowns_a_version_for_everybody_to_read(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    api.coauthor_invite(p.anna, one.pk, p.ben, when=p.at)
    api.coauthor_accept(p.ben, one.pk, deal=1, when=p.at)
    api.version_write(p.ben, one.pk, api.NewWords("Turned round", "Into its contrary."), 1, when=p.at)
    with pytest.raises(NotAllowed):
        api.version_disown(p.ben, one.pk, 2, when=p.at)
    with pytest.raises(NotAllowed):
        api.version_disown(p.chloe, one.pk, 2, when=p.at)
    first = api.version_disown(p.anna, one.pk, 2, "Not what I meant.", when=p.at)
    assert api.version_disown(p.anna, one.pk, 2, "Again.", when=p.at).pk == first.pk
    assert Act.objects.get(type="Reject").object_id == f"{one.source}#version-2"
    assert [each.version.number for each in api.contribution_whole(one.pk, None).disowned] == [2]


def test_authors_come_and_go_and_the_last_one_stays(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    with pytest.raises(NotAllowed):
        api.coauthor_invite(p.ben, one.pk, p.chloe, when=p.at)
    api.coauthor_invite(p.anna, one.pk, p.ben, when=p.at)
    api.coauthor_invite(p.anna, one.pk, p.ben, when=p.at)
    assert told("author_invited") == {"Ben Okafor"}
    assert counts(p) == (1, 1)
    with pytest.raises(NotFound):
        api.coauthor_accept(p.chloe, one.pk, deal=1, when=p.at)
    api.coauthor_accept(p.ben, one.pk, deal=1, when=p.at)
    api.coauthor_accept(p.ben, one.pk, deal=1, when=p.at)
    assert counts(p) == (1, 2)
    with pytest.raises(NotNow):
        api.contribution_withdraw(p.anna, one.pk, when=p.at)
    api.coauthor_leave(p.anna, one.pk, when=p.at)
    with pytest.raises(NotNow):
        api.coauthor_leave(p.ben, one.pk, when=p.at)
    with pytest.raises(NotAllowed):
        api.version_write(p.anna, one.pk, api.NewWords("x", "y"), 1, when=p.at)
    api.contribution_withdraw(p.ben, one.pk, when=p.at)
    api.contribution_withdraw(p.ben, one.pk, when=p.at)
    assert counts(p) == (0, 2)
    assert not api.similar(p.space.pk, "lid click")


def test_whoever_offers_words_agrees_to_the_deal_first(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    before = traces()
    offer, said_ = api.Offer(one.title, "It clicks twice.", 1), api.Said("Better so.", "improvement")
    with pytest.raises(DealNotAccepted) as refused:
        api.comment_write(p.ben, one, said_, offer=offer, when=p.at)
    assert refused.value.data["deal"] == 1
    assert traces() == before
    api.comment_write(p.ben, one, said_, offer=offer._replace(deal=1), when=p.at)
    api.comment_write(p.ben, one, said_, offer=offer, when=p.at)  # once is enough
    assert api.deal_accepted(p.ben, p.challenge)


def test_an_improvement_on_an_older_version_is_brought_together(place: Make) -> None:
    p = place()
    one = given(p, p.anna, body="First line.\n\nLast line.")
    edit = offered(p, p.ben, one, "First line.\n\nLast line, better.")
    api.version_write(p.anna, one.pk, api.NewWords(one.title, "First line, new.\n\nLast line."), 1, when=p.at)
    version = api.edit_adopt(p.anna, edit.pk, when=p.at)
    assert version.body == "First line, new.\n\nLast line, better."
    assert (version.contributor, version.by) == (p.ben, p.anna)
    assert api.edit_adopt(p.anna, edit.pk, when=p.at).pk == version.pk
    assert told("edit_adopted") >= {"Ben Okafor"}
    adopted = Act.objects.filter(type="Update").latest("seq")
    assert adopted.in_reply_to == edit.comment.source


def test_changes_that_meet_adopt_nothing_until_somebody_decides(place: Make) -> None:
    p = place()
    one = given(p, p.anna, body="The lid is red.")
    edit = offered(p, p.ben, one, "The lid is blue.")
    api.version_write(p.anna, one.pk, api.NewWords(one.title, "The lid is green."), 1, when=p.at)
    before = traces()
    with pytest.raises(ChangedMeanwhile) as refused:
        api.edit_adopt(p.anna, edit.pk, when=p.at)
    assert refused.value.data["conflicts"] == 1
    with pytest.raises(ChangedMeanwhile):
        api.edit_adopt(p.anna, edit.pk, settled=api.Settled(one.title, "Blue-green.", 1), when=p.at)
    assert traces() == before
    version = api.edit_adopt(p.anna, edit.pk, settled=api.Settled(one.title, "Blue-green.", 2), when=p.at)
    assert (version.number, version.body, version.contributor) == (3, "Blue-green.", p.ben)


def test_an_improvement_is_declined_or_taken_back_and_then_not_adopted(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    edit, other = offered(p, p.ben, one, "Better."), offered(p, p.chloe, one, "Other.")
    with pytest.raises(NotAllowed):
        api.edit_decline(p.dani, edit.pk, when=p.at)
    api.edit_decline(p.anna, edit.pk, "It is too long.", when=p.at)
    api.edit_decline(p.anna, edit.pk, "Again.", when=p.at)
    edit.refresh_from_db()
    assert edit.reason == "It is too long."
    api.comment_withdraw(p.chloe, other.comment_id, when=p.at)
    for each in (edit, other):
        with pytest.raises(NotNow):
            api.edit_adopt(p.anna, each.pk, when=p.at)


def test_a_comment_is_said_once_reworded_and_taken_back(place: Make) -> None:
    p = place()
    one, once = given(p, p.anna), uuid4()
    comment = said(p, p.ben, one, "First words.", once=once)
    assert said(p, p.ben, one, "First words.", once=once).pk == comment.pk
    with pytest.raises(NotFound):
        said(p, p.chloe, one, "Not hers.", once=once)
    answer = said(p, p.chloe, one, "An answer.", parent=comment.pk)
    deeper = said(p, p.anna, one, "To the answer.", parent=answer.pk)
    assert (answer.root_id, deeper.root_id, deeper.parent_id) == (comment.pk, comment.pk, answer.pk)
    api.comment_edit(p.ben, comment.pk, "Other words.", when=p.at)
    assert Wording.objects.get().body == "First words."
    with pytest.raises(NotAllowed):
        api.comment_edit(p.chloe, comment.pk, "Hers.", when=p.at)
    assert Contribution.objects.get(pk=one.pk).comments == 3
    api.comment_withdraw(p.ben, comment.pk, when=p.at)
    api.comment_withdraw(p.ben, comment.pk, when=p.at)
    assert Contribution.objects.get(pk=one.pk).comments == 2
    (thread,) = api.talk(one).threads
    assert [each.pk for each in thread.answers] == [answer.pk, deeper.pk]  # the thread keeps its shape
    with pytest.raises(NotNow):
        said(p, p.dani, one, "Too late.", parent=comment.pk)


def test_whom_a_comment_concerns_is_told_once(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    said(p, p.chloe, p.challenge, "I am here.")
    first = said(p, p.ben, one, "Look, @Chloé Petit and @Anna Weber! @Nobody too; mail@Anna Weber.")
    assert first.body.count("@[") == 2
    assert told("commented") == {"Anna Weber"}
    assert told("mentioned") == {"Chloé Petit"}
    said(p, p.anna, one, "I see.", parent=first.pk)
    assert told("replied") == {"Ben Okafor"}


def test_two_of_one_name_are_told_apart_by_who_was_chosen(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    said(p, p.ben, one)
    Member.objects.filter(pk=p.ben.pk).update(name="Anna Weber")
    assert "@[" not in said(p, p.chloe, one, "Hello @Anna Weber").body
    meant = said(p, p.chloe, one, "Hello @Anna Weber", chosen=[p.ben.handle])
    assert meant.body == f"Hello @[{p.ben.handle}]"


def test_a_quotation_stays_within_its_space(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    first = said(p, p.ben, one)
    assert said(p, p.chloe, one, "> I like it.", quoted=first.pk).quoted_id == first.pk
    other = api.space_make(p.lea, api.SpaceWords("Elsewhere"), when=p.at)
    elsewhere = Contribution.objects.create(
        space=other,
        kind="idea",
        title="T",
        author=p.anna,
        at=p.at,
        changed=p.at,
        channel="estime",
        source="contribution/e",
    )
    assert said(p, p.chloe, elsewhere, "> I like it.", quoted=first.pk).quoted_id is None
    assert said(p, p.chloe, elsewhere, "x", quoted=999_999).quoted_id is None


def test_somebody_new_is_welcome_when_another_first_answers(place: Make) -> None:
    p = place()
    one = given(p, p.anna)
    said(p, p.anna, one, "I add this.")
    p.anna.refresh_from_db()
    assert p.anna.spoke == p.at
    assert p.anna.welcomed is None  # one's own words are no welcome
    assert [each.member for each in api.newcomers_waiting(p.space, p.ben, at=p.at)] == [p.anna]
    said(p, p.ben, one, "Hello!")
    p.anna.refresh_from_db()
    assert p.anna.welcomed == p.at
    thing = api.first_thing(p.space, p.dani, at=p.at)
    assert thing is not None
    assert (thing.what, thing.contribution) == ("tried", one)
    said(p, p.chloe, one, "It works.", intent="tried")
    assert api.first_thing(p.space, p.dani, at=p.at) is None
    assert api.first_thing(p.space, p.ben, at=p.at) is None  # he has begun already


def test_no_deed_in_a_space_that_one_may_not_read(place: Make) -> None:
    p = place(public=False)
    one = given(p, p.anna)
    p.ben.user.is_active = False  # type: ignore[union-attr]
    before = traces()
    for deed in (
        lambda: said(p, p.ben, one),
        lambda: api.support(p.ben, one.pk, when=p.at),
        lambda: api.follow(p.ben, one, when=p.at),
        lambda: api.draft_begin(p.ben, api.Place(p.challenge)),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises(NotFound):
        api.contribution_whole(one.pk, None)
    assert traces() == before
