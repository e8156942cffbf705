"""The search box: contributions whose title or body holds every word, best first.

Words of a title count more than words of a body, words as they were typed more than slips and endings; what is equal
comes newest first. Where no contribution holds every word, titles that hold some are told instead, and that this is so.
"""

from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from estime.cocreation.similar import rows
from estime.cocreation.similar.asked import Asked, Part, asked, scope_sql
from estime.cocreation.similar.find import listed, probe, similar, whole
from estime.cocreation.similar.words import typed

DEPTH = 500
"""Results that can be paged through; whoever wants more wants other words."""
DRIVEN = 2_000
"""Contributions with the rarest word that are looked at, in titles and in bodies each."""
_BODY = 0.4
_SOME = 0.3


class Found(NamedTuple):
    """Contributions, best first; what was brought together is told by its head.

    `after`: what to ask for to go on, None at the end. `every_word`: False where none holds all that was typed, and
    these hold some of it.
    """

    contributions: list[int]
    after: int | None = None
    every_word: bool = True


def search(
    space: int | None, challenge: int | None, query: str, limit: int = 20, after: int | None = None
) -> Found:
    """Contributions that a query finds, `limit` of them from the `after`-th on."""
    words = typed(query)
    start = max(after or 0, 0)
    if not words.words or limit < 1 or start >= DEPTH:
        return Found([])
    with connection.cursor() as cursor:
        wanted = asked(cursor, words, space, challenge, bodies=True)
        every = _holding_all(cursor, wanted, scope_sql(space, challenge))
        every = rows.leading(rows.heads_of(cursor, every), every)
    if every or start:
        page = every[start : start + limit]
        return Found(page, start + limit if len(every) > start + limit else None)
    some = similar(space, query, limit, challenge=challenge, least=_SOME)
    return Found([found.contribution for found in some], None, every_word=False)


def _holding_all(cursor: CursorWrapper, wanted: Asked, where: str) -> list[int]:
    parts = [part for part in wanted.parts if not part.word.light] or wanted.parts
    if not all(part.stems for part in parts):
        return []
    first, *others = sorted(parts, key=lambda part: part.titles)
    welcome = [part for part in wanted.parts if part.stems and part not in parts]
    held = f"{_told(first, rows.POSTINGS, where, 1)} UNION ALL {_told(first, rows.BODIES, where, _BODY)}"
    best = (
        f"SELECT space, challenge, contribution, MAX(weight) AS weight FROM ({held}) AS held"
        " GROUP BY contribution, space, challenge ORDER BY 4 DESC, contribution DESC"
        f" LIMIT {DRIVEN if others else DEPTH}"
    )
    # The rarest word first: most contributions are out after one look.
    needed = " AND ".join(f"{_held(part)} > 0" for part in others) or "1 = 1"
    value = " + ".join(["b.weight", *(_held(part) for part in [*others, *welcome])])
    cursor.execute(
        f"SELECT b.contribution FROM ({best}) AS b WHERE {needed}"
        f" ORDER BY {value} DESC, b.contribution DESC LIMIT {DEPTH}"
    )
    return [contribution for (contribution,) in cursor.fetchall()]


def _told(part: Part, table: str, where: str, worth: float) -> str:
    """A statement that tells who holds a word."""
    cases = " ".join(
        f"WHEN {stem} THEN {whole(part.weight * sure * worth)}" for stem, sure in part.stems.items()
    )
    return (
        f"SELECT * FROM (SELECT p.space, p.challenge, p.contribution, CASE p.stem {cases} ELSE 0 END AS weight"
        f" FROM {table} p WHERE p.stem IN ({listed(part.stems)}){where} LIMIT {DRIVEN}) AS {table}"
    )


def _held(part: Part) -> str:
    """What a word adds for the contribution of row `b`; 0 where it holds it nowhere."""
    title = probe(rows.POSTINGS, part, max(1, whole(part.weight)))
    return f"COALESCE({title}, {probe(rows.BODIES, part, max(1, whole(part.weight * _BODY)))}, 0)"
