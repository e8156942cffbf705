"""The index that acts are searched and listed by: a view of the ledger, filled by `index_acts` (docs/decisions/0015-search.md)."""

from django.db import migrations, models


def keep_in_rows(apps, schema_editor):
    """On PostgreSQL packed rows of a few kilobytes stay in the table: no attempt to compress, no second look-up."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("ALTER TABLE ledger_search_posting ALTER COLUMN data SET STORAGE EXTERNAL")
    schema_editor.execute("ALTER TABLE ledger_search_posting SET (toast_tuple_target = 8160)")


def begin(apps, schema_editor):
    apps.get_model("ledger", "SearchState").objects.create(pk=1)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_commit_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchBlock',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('first_at', models.BigIntegerField()),
                ('first_seq', models.BigIntegerField()),
                ('last_at', models.BigIntegerField()),
                ('last_seq', models.BigIntegerField()),
                ('acts', models.IntegerField()),
                ('months', models.TextField()),
                ('marks', models.BinaryField()),
                ('due', models.SmallIntegerField(default=0)),
            ],
            options={
                'db_table': 'ledger_search_block',
            },
        ),
        migrations.CreateModel(
            name='SearchMade',
            fields=[
                ('key', models.BigAutoField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
            ],
            options={
                'db_table': 'ledger_search_made',
            },
        ),
        migrations.CreateModel(
            name='SearchPart',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('seqs', models.BinaryField()),
                ('ats', models.BinaryField()),
            ],
            options={
                'db_table': 'ledger_search_part',
            },
        ),
        migrations.CreateModel(
            name='SearchPosting',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('data', models.BinaryField()),
            ],
            options={
                'db_table': 'ledger_search_posting',
            },
        ),
        migrations.CreateModel(
            name='SearchState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cursor', models.BigIntegerField(default=0)),
                ('version', models.BigIntegerField(default=0)),
                ('erasures', models.BigIntegerField(default=0)),
                ('indexed', models.DateTimeField(null=True)),
                ('holder', models.CharField(blank=True, max_length=32)),
                ('held_until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_search_state',
            },
        ),
        migrations.CreateModel(
            name='SearchUndone',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'ledger_search_undone',
            },
        ),
        migrations.CreateModel(
            name='SearchWaiting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('seq', models.BigIntegerField()),
            ],
            options={
                'db_table': 'ledger_search_waiting',
                'constraints': [models.UniqueConstraint(fields=('key', 'seq'), name='ledger_search_waiting_once')],
            },
        ),
        migrations.RunPython(keep_in_rows, migrations.RunPython.noop),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
