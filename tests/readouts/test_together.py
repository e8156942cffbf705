"""All channels in one report: each by its own last week, and thanks given once."""

from datetime import UTC, datetime

import pytest
from readouts import told

from estime.engagement import api
from estime.engagement.api import Figure
from estime.readouts.report import gathered, report_of
from estime.readouts.shapes import Report

ENDED = datetime(2016, 7, 27, tzinfo=UTC)


def of(scope: str, figures: list[Figure]) -> list[Figure]:
    return [figure._replace(scope=scope) for figure in figures if figure.period is None]


def report(lang: str, *, archive: bool = True, reached: int | None = 69) -> Report:
    scopes = [
        told.scope("*", "", archive=archive),
        told.scope("club", "The club", archive=archive),
        told.scope("votes", "The votes", archive=True),
        told.scope("page", "The page", archive=True),
    ]
    edition = told.edition(*scopes)
    edition.as_of["votes"] = ENDED
    beside = [
        *of("club", told.active(6, 6, reached, "known")),
        *of("votes", told.active(96, 96, None, "unknown")),
        *of("page", told.brand_page()),
    ]
    return report_of(edition, scopes[0], lang, told.active(4, 4, None, "unknown"), beside)


def said(one: Report) -> str:
    return one.truth.text.replace("\u00a0", " ").replace("\u202f", " ")


def test_channels_without_a_week_in_common_are_told_one_by_one() -> None:
    assert said(report("en")) == (
        "3 channels are read here: 2 tell who acted, 1 gives totals only. "
        "All have ended, the first on 27 July 2016, the last on 12 March 2026: they have no week in common, "
        "and each is told by its own last one. Only one says how many people it reaches, The club: "
        "8.7 % of them acted in its last week (7 – 10 %)."
    )
    assert said(report("fr")) == (
        "3 canaux sont lus ici : 2 disent qui a agi, 1 ne donne que des totaux. "
        "Tous ont pris fin, le premier le 27 juillet 2016, le dernier le 12 mars 2026 : "
        "faute de semaine commune, chacun est raconté par sa propre dernière semaine. "
        "Un seul dit combien de personnes il touche, « The club » : "
        "8,7 % d’entre elles ont agi dans sa dernière semaine (7 – 10 %)."
    )


def test_the_table_holds_each_channel_and_opens_it() -> None:
    table = report("en").sections[0].table
    assert table is not None
    assert [(row.scope, *row.cells, *row.under) for row in table.rows] == [
        ("club", "The club", "6", "8.7\u00a0%", "week to 12\u00a0March\u00a02026", "of 69", "7\u00a0–\u00a010\u00a0%"),
        ("votes", "The votes", "96", "unknown", "week to 27\u00a0July\u00a02016", "", ""),
        (
            "page", "The page", "unknown", "unknown",
            "for 1,000 likes: 9.2\u00a0comments, 31\u00a0shares", "totals only", "",
        ),
    ]  # fmt: skip


def test_a_live_whole_is_told_first_and_does_not_speak_of_one_channel() -> None:
    text = said(report("en", archive=False))
    assert text.startswith("In the week to 12 March 2026, 4 people did something;")
    assert "How many people these channels reach together is not known" in text
    assert "2 have ended and add nothing to this week." in text
    assert "this channel" not in text


def test_a_channel_into_which_nothing_came_is_not_read() -> None:
    scopes = [told.scope("*", ""), told.scope("club"), told.scope("votes"), told.scope("typo", acts=0)]
    beside = [*of("club", told.active()), *of("votes", told.active(96, 96, None, "unknown"))]
    one = report_of(told.edition(*scopes), scopes[0], "en", told.active(4, 4, None, "unknown"), beside)
    assert "2 channels are read here, and each tells who acted." in said(one)
    table = one.sections[0].table
    assert table is not None
    assert {row.scope for row in table.rows} == {"club", "votes"}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nobody_says_whom_they_reach(lang: str) -> None:
    told_in = {
        "en": "None says how many people it reaches",
        "fr": "Aucun ne dit combien de personnes il touche",
    }
    assert told_in[lang] in said(report(lang, reached=None))


def test_a_sentence_of_thanks_stands_once() -> None:
    assert gathered(["By A, CC BY: a.org/1", "MIT licence.", "By A, CC BY: a.org/2", "MIT licence."]) == [
        "By A, CC BY: a.org/1, a.org/2",
        "MIT licence.",
    ]


def test_one_channel_alone_is_not_put_beside_itself() -> None:
    scopes = [told.scope("*", ""), told.scope("club")]
    edition: api.Edition = told.edition(*scopes)
    alone = report_of(edition, scopes[0], "en", told.community(), of("club", told.community()))
    assert alone.sections[0].id == "active-share"
    assert said(alone).startswith("In the week to 12 March 2026, 1.4 % of our")
