"""Append only, held by the database: triggers that refuse UPDATE, DELETE, TRUNCATE and REPLACE.

One UPDATE is let through, because the law asks for it: erasure, which blanks all that identifies at once and puts a
keyed hash (`erased:` and 64 hex digits) where the act's own id was; in acts that point at it, a hash where they
name it. Everything else in the row must stay: a text alone cannot be taken away.

SQLite fires no delete trigger for REPLACE unless the *writer* asks for it, so REPLACE is met before the
insert: a row whose (channel, source_id) is known is passed over (the first stands), a row that would displace
another one by `seq` or `id` is refused.
"""

from django.db import connections

ERASED_PREFIX = "erased:"

_ACT_FIXED = "seq id channel_id actor_id type object_type published recorded lang value unit".split()
_ACT_REFERENCES = "object_id in_reply_to context".split()
_ACT_BLANKED = "content incentive on_behalf_of extra".split()


def install_guards(using: str = "default") -> None:
    """Put every guard in place (again). Safe to call at any time."""
    connection = connections[using]
    if connection.vendor not in ("sqlite", "postgresql"):
        raise RuntimeError(f"Estime has no guards for {connection.vendor}: use SQLite or PostgreSQL.")
    if "ledger_act" not in connection.introspection.table_names():
        return
    statements = sqlite_guards() if connection.vendor == "sqlite" else postgresql_guards()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def guard_names(vendor: str) -> set[str]:
    """The triggers that must exist on a database of this kind."""
    refused = ("no_update", "no_delete", "no_truncate" if vendor == "postgresql" else "no_replace")
    return {f"{table}_{what}" for table in _DISPLACED for what in refused}


def _erasure_shape(same: str) -> str:
    """The SQL condition under which an UPDATE of an act is an erasure; `same` compares, NULLs included."""
    fixed = [f"NEW.{c} {same} OLD.{c}" for c in _ACT_FIXED]
    pointing = [f"(NEW.{c} {same} OLD.{c} OR {_hashed(c)})" for c in _ACT_REFERENCES]
    kept = " AND ".join(f"NEW.{c} {same} OLD.{c}" for c in ("source_id", *_ACT_BLANKED))
    gone = " AND ".join([_hashed("source_id"), *(f"NEW.{c} IS NULL" for c in _ACT_BLANKED)])
    return " AND ".join([*fixed, *pointing, f"(({kept}) OR ({gone}))"])


def _hashed(column: str) -> str:
    return f"(NEW.{column} LIKE '{ERASED_PREFIX}%' AND length(NEW.{column}) = {len(ERASED_PREFIX) + 64})"


def _account_shape(same: str) -> str:
    unchanged = " AND ".join(f"NEW.{c} {same} OLD.{c}" for c in ("key", "channel_id", "recorded"))
    return f"{unchanged} AND NEW.handle IS NULL"


def _refusals(same: str) -> dict[str, str]:
    """Per table: the condition under which an UPDATE is allowed."""
    return {
        "ledger_act": _erasure_shape(same),
        "ledger_account": _account_shape(same),
        "ledger_observation": "1 = 0",
        # Title and attribution may change; the name keys every hash in the lake.
        "ledger_channel": f"NEW.id {same} OLD.id AND NEW.name {same} OLD.name",
    }


_DISPLACED = {
    "ledger_act": (
        "channel_id = NEW.channel_id AND source_id = NEW.source_id",
        ("seq = NEW.seq", "id = NEW.id"),
    ),
    "ledger_account": ("channel_id = NEW.channel_id AND handle = NEW.handle", ('"key" = NEW."key"',)),
    "ledger_observation": (
        "channel_id = NEW.channel_id AND object_id = NEW.object_id AND metric = NEW.metric AND observed = NEW.observed",
        ("id = NEW.id",),
    ),
    "ledger_channel": ("1 = 0", ("id = NEW.id", "name = NEW.name")),
}


def sqlite_guards() -> list[str]:
    """The statements that (re)create the triggers on SQLite."""
    statements = []
    for table, allowed in _refusals("IS").items():
        known, others = _DISPLACED[table]
        exists = [f"EXISTS (SELECT 1 FROM {table} WHERE {condition})" for condition in (known, *others)]
        bodies = {
            "no_update": f"BEFORE UPDATE ON {table} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append only: UPDATE refused'); END",
            "no_delete": f"BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append only: DELETE refused'); END",
            "no_replace": f"BEFORE INSERT ON {table} WHEN {' OR '.join(exists)} "
            f"BEGIN SELECT CASE WHEN {exists[0]} THEN RAISE(IGNORE) "
            f"ELSE RAISE(ABORT, '{table} is append only: REPLACE refused') END; END",
        }
        for name, body in bodies.items():
            statements += [f"DROP TRIGGER IF EXISTS {table}_{name}", f"CREATE TRIGGER {table}_{name} {body}"]
    return statements


def postgresql_guards() -> list[str]:
    """The statements that (re)create the triggers on PostgreSQL."""
    statements = [
        """CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    ]
    for table, condition in _refusals("IS NOT DISTINCT FROM").items():
        # xid says when an act became readable: changing it would hide the act from the lake.
        allowed = f"{condition} AND NEW.xid = OLD.xid" if table == "ledger_act" else condition
        bodies = {
            "no_update": f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({allowed}))",
            "no_delete": f"BEFORE DELETE ON {table} FOR EACH ROW",
            "no_truncate": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
        }
        for name, body in bodies.items():
            statements.append(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
            statements.append(f"CREATE TRIGGER {table}_{name} {body} EXECUTE FUNCTION ledger_refuse()")
            # ALWAYS: also under session_replication_role = replica
            statements.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")
    return statements


def missing_guards(using: str = "default") -> set[str]:
    """Triggers that should be there and are not."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return guard_names(connection.vendor) - {name for (name,) in cursor.fetchall()}
