"""Targets are kept by kind and name instead of by their place in the list, which anybody may reorder.

Readings are made again by the next job (`RULES` in version.py is another one); until then none of their old numbers is
that of a target, so nothing is told under a wrong name. Sums of targets are counted anew.
"""

import re

from django.db import migrations, models

from estime.kernel.configuration import configuration
from estime.listening.targets.listed import targets_of

_PLACE = re.compile(r"(brand|product|third_party)-([0-9]{1,5})")
_KINDS = {"brand": 1, "product": 2, "third_party": 4}


def keep_names(apps, schema_editor):
    searches = apps.get_model("listening", "SavedSearch")
    listed = None
    for search in searches.objects.order_by("pk").iterator():
        asked = _PLACE.fullmatch(str(search.asked.get("target", "")))
        if asked is None:
            continue
        if listed is None:
            listed = targets_of(configuration()).listed
        kind, place = asked[1], int(asked[2])
        if 0 < place <= len(listed) and listed[place - 1].kind == _KINDS[kind]:
            search.asked["target"] = f"{kind}-{listed[place - 1].key}"
            search.save(update_fields=["asked"])


def count_anew(apps, schema_editor):
    apps.get_model("listening", "TargetsTold").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [("listening", "0004_searches")]

    operations = [
        migrations.AlterField(model_name="reading", name="target_id", field=models.BigIntegerField()),
        migrations.AddField(
            model_name="savedsearch",
            name="words_gone",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
