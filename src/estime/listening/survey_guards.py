"""What the database itself refuses about asking: two askings shown to one person within 90 days.

A trigger, as those of the ledger and of co-creation, put back after every migration (a table that is rebuilt on SQLite
loses it without a word) and attacked by a test. Two at once cannot slip past: only one asking of a person is open.
"""

from typing import Final

from django.db import connections

APART_DAYS: Final = 90
TABLE: Final = "listening_asked"
NAME: Final = "listening_asked_apart"
_WORDS: Final = "listening_asked: shown twice within 90 days"

_SQLITE = """CREATE TRIGGER {name}_{event} BEFORE {event} ON {table}
WHEN NEW.shown IS NOT NULL AND EXISTS (
  SELECT 1 FROM {table} o WHERE o.account = NEW.account AND o.id IS NOT NEW.id
  AND o.shown > strftime('%Y-%m-%d %H:%M:%f', NEW.shown, '-{days} days', '+1 second')
  AND o.shown < strftime('%Y-%m-%d %H:%M:%f', NEW.shown, '+{days} days', '-1 second'))
BEGIN SELECT RAISE(ABORT, '{words}'); END"""
_FUNCTION = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.shown IS NOT NULL AND EXISTS (
    SELECT 1 FROM {table} o WHERE o.account = NEW.account AND o.id IS DISTINCT FROM NEW.id
    AND o.shown > NEW.shown - interval '{days} days' + interval '1 second'
    AND o.shown < NEW.shown + interval '{days} days' - interval '1 second') THEN
    RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$"""


def survey_guards_install(using: str = "default") -> None:
    """Put the guard in place (again). Safe to call at any time."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    told: dict[str, object] = {"name": NAME, "table": TABLE, "days": APART_DAYS, "words": _WORDS}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("INSERT", "UPDATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}_{event}")
                cursor.execute(_SQLITE.format(event=event, **told))
            return
        cursor.execute(_FUNCTION.format(**told))
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}")
        cursor.execute(
            f"CREATE TRIGGER {NAME} BEFORE INSERT OR UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
        )
