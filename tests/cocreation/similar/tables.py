"""The tables of the index alone, for measuring and testing it away from the rest of the part."""

from django.db import connection

from estime.cocreation.models.title import TitleBodyPosting, TitleEntry, TitleNear, TitlePosting, TitleWord

TABLES = (TitleEntry, TitlePosting, TitleBodyPosting, TitleWord, TitleNear)


def tables_make() -> None:
    """Make them where no migration has."""
    there = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        for model in TABLES:
            if model._meta.db_table not in there:
                editor.create_model(model)
