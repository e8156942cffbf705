from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [("engagement", "0002_person_digest")]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                ("account", models.BigIntegerField(primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=64)),
                ("as_of", models.DateTimeField()),
                ("value", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("cell", models.CharField(max_length=20)),
                ("pieces", models.IntegerField()),
                ("weight", models.FloatField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(low__gte=-1, low__lte=F("value"), high__gte=F("value"), high__lte=1),
                        name="engagement_place_bounds",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Contested",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("account", models.BigIntegerField(db_index=True)),
                ("meant", models.SmallIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("withdrawn", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(meant=None) | Q(meant__gte=-1, meant__lte=1),
                        name="engagement_contested_meant",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("account", models.BigIntegerField(primary_key=True, serialize=False)),
                ("out", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("withdrawn", models.DateTimeField(null=True)),
            ],
        ),
    ]
