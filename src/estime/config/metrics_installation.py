"""How the installation stands, asked of the database each time somebody reads the metrics."""

from collections.abc import Iterator
from typing import Final

from django.db import DatabaseError, connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from estime.engagement import api as engagement
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.version import __version__

Family = CounterMetricFamily | GaugeMetricFamily

GAUGES: Final = {
    "estime_info": ("The version, and the kind of database.", ["version", "database"]),
    "estime_database_up": ("1 if the database answers; if 0, nothing below is told.", []),
    "estime_database_bytes": ("Size of the database.", []),
    "estime_jobs": ("Jobs by status; those done a month ago are let go.", ["status"]),
    "estime_jobs_due": ("Jobs that could begin now and wait for a worker.", []),
    "estime_jobs_oldest_due_seconds": ("For how long the oldest of them has been waiting.", []),
    "estime_jobs_failed_unsettled": ("Failed jobs that nobody has run again or set aside.", []),
    "estime_worker_last_look_seconds": ("Seconds since any worker looked for work that is due.", []),
    "estime_edition_age_seconds": ("Seconds since the figures were made or found up to date.", []),
}
COUNTERS: Final = {
    "estime_acts_appended": ("Acts that came into the ledger.", []),
    "estime_job_runs": ("Runs of jobs that ended, by kind and outcome.", ["kind", "outcome"]),
    "estime_job_run_seconds": ("Seconds that these runs took together.", ["kind", "outcome"]),
}


class Installation:
    """A collector. What cannot be told is left out: a missing number is better than a wrong one."""

    def collect(self) -> Iterator[Metric]:
        families = {
            name: GaugeMetricFamily(name, told, labels=labels) for name, (told, labels) in GAUGES.items()
        }
        counted = {
            name: CounterMetricFamily(name, told, labels=labels) for name, (told, labels) in COUNTERS.items()
        }
        everything: dict[str, Family] = {**families, **counted}
        everything["estime_info"].add_metric([__version__, connection.vendor], 1)
        try:
            _ask(everything)
        except DatabaseError:
            connection.close()
            for name in everything.keys() - {"estime_info"}:
                everything[name].samples.clear()
        up = everything["estime_database_up"]
        if not up.samples:
            up.add_metric([], 0)
        yield from (family for family in everything.values() if family.samples)

    def describe(self) -> list[Metric]:
        return []


def _ask(to: dict[str, Family]) -> None:
    to["estime_database_bytes"].add_metric([], _bytes())
    to["estime_acts_appended"].add_metric([], _acts())
    for status, count in jobs.counts().items():
        to["estime_jobs"].add_metric([status], count)
    for run in jobs.runs():
        to["estime_job_runs"].add_metric([run.kind, run.outcome], run.runs)
        to["estime_job_run_seconds"].add_metric([run.kind, run.outcome], run.seconds)
    queue = jobs.queue()
    to["estime_jobs_due"].add_metric([], queue.due)
    to["estime_jobs_oldest_due_seconds"].add_metric([], queue.oldest_seconds)
    to["estime_jobs_failed_unsettled"].add_metric([], jobs.failed_debts.count(clock.now())[0])
    if (looked := jobs.last_look()) is not None:
        to["estime_worker_last_look_seconds"].add_metric([], (clock.now() - looked).total_seconds())
    if (standing := engagement.edition()) is not None:
        to["estime_edition_age_seconds"].add_metric([], (clock.now() - standing.made_at).total_seconds())
    to["estime_database_up"].add_metric([], 1)


def _bytes() -> int:
    if connection.vendor == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        query = "SELECT pg_database_size(current_database())"
    return _number(query)


def _acts() -> int:
    """Acts are never taken out, so on SQLite the newest one's position is their number. On PostgreSQL positions have
    gaps, and the server counts what it writes (from its last restart after a crash, which a counter may do).
    """
    if connection.vendor == "sqlite":
        return ledger.size()[0]
    return _number("SELECT coalesce(sum(n_tup_ins), 0) FROM pg_stat_user_tables WHERE relname = 'ledger_act'")


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
