"""What ends sessions, one open invitation for each address, and the table of attempts that rate limits count."""

from django.core.management import call_command
from django.db import migrations, models
from django.db.models.functions import Lower


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [("people", "0002_roles_and_sign_in")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_stamp",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(("accepted", None), ("revoked", None)),
                name="people_invitation_one_open",
            ),
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop, elidable=False),
    ]
