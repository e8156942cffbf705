"""What the database itself refuses in co-creation: rules that change after the opening, ballots after the closing.

Triggers, as those of the ledger (ledger/guards.py), put back after every migration, listed and attacked by tests. Each
names a table, an event, and the condition under which it is let through. Erasure is let through where the law asks for
it: it blanks words and changes nothing else.
"""

from typing import Final, NamedTuple

from django.db import connections

P = "cocreation_"
NOBODY: Final = "–"
"""What stands in place of the name of somebody who was erased."""


class Guard(NamedTuple):
    """`event` on `table` is refused unless `allowed` holds (SQL over OLD and NEW; `=~`: null-safe equality)."""

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


_NAMELESS = f" AND NEW.name = '{NOBODY}'"
_NAME_OR_NONE = f" AND NEW.name IN (OLD.name, '{NOBODY}')"


def _blankable(*columns: str) -> str:
    return " AND ".join(f"(NEW.{name} =~ OLD.{name} OR (NEW.erased AND NEW.{name} = ''))" for name in columns)


_OPEN = f"EXISTS (SELECT 1 FROM {P}challenge c WHERE c.id = {{row}}.challenge_id AND c.opened IS NOT NULL)"
_POLL = f"EXISTS (SELECT 1 FROM {P}poll p WHERE p.id = {{row}}.poll_id AND {{condition}})"


def _poll(row: str, condition: str) -> str:
    return _POLL.format(row=row, condition=condition)


_READY = (
    # what came from elsewhere (an import) brings no deal and no calendar of ours
    "(NEW.source IS NOT NULL OR ("
    f"EXISTS (SELECT 1 FROM {P}phase f WHERE f.challenge_id = NEW.id)"
    f" AND EXISTS (SELECT 1 FROM {P}deal d WHERE d.challenge_id = NEW.id AND d.owns <> '' AND d.licence <> ''"
    " AND d.if_adopted <> '' AND d.if_refused <> '' AND d.if_withdrawn <> '' AND d.if_altered <> '')"
    " AND (NEW.power IN ('listen', 'answer')"
    f" OR EXISTS (SELECT 1 FROM {P}poll p WHERE p.challenge_id = NEW.id AND p.binding))"
    f" AND NOT EXISTS (SELECT 1 FROM {P}poll p WHERE p.challenge_id = NEW.id AND p.locked IS NULL)))"
)
_DECIDED = (
    # calling off what members have decided would be an override without a name
    "(NEW.power IN ('choose', 'decide')"
    f" AND EXISTS (SELECT 1 FROM {P}poll p WHERE p.challenge_id = NEW.id AND p.binding AND p.closed IS NOT NULL))"
)
_HIDES = f"EXISTS (SELECT 1 FROM {P}hiding h WHERE h.challenge_id = NEW.id AND h.lifted IS NULL)"
_ANSWERS = (
    f"(NEW.source IS NULL AND EXISTS (SELECT 1 FROM {P}member b WHERE b.id = NEW.by_id AND b.user_id IS NOT NULL)"
    f" OR NEW.source IS NOT NULL AND EXISTS (SELECT 1 FROM {P}contribution k JOIN {P}challenge c"
    " ON c.id = k.challenge_id WHERE k.id = NEW.contribution_id AND c.source IS NOT NULL))"
)
_TAKES_BALLOTS = "(p.opened IS NOT NULL AND p.closed IS NULL OR p.sealing)"
_GAINS_OPTIONS = "p.closed IS NULL AND (p.opened IS NULL OR p.method IN ('pairwise', 'groups'))"

APPEND_ONLY: Final = "acceptance event moderated outcomesource result".split()

GUARDS: Final = (
    *(Guard(table, event) for table in APPEND_ONLY for event in ("UPDATE", "DELETE")),
    # words that erasure blanks
    Guard(
        "wording", "UPDATE", f"{_same('id', 'comment_id', 'until')} AND NEW.body = ''"
    ),
    Guard("wording", "DELETE"),
    # who spoke for the brand, and was erased: their name goes, what they said for it stays
    Guard("answer", "UPDATE", _same("id", "interpellation_id", "number", "by_id", "body", "at") + _NAMELESS),
    Guard("answer", "DELETE"),
    Guard(
        "outcome",
        "UPDATE",
        _same("id", "challenge_id", "title", "body", "made", "by_id", "at", "source") + _NAMELESS,
    ),
    Guard("outcome", "DELETE"),
    Guard("override", "UPDATE", _same("id", "challenge_id", "by_id", "title", "reason", "instead", "at") + _NAMELESS),
    Guard("override", "DELETE"),
    Guard(
        "extension", "UPDATE", f"{_same('id', 'phase_id', 'was', 'until', 'by_id', 'at')} AND NEW.reason = '{NOBODY}'"
    ),
    Guard("extension", "DELETE"),
    Guard("disowning", "UPDATE", f"{_same('id', 'version_id', 'member_id', 'at')} AND NEW.reason = ''"),
    Guard("disowning", "DELETE"),
    Guard(
        "version",
        "UPDATE",
        _same("id", "contribution_id", "number", "by_id", "contributor_id", "edit_id", "merge_id", "at")
        + " AND NEW.title = '' AND NEW.body = '' AND NEW.note = ''",
    ),
    Guard("version", "DELETE"),
    # what was decided and promised: by whoever can sign in here, or by the site that the challenge came from
    Guard("decision", "INSERT", _ANSWERS),
    Guard(
        "decision",
        "UPDATE",
        _same(
            "id", "contribution_id", "number", "outcome", "reason", "lives_on", "again", "into_id",
            "by_id", "at", "source",
        )
        + _NAME_OR_NONE,
    ),
    Guard("decision", "DELETE"),
    Guard(
        "pledge",
        "UPDATE",
        _same("id", "contribution_id", "challenge_id", "interpellation_id", "what", "by_id", "due", "at")
        + _NAME_OR_NONE
        + " AND "
        + _same("replaces_id")
        + " AND "
        + _kept("kept", "kept_by_id", "waived", "waived_by_id")
        + " AND (OLD.kept IS NULL OR NEW.kept_words = OLD.kept_words)"
        + " AND (OLD.waived IS NULL OR NEW.waived_reason = OLD.waived_reason)",
    ),
    Guard("pledge", "DELETE"),
    Guard(
        "hiding",
        "UPDATE",
        _same("id", "space_id", "contribution_id", "comment_id", "interpellation_id", "challenge_id", "picture_id")
        + " AND "
        + _same("reason", "words", "criticism", "by_id", "at")
        + _NAME_OR_NONE
        + " AND "
        + _kept("lifted", "lifted_by_id")
        + " AND (OLD.lifted IS NULL OR NEW.lifted_reason = OLD.lifted_reason)",
    ),
    Guard("hiding", "DELETE"),
    # who reported and appealed, and what was settled about it; erasure blanks their words
    Guard(
        "report",
        "UPDATE",
        _same("id", "space_id", "contribution_id", "comment_id", "interpellation_id", "challenge_id", "picture_id")
        + " AND "
        + _same("member_id", "reason", "at")
        + " AND (NEW.words = OLD.words OR NEW.words = '') AND "
        + _kept("settled", "settled_by_id", "kept"),
    ),
    Guard("report", "DELETE"),
    Guard(
        "appeal",
        "UPDATE",
        _same("id", "hiding_id", "member_id", "at")
        + " AND (NEW.words = OLD.words OR NEW.words = '') AND "
        + _kept("settled", "settled_by_id", "granted")
        + " AND (OLD.settled IS NULL OR NEW.answer = OLD.answer)",
    ),
    Guard("appeal", "DELETE"),
    # bringing together: what was settled stays as it was settled, and can be undone once
    Guard(
        "merge",
        "UPDATE",
        _same("id", "head_id", "by_id", "at")
        + " AND "
        + _kept("settled", "settled_by_id", "before", "undone", "undone_by_id")
        + " AND (NEW.state = OLD.state OR OLD.state = 'proposed' AND NEW.state IN ('agreed', 'decided', 'declined')"
        + " OR OLD.state IN ('agreed', 'decided') AND NEW.state = 'undone')"
        + " AND (OLD.settled IS NULL OR NEW.base = OLD.base AND NEW.title IN (OLD.title, '')"
        + " AND NEW.body IN (OLD.body, '') AND NEW.reason IN (OLD.reason, '')"
        + f" AND NEW.settled_reason IN (OLD.settled_reason, '{NOBODY}'))"
        + " AND (OLD.undone IS NULL OR NEW.undone_reason IN (OLD.undone_reason, '') AND NEW.by_hand = OLD.by_hand)",
    ),
    Guard("merge", "DELETE"),
    Guard("mergepart", "UPDATE", _same("id", "merge_id", "contribution_id")),
    Guard("mergepart", "DELETE"),
    Guard(
        "contest",
        "UPDATE",
        _same("id", "merge_id", "member_id", "at")
        + " AND NEW.words IN (OLD.words, '') AND "
        + _kept("answered", "answered_by_id")
        + f" AND (OLD.answered IS NULL OR NEW.answer = OLD.answer AND NEW.name IN (OLD.name, '{NOBODY}'))",
    ),
    Guard("contest", "DELETE"),
    # a challenge from its opening on
    Guard(
        "challenge",
        "UPDATE",
        f"OLD.opened IS NULL AND NEW.cancelled IS NULL AND (NEW.opened IS NULL OR {_READY})"
        + " OR OLD.opened IS NOT NULL AND "
        + _same("id", "space_id", "owner_id", "by_brand", "power", "answer_by", "opened", "kinds")
        + " AND "
        + _same("channel", "source")
        + f" AND (NEW.hidden = OLD.hidden OR NEW.hidden = {_HIDES})"
        + " AND "
        + _blankable("title", "problem", "known", "decided", "off_table", "decider", "resources")
        + " AND "
        + _kept("cancelled", "cancelled_by_id")
        + " AND (OLD.cancelled IS NULL OR NEW.cancel_reason = OLD.cancel_reason"
        + f" OR NEW.erased AND NEW.cancel_reason = '{NOBODY}')"
        + f" AND (NEW.cancelled IS NULL OR OLD.cancelled IS NOT NULL OR NOT {_DECIDED})",
    ),
    Guard("challenge", "DELETE", "OLD.opened IS NULL"),
    Guard("challenge", "INSERT", "NEW.opened IS NULL AND NEW.cancelled IS NULL"),
    # a draft's deal may be rewritten; from the opening on each version stays
    Guard("deal", "UPDATE", f"NOT {_OPEN.format(row='OLD')} AND {_same('id', 'challenge_id', 'version')}"),
    Guard("deal", "DELETE", f"NOT {_OPEN.format(row='OLD')}"),
    Guard(
        "override",
        "INSERT",
        f"EXISTS (SELECT 1 FROM {P}challenge c WHERE c.id = NEW.challenge_id AND c.opened IS NOT NULL"
        " AND c.power IN ('choose', 'decide'))",
    ),
    Guard("phase", "INSERT", f"NOT {_OPEN.format(row='NEW')}"),
    Guard(
        "phase",
        "UPDATE",
        f"NOT {_OPEN.format(row='OLD')} AND NEW.challenge_id = OLD.challenge_id OR ("
        + _same("id", "challenge_id", "kind")
        + " AND NEW.starts >= OLD.starts AND NEW.ends >= OLD.ends"
        + f" AND EXISTS (SELECT 1 FROM {P}extension e WHERE e.phase_id = OLD.id"
        + " AND e.was = OLD.ends AND e.until = NEW.ends))",
    ),
    Guard("phase", "DELETE", f"NOT {_OPEN.format(row='OLD')}"),
    # votes
    Guard("poll", "INSERT", f"NOT NEW.binding OR NOT {_OPEN.format(row='NEW')}"),
    Guard(
        "poll",
        "UPDATE",
        "OLD.locked IS NULL AND NEW.challenge_id = OLD.challenge_id"
        + f" AND (NOT NEW.binding OR OLD.binding OR NOT {_OPEN.format(row='NEW')}) OR OLD.locked IS NOT NULL AND "
        + _same("id", "challenge_id", "title", "method", "parameters", "ties", "seed", "threshold", "who")
        + " AND "
        + _same("binding", "secret", "locked")
        + " AND NEW.opens >= OLD.opens AND NEW.closes >= OLD.closes"
        + " AND (OLD.opened IS NULL OR NEW.opens = OLD.opens) AND (OLD.closed IS NULL OR NEW.closes = OLD.closes)"
        + " AND "
        + _kept("opened", "closed", "counted", "objections_until", "sealed")
        + " AND (OLD.digest = '' OR NEW.digest = OLD.digest)"
        + " AND (NOT NEW.sealing OR NEW.closed IS NOT NULL AND OLD.sealed IS NULL)",
    ),
    Guard("poll", "DELETE", "OLD.locked IS NULL"),
    Guard("option", "INSERT", _poll("NEW", _GAINS_OPTIONS)),
    Guard(
        "option",
        "UPDATE",
        _poll("OLD", "p.opened IS NULL")
        + " AND NEW.poll_id = OLD.poll_id OR "
        + _same("id", "poll_id", "number", "contribution_id", "cost", "by_id", "at")
        + " AND (NEW.title =~ OLD.title"
        + " OR (NEW.by_id IS NOT NULL OR NEW.contribution_id IS NOT NULL) AND NEW.title = '')",
    ),
    Guard("option", "DELETE", _poll("OLD", "p.opened IS NULL")),
    Guard("ballot", "INSERT", _poll("NEW", _TAKES_BALLOTS)),
    Guard("ballot", "UPDATE", f"{_same('id', 'poll_id')} AND {_poll('NEW', _TAKES_BALLOTS)}"),
    Guard("ballot", "DELETE", _poll("OLD", _TAKES_BALLOTS)),
    Guard("voter", "INSERT", _poll("NEW", "p.opened IS NOT NULL AND p.closed IS NULL")),
    Guard(
        "voter",
        "UPDATE",
        _same("id", "poll_id", "member_id") + f" AND (NEW.last IS NULL OR {_poll('NEW', 'p.closed IS NULL')})",
    ),
    Guard("voter", "DELETE"),
    Guard("link", "INSERT", _poll("NEW", "p.opened IS NOT NULL AND p.closed IS NULL")),
    Guard("link", "UPDATE"),
    Guard(
        "objection",
        "UPDATE",
        _same("id", "poll_id", "member_id", "at")
        + " AND (NEW.words = OLD.words OR NEW.words = '') AND "
        + _kept("answered", "answered_by_id")
        + " AND (OLD.answered IS NULL OR NEW.answer = OLD.answer"
        + f" AND NEW.name IN (OLD.name, '{NOBODY}'))",
    ),
    Guard("objection", "DELETE"),
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


def guards_aside(using: str = "default") -> None:
    """Let a restore copy rows back as they were: what is open may not begin so, else. PostgreSQL, in the transaction
    that copies, which puts them back by `guards_install` before anybody sees it.
    """
    with connections[using].cursor() as cursor:
        for guard in GUARDS:
            if guard.event == "INSERT":
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {P}{guard.table}")


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
        when = f"WHEN EXISTS (SELECT 1 FROM {P}{table} WHERE id = NEW.id) "
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
