"""Append only, held by the database: the events of who may do what are added, and never changed or taken away.

One thing is let through, where the law asks for it: the name of a token is taken out when its owner is erased.

As the guards of the ledger (ledger/guards.py), and put back after each migration like those.
"""

from typing import Final

from django.db import connections

TABLE: Final = "people_staffevent"
_FIXED: Final = ("id", "at", "deed", "by_id", "about_id", "invitation_id")


def guards_install(using: str = "default") -> None:
    """Put every guard in place (again). Safe to call at any time."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def guard_names(vendor: str) -> set[str]:
    """The triggers that must exist on a database of this kind."""
    last = "no_truncate" if vendor == "postgresql" else "no_replace"
    return {f"{TABLE}_{what}" for what in ("no_update", "no_delete", last)}


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


def _same(equals: str) -> str:
    return " AND ".join(f"NEW.{name} {equals} OLD.{name}" for name in _FIXED)


def _sqlite() -> list[str]:
    refused = {
        "no_update": f"BEFORE UPDATE ON {TABLE} WHEN NOT ({_same('IS')} AND json_extract(NEW.data, '$.name') IS ''"
        " AND json_remove(NEW.data, '$.name') IS json_remove(OLD.data, '$.name'))"
        f" BEGIN SELECT RAISE(ABORT, '{TABLE}: UPDATE refused'); END",
        "no_delete": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE}: DELETE refused'); END",
        # REPLACE fires no delete trigger unless the writer asks for it, so it is met before the insert.
        "no_replace": f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) "  # noqa: S608
        f"BEGIN SELECT RAISE(ABORT, '{TABLE}: REPLACE refused'); END",
    }
    return [
        statement
        for name, body in refused.items()
        for statement in (f"DROP TRIGGER IF EXISTS {TABLE}_{name}", f"CREATE TRIGGER {TABLE}_{name} {body}")
    ]


def _postgresql() -> list[str]:
    statements = [
        """CREATE OR REPLACE FUNCTION people_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        f"""CREATE OR REPLACE FUNCTION people_only_blank() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {_same("IS NOT DISTINCT FROM")} AND NEW.data ->> 'name' IS NOT DISTINCT FROM ''
                AND NEW.data - 'name' IS NOT DISTINCT FROM OLD.data - 'name' THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '%: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    ]
    for what, event in (("no_update", "UPDATE"), ("no_delete", "DELETE"), ("no_truncate", "TRUNCATE")):
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        name = f"{TABLE}_{what}"
        function = "people_only_blank" if event == "UPDATE" else "people_refuse"
        statements += [
            f"DROP TRIGGER IF EXISTS {name} ON {TABLE}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH {each} EXECUTE FUNCTION {function}()",
            # ALWAYS: also under session_replication_role = replica
            f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}",
        ]
    return statements
