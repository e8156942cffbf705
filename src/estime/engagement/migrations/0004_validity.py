from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("engagement", "0003_map")]

    operations = [
        migrations.CreateModel(
            name="ValidityReport",
            fields=[
                ("scope", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("told", models.JSONField()),
                ("drawn", models.JSONField(default=dict)),
                ("stale", models.BooleanField(default=False)),
            ],
        ),
    ]
