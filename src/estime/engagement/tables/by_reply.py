"""Step: who answers whom, how soon, and who is still waiting."""

from estime.engagement.figures import Figure
from estime.engagement.measures import tally
from estime.engagement.tables import replies
from estime.engagement.tables.by_person import quantile_figures
from estime.engagement.tables.job import Job
from estime.engagement.tables.table import Table

HOUR = 3_600


def figures_by_reply(job: Job, members: Table) -> list[Figure]:
    """Every measure of replies and openings, and `lost_waiting`.

    `members` is the kept table `persons` of every scope.
    """
    settings = job.settings
    far = job.since(settings.silence + settings.window)
    made = job.shelf.keep(replies.replies(job.acts, far, job.weeks))
    opened = replies.openings(job.acts, far, job.weeks)
    # An answer may come in another week than the one asked for.
    answers = made if job.weeks is None else replies.answers_to(job.acts, opened)
    opened = job.everywhere(job.shelf.keep(replies.answered(opened, answers)))
    made = job.everywhere(made)
    return [
        *_weekly(job, made, opened),
        *_present(job, made, opened),
        *_first_response(job, opened),
        *tally.shares(
            "lost_waiting",
            job.rows(replies.lost_waiting(members, opened, job.moments, (settings.window, settings.silence))),
        ),
    ]


def _weekly(job: Job, made: Table, opened: Table) -> list[Figure]:
    if job.weeks is not None:
        made = made.filter(made.week.isin(sorted(job.weeks)))
        opened = opened.filter(opened.week.isin(sorted(job.weeks)))
    days = (job.settings.patience, job.settings.span)
    return [
        *tally.replies(job.rows(replies.reply_counts(made, by_week=True))),
        *tally.words_deeds(job.rows(replies.deed_counts(opened, made, by_week=True))),
        *tally.shares(
            "unanswered", job.rows(replies.waiting_counts(opened, job.moments, days, by_week=True))
        ),
    ]


def _present(job: Job, made: Table, opened: Table) -> list[Figure]:
    settings, moments = job.settings, job.moments
    long_made, long_opened = job.lately(made, settings.span), job.lately(opened, settings.span)
    days = (settings.patience, settings.span)
    return [
        *tally.replies(job.rows(replies.reply_counts(job.lately(made, settings.window), by_week=False))),
        *tally.words_deeds(job.rows(replies.deed_counts(long_opened, long_made, by_week=False))),
        *tally.shares("unanswered", job.rows(replies.waiting_counts(opened, moments, days, by_week=False))),
        *tally.shares("reciprocity", job.rows(replies.pair_counts(long_made))),
        *tally.owed(job.rows(replies.owed_counts(opened, moments, (settings.patience, settings.window)))),
    ]


def _first_response(job: Job, opened: Table) -> list[Figure]:
    asked = opened.filter(~opened.brand)
    weekly = asked if job.weeks is None else asked.filter(asked.week.isin(sorted(job.weeks)))
    figures = []
    for keys, table in ((("scope", "week"), weekly), (("scope",), job.lately(asked, job.settings.span))):
        counted = job.rows(table.group_by(*keys).agg(n=table.count()))
        totals = {(row["scope"], row.get("week")): row["n"] for row in counted}
        answered = table.filter(table.wait.notnull())
        waits = answered.select(*keys, value=answered.wait)
        figures += quantile_figures(job, "first_response", waits, ("median", "p90"), totals, HOUR)
    return figures
