"""Writing, opening and changing challenges: what is possible when, for whom, and what it leaves behind."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cocreation.places import BRIEF, DEAL, Place, binding_poll, calendar, challenge_made
from people.together import together

from estime.cocreation import api
from estime.cocreation import models as m
from estime.cocreation.actions.deals import accept_deal
from estime.cocreation.errors import (
    CalendarWrong,
    DealNotAccepted,
    NotAllowed,
    NotNow,
    NotReady,
    RulesLocked,
    Taken,
    WordsMissing,
)
from estime.cocreation.queries.deals import check_deal
from estime.cocreation.queries.phases import check_phase
from estime.cocreation.queries.spaces import readable
from estime.cocreation.vocabulary import PHASES
from estime.ledger import api as ledger

Factory = Callable[..., Place]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DB = pytest.mark.django_db


def trace() -> tuple[int, ...]:
    """How much there is of everything that a deed writes."""
    return (
        ledger.count(),
        m.Event.objects.count(),
        m.Notice.objects.count(),
        m.Extension.objects.count(),
        m.Deal.objects.count(),
        m.Override.objects.count(),
        m.Challenge.objects.exclude(opened=None).count(),
        m.Challenge.objects.exclude(cancelled=None).count(),
    )


def kinds(challenge: m.Challenge) -> list[str]:
    return list(m.Event.objects.filter(challenge=challenge).order_by("pk").values_list("kind", flat=True))


@DB
@pytest.mark.parametrize("phase", PHASES)
def test_a_place_is_in_the_phase_that_was_asked_for(place: Factory, phase: str) -> None:
    made = place(phase)
    assert api.phase_now(made.challenge, made.at) == phase
    told = api.phases_told(made.challenge, made.at)
    assert [each.kind for each in told if each.when == "now"] == [phase]


# Opening


@DB
@pytest.mark.parametrize("field", [*BRIEF, "answer_by"])
def test_it_does_not_open_without_its_whole_brief(place: Factory, field: str) -> None:
    made = place(opened=False)
    fields = {name: getattr(made.challenge, name) for name in api.ChallengeWords._fields}
    fields[field] = None if field == "answer_by" else "  "
    api.challenge_change(made.lea, made.challenge, api.ChallengeWords(**fields))
    before = trace()
    with pytest.raises(NotReady) as refused:
        made.open()
    assert refused.value.data["missing"] == [field]
    assert trace() == before


@DB
def test_it_does_not_open_without_calendar_deal_kinds_and_the_vote_that_it_promises(place: Factory) -> None:
    made = place(power="decide", opened=False)
    with pytest.raises(NotReady) as refused:
        made.open()
    assert refused.value.data["missing"] == ["poll"]
    api.deal_write(made.lea, made.challenge, DEAL._replace(if_altered=""))
    words = {name: getattr(made.challenge, name) for name in api.ChallengeWords._fields}
    api.challenge_change(made.lea, made.challenge, api.ChallengeWords(**{**words, "kinds": ()}))
    with pytest.raises(NotReady) as refused:
        made.open()
    assert refused.value.data["missing"] == ["kinds", "deal", "poll"]
    api.phases_set(made.lea, made.challenge, {})
    with pytest.raises(NotReady) as refused:
        made.open()
    assert refused.value.data["missing"] == ["phases", "deal", "poll"]


@DB
def test_opening_locks_everything_and_is_told_once(place: Factory) -> None:
    made = place("vote", "decide")
    assert made.challenge.opened is not None
    assert made.challenge.polls.get().locked == made.challenge.opened
    before = trace()
    assert made.open() == made.challenge
    assert trace() == before
    assert kinds(made.challenge) == ["challenge_opened"]
    words = api.ChallengeWords("Another", power="listen", **BRIEF)
    for change in (
        lambda: api.challenge_change(made.lea, made.challenge, words),
        lambda: api.phases_set(made.lea, made.challenge, {}),
        lambda: api.challenge_discard(made.lea, made.challenge),
    ):
        with pytest.raises(RulesLocked):
            change()
    assert trace() == before


def test_two_who_open_at_once_open_it_once(on_both: object, place: Factory) -> None:
    made = place(opened=False)
    told = together(*(lambda: api.challenge_open(made.lea, made.challenge) for _each in range(4)))
    assert {each.opened for each in told} == {m.Challenge.objects.get().opened}
    assert m.Event.objects.filter(kind="challenge_opened").count() == 1


@DB
def test_drafts_leave_no_trace_and_can_be_thrown_away(place: Factory) -> None:
    made = place(opened=False)
    binding_poll(made.challenge, calendar("propose", made.at))
    events, acts = m.Event.objects.count(), ledger.count()
    api.challenge_discard(made.lea, made.challenge)
    api.challenge_discard(made.lea, made.challenge)
    assert not m.Challenge.objects.exists()
    assert (m.Event.objects.count(), ledger.count()) == (events, acts)


# Who


@DB
def test_members_open_their_own_with_the_power_that_the_brand_grants(place: Factory) -> None:
    made = place()
    draft = challenge_made(made.anna, made.space, calendar("propose", made.at), title="Ours")
    assert (draft.by_brand, draft.power) == (False, "answer")
    with pytest.raises(NotAllowed):
        api.challenge_draft(made.anna, made.space, api.ChallengeWords("More", power="decide"))
    for other in (made.ben, made.lea, made.alix):
        assert api.challenge_seen(draft.pk, other) is None
        with pytest.raises(NotAllowed):
            api.challenge_open(other, draft)
    assert api.challenge_open(made.anna, draft, when=draft.created).opened
    for nobody in (made.remi, made.mo):
        with pytest.raises(NotAllowed):
            api.challenge_draft(nobody, made.space, api.ChallengeWords("No"))


@DB
def test_the_brands_is_led_by_every_lead_and_by_nobody_else(place: Factory) -> None:
    made = place(opened=False)
    assert api.challenge_seen(made.challenge.pk, None) is None
    assert api.challenge_seen(made.challenge.pk, made.anna) is None
    assert api.challenge_seen(made.challenge.pk, made.alix) == made.challenge
    for other in (made.anna, made.remi, made.mo):
        with pytest.raises(NotAllowed):
            api.phases_set(other, made.challenge, {})
    assert api.challenge_open(made.alix, made.challenge, when=made.challenge.created).opened


@DB
def test_a_private_space_is_for_those_who_take_part(place: Factory) -> None:
    made = place(public=False)
    assert api.challenge_seen(made.challenge.pk, None) is None
    assert api.challenge_seen(made.challenge.pk, made.anna) == made.challenge
    assert api.spaces_listed(None) == []
    assert api.spaces_listed(made.anna.user) == [made.space]
    assert not api.any_public_space()
    assert not readable(None, made.space)
    assert readable(made.anna.user, made.space)


# Spaces


@DB
def test_a_space_has_an_address_of_its_own(place: Factory) -> None:
    made = place()
    again = api.space_make(made.lea, api.SpaceWords("Bottles"))
    assert (made.space.slug, again.slug) == ("bottles", "bottles-2")
    assert api.space_make(made.lea, api.SpaceWords("Été à vélo")).slug == "ete-a-velo"
    assert api.space_make(made.lea, api.SpaceWords("東京")).slug == "space"
    with pytest.raises(Taken):
        api.space_make(made.lea, api.SpaceWords("More"), slug="bottles")
    with pytest.raises(WordsMissing):
        api.space_make(made.lea, api.SpaceWords(" \u200b "[:1]))
    with pytest.raises(NotAllowed):
        api.space_make(made.anna, api.SpaceWords("Mine"))
    changed = api.space_change(made.lea, made.space, api.SpaceWords("Flasks", threshold=7))
    assert (changed.slug, changed.title, changed.threshold) == ("bottles", "Flasks", 7)


# Calendar


@DB
@pytest.mark.parametrize(
    "days",
    [{"propose": (3, 3)}, {"propose": (3, 1)}, {"propose": (0, 5), "vote": (4, 9)}, {"party": (0, 1)}],
)
def test_phases_follow_each_other(place: Factory, days: dict[str, tuple[int, int]]) -> None:
    made = place(opened=False)
    before = m.Phase.objects.count()
    with pytest.raises(CalendarWrong):
        api.phases_set(
            made.lea,
            made.challenge,
            {kind: (made.at + a * DAY, made.at + b * DAY) for kind, (a, b) in days.items()},
        )
    assert m.Phase.objects.count() == before


@DB
def test_between_phases_and_after_them_it_is_in_none(place: Factory) -> None:
    made = place(opened=False)
    at = made.at
    api.phases_set(
        made.lea, made.challenge, {"propose": (at, at + DAY), "vote": (at + 3 * DAY, at + 4 * DAY)}
    )
    made.open(at - DAY)
    days = [api.phase_now(made.challenge, at + n * DAY) for n in (-2, -1, 0, 1, 2, 3, 4)]
    assert days == ["", "", "propose", "", "", "vote", ""]
    with pytest.raises(NotNow):
        check_phase(made.challenge, "propose", "build", at=at + 3 * DAY)
    check_phase(made.challenge, "propose", "vote", at=at + 3 * DAY)


def test_a_longer_phase_moves_what_follows_and_says_why(on_both: object, place: Factory) -> None:
    made = place("propose", "decide")
    before = {phase.kind: (phase.starts, phase.ends) for phase in made.challenge.phases.all()}
    poll = made.challenge.polls.get()
    api.follow(made.anna, made.challenge)
    until = before["propose"][1] + 3 * DAY
    told = together(
        *(
            lambda: api.challenge_extend(
                made.lea, made.challenge, "propose", until, "Many asked.", when=made.at
            )
            for _each in range(3)
        )
    )
    assert len({each.pk for each in told}) == 1
    after = {
        phase.kind: (phase.starts, phase.ends) for phase in m.Phase.objects.filter(challenge=made.challenge)
    }
    assert after["propose"] == (before["propose"][0], until)
    for kind in PHASES[1:]:
        assert after[kind] == (before[kind][0] + 3 * DAY, before[kind][1] + 3 * DAY)
    moved = m.Poll.objects.get(pk=poll.pk)
    assert (moved.opens, moved.closes) == (poll.opens + 3 * DAY, poll.closes + 3 * DAY)
    assert m.Extension.objects.filter(reason="Many asked.").count() == len(PHASES)
    assert kinds(made.challenge) == ["challenge_opened", "challenge_extended"]
    assert m.Notice.objects.filter(event__kind="challenge_extended", member=made.anna).count() == 1
    assert m.Challenge.objects.get(pk=made.challenge.pk).answer_by == made.challenge.answer_by


@DB
def test_a_vote_that_runs_closes_later_and_begins_where_it_began(place: Factory) -> None:
    made = place("vote", "decide")
    poll = made.challenge.polls.get()
    m.Poll.objects.filter(pk=poll.pk).update(opened=poll.opens)
    api.challenge_extend(made.lea, made.challenge, "vote", poll.closes + DAY, "Holidays.", when=made.at)
    moved = m.Poll.objects.get(pk=poll.pk)
    assert (moved.opens, moved.closes) == (poll.opens, poll.closes + DAY)


@DB
def test_a_phase_is_never_made_shorter_and_never_comes_back(place: Factory) -> None:
    made = place("build")
    ends = {phase.kind: phase.ends for phase in made.challenge.phases.all()}
    before = trace()
    for kind, until, error in (
        ("build", ends["build"], CalendarWrong),
        ("build", ends["build"] - DAY, CalendarWrong),
        ("propose", ends["propose"] + 30 * DAY, NotNow),
        ("party", ends["build"] + DAY, CalendarWrong),
    ):
        with pytest.raises(error):
            api.challenge_extend(made.lea, made.challenge, kind, until, "Why not.", when=made.at)
    with pytest.raises(WordsMissing):
        api.challenge_extend(made.lea, made.challenge, "build", ends["build"] + DAY, " ", when=made.at)
    with pytest.raises(NotAllowed):
        api.challenge_extend(made.anna, made.challenge, "build", ends["build"] + DAY, "Please.", when=made.at)
    assert trace() == before


# Called off, set aside


@DB
def test_calling_off_needs_a_reason_and_stays(place: Factory) -> None:
    made = place()
    with pytest.raises(WordsMissing):
        api.challenge_cancel(made.lea, made.challenge, "")
    with pytest.raises(NotAllowed):
        api.challenge_cancel(made.anna, made.challenge, "No.")
    gone = api.challenge_cancel(made.lea, made.challenge, "The mould broke.", when=made.at)
    assert (
        api.challenge_cancel(made.alix, made.challenge, "Another.", when=made.at + DAY).cancel_reason
        == gone.cancel_reason
    )
    assert api.phase_now(gone, made.at) == ""
    with pytest.raises(NotNow):
        check_phase(gone, "propose", at=made.at)
    with pytest.raises(NotNow):
        api.challenge_extend(made.lea, gone, "build", made.at + 90 * DAY, "Again.", when=made.at)
    assert kinds(gone) == ["challenge_opened", "challenge_cancelled"]


@DB
def test_a_lead_may_call_off_a_members_challenge_and_change_nothing_in_it(place: Factory) -> None:
    made = place()
    own = challenge_made(made.anna, made.space, calendar("propose", made.at), title="Ours")
    api.challenge_open(made.anna, own, when=own.created)
    with pytest.raises(NotAllowed):
        api.deal_write(made.lea, own, DEAL, reason="Better for us.")
    gone = api.challenge_cancel(made.lea, own, "It names a neighbour.", when=made.at)
    assert gone.cancelled_by == made.lea
    assert m.Notice.objects.filter(event__kind="challenge_cancelled", member=made.anna).exists()


@DB
def test_what_members_decided_is_not_called_off(place: Factory) -> None:
    made = place("decide", "decide")
    with pytest.raises(NotNow):
        api.challenge_cancel(made.lea, made.challenge, "We do not like it.", when=made.at)
    assert m.Challenge.objects.get(pk=made.challenge.pk).cancelled is None


@DB
def test_setting_aside_is_a_directors_by_name_in_public_and_once(place: Factory) -> None:
    made = place("decide", "decide")
    api.follow(made.anna, made.challenge)
    said = api.OverrideWords("Managing director", "The mill has closed.", "Linen instead.")
    before = trace()
    for words in (said._replace(reason=""), said._replace(instead=" "), said._replace(title="")):
        with pytest.raises(WordsMissing):
            api.decision_override(made.alix, made.challenge, words, when=made.at)
    for other in (made.anna, made.lea, made.remi, made.mo):
        with pytest.raises(NotAllowed):
            api.decision_override(other, made.challenge, said, when=made.at)
    assert trace() == before
    told = api.decision_override(made.alix, made.challenge, said, when=made.at)
    again = api.decision_override(
        made.alix, made.challenge, said._replace(reason="Better words."), when=made.at
    )
    assert (told.pk, again.reason, told.name) == (again.pk, "The mill has closed.", "Alix Roy")
    assert m.Notice.objects.filter(event__kind="overridden", member=made.anna).count() == 1
    assert [one.pk for one in api.overrides_of(made.space)] == [told.pk]


@DB
def test_nothing_is_set_aside_where_members_do_not_decide_or_still_vote(place: Factory) -> None:
    said = api.OverrideWords("Director", "r", "i")
    made = place("vote", "decide")
    with pytest.raises(NotNow):
        api.decision_override(made.alix, made.challenge, said, when=made.at)
    weak = challenge_made(made.lea, made.space, calendar("decide", made.at), power="answer", title="Weak")
    api.challenge_open(made.lea, weak, when=weak.created)
    with pytest.raises(NotNow):
        api.decision_override(made.alix, weak, said, when=made.at)


# The deal


@DB
def test_the_deal_is_agreed_to_once_and_again_when_it_changes(place: Factory) -> None:
    made = place()
    with pytest.raises(DealNotAccepted) as refused:
        check_deal(made.anna, made.challenge)
    assert refused.value.data["deal"] == 1
    made.agree(made.anna)
    acts = ledger.count()
    made.agree(made.anna)
    assert ledger.count() == acts
    check_deal(made.anna, made.challenge)
    with pytest.raises(WordsMissing):
        api.deal_write(made.lea, made.challenge, DEAL._replace(licence="More."))
    assert api.deal_write(made.lea, made.challenge, DEAL).version == 1
    newer = api.deal_write(made.lea, made.challenge, DEAL._replace(licence="More."), reason="A shop asked.")
    assert newer.version == 2
    with pytest.raises(DealNotAccepted) as refused:
        check_deal(made.anna, made.challenge)
    assert refused.value.data["deal"] == 2
    with pytest.raises(DealNotAccepted):
        accept_deal(made.anna, made.challenge, 1)
    accept_deal(made.anna, made.challenge, 2)
    check_deal(made.anna, made.challenge)
    assert [deal.licence for deal in api.deals_of(made.challenge)] == ["More.", DEAL.licence]
    assert kinds(made.challenge) == ["challenge_opened", "deal_changed"]


def test_agreeing_twice_at_once_is_once(on_both: object, place: Factory) -> None:
    made = place()
    together(*(lambda: accept_deal(made.anna, made.challenge, 1) for _each in range(4)))
    assert m.Acceptance.objects.count() == 1


@DB
def test_a_drafts_deal_is_one_version_however_often_it_is_written(place: Factory) -> None:
    made = place(opened=False)
    api.deal_write(made.lea, made.challenge, DEAL._replace(owns="Else."))
    api.deal_write(made.alix, made.challenge, DEAL._replace(owns=""))
    deal = m.Deal.objects.get()
    assert (deal.version, deal.owns, deal.by) == (1, "", made.alix)


# Coulisses


@DB
def test_the_backstage_is_given_once_changed_in_the_open_and_told(place: Factory) -> None:
    made = place()
    api.follow(made.anna, made.challenge)
    entry = api.backstage_give(made.lea, made.challenge, "Three lids", "What we tried.", when=made.at)
    assert (
        api.backstage_give(made.lea, made.challenge, "Three lids", "What we tried.", when=made.at).pk
        == entry.pk
    )
    changed = api.backstage_change(
        made.alix, entry, "Three lids", "What we tried in May.", when=made.at + MINUTE
    )
    assert changed.changed == made.at + MINUTE
    with pytest.raises(NotAllowed):
        api.backstage_give(made.anna, made.challenge, "Mine", "")
    with pytest.raises(WordsMissing):
        api.backstage_give(made.lea, made.challenge, "", "Text")
    assert m.Notice.objects.filter(event__kind="backstage_given", member=made.anna).count() == 1
