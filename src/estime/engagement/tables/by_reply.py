"""Step: who answers whom, how soon, and who is still waiting."""

from estime.engagement.measures import tally
from estime.engagement.tables import replies
from estime.engagement.tables.by_person import quantile_figures
from estime.engagement.tables.job import Job, Later, together
from estime.engagement.tables.table import Table

HOUR = 3_600


def talk(job: Job) -> tuple[Table, Table]:
    """The replies of every scope, and its openings with how long each waited; both kept."""
    settings = job.settings
    far = job.since(settings.silence + settings.window)
    made = job.shelf.keep(replies.replies(job.acts, far, job.weeks))
    opened = replies.openings(job.acts, far, job.weeks)
    # An answer may come in another week than the one asked for.
    answers = made if job.weeks is None else replies.answers_to(job.acts, opened)
    return job.everywhere(made), job.everywhere(job.shelf.keep(replies.answered(opened, answers)))


def lost_waiting(job: Job, members: Table, opened: Table) -> Later:
    """`lost_waiting`; `members` is the kept table `persons` of every scope, `opened` the openings of `talk`."""
    settings = job.settings
    lost = job.ask(replies.lost_waiting(members, opened, job.moments, (settings.window, settings.silence)))
    return lambda: tally.shares("lost_waiting", lost())


def figures_by_reply(job: Job, made: Table, opened: Table) -> Later:
    """Every measure of replies and openings, as `talk` gives them, but `lost_waiting`."""
    return together(_weekly(job, made, opened), _present(job, made, opened), _first_response(job, opened))


def _weekly(job: Job, made: Table, opened: Table) -> Later:
    if job.weeks is not None:
        made = made.filter(made.week.isin(sorted(job.weeks)))
        opened = opened.filter(opened.week.isin(sorted(job.weeks)))
    days = (job.settings.patience, job.settings.span)
    answers = job.ask(replies.reply_counts(made, by_week=True))
    deeds = job.ask(replies.deed_counts(opened, made, by_week=True))
    waits = job.ask(replies.waiting_counts(opened, job.moments, days, by_week=True))
    return lambda: [
        *tally.replies(answers()),
        *tally.words_deeds(deeds()),
        *tally.shares("unanswered", waits()),
    ]


def _present(job: Job, made: Table, opened: Table) -> Later:
    settings, moments = job.settings, job.moments
    long_made, long_opened = job.lately(made, settings.span), job.lately(opened, settings.span)
    days = (settings.patience, settings.span)
    answers = job.ask(replies.reply_counts(job.lately(made, settings.window), by_week=False))
    deeds = job.ask(replies.deed_counts(long_opened, long_made, by_week=False))
    waits = job.ask(replies.waiting_counts(opened, moments, days, by_week=False))
    pairs = job.ask(replies.pair_counts(long_made))
    owed = job.ask(replies.owed_counts(opened, moments, (settings.patience, settings.window)))
    return lambda: [
        *tally.replies(answers()),
        *tally.words_deeds(deeds()),
        *tally.shares("unanswered", waits()),
        *tally.shares("reciprocity", pairs()),
        *tally.owed(owed()),
    ]


def _first_response(job: Job, opened: Table) -> Later:
    asked = opened.filter(~opened.brand)
    weekly = asked if job.weeks is None else asked.filter(asked.week.isin(sorted(job.weeks)))
    return together(
        _waits(job, weekly, ("scope", "week")),
        _waits(job, job.lately(asked, job.settings.span), ("scope",)),
    )


def _waits(job: Job, asked: Table, keys: tuple[str, ...]) -> Later:
    counted = job.ask(asked.group_by(*keys).agg(n=asked.count()))
    answered = asked.filter(asked.wait.notnull())
    waits = answered.select(*keys, value=answered.wait)
    quantiles = quantile_figures(job, "first_response", waits, ("median", "p90"), HOUR)
    return lambda: quantiles({(row["scope"], row.get("week")): row["n"] for row in counted()})
