"""What is written: titles come in, change and go, each in the transaction of the business act that it belongs to.

1. A title is found as soon as that transaction commits, and never if it does not.
2. Two transactions wait for each other only over the same contribution. No row is shared: stems are numbers made
   from the word itself, nothing is counted, and a word that two bring at once stands there twice until it is settled.
3. The same title once more changes nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from estime.cocreation.similar import rows
from estime.cocreation.similar.words import READ, Word, body_words, kept, words_of

BODY_STEMS = 40
"""Different words of a body that it is found by: the first ones."""
_AT_ONCE = 2_000
_POSTING = ("stem", "space", "challenge", "contribution")
_TABLES = (rows.POSTINGS, rows.BODIES)


class Title(NamedTuple):
    """A contribution as it is found. `challenge`: None where it stands in a space alone."""

    contribution: int
    space: int
    title: str
    challenge: int | None = None
    body: str = ""


class _Read(NamedTuple):
    """A title as rows."""

    given: Title
    words: tuple[Word, ...]
    terms: bytes
    body: bytes

    @property
    def row(self) -> rows.Row:
        title = self.given.title[:READ].replace("\0", "").encode("utf-8", "replace").decode()
        return (self.given.contribution, *self.place[:2], title, self.terms, self.body)

    @property
    def place(self) -> tuple[int, int, int]:
        return (self.given.space, self.given.challenge or 0, self.given.contribution)


def title_put(
    contribution: int, space: int, title: str, *, challenge: int | None = None, body: str = ""
) -> None:
    """Have a contribution found by this title from now on (new, changed, moved elsewhere or shown again)."""
    read = _read(Title(contribution, space, title, challenge, body))
    with transaction.atomic(), connection.cursor() as cursor:
        if rows.insert_entries(cursor, [read.row]):
            _insert_postings(cursor, [read])
            words_note(cursor, read.words)
        else:
            _change(cursor, read)


def title_remove(contribution: int) -> None:
    """Have a contribution found no more (hidden, withdrawn, erased). Nothing of its title stays but single words, which
    `titles_settle` takes away where no other title has them."""
    with transaction.atomic(), connection.cursor() as cursor:
        held = _held(cursor, contribution)
        if held is not None:
            for table, packed in zip(_TABLES, held[4:], strict=True):
                _delete(cursor, table, set(rows.unpacked(packed)), (held[1], held[2], contribution))
            cursor.execute("DELETE FROM cocreation_title WHERE contribution = %s", [contribution])


def titles_put_many(titles: Iterable[Title]) -> int:
    """Many at once (imports, a whole index made anew); how many were not there before. Every 2,000 are one transaction,
    unless the caller holds one."""
    fresh = 0
    for part in rows.chunks(titles, _AT_ONCE):
        latest = {title.contribution: title for title in part}
        reads = [_read(latest[contribution]) for contribution in sorted(latest)]
        with transaction.atomic(), connection.cursor() as cursor:
            new = rows.insert_entries(cursor, [read.row for read in reads])
            _insert_postings(cursor, [read for read in reads if read.given.contribution in new])
            words_note(cursor, {word for read in reads for word in read.words})
            for read in reads:
                if read.given.contribution not in new:
                    _change(cursor, read)
        fresh += len(new)
    return fresh


def _read(given: Title) -> _Read:
    words = words_of(given.title)
    terms = [stem for word in words for stem in (word.french, word.english)]
    body: dict[int, None] = {}
    for word in body_words(given.body) if given.body else ():
        if len(body) >= BODY_STEMS:
            break
        body |= dict.fromkeys(stem for stem in word.stems if stem not in terms)
    return _Read(given, words, rows.packed(terms), rows.packed(body))


def _change(cursor: CursorWrapper, read: _Read) -> None:
    """Bring an entry that is there up to date; what is as it was is not touched."""
    held, wanted = _held(cursor, read.given.contribution), read.row
    if held == wanted:
        return
    if held is None:  # it was taken away between two statements of ours
        title_put(*read.given[:3], challenge=read.given.challenge, body=read.given.body)
        return
    old = (held[1], held[2], held[0])
    for table, before, after in zip(_TABLES, held[4:], wanted[4:], strict=True):
        past, fresh = set(rows.unpacked(before)), set(rows.unpacked(after))
        kept = past & fresh if old == read.place else set()
        _delete(cursor, table, past - kept, old)
        rows.insert_numbers(cursor, table, _POSTING, [(stem, *read.place) for stem in sorted(fresh - kept)])
    words_note(cursor, read.words)
    cursor.execute(
        "UPDATE cocreation_title SET space = %s, challenge = %s, title = %s, terms = %s, body = %s"
        " WHERE contribution = %s",
        [*wanted[1:], wanted[0]],
    )


def _held(cursor: CursorWrapper, contribution: int) -> rows.Row | None:
    """An entry as it stands, locked until the transaction ends."""
    cursor.execute(
        f"SELECT {rows.ENTRY} FROM cocreation_title WHERE contribution = %s"
        + ("" if connection.vendor == "sqlite" else " FOR UPDATE"),
        [contribution],
    )
    row = cursor.fetchone()
    return row and (*row[:4], bytes(row[4]), bytes(row[5]))


def _delete(cursor: CursorWrapper, table: str, stems: set[int], place: tuple[int, int, int]) -> None:
    if stems:
        cursor.execute(
            f"DELETE FROM {table} WHERE stem IN ({', '.join(['%s'] * len(stems))})"
            " AND space = %s AND challenge = %s AND contribution = %s",
            [*stems, *place],
        )


def _insert_postings(cursor: CursorWrapper, reads: list[_Read]) -> None:
    for table, which in zip(_TABLES, ("terms", "body"), strict=True):
        made = {(stem, *read.place) for read in reads for stem in rows.unpacked(getattr(read, which))}
        rows.insert_numbers(cursor, table, _POSTING, sorted(made))


def words_note(cursor: CursorWrapper, words: Iterable[Word]) -> None:
    """Note words that no title had before."""
    wanted = {word.text.encode(): word for word in words}
    known = rows.select_in(
        cursor, "SELECT word FROM cocreation_title_word WHERE word IN ({marks})", sorted(wanted)
    )
    fresh = sorted(wanted.keys() - {bytes(word) for (word,) in known})
    if not fresh:
        return
    made = [(word, wanted[word].french, wanted[word].english, 1) for word in fresh]
    keys = rows.insert_words(cursor, made)
    slips = [(key, keys[word]) for word in fresh for key in kept(wanted[word].text)]
    rows.insert_numbers(cursor, "cocreation_title_near", ("key", "word"), sorted(slips))
