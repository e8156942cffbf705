"""What nobody waits for: words are counted, doubles and words of no title go, words that fell through come back.

While titles are written nothing is counted and no word is taken away, so that writers share no row. This is done now
and then instead (a job, after imports, after an erasure); it may be stopped anywhere and run at any time, beside
writers too. A writer that relies on a word which goes at this very moment has its word put back the next time.
"""

from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from estime.cocreation.similar import rows
from estime.cocreation.similar.index import words_note
from estime.cocreation.similar.words import kept, words_of

_AT_ONCE = 2_000


class Settled(NamedTuple):
    """Words looked at, counted anew, taken away (doubles, or of no title any more) and put back."""

    words: int
    counted: int
    gone: int
    back: int


def titles_settle() -> Settled:
    """Count the words of all titles and tidy them up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM cocreation_title_word")
        newest: int = cursor.fetchone()[
            0
        ]  # words that come in from here on are of titles that were not counted
        cursor.execute(f"SELECT stem, COUNT(*) FROM {rows.POSTINGS} GROUP BY stem")
        counts: dict[int, int] = dict(cursor.fetchall())
        seen: set[bytes] = set()
        stems: set[int] = set()
        words = counted = gone = last = 0
        while part := _words(cursor, last, newest):
            last, words = part[-1][0], words + len(part)
            changed, going = [], []
            for key, word, french, english, titles in part:
                count = max(counts.get(french, 0), counts.get(english, 0))
                if not count or word in seen:
                    going.append((key, word))
                else:
                    stems |= {french, english}
                    changed += [(key, count)] if count != titles else []
                seen.add(word)
            with transaction.atomic():
                _recount(cursor, changed)
                _drop(cursor, going)
            counted, gone = counted + len(changed), gone + len(going)
        return Settled(words, counted, gone, _bring_back(cursor, counts.keys() - stems))


def _words(cursor: CursorWrapper, after: int, newest: int) -> list[tuple[int, bytes, int, int, int]]:
    cursor.execute(
        "SELECT id, word, french, english, titles FROM cocreation_title_word WHERE id > %s AND id <= %s"
        " ORDER BY id LIMIT %s",
        [after, newest, _AT_ONCE],
    )
    return [(row[0], bytes(row[1]), *row[2:]) for row in cursor.fetchall()]


def _recount(cursor: CursorWrapper, changed: list[tuple[int, int]]) -> None:
    by_count: dict[int, list[int]] = {}
    for key, count in changed:
        by_count.setdefault(count, []).append(key)
    for count, keys in by_count.items():
        for part in rows.chunks(keys, rows.MARKS):
            cursor.execute(
                f"UPDATE cocreation_title_word SET titles = %s WHERE id IN ({', '.join(['%s'] * len(part))})",
                [count, *part],
            )


def _drop(cursor: CursorWrapper, going: list[tuple[int, bytes]]) -> None:
    for key, word in going:
        slips = kept(word.decode())
        if slips:
            cursor.execute(
                f"DELETE FROM cocreation_title_near WHERE key IN ({', '.join(['%s'] * len(slips))}) AND word = %s",
                [*slips, key],
            )
        cursor.execute("DELETE FROM cocreation_title_word WHERE id = %s", [key])


def _bring_back(cursor: CursorWrapper, missing: set[int]) -> int:
    """Words of titles that no row knows: a writer relied on a row that was going."""
    found = rows.select_in(
        cursor,
        "SELECT DISTINCT e.title FROM cocreation_title_posting p JOIN cocreation_title e"
        " ON e.contribution = p.contribution WHERE p.stem IN ({marks})",
        sorted(missing),
    )
    words = {
        word
        for (title,) in found
        for word in words_of(title)
        if word.french in missing or word.english in missing
    }
    with transaction.atomic():
        words_note(cursor, words)
    return len(words)
