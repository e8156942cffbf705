"""What the database itself refuses in co-creation: rules that change after the opening, ballots after the closing.

Triggers, as those of the ledger (ledger/guards.py), put back after every migration, listed and attacked by tests. Each
names a table, an event, and the condition under which it is let through. Erasure is let through where the law asks for
it: it blanks words and changes nothing else.
"""

from typing import Final, NamedTuple

from django.db import connections

P = "cocreation_"


class Guard(NamedTuple):
    """`event` on `table` is refused unless `allowed` holds (SQL over OLD and NEW; `=~` stands for null-safe equality)."""

    table: str
    event: str
    allowed: str = ""

    @property
    def name(self) -> str:
        return f"{P}{self.table}_{'no' if not self.allowed else 'only'}_{self.event.lower()}"


def _same(*columns: str) -> str:
    return " AND ".join(f"NEW.{name} =~ OLD.{name}" for name in columns)


def _kept(*columns: str) -> str:
    """Set once, they stay."""
    return " AND ".join(f"(OLD.{name} IS NULL OR NEW.{name} =~ OLD.{name})" for name in columns)


def _blankable(*columns: str) -> str:
    return " AND ".join(f"(NEW.{name} =~ OLD.{name} OR (NEW.erased AND NEW.{name} = ''))" for name in columns)


_OPEN = f"EXISTS (SELECT 1 FROM {P}challenge c WHERE c.id = {{row}}.challenge_id AND c.opened IS NOT NULL)"
_POLL = f"EXISTS (SELECT 1 FROM {P}poll p WHERE p.id = {{row}}.poll_id AND {{condition}})"


def _poll(row: str, condition: str) -> str:
    return _POLL.format(row=row, condition=condition)


_TAKES_BALLOTS = "(p.opened IS NOT NULL AND p.closed IS NULL OR p.sealing)"
_GAINS_OPTIONS = "p.closed IS NULL AND (p.opened IS NULL OR p.method IN ('pairwise', 'groups'))"

APPEND_ONLY: Final = (
    "deal acceptance extension override event answer outcome outcomesource disowning result wording".split()
)

GUARDS: Final = (
    *(Guard(table, event) for table in APPEND_ONLY for event in ("UPDATE", "DELETE") if table != "wording"),
    # words that erasure blanks
    Guard(
        "wording", "UPDATE", f"{_same('id', 'comment_id', 'until')} AND NEW.body = ''"
    ),
    Guard("wording", "DELETE"),
    Guard(
        "version",
        "UPDATE",
        _same("id", "contribution_id", "number", "by_id", "contributor_id", "edit_id", "merge_id", "at")
        + " AND NEW.title = '' AND NEW.body = '' AND NEW.note = ''",
    ),
    Guard("version", "DELETE"),
    # what was decided and promised
    Guard(
        "decision",
        "UPDATE",
        _same(
            "id", "contribution_id", "number", "outcome", "reason", "lives_on", "again", "into_id", "by_id", "name", "at"
        ),
    ),
    Guard("decision", "DELETE"),
    Guard(
        "pledge",
        "UPDATE",
        _same("id", "contribution_id", "challenge_id", "interpellation_id", "what", "by_id", "name", "due", "at")
        + " AND "
        + _same("replaces_id")
        + " AND "
        + _kept("kept", "kept_by_id", "waived", "waived_by_id"),
    ),
    Guard("pledge", "DELETE"),
    Guard(
        "hiding",
        "UPDATE",
        _same("id", "space_id", "contribution_id", "comment_id", "interpellation_id", "picture_id")
        + " AND "
        + _same("reason", "words", "criticism", "by_id", "name", "at")
        + " AND "
        + _kept("lifted", "lifted_by_id"),
    ),
    Guard("hiding", "DELETE"),
    # a challenge from its opening on
    Guard(
        "challenge",
        "UPDATE",
        "OLD.opened IS NULL OR "
        + _same("id", "space_id", "owner_id", "by_brand", "power", "answer_by", "opened", "kinds")
        + " AND "
        + _blankable("title", "problem", "known", "decided", "off_table", "decider", "resources")
        + " AND "
        + _kept("cancelled", "cancelled_by_id")
        + " AND (OLD.cancelled IS NULL OR NEW.cancel_reason = OLD.cancel_reason)",
    ),
    Guard("challenge", "DELETE", "OLD.opened IS NULL"),
    Guard("phase", "INSERT", f"NOT {_OPEN.format(row='NEW')}"),
    Guard(
        "phase",
        "UPDATE",
        f"NOT {_OPEN.format(row='OLD')} OR ("
        + _same("id", "challenge_id", "kind")
        + " AND NEW.starts >= OLD.starts AND NEW.ends >= OLD.ends"
        + f" AND EXISTS (SELECT 1 FROM {P}extension e WHERE e.phase_id = OLD.id AND e.was = OLD.ends AND e.until = NEW.ends))",
    ),
    Guard("phase", "DELETE", f"NOT {_OPEN.format(row='OLD')}"),
    # votes
    Guard("poll", "INSERT", f"NOT NEW.binding OR NOT {_OPEN.format(row='NEW')}"),
    Guard(
        "poll",
        "UPDATE",
        "OLD.locked IS NULL OR "
        + _same("id", "challenge_id", "method", "parameters", "ties", "seed", "threshold", "who", "binding", "secret")
        + " AND "
        + _same("locked")
        + " AND NEW.opens >= OLD.opens AND NEW.closes >= OLD.closes"
        + " AND (OLD.opened IS NULL OR NEW.opens = OLD.opens) AND (OLD.closed IS NULL OR NEW.closes = OLD.closes)"
        + " AND "
        + _kept("opened", "closed", "counted", "sealed"),
    ),
    Guard("poll", "DELETE", "OLD.locked IS NULL"),
    Guard("option", "INSERT", _poll("NEW", _GAINS_OPTIONS)),
    Guard(
        "option",
        "UPDATE",
        _poll("OLD", "p.opened IS NULL")
        + " OR "
        + _same("id", "poll_id", "number", "title", "contribution_id", "cost", "by_id", "at"),
    ),
    Guard("option", "DELETE", _poll("OLD", "p.opened IS NULL")),
    *(
        Guard("ballot", event, _poll("OLD" if event == "DELETE" else "NEW", _TAKES_BALLOTS))
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    Guard("voter", "INSERT", _poll("NEW", "p.opened IS NOT NULL AND p.closed IS NULL")),
    Guard(
        "voter",
        "UPDATE",
        _same("id", "poll_id", "member_id") + f" AND (NEW.last IS NULL OR {_poll('NEW', 'p.closed IS NULL')})",
    ),
    Guard("voter", "DELETE"),
    Guard("link", "INSERT", _poll("NEW", "p.opened IS NOT NULL AND p.closed IS NULL")),
    Guard("link", "UPDATE"),
)  # fmt: skip

_WHOLE: Final = sorted({guard.table for guard in GUARDS})


def guards_install(using: str = "default") -> None:
    """Put every guard in place (again). Safe to call at any time."""
    connection = connections[using]
    if f"{P}link" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def guard_names(vendor: str) -> set[str]:
    """The triggers that must exist on a database of this kind."""
    last = "no_truncate" if vendor == "postgresql" else "no_replace"
    return {guard.name for guard in GUARDS} | {f"{P}{table}_{last}" for table in _WHOLE}


def guards_missing(using: str = "default") -> set[str]:
    """Triggers that should be there and are not."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return guard_names(connection.vendor) - {name for (name,) in cursor.fetchall()}


def _words(guard: Guard) -> str:
    return f"{P}{guard.table}: {guard.event} refused"


def _sqlite() -> list[str]:
    bodies = []
    for guard in GUARDS:
        allowed = guard.allowed.replace("=~", "IS")
        when = f"WHEN NOT ({allowed}) " if allowed else ""
        bodies.append((guard.name, guard.event, guard.table, when, _words(guard)))
    for table in _WHOLE:
        # REPLACE fires no delete trigger unless the writer asks for it, so it is met before the insert.
        when = f"WHEN EXISTS (SELECT 1 FROM {P}{table} WHERE id = NEW.id) "  # noqa: S608
        bodies.append((f"{P}{table}_no_replace", "INSERT", table, when, f"{P}{table}: REPLACE refused"))
    return [
        statement
        for name, event, table, when, words in bodies
        for statement in (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {P}{table} {when}BEGIN SELECT RAISE(ABORT, '{words}'); END",
        )
    ]


def _postgresql() -> list[str]:
    statements = []
    for guard in GUARDS:
        allowed = guard.allowed.replace("=~", "IS NOT DISTINCT FROM") or "false"
        row = "OLD" if guard.event == "DELETE" else "NEW"
        statements += [
            f"""CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT ({allowed}) THEN
                    RAISE EXCEPTION '{_words(guard)}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN {row};
            END $$""",
            *_trigger(guard.name, guard.event, guard.table, "ROW", guard.name),
        ]
    statements.append(
        f"""CREATE OR REPLACE FUNCTION {P}refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    for table in _WHOLE:
        statements += _trigger(f"{P}{table}_no_truncate", "TRUNCATE", table, "STATEMENT", f"{P}refuse")
    return statements


def _trigger(name: str, event: str, table: str, each: str, function: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {P}{table}",
        f"CREATE TRIGGER {name} BEFORE {event} ON {P}{table} FOR EACH {each} EXECUTE FUNCTION {function}()",
        # ALWAYS: also under session_replication_role = replica
        f"ALTER TABLE {P}{table} ENABLE ALWAYS TRIGGER {name}",
    ]
