"""Charts get pictures: PNG files that stand alone, shared by the editions that show the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readouts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("png", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="chart",
            name="picture",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
