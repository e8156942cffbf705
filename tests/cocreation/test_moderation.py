"""Report, hide with a reason, appeal: who may, what is kept, and that counts, titles and pictures follow exactly."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import Place
from cocreation.writing import given, offered, said
from django.db import IntegrityError

from estime.cocreation import api
from estime.cocreation.api import Appeal, Hiding, Member, Report
from estime.cocreation.errors import NotAllowed, NotFound, NotNow, WordsMissing
from estime.cocreation.models import (
    Challenge,
    Comment,
    Contribution,
    Event,
    Moderated,
    Notice,
    Picture,
    TitleEntry,
)
from estime.kernel.home import make_home
from estime.kernel.ids import uuid7
from estime.ledger.models import Act

WHY = api.Why("personal", "It tells where somebody lives, with the number of the house.", False)
Make = Callable[..., Place]


@pytest.fixture(autouse=True)
def at_home(_home: Path) -> None:
    make_home()


def asked(place: Place, by: Member, title: str = "Why so dear?") -> Any:
    return api.question_ask(by, place.space, api.QuestionWords(title, "Is it the clasp?"), when=place.at)


def pictured(place: Place, by: Member) -> Picture:
    number = uuid7()
    return Picture.objects.create(
        id=number,
        owner=by,
        space=place.space,
        sha256="ab" * 32,
        width=4,
        height=4,
        size=9,
        alt="A lid",
        at=place.at,
    )


def each(place: Place) -> list[Any]:
    """One of everything that can be hidden, by Anna."""
    picture = pictured(place, place.anna)
    idea = given(place, place.anna, body=f"It clicks.\n\n![A lid](picture:{picture.pk})")
    picture.refresh_from_db()
    return [idea, said(place, place.anna, idea), asked(place, place.anna), picture]


def told(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("event__kind", flat=True))


def counts(place: Place, idea: Contribution) -> tuple[int, int]:
    idea.refresh_from_db()
    return idea.comments, Challenge.objects.get(pk=place.challenge.pk).contributions_count


@pytest.mark.django_db
class TestReports:
    def test_once_per_person_and_thing(self, place: Make) -> None:
        made = place()
        for thing in each(made):
            first = api.report(made.ben, thing, "advertising", when=made.at)
            assert api.report(made.ben, thing, "hateful", "Again.", when=made.at) == first
            assert api.report(made.chloe, thing, "other", "It is somebody else’s.", when=made.at) != first
            assert Report.objects.filter(**{api.kind_of(thing): thing}).count() == 2

    def test_what_is_refused(self, place: Make) -> None:
        made = place()
        idea, *_rest = each(made)
        with pytest.raises(NotAllowed):
            api.report(made.anna, idea, "hateful")
        for reason, words in (("other", ""), ("dislike", "x"), ("", "")):
            with pytest.raises(WordsMissing):
                api.report(made.ben, idea, reason, words)
        api.hide(made.mo, idea, WHY)
        with pytest.raises(NotNow):
            api.report(made.chloe, idea, "hateful")
        assert Report.objects.count() == 0

    def test_a_private_space_is_not_there_for_who_takes_no_part(self, place: Make) -> None:
        made = place(public=False)
        idea = given(made, made.anna)
        gone = made.ben
        gone.user = None
        with pytest.raises((NotAllowed, NotFound)):
            api.report(gone, idea, "hateful")

    def test_kept_settles_all_and_tells_who_reported(self, place: Make) -> None:
        made = place()
        for thing in each(made):
            for who in (made.ben, made.chloe):
                api.report(who, thing, "advertising", when=made.at)
            assert api.report_keep(made.mo, thing, when=made.at) == 2
            assert api.report_keep(made.mo, thing, when=made.at) == 0
            rows = Report.objects.filter(**{api.kind_of(thing): thing})
            assert set(rows.values_list("kept", "settled_by")) == {(True, made.mo.pk)}
            thing.refresh_from_db()
            assert not thing.hidden
        assert told(made.ben).count("report_settled") == 4
        assert Moderated.objects.filter(kind="kept").count() == 4

    def test_only_moderators_judge_and_nobody_their_own(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        own = said(made, made.mo, idea)
        for by, thing in ((made.ben, idea), (made.remi, idea), (made.mo, own)):
            with pytest.raises(NotAllowed):
                api.report_keep(by, thing)
            with pytest.raises(NotAllowed):
                api.hide(by, thing, WHY)
        assert Hiding.objects.count() == Moderated.objects.count() == 0


@pytest.mark.django_db
class TestHiding:
    def test_hidden_and_shown_again_leaves_everything_as_it_was(self, place: Make) -> None:
        made = place()
        idea, comment, question, picture = each(made)
        answer = said(made, made.ben, idea, "An answer.", parent=comment.pk)
        before = counts(made, idea)
        entry = TitleEntry.objects.get(contribution=idea.pk).terms
        for thing in (comment, question, picture, idea):
            hiding = api.hide(made.mo, thing, WHY, when=made.at)
            thing.refresh_from_db()
            assert thing.hidden
            assert (hiding.name, hiding.words) == ("Mo Haddad", WHY.words)
        assert counts(made, idea) == (before[0] - 1, before[1] - 1)
        assert not TitleEntry.objects.filter(contribution=idea.pk).exists()
        answer.refresh_from_db()
        assert not answer.hidden
        for hiding in Hiding.objects.all():
            api.show_again(made.lea, hiding, "It was a mistake.", when=made.at)
            api.show_again(made.lea, hiding, "Twice is harmless.", when=made.at)
        assert counts(made, idea) == before
        assert TitleEntry.objects.get(contribution=idea.pk).terms == entry
        picture.refresh_from_db()
        assert not picture.hidden
        assert set(Hiding.objects.values_list("lifted_reason", flat=True)) == {"It was a mistake."}
        assert Moderated.objects.filter(kind="shown_again").count() == 4

    def test_twice_is_once(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        first = api.hide(made.mo, idea, WHY)
        assert api.hide(made.lea, idea, WHY._replace(reason="hateful")) == first
        assert counts(made, idea)[1] == 0
        assert told(made.anna).count("hidden") == 1

    def test_what_was_taken_back_while_hidden_is_counted_by_neither(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        hiding = api.hide(made.mo, idea, WHY)
        api.contribution_withdraw(made.anna, idea.pk)
        assert counts(made, idea)[1] == 0
        api.show_again(made.mo, hiding, "Nothing is left to hide.")
        assert counts(made, idea)[1] == 0
        assert not TitleEntry.objects.filter(contribution=idea.pk).exists()

    def test_a_reason_words_and_the_question_of_criticism_are_needed(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        for why, field in (
            (WHY._replace(reason="dislike"), "reason"),
            (WHY._replace(reason="other"), "reason"),
            (WHY._replace(words="  "), "words"),
            (WHY._replace(criticism=None), "criticism"),
        ):
            with pytest.raises(WordsMissing) as refused:
                api.hide(made.mo, idea, why)
            assert refused.value.data["field"] == field
        nameless = made.mo
        nameless.user.name, nameless.name = "", ""  # type: ignore[union-attr]
        with pytest.raises(WordsMissing):
            api.hide(nameless, idea, WHY)
        assert Hiding.objects.count() == 0

    def test_criticism_is_not_hidden_because_it_belongs_elsewhere(self, place: Make) -> None:
        made = place()
        question = asked(made, made.anna)
        with pytest.raises(NotAllowed):
            api.hide(made.mo, question, WHY._replace(reason="elsewhere", criticism=True))
        assert api.hide(made.mo, question, WHY._replace(criticism=True)).criticism
        assert api.power_of(made.space).hidden == 1

    def test_what_its_form_says_is_critical(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        concern = said(made, made.ben, idea, "It leaks.", intent="concern")
        joins = said(made, made.chloe, idea, "Mine too.", parent=concern.pk)
        question = asked(made, made.anna)
        below = said(made, made.ben, question, "I ask this as well.")
        plain = said(made, made.ben, idea, "I like it.")
        assert all(api.is_critical(thing) for thing in (concern, joins, question, below))
        assert not any(api.is_critical(thing) for thing in (idea, plain))

    def test_hiding_settles_reports_and_tells_everybody_it_concerns(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        api.coauthor_invite(made.anna, idea.pk, made.dani, when=made.at)
        api.coauthor_accept(made.dani, idea.pk, deal=1, when=made.at)
        api.report(made.ben, idea, "personal", when=made.at)
        api.hide(made.mo, idea, WHY, when=made.at)
        assert Report.objects.get().kept is False
        assert "hidden" in told(made.anna)
        assert "hidden" in told(made.dani)
        assert told(made.ben)[-1] == "report_settled"
        assert Event.objects.filter(kind="hidden").get().data == {"hiding": Hiding.objects.get().pk}

    def test_a_hidden_thing_gets_no_more_words(self, place: Make) -> None:
        made = place()
        idea, comment, question, _picture = each(made)
        for thing in (comment, idea, question):
            api.hide(made.mo, thing, WHY, when=made.at)
        for deed in (
            lambda: said(made, made.ben, idea),
            lambda: said(made, made.ben, question),
            lambda: api.support(made.ben, idea.pk, when=made.at),
            lambda: api.question_join(made.ben, question.pk, when=made.at),
            lambda: api.comment_edit(made.anna, comment.pk, "Other words.", when=made.at),
            lambda: offered(made, made.ben, idea, "Better."),
        ):
            with pytest.raises((NotNow, NotFound)):
                deed()
        # hiding settles no debt: the brand can still answer
        assert api.question_answer(made.remi, question.pk, "Because of the steel.", when=made.at)

    def test_pictures_of_a_hidden_text_are_handed_out_no_more_unless_something_else_shows_them(
        self, place: Make
    ) -> None:
        made = place()
        one, two = pictured(made, made.anna), pictured(made, made.anna)
        idea = given(made, made.anna, body=f"![a](picture:{one.pk}) ![b](picture:{two.pk})")
        said(made, made.anna, idea, f"Look: ![b](picture:{two.pk})")
        hiding = api.hide(made.mo, idea, WHY, when=made.at)
        with pytest.raises(NotFound):
            api.picture_seen(one.pk, made.ben)
        assert api.picture_seen(two.pk, made.ben)
        assert api.picture_seen(one.pk, made.mo)
        api.show_again(made.mo, hiding, "Fine after all.", when=made.at)
        assert api.picture_seen(one.pk, made.ben)

    def test_a_picture_that_is_hidden_itself_stays_so_when_its_text_is_shown_again(self, place: Make) -> None:
        made = place()
        idea, _comment, _question, picture = each(made)
        api.hide(made.mo, picture, WHY, when=made.at)
        hiding = api.hide(made.mo, idea, WHY, when=made.at)
        api.show_again(made.mo, hiding, "The words are fine.", when=made.at)
        with pytest.raises(NotFound):
            api.picture_seen(picture.pk, made.ben)

    def test_comments_below_a_part_leave_both_counts(self, place: Make) -> None:
        made = place()
        head, part = given(made, made.anna), given(made, made.ben, "Another lid")
        Contribution.objects.filter(pk=part.pk).update(together=head)
        comment = said(made, made.chloe, part)
        assert (counts(made, head)[0], counts(made, part)[0]) == (1, 1)
        hiding = api.hide(made.mo, comment, WHY, when=made.at)
        assert (counts(made, head)[0], counts(made, part)[0]) == (0, 0)
        api.show_again(made.mo, hiding, "Fine.", when=made.at)
        assert (counts(made, head)[0], counts(made, part)[0]) == (1, 1)

    def test_a_failed_hiding_leaves_no_trace(self, place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        made = place()
        idea = given(made, made.anna)
        api.report(made.ben, idea, "hateful", when=made.at)
        before = (Act.objects.count(), Event.objects.count(), counts(made, idea))
        monkeypatch.setattr("estime.cocreation.actions.hiding.act_write", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            api.hide(made.mo, idea, WHY)
        idea.refresh_from_db()
        assert not idea.hidden
        assert Report.objects.get().settled is None
        assert TitleEntry.objects.filter(contribution=idea.pk).exists()
        assert (Act.objects.count(), Event.objects.count(), counts(made, idea)) == before


@pytest.mark.django_db
class TestAppeals:
    def test_once_by_an_author_answered_by_somebody_else(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        hiding = api.hide(made.mo, idea, WHY, when=made.at)
        with pytest.raises(NotFound):
            api.appeal(made.ben, hiding, "Show it.")
        with pytest.raises(WordsMissing):
            api.appeal(made.anna, hiding, " ")
        row = api.appeal(made.anna, hiding, "It is my own address.", when=made.at)
        assert api.appeal(made.anna, hiding, "And again.") == row
        with pytest.raises(NotAllowed):
            api.appeal_settle(made.mo, row, "No.", granted=False)
        with pytest.raises(NotAllowed):
            api.appeal_settle(made.remi, row, "No.", granted=False)
        with pytest.raises(WordsMissing):
            api.appeal_settle(made.lea, row, "", granted=False)
        settled = api.appeal_settle(
            made.lea, row, "It names your neighbour too.", granted=False, when=made.at
        )
        assert api.appeal_settle(made.lea, row, "Twice.", granted=False).answer == settled.answer
        with pytest.raises(NotNow):
            api.appeal_settle(made.alix, row, "Yes.", granted=True)
        idea.refresh_from_db()
        assert idea.hidden
        assert told(made.anna)[-1] == "appeal_settled"

    def test_granted_shows_it_again(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        row = api.appeal(made.anna, api.hide(made.mo, idea, WHY), "It is my own address.")
        api.appeal_settle(made.lea, row, "You are right.", granted=True)
        idea.refresh_from_db()
        assert not idea.hidden
        assert counts(made, idea)[1] == 1
        assert Hiding.objects.get().lifted_reason == "You are right."
        assert list(Moderated.objects.order_by("pk").values_list("kind", flat=True)) == ["hidden", "granted"]
        again = api.hide(made.lea, idea, WHY)
        assert api.appeal(made.anna, again, "Once more: each hiding has its appeal.") != row

    def test_no_author_judges_their_own_appeal(self, place: Make) -> None:
        made = place()
        idea = given(made, made.anna)
        comment = said(made, made.lea, idea, "By a lead.")
        row = api.appeal(made.lea, api.hide(made.mo, comment, WHY), "Mine.")
        with pytest.raises(NotAllowed):
            api.appeal_settle(made.lea, row, "Mine is fine.", granted=True)
        assert Appeal.objects.get().settled is None


@pytest.mark.django_db
class TestOwed:
    def test_reports_and_appeals_stand_on_the_desk_oldest_first(self, place: Make) -> None:
        made = place()
        then = made.at - timedelta(hours=5)
        idea, comment, *_rest = each(made)
        api.report(made.ben, comment, "hateful", when=then)
        api.report(made.ben, idea, "hateful", when=then + timedelta(hours=1))
        api.report(made.chloe, comment, "advertising", when=then + timedelta(hours=2))
        now = then + timedelta(days=2, minutes=30)
        assert api.report_debts.count(now) == (2, 1)
        first, second = api.report_debts.oldest(now, 0, None, 10)
        assert (first.id, second.id) == tuple(str(row.pk) for row in Report.objects.order_by("pk")[:2])
        assert (first.detail, first.quote) == ("2 people reported it.", "Hateful, or a threat")
        assert [one.id for one in api.report_debts.oldest(now, 0, (first.due, first.id), 10)] == [second.id]  # type: ignore[arg-type]
        api.appeal(made.anna, api.hide(made.mo, idea, WHY, when=then), "Why?", when=then)
        assert api.appeal_debts.count(now) == (1, 1)
        assert (
            api.appeal_debts.oldest(now, 0, None, 10)[0].detail
            == "By somebody else than Mo Haddad, who hid it."
        )
        assert api.report_debts.count(now) == (1, 1)

    def test_the_log_tells_every_deed(self, place: Make) -> None:
        made = place()
        idea, comment, *_rest = each(made)
        api.report(made.ben, comment, "hateful", when=made.at)
        api.report_keep(made.mo, comment, when=made.at)
        row = api.appeal(made.anna, api.hide(made.mo, idea, WHY), "Why?")
        api.appeal_settle(made.lea, row, "No.", granted=False)
        api.show_again(made.alix, Hiding.objects.get(), "After all.")
        rows = api.log_listed().rows
        assert [(one.kind, one.by.name) for one in reversed(rows)] == [
            ("kept", "Mo Haddad"), ("hidden", "Mo Haddad"), ("refused", "Léa Martin"), ("shown_again", "Alix Roy"),
        ]  # fmt: skip
        numbers = api.hiding_numbers(made.space)
        assert (numbers.ever, numbers.now, numbers.appeals, numbers.granted) == (1, 0, 1, 0)


def test_the_database_takes_one_hiding_of_a_thing(db: None, place: Make) -> None:
    made = place()
    comment = said(made, made.anna, given(made, made.anna))
    api.hide(made.mo, comment, WHY)
    with pytest.raises(IntegrityError):
        Hiding.objects.create(
            space=made.space, comment=Comment.objects.get(), reason="hateful", words="w", criticism=False, by=made.mo,
            name="Mo", at=made.at,
        )  # fmt: skip
