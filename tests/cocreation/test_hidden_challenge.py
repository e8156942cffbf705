"""A challenge that a member opened can be reported and hidden: out of sight with all that was given to it, and back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import Place, calendar, challenge_made
from cocreation.writing import given, said
from django.db import IntegrityError, transaction
from django.utils import translation

from estime.cocreation import api
from estime.cocreation.actions.forget import forget_accounts
from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.letters import letters_of
from estime.cocreation.models import Challenge, Contribution, Digest, Hiding, Moderated, Notice, TitleEntry
from estime.cocreation.queries import owed
from estime.kernel.home import make_home

WHY = api.Why("hateful", "It calls the people of one town by a name that is an insult.", True)
Make = Callable[..., Place]


@pytest.fixture
def at_home(_home: Path) -> None:
    make_home()


def opened_by_anna(made: Place, title: str = "Why not a cork?") -> Challenge:
    own = challenge_made(made.anna, made.space, calendar("propose", made.at), title=title)
    return api.challenge_open(made.anna, own, when=own.created)


def inside(made: Place, own: Challenge) -> Place:
    """The same place, giving to a member's challenge."""
    made.challenge = own
    return made


def shown(challenge: Challenge) -> int:
    return Challenge.objects.get(pk=challenge.pk).contributions_count


@pytest.mark.django_db
@pytest.mark.usefixtures("at_home")
class TestHidden:
    def test_goes_with_what_was_given_and_comes_back_as_it_was(self, place: Make) -> None:
        made = place()
        own = opened_by_anna(made)
        inside(made, own)
        one, two, bad = (
            given(made, made.ben, "A cork"),
            given(made, made.chloe, "A pin"),
            given(made, made.dani, "No"),
        )
        talk = said(made, made.dani, own, "I had one.")
        api.hide(made.mo, bad, api.Why("advertising", "It sells something.", False), when=made.at)
        assert shown(own) == 2
        hiding = api.hide(made.mo, own, WHY, when=made.at)
        assert api.hide(made.lea, own, WHY, when=made.at) == hiding
        assert set(Contribution.objects.filter(challenge=own).values_list("hidden", flat=True)) == {True}
        assert not TitleEntry.objects.filter(challenge=own.pk).exists()
        assert shown(own) == 0
        assert api.hiding_of(Contribution.objects.get(pk=one.pk)) == hiding
        api.show_again(made.lea, Hiding.objects.get(contribution=bad), "A mistake.", when=made.at)
        bad.refresh_from_db()
        assert bad.hidden  # its challenge still is
        api.hide(made.mo, talk, api.Why("personal", "A name.", False), when=made.at)
        api.contribution_withdraw(made.chloe, two.pk, when=made.at)
        api.show_again(made.lea, hiding, "It says a team, not a town.", when=made.at)
        rows = dict(Contribution.objects.filter(challenge=own).values_list("pk", "hidden"))
        assert rows == {one.pk: False, two.pk: False, bad.pk: False}
        assert shown(own) == 2
        assert set(TitleEntry.objects.filter(challenge=own.pk).values_list("contribution", flat=True)) == {
            one.pk,
            bad.pk,
        }
        assert list(Moderated.objects.filter(hiding=hiding).values_list("kind", flat=True)) == [
            "hidden",
            "shown_again",
        ]

    def test_who_is_told_and_who_may_appeal(self, place: Make) -> None:
        made = place()
        own = opened_by_anna(made)
        given(inside(made, own), made.ben, "A cork")
        assert not api.is_critical(own)  # its form does not say; whoever hides it has to
        api.report(made.chloe, own, "hateful", when=made.at)
        hiding = api.hide(made.mo, own, WHY, when=made.at)
        for who, kind in ((made.anna, "hidden"), (made.ben, "hidden"), (made.chloe, "report_settled")):
            assert kind in set(Notice.objects.filter(member=who).values_list("event__kind", flat=True))
        with pytest.raises(NotFound):
            api.appeal(made.ben, hiding, "It was a good place.", when=made.at)
        asked = api.appeal(made.anna, hiding, "That is what they call themselves.", when=made.at)
        with pytest.raises(NotAllowed):
            api.appeal_settle(made.mo, asked, "No.", granted=True, when=made.at)
        api.appeal_settle(made.lea, asked, "Right: it is their own name.", granted=True, when=made.at)
        own.refresh_from_db()
        assert not own.hidden

    def test_nothing_is_done_in_it_meanwhile(self, place: Make) -> None:
        made = place()
        own = opened_by_anna(made)
        one = given(inside(made, own), made.ben, "A cork")
        begun = api.draft_begin(made.chloe, api.Place(own), when=made.at)
        api.draft_save(made.chloe, begun.pk, api.DraftWords("A pin", "It pins."), 0, when=made.at)
        api.hide(made.mo, own, WHY, when=made.at)
        own.refresh_from_db()
        tries: list[Callable[[], Any]] = [
            lambda: api.contribution_publish(made.chloe, begun.pk, deal=1, when=made.at),
            lambda: said(made, made.dani, own, "Again."),
            lambda: api.support(made.dani, one.pk, when=made.at),
            lambda: api.question_ask(made.dani, own, api.QuestionWords("Why?"), when=made.at),
            lambda: api.follow(made.dani, own, when=made.at),
            lambda: api.draft_begin(made.dani, api.Place(own), when=made.at),
        ]
        before = Contribution.objects.count()
        for attempt in tries:
            with pytest.raises((NotNow, NotFound)):
                attempt()
        assert Contribution.objects.count() == before

    def test_counts_as_what_it_was_and_owes_nothing_while_hidden(self, place: Make) -> None:
        made = place("made", power="listen")
        own = opened_by_anna(made)
        Challenge.objects.filter(pk=made.challenge.pk).update(
            cancelled=made.at, cancelled_by=made.lea, cancel_reason="x"
        )
        later = made.at + timedelta(days=400)
        assert own in owed.outcomes_missing(later)
        before = api.power_of(made.space)
        api.hide(made.mo, own, WHY, when=made.at)
        after = api.power_of(made.space)
        assert own not in owed.outcomes_missing(later)
        assert (after.opened, after.by_members) == (before.opened, before.by_members)
        assert (after.hidden, after.hidden_ever) == (before.hidden + 1, before.hidden_ever + 1)

    def test_digests_and_feeds_do_not_name_it(self, place: Make) -> None:
        made = place()
        own = opened_by_anna(made, "Zonk and company")
        given(inside(made, own), made.ben, "A cork of Zonk")
        api.hide(made.mo, own, WHY, when=made.at)
        assert not [entry for entry in api.feed(made.space) if "Zonk" in entry.title]
        digest = Digest.objects.create(member=made.anna, made=made.at)
        Notice.objects.filter(member=made.anna).update(digest=digest)
        [letter] = letters_of([digest.pk], made.at)
        assert "Zonk" not in letter.text + letter.subject + letter.html
        with translation.override("en"):
            assert not [each for each in api.challenges_running(made.space, made.at) if each.pk == own.pk]

    def test_erasing_whoever_opened_it(self, place: Make) -> None:
        made = place()
        own = opened_by_anna(made)
        api.hide(made.mo, own, WHY, when=made.at)
        made.anna.refresh_from_db()
        forget_accounts([made.anna.account or 0])
        own.refresh_from_db()
        assert (own.title, own.problem, own.hidden, own.erased) == ("", "", True, True)

    def test_the_brands_own_and_drafts_are_not_there_to_be_reported(self, place: Make) -> None:
        made = place()
        draft = challenge_made(made.anna, made.space, calendar("propose", made.at))
        for one in (made.challenge, draft):
            with pytest.raises(NotFound):
                api.hideable("challenge", str(one.pk), made.mo)


def test_the_database_hides_no_challenge_without_a_reason(installed: Path, place: Make) -> None:
    made = place()
    own = opened_by_anna(made)
    for number in (own.pk, made.challenge.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            Challenge.objects.filter(pk=number).update(hidden=True)
    api.hide(made.mo, own, WHY, when=made.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=own.pk).update(hidden=False)
