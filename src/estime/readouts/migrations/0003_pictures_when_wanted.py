"""Pictures are painted when somebody wants one: charts no longer name theirs, and those painted ahead go."""

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("readouts", "Picture").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("readouts", "0002_pictures")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveField(model_name="chart", name="picture"),
    ]
