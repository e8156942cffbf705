"""Titles like the one that somebody types, and the search box.

Four or five statements, each bounded: the words that may be meant, in how many titles they stand, the titles that hold
the rarest of them, and what those say. No statement reads more than `READ_ROWS` postings, whatever is typed.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from estime.cocreation.similar import rows
from estime.cocreation.similar.asked import COUNTED, Asked, Part, asked, scope_sql
from estime.cocreation.similar.rank import alike
from estime.cocreation.similar.words import typed

READ_ROWS = 3_000
"""Postings that are read for one question; those of the rarest words come first."""
PROBED = 400
"""Titles of those that are asked for the frequent words too."""
PROBED_STEMS = 4
"""Meanings of a frequent word that they are asked for, the surest ones."""
COMPARED = 60
"""Titles that are compared with what was typed, letter by letter."""
ALIKE = 0.45
"""From here on a title is shown as similar: chosen on half of the cases, measured on the others (decision 17)."""


class Similar(NamedTuple):
    """A title like the one typed. `score`: 1 the same words, 0 none. `contribution`: of a title that was brought
    together into another, that head; the title stays the one that is alike."""

    contribution: int
    title: str
    score: float


def similar(
    space: int | None,
    title: str,
    limit: int = 5,
    *,
    challenge: int | None = None,
    leave_out: Collection[int] = (),
    least: float = ALIKE,
) -> list[Similar]:
    """Titles like this one, most alike first. `leave_out`: contributions not to be told, as one's own; `least`: the
    score from which on."""
    words = typed(title)
    if not words.words or limit < 1:
        return []
    with connection.cursor() as cursor:
        wanted = asked(cursor, words, space, challenge)
        near = _candidates(cursor, wanted, space, challenge, COMPARED + len(leave_out))
        told = rows.select_in(
            cursor,
            "SELECT contribution, title, terms FROM cocreation_title WHERE contribution IN ({marks})",
            [entry for entry in near if entry not in leave_out],
        )
        heads = rows.heads_of(cursor, [pk for pk, _title, _terms in told])
    scored = [
        Similar(pk, text, alike(title, wanted.parts, text, rows.unpacked(terms))) for pk, text, terms in told
    ]
    scored = [found for found in scored if found.score >= least]
    best: dict[int, Similar] = {}
    for found in sorted(scored, key=lambda found: (-found.score, -found.contribution)):
        head = heads.get(found.contribution, found.contribution)
        if head and head not in leave_out:
            best.setdefault(head, found._replace(contribution=head))
    return list(best.values())[:limit]


def _candidates(
    cursor: CursorWrapper, wanted: Asked, space: int | None, challenge: int | None, most: int
) -> list[int]:
    """Titles that hold what was typed, those that hold most of it first."""
    read, left = _split(wanted)
    if not read:
        return []
    where = scope_sql(space, challenge)
    held = " UNION ALL ".join(_reads(read, wanted.counts, where))
    best = (
        f"SELECT space, challenge, contribution, SUM(weight) AS weight FROM ({held}) AS held"
        f" GROUP BY contribution, space, challenge ORDER BY 4 DESC, contribution DESC LIMIT {PROBED if left else most}"
    )
    probes = "".join(f" + COALESCE({probe(rows.POSTINGS, part, whole(part.weight))}, 0)" for part in left)
    cursor.execute(
        f"SELECT b.contribution, b.weight{probes} FROM ({best}) AS b ORDER BY 2 DESC, 1 DESC LIMIT {most}"
    )
    return [contribution for contribution, _ in cursor.fetchall()]


def _split(wanted: Asked) -> tuple[list[Part], list[Part]]:
    """The words whose titles are read, and the frequent ones, of which those titles are asked then."""
    parts = sorted((part for part in wanted.parts if part.titles), key=lambda part: part.titles / part.weight)
    taken = 0
    for number, part in enumerate(parts):
        taken += part.titles
        if number and taken > READ_ROWS:
            return parts[:number], parts[number:][:4]
    return parts, []


def _reads(parts: list[Part], counts: dict[int, int], where: str) -> Iterator[str]:
    """Statements that tell the titles of some words, with what each is worth."""
    columns = "p.space, p.challenge, p.contribution"
    few: dict[int, float] = {}
    for part in parts:
        for stem, sure in part.stems.items():
            weight = part.weight * sure
            if counts[stem] < COUNTED:
                few[stem] = max(weight, few.get(stem, 0))
            else:
                yield (
                    f"SELECT * FROM (SELECT {columns}, {whole(weight)} AS weight FROM {rows.POSTINGS} p"
                    f" WHERE p.stem = {stem}{where} LIMIT {COUNTED}) AS s{stem}"
                )
    if few:
        cases = " ".join(f"WHEN {stem} THEN {whole(weight)}" for stem, weight in few.items())
        yield (
            f"SELECT {columns}, CASE p.stem {cases} ELSE 0 END AS weight FROM {rows.POSTINGS} p"
            f" WHERE p.stem IN ({listed(few)}){where}"
        )


def probe(table: str, part: Part, value: int) -> str:
    """A value if the contribution of row `b` holds a word, else NULL. PostgreSQL would turn an EXISTS into a scan of
    all that hold it, in a plan so costly that it compiles it; a subquery with a limit stays a look at the index."""
    surest = sorted(part.stems, key=lambda stem: -part.stems[stem])[:PROBED_STEMS]
    return (
        f"(SELECT {value} FROM {table} p WHERE p.stem IN ({listed(surest)}) AND p.space = b.space"
        " AND p.challenge = b.challenge AND p.contribution = b.contribution LIMIT 1)"
    )


def whole(weight: float) -> int:
    """A weight as it stands in a statement: databases add whole numbers fastest."""
    return round(100 * weight)


def listed(stems: Collection[int]) -> str:
    """Whole numbers of ours, as they stand in a statement."""
    return ", ".join(str(stem) for stem in stems)
