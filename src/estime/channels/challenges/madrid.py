"""Proposals as Decide Madrid and other CONSUL sites publish them: one CSV of titles, texts in HTML, counts of support.

Nobody is named in it, so no act is written: a proposal stands here as somebody's, its support as a total.
"""

from estime.channels.challenges.mapped import read as read_mapped
from estime.channels.challenges.mapping import ChallengeMapping
from estime.channels.challenges.read import Read
from estime.channels.headers import folded
from estime.channels.options import ReadOptions
from estime.channels.peek import peek_at
from estime.channels.source import Source

COLUMNS = {"id", "title", "cached_votes_up", "created_at"}
OPTIONAL = {
    "body": ("description", "summary"),
    "withdrawn": ("retired_at",),
    "author": ("author_id", "author"),
}


def read(source: Source, options: ReadOptions) -> Read:
    """Each proposal a contribution; retired ones stand as withdrawn."""
    source = source.single()
    columns = {folded(name) for name in peek_at(source).columns}
    fields = {"id": "id", "title": "title", "at": "created_at", "supports": "cached_votes_up"}
    for field, names in OPTIONAL.items():
        if found := next((name for name in names if name in columns), ""):
            fields[field] = found
    mapping = ChallengeMapping.model_validate(
        {
            "timezone": "Europe/Madrid",
            "date_format": ["%Y-%m-%d %H:%M:%S %z", "%d/%m/%Y"],  # one export holds both
            "lang": "es",
            "html": True,
            "tables": [{"rows": "contributions", "fields": fields}],
        }
    )
    return read_mapped(source, options, mapping)
