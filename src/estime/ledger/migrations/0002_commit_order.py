"""On PostgreSQL, remember which transaction wrote each act: the only order in which a reader misses nothing."""

from django.db import migrations


def add_xid(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("ALTER TABLE ledger_act ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()")
    schema_editor.execute("CREATE INDEX ledger_act_xid ON ledger_act (xid)")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(add_xid, migrations.RunPython.noop)]
