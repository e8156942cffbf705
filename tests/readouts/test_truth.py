"""The paragraph of truth: whole sentences, true in every case, in both languages."""

from collections.abc import Callable

import pytest
from readouts import told

from estime.engagement.api import Figure
from estime.readouts.shapes import Report

ReportIn = Callable[..., Report]
NB, THIN = "\u00a0", "\u202f"


def said(report: Report) -> str:
    return report.truth.text.replace(NB, " ").replace(THIN, " ")


def test_the_paragraph_of_the_design_in_english(report_in: ReportIn) -> None:
    assert said(report_in("en")) == (
        "In the week to 12 March 2026, 1.4 % of our 12,400 followers did something, "
        "0.6 % without counting likes. "
        "We owe 7 answers, 2 of them late. "
        "Of 9 members lost in four weeks, 5 were waiting for an answer; a coincidence, not a proven cause.\n"
        "95 % intervals: 1.1 – 1.7 % · 0.5 – 0.7 % without likes"
    )


def test_the_paragraph_of_the_design_in_french(report_in: ReportIn) -> None:
    assert said(report_in("fr")) == (
        "Dans la semaine qui s’achève le 12 mars 2026, 1,4 % de nos 12 400 abonnés ont agi, "
        "0,6 % sans compter les likes. Nous devons 7 réponses, dont 2 en retard. "
        "Sur 9 membres perdus en quatre semaines, 5 attendaient une réponse ; "
        "c’est une coïncidence, pas une cause prouvée.\n"
        "Intervalles à 95 % : 1,1 – 1,7 % · 0,5 – 0,7 % sans les likes"
    )


def test_french_spaces_do_not_break(report_in: ReportIn) -> None:
    text = report_in("fr").truth.text
    assert f"1,4{NB}%" in text
    assert f"12{THIN}400" in text
    assert f"réponse{NB};" in text
    assert " %" not in text
    assert " ;" not in text
    assert " :" not in text


def test_every_figure_opens_a_section_of_the_page(report_in: ReportIn) -> None:
    report = report_in("en")
    opened = {span.section for sentence in report.truth.sentences for span in sentence if span.section}
    assert opened == {"active-share", "answers", "presence"}
    assert opened <= {section.id for section in report.sections}
    late = [span.text for sentence in report.truth.sentences for span in sentence if span.late]
    assert late == ["2 of them late"]


@pytest.mark.parametrize(
    ("owed", "late", "english", "french"),
    [
        (0, 0, "We owe no answer.", "Nous ne devons aucune réponse."),
        (1, 0, "We owe 1 answer, not late.", "Nous devons 1 réponse, qui n’est pas en retard."),
        (1, 1, "We owe 1 answer, and it is late.", "Nous devons 1 réponse, et elle est en retard."),
        (3, 0, "We owe 3 answers, none of them late.", "Nous devons 3 réponses, aucune en retard."),
        (3, 1, "We owe 3 answers, 1 of them late.", "Nous devons 3 réponses, dont 1 en retard."),
        (3, 3, "We owe 3 answers, all of them late.", "Nous devons 3 réponses, toutes en retard."),
    ],
)
def test_what_is_owed(report_in: ReportIn, owed: int, late: int, english: str, french: str) -> None:
    figures = [*told.active(), *told.replies(owed, late)]
    assert english in said(report_in("en", figures))
    assert french in said(report_in("fr", figures))


@pytest.mark.parametrize(
    ("lost", "waiting", "english", "french"),
    [
        (
            1,
            0,
            "1 member was lost in four weeks, and was not waiting",
            "Nous avons perdu 1 membre en quatre semaines ; cette personne n’attendait pas de réponse.",
        ),
        (
            1,
            1,
            "1 member was lost in four weeks, and was waiting",
            "Nous avons perdu 1 membre en quatre semaines ; cette personne attendait une réponse : ",
        ),
        (
            4,
            0,
            "Of 4 members lost in four weeks, none was waiting",
            "Sur 4 membres perdus en quatre semaines, aucun",
        ),
        (4, 1, "Of 4 members lost in four weeks, 1 was waiting", "quatre semaines, 1 attendait une réponse"),
    ],
)
def test_who_was_lost(report_in: ReportIn, lost: int, waiting: int, english: str, french: str) -> None:
    figures = [*told.active(), *told.replies(lost=lost, waiting=waiting)]
    assert english in said(report_in("en", figures))
    assert french in said(report_in("fr", figures))


def test_nobody_lost_says_nothing_of_loss(report_in: ReportIn) -> None:
    assert "lost" not in said(report_in("en", [*told.active(), *told.replies(lost=0, waiting=0)]))


@pytest.mark.parametrize(
    ("people", "english", "french"),
    [
        (
            37,
            "37 people did something, 20 without counting likes.",
            "37 personnes ont agi, 20 sans compter les likes.",
        ),
        (
            1,
            "1 person did something; leaving likes out changes nothing.",
            "1 personne a agi ; compter ou non les likes n’y",
        ),
    ],
)
def test_unknown_reach_gives_a_count_and_says_so(
    report_in: ReportIn, people: int, english: str, french: str
) -> None:
    figures = told.active(people, min(people, 20), None, "unknown")
    text = said(report_in("en", figures))
    assert english in text
    assert "How many people this channel reaches is not known, so neither is the share who acted." in text
    assert "0 %" not in text
    text = said(report_in("fr", figures))
    assert french in text
    assert "combien de personnes ce canal touche : on ne peut donc pas dire quelle part a agi." in text


def test_likes_that_change_nothing_are_said_so(report_in: ReportIn) -> None:
    text = said(report_in("en", told.active(7, 7, 72, "known")))
    assert "9.7 % of our 72 members did something; leaving likes out changes nothing." in text
    assert text.endswith("95 % interval: 8 – 12 %")


def test_a_week_in_which_nobody_acted(report_in: ReportIn) -> None:
    assert "In the week to 12 March 2026, nobody did anything." in said(report_in("en", told.active(0, 0)))
    assert "personne n’a agi." in said(report_in("fr", told.active(0, 0)))


def test_an_archive_never_pretends_to_be_this_week(report_in: ReportIn) -> None:
    text = said(report_in("en", archive=True))
    assert text.startswith("In the week to 12 March 2026, the last on record, ")
    assert "We owe" not in text
    assert (
        "When the record stops, 7 messages of the last four weeks had no answer, 2 for more than a week."
        in text
    )
    text = said(report_in("fr", archive=True))
    assert text.startswith("Dans la semaine qui s’achève le 12 mars 2026, la dernière de l’archive, ")
    assert (
        "7 messages des quatre dernières semaines restaient sans réponse, dont 2 depuis plus d’une sem"
        in text
    )


def test_a_channel_without_replies_does_not_claim_to_owe_nothing(report_in: ReportIn) -> None:
    silent = [
        told.figure("owed", "open", 7),
        told.figure("owed", "late", 2),
        told.figure("replies", "unknown", 0),
    ]
    text = said(report_in("en", [*told.active(), *silent]))
    assert "No reply is recorded here, so what we owe here is not known." in text


def test_an_archive_without_replies_speaks_of_the_past(report_in: ReportIn) -> None:
    figures = [*told.active(), told.figure("owed", "open", 7)]
    assert "so who waited for an answer is not known." in said(report_in("en", figures, archive=True))
    assert "on ne sait donc pas qui en attendait une." in said(report_in("fr", figures, archive=True))


def test_a_channel_without_likes_has_one_line(report_in: ReportIn) -> None:
    report = report_in("en", told.active(7, 7, 72, "known"))
    chart = dict(report.charts())["active-share"]
    assert {mark.series for mark in chart.marks} == {"everything"}
    assert "gap" not in report.sections[0].sentence


def test_a_brand_page_says_what_the_likes_hide(report_in: ReportIn) -> None:
    text = said(report_in("en", told.brand_page()))
    assert text == (
        "For 1,000 likes there were 9.2 comments and 31 shares. "
        "The post that people talked about most, on 3 May 2016, drew 54 comments per 1,000 likes. "
        "A like says little, and the platform gives totals only: who acted is not known, "
        "and neither is the active share.\n95 % intervals, per 1,000 likes: "
        "comments 8 – 10 · shares 30 – 32 · comments on that post 48 – 60"
    )


@pytest.mark.parametrize(
    ("comments", "french"), [(1.5, "1,5 commentaire "), (2.0, "2,0 commentaires "), (1.0, "1,0 commentaire ")]
)
def test_french_counts_by_the_number_not_by_ones(report_in: ReportIn, comments: float, french: str) -> None:
    assert french in said(report_in("fr", told.brand_page(comments)))


def test_no_figure_at_all(report_in: ReportIn) -> None:
    none: list[Figure] = []
    assert said(report_in("en", none)) == "No act has been recorded here yet."
    assert said(report_in("fr", none)) == "Aucun acte n’est encore enregistré ici."
