"""What the doctor looks at of the work: people, mail, brand accounts, lake, figures, worker, jobs, rejects, backups."""

from datetime import timedelta

from estime.channels import api as channels
from estime.cli.checkup_reach import address_finding, mail_finding
from estime.cli.copies import last_backup, listed, older_than_erasure
from estime.cli.findings import Finding, fine, note, problem
from estime.engagement import api as engagement
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger

OLD_FIGURES = timedelta(days=1)
SILENT_WORKER = timedelta(minutes=10)
WAITING = 900
OLD_BACKUP = timedelta(days=7)


def _needed(what: str, told: str, todo: str) -> Finding:
    """A problem where others rely on it; elsewhere a note."""
    return (problem if configuration().site.mode == "production" else note)(what, told, todo)


def _reasons(what: str, code: str) -> list[Finding]:
    from estime.cli.installation import safety

    return [_needed(what, reason.what, reason.todo) for reason in safety().reasons() if reason.code == code]


def _administrators() -> Finding:
    from estime.people import api as people

    found = _reasons("administrators", "administrator")
    return found[0] if found else fine("administrators", f"{people.administrators().count()}")


def _second_steps() -> Finding:
    """Recommended in production: whoever has an administrator's password alone has everything."""
    from estime.people import api as people

    site = configuration().site
    without = len(people.administrators_without_second_step())
    if site.mode != "production" or (site.administrators_second_step and not without):
        return fine("second steps", f"{without} administrators have none")
    if site.administrators_second_step:
        return note(
            "second steps",
            f"{without} administrators have none yet",
            "They are asked to set one up when they come next.",
        )
    return note(
        "second steps",
        f"administrators may sign in by one step alone; {without} do",
        "Switch it on below Settings, Sign-in: administrators must use a second step.",
    )


def _mail() -> Finding:
    found = _reasons("mail", "mail")
    return found[0] if found else mail_finding()


def _address() -> Finding:
    site = configuration().site
    if site.mode != "production" or not site.address.startswith("https://"):
        return fine("address", site.address or "this machine only")
    return address_finding(site.address)


def _index() -> Finding:
    if ledger.index_due():
        return note(
            "index",
            "acts have come in that searches do not find yet",
            "A worker sees to it within minutes. If this stays, look at the jobs page, or run `estime refresh`.",
        )
    return fine("index", "searches find every act")


def _brand_accounts() -> Finding:
    named = [(account.channel, account.handle) for account in configuration().brand.accounts]
    known = {channel for channel, _ in ledger.account_keys(named)}
    lost = sorted({channel for channel, handle in named if not ledger.account_keys([(channel, handle)])})
    if lost:
        return problem(
            "brand accounts",
            f"not found on: {', '.join(lost)}",
            "Check the handles in estime.toml: figures count the brand as members.",
        )
    return fine("brand accounts", f"found on {len(known)} channels")


def _lake() -> Finding:
    newest, batch = ledger.size()[0], ledger.archived(engagement.lake_url())
    if batch is None:
        return (
            fine("lake", "empty, as the ledger")
            if newest == 0
            else problem("lake", "empty", "Run `estime refresh`.")
        )
    if ledger.acts_since(batch):
        return fine("lake", f"read up to {batch}; acts have come in since, the next refresh takes them")
    return fine("lake", f"read up to {batch}, everything there is")


def _figures() -> Finding:
    edition = engagement.edition()
    if edition is None and ledger.size()[0] == 0:
        return note(
            "figures", "none, as nothing has come in yet", "Bring a file: `estime import`, or the page."
        )
    if edition is None:
        return problem("figures", "none yet", "Run `estime refresh`.")
    told = f"edition {edition.id}, made {edition.made_at:%Y-%m-%d %H:%M} UTC"
    if clock.now() - edition.made_at > OLD_FIGURES and engagement.refresh_due():
        return _needed(
            "figures", f"{told}: older than a day", "Run `estime refresh`, and see to it that a worker runs."
        )
    return fine("figures", told)


def _worker() -> Finding:
    looked, queue = jobs.last_look(), jobs.queue()
    start = "Run `estime serve`, which has one, or `estime work`."
    if looked is None:
        return _needed("worker", "none has run here yet", start)
    silent = clock.now() - looked
    if silent > SILENT_WORKER:
        return _needed("worker", f"none has looked for work since {looked:%Y-%m-%d %H:%M} UTC", start)
    if queue.oldest_seconds > WAITING:
        return problem(
            "worker",
            f"{queue.due} jobs wait, the oldest for {queue.oldest_seconds / 60:.0f} minutes",
            "Start another `estime work`, or look at the jobs page what takes so long.",
        )
    return fine("worker", f"looked for work {silent.total_seconds():.0f} seconds ago")


def _jobs() -> Finding:
    failed = jobs.failed_debts.count(clock.now())[0]
    if failed:
        return note(
            "jobs", f"{failed} failed", "See why on the jobs page; run them again, or set them aside."
        )
    return fine("jobs", "none has failed")


def _rejects() -> Finding:
    waiting = sum(channels.rejects_waiting().values())
    if waiting:
        return note(
            "rejects", f"{waiting:,} rows were refused and wait", "Mend them on the pages of their channels."
        )
    return fine("rejects", "none wait")


def _backup() -> Finding:
    made = last_backup()
    if made is None:
        return note(
            "backup", "none was made here", "Run `estime backup FILE`, best every night (docs/backup.md)."
        )
    told = f"the last one was made {made:%Y-%m-%d %H:%M} UTC"
    if clock.now() - made > OLD_BACKUP:
        return _needed("backup", told, "Run `estime backup FILE`; see why the timer does not.")
    return fine("backup", told)


def _erased() -> Finding:
    """Backups and waiting files from before the last erasure may still hold what was erased."""
    older = older_than_erasure()
    if not (older.backups or older.uploads):
        return fine("erased", "no older copy is known here")
    return note(
        "erased",
        f"{older.in_words()} are from before the last erasure",
        f"Make a new backup, and destroy: {listed([*older.backups, *older.uploads])}.",
    )


LOOKS = (
    _administrators, _second_steps, _mail, _address, _brand_accounts, _lake, _index, _figures, _worker, _jobs,
    _rejects, _backup, _erased,
)  # fmt: skip
