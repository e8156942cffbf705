"""The door of listening: what other parts may call. Light to import: what reads texts or moves rows is loaded then."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from estime.listening.actions.alert_mail import alerts_mail
from estime.listening.actions.alerts import alerts_look
from estime.listening.actions.ask import ask, ask_due
from estime.listening.actions.due import listen_due
from estime.listening.actions.forget import forget_accounts, forget_erased, forget_login
from estime.listening.actions.forget_names import names_forget, searches_forget
from estime.listening.actions.search_due import searches_due, targets_due
from estime.listening.actions.searches import (
    DAYS,
    KEPT,
    PEOPLE,
    SearchDraft,
    alerts_seen,
    search_change,
    search_delete,
    search_save,
)
from estime.listening.actions.survey_answer import (
    Answers,
    survey_answer,
    survey_dismiss,
    survey_never,
    survey_shown,
    survey_take_back,
)
from estime.listening.actions.target_renamed import searches_follow_target
from estime.listening.actions.topics_due import topics_due
from estime.listening.affect_names import LANGUAGE_NAMES, TARGET_NAMES
from estime.listening.quarters import quarter_bounds, quarter_of
from estime.listening.queries.marks import readings_mark
from estime.listening.queries.of_account import OneReading, reading_find, readings_of
from estime.listening.queries.reading_anew import reading_anew, targets_named
from estime.listening.queries.readings_told import MonthTold, readings_told
from estime.listening.queries.searches import (
    alert_find,
    alerts_listed,
    alerts_unseen,
    asked_of,
    search_amiss,
    search_find,
    searches_data,
    searches_listed,
)
from estime.listening.queries.surveys import (
    OwnAnswers,
    QuarterTold,
    answers_for_affect,
    survey_is_never,
    survey_open,
    survey_own,
    survey_waits,
    surveys_data,
    surveys_own,
    surveys_told,
)
from estime.listening.queries.targets_told import (
    WINDOW,
    WINDOWS,
    Reads,
    TargetsPage,
    TargetTold,
    targets_told,
)
from estime.listening.queries.text_filter import TextFilter
from estime.listening.queries.texts import (
    MOST_ALIKE,
    HeardText,
    TextPage,
    TextReading,
    emotions_told,
    polarity_told,
    text_reading,
    text_shown,
    texts_each,
    texts_page,
)
from estime.listening.queries.topics_told import (
    TopicsTold,
    TopicTold,
    TopicTrend,
    topic_acts,
    topic_told,
    topics_choose,
    topics_told,
)
from estime.listening.search_errors import SearchInvalid, SearchUnknown
from estime.listening.search_models import EACH, LONGEST_NAME, RISE, SavedSearch, SearchAlert
from estime.listening.survey_numbers import mean_estimate, share_estimate
from estime.listening.text_asked import (
    ASKED,
    LONGEST_WORDS,
    target_asked,
    target_listed,
    targets_listed,
    text_asked,
)
from estime.listening.topic_models import DAYS as TOPIC_DAYS
from estime.listening.topic_models import NORMAL_DAYS as TOPIC_DAYS_USUAL

if TYPE_CHECKING:
    import pyarrow as pa

    from estime.listening.actions.listen import Heard, Progress
    from estime.listening.queries.topics import TopicsHeard
    from estime.listening.topics.result import Carried, Options, TopicsAsked

__all__ = [
    "ASKED",
    "DAYS",
    "EACH",
    "KEPT",
    "LANGUAGE_NAMES",
    "LONGEST_NAME",
    "LONGEST_WORDS",
    "MOST_ALIKE",
    "PEOPLE",
    "RISE",
    "TARGET_NAMES",
    "TOPIC_DAYS",
    "TOPIC_DAYS_USUAL",
    "WINDOW",
    "WINDOWS",
    "Answers",
    "HeardText",
    "MonthTold",
    "OneReading",
    "OwnAnswers",
    "QuarterTold",
    "Reads",
    "SavedSearch",
    "SearchAlert",
    "SearchDraft",
    "SearchInvalid",
    "SearchUnknown",
    "TargetTold",
    "TargetsPage",
    "TextFilter",
    "TextPage",
    "TextReading",
    "TopicTold",
    "TopicTrend",
    "TopicsTold",
    "alert_find",
    "alerts_listed",
    "alerts_look",
    "alerts_mail",
    "alerts_seen",
    "alerts_unseen",
    "answers_for_affect",
    "ask",
    "ask_due",
    "asked_of",
    "emotions_told",
    "forget_accounts",
    "forget_erased",
    "forget_login",
    "listen",
    "listen_due",
    "mean_estimate",
    "names_forget",
    "polarity_told",
    "quarter_bounds",
    "quarter_of",
    "reading_anew",
    "reading_find",
    "readings_mark",
    "readings_of",
    "readings_since",
    "readings_told",
    "search_amiss",
    "search_change",
    "search_delete",
    "search_find",
    "search_save",
    "searches_data",
    "searches_due",
    "searches_follow_target",
    "searches_forget",
    "searches_listed",
    "share_estimate",
    "survey_answer",
    "survey_dismiss",
    "survey_is_never",
    "survey_never",
    "survey_open",
    "survey_own",
    "survey_shown",
    "survey_take_back",
    "survey_waits",
    "surveys_data",
    "surveys_own",
    "surveys_told",
    "target_asked",
    "target_listed",
    "targets_due",
    "targets_listed",
    "targets_named",
    "targets_tell",
    "targets_told",
    "text_asked",
    "text_reading",
    "text_shown",
    "texts_each",
    "texts_page",
    "topic_acts",
    "topic_told",
    "topics_choose",
    "topics_due",
    "topics_find",
    "topics_find_one",
    "topics_heard",
    "topics_of_enough",
    "topics_told",
    "whole_since",
]


def topics_of_enough(heard: "TopicsHeard", smallest: int) -> "TopicsHeard":
    """`topics_heard` without topics of few people, what few people say and feel, and how many of them are new."""
    from estime.listening.queries.topics import topics_of_enough as run

    return run(heard, smallest)


def topics_heard(
    asked: "TopicsAsked", *, options: "Options | None" = None, carried: "Carried | None" = None
) -> "TopicsHeard":
    """Topics of what a search finds, now against before (queries/topics.py). Takes seconds: for a job, not a page."""
    from estime.listening.queries.topics import topics_heard as run

    return run(asked, options=options, carried=carried)


def topics_find(*, progress: "Progress | None" = None) -> int:
    """Bring the kept topics up to date (actions/find_topics.py). Takes seconds to minutes: for a job, not a page."""
    from estime.listening.actions.find_topics import topics_find as run

    return run(progress=progress)


def targets_tell() -> int:
    """Count texts about the brand, its products and others anew (actions/targets_tell.py)."""
    from estime.listening.actions.targets_tell import targets_tell as run

    return run()


def topics_find_one(channel: int, days: int) -> int:
    """Find and keep the topics of one channel (0 for all) over so many days, as if somebody had chosen them."""
    from estime.listening.actions.find_topics import topics_find_one as run
    from estime.listening.actions.topics_due import Scope

    return run(Scope(channel, days))


def listen(*, progress: "Progress | None" = None) -> "Heard":
    """Bring the readings up to date with the ledger (actions/listen.py)."""
    from estime.listening.actions.listen import listen as run

    return run(progress=progress)


def whole_since(since: int | None, mark: int) -> bool:
    """Whether somebody who has the readings up to one mark has to take all of them anew (queries/in_bulk.py)."""
    from estime.listening.queries.in_bulk import whole_since as run

    return run(since, mark)


def readings_since(since: int | None, mark: int) -> "AbstractContextManager[pa.RecordBatchReader]":
    """What was read between two marks, as numbers for the lake (queries/in_bulk.py)."""
    from estime.listening.queries.in_bulk import readings_since as run

    return run(since, mark)
