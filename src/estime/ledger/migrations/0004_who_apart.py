"""What accounts are found by got rows of its own: an index from before is made again, at the next refresh or job."""

from django.db import migrations

PARTS = ("SearchBlock", "SearchPosting", "SearchPart", "SearchMade", "SearchWaiting", "SearchUndone")


def forget(apps, schema_editor):
    if not apps.get_model("ledger", "SearchBlock").objects.exists():
        return
    for name in PARTS:
        schema_editor.execute(f"DELETE FROM {schema_editor.quote_name(apps.get_model('ledger', name)._meta.db_table)}")
    apps.get_model("ledger", "SearchState").objects.filter(pk=1).update(cursor=0, version=1, erasures=1)


class Migration(migrations.Migration):

    dependencies = [("ledger", "0003_search")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
