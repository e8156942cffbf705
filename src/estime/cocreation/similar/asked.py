"""What somebody types, as the stems that may be meant: the words as they stand, slips of the finger, words not yet finished.

All of it is bounded, however much is typed: at most `ASKED` words, `SLIPS` neighbours and `ENDINGS` endings of each.
"""

from dataclasses import dataclass, field
from math import log

from django.db import connection
from django.db.backends.utils import CursorWrapper

from estime.cocreation.similar import rows
from estime.cocreation.similar.words import SHORT, Typed, Word, near, slips

BEGUN = 3
"""Letters from which on an unfinished word is completed."""
ENDINGS = 16
"""Endings of an unfinished word that are tried, those of most titles first."""
SLIPS = 8
"""Words a slip away that are tried for each word, those of most titles first."""
COUNTED = 2_000
"""A stem is counted up to here; beyond, it is frequent."""
_MANY = 50_000
_FAR = 400
"""Words of a beginning, or a slip away, that are looked at."""
_LIGHT = 0.25


@dataclass(slots=True)
class Part:
    """One word of what was typed. `stems`: how surely each is meant, of 1. `weight`: how much the word tells."""

    word: Word
    stems: dict[int, float]
    begins: bool = False
    weight: float = 1.0
    titles: int = 0


@dataclass(slots=True)
class Asked:
    """What was typed, and in how many titles each stem stands (up to `COUNTED`)."""

    parts: list[Part]
    counts: dict[int, int] = field(default_factory=dict)


def asked(cursor: CursorWrapper, typed: Typed, space: int | None, challenge: int | None) -> Asked:
    """What may be meant, with what is in no title left out."""
    parts = [Part(word, dict.fromkeys(word.stems, 1.0)) for word in typed.words]
    for number, joined in enumerate(typed.joined):  # `web site` is found by `website`
        for stem in joined.stems:
            parts[number].stems.setdefault(stem, 0.8)
    if typed.goes_on:
        parts[-1].begins = True
        _endings(cursor, parts[-1])
    _slips(cursor, parts)
    counts = _counts(cursor, {stem for part in parts for stem in part.stems}, space, challenge)
    for part in parts:
        part.stems = {stem: sure for stem, sure in part.stems.items() if stem in counts}
        part.titles = sum(counts[stem] for stem in part.stems)
        exact = max((counts.get(stem, 0) for stem in part.word.stems), default=0)
        rare = exact or min((counts[stem] for stem in part.stems), default=1)
        part.weight = log(1 + _MANY / (rare or 1)) * (_LIGHT if part.word.light else 1)
    return Asked(parts, counts)


def _endings(cursor: CursorWrapper, part: Part) -> None:
    """Words that begin as the last one does."""
    text = part.word.text
    if len(text) < BEGUN:
        return
    first = text.encode()
    beyond = first[:-1] + bytes([first[-1] + 1])  # no byte of UTF-8 is 255
    cursor.execute(
        "SELECT word, french, english FROM cocreation_title_word WHERE word > %s AND word < %s"
        " ORDER BY titles DESC, word LIMIT %s",
        [first, beyond, ENDINGS],
    )
    for word, french, english in cursor.fetchall():
        sure = 0.9 if len(text) * 2 >= len(bytes(word).decode()) else 0.75
        for stem in (french, english):
            part.stems.setdefault(stem, sure)


def _slips(cursor: CursorWrapper, parts: list[Part]) -> None:
    """Words that are one slip away, or two where words are long."""
    wanted: dict[int, list[Part]] = {}
    for part in parts:
        for key in near(part.word.text):
            wanted.setdefault(key, []).append(part)
    found = rows.select_in(
        cursor,
        "SELECT n.key, w.word, w.french, w.english, w.titles FROM cocreation_title_near n"
        " JOIN cocreation_title_word w ON w.id = n.word WHERE n.key IN ({marks})"
        f" ORDER BY w.titles DESC, w.word LIMIT {_FAR}",
        sorted(wanted),
    )
    tried: dict[int, set[str]] = {}
    for key, bytes_of, french, english, _titles in found:
        text = bytes(bytes_of).decode()
        for part in wanted[key]:
            known = tried.setdefault(id(part), {part.word.text})
            if text in known or len(known) > SLIPS:
                continue
            sure = _sure(part.word.text, text)
            if sure:
                known.add(text)
                for stem in (french, english):
                    part.stems[stem] = max(sure, part.stems.get(stem, 0))


def _sure(typed: str, meant: str) -> float:
    """How surely one word is meant by another: less for short words and other first letters; 0 for what is too far."""
    wrong = slips(typed, meant)
    if wrong > (1 if min(len(typed), len(meant)) < 2 * SHORT else 2):
        return 0
    return round((1 - 1.5 * wrong / max(len(typed), len(meant))) * (1 if typed[0] == meant[0] else 0.8), 3)


def _counts(
    cursor: CursorWrapper, stems: set[int], space: int | None, challenge: int | None
) -> dict[int, int]:
    """In how many titles each stem stands, as far as that is worth counting."""
    if not stems:
        return {}
    typing = "" if connection.vendor == "sqlite" else "::bigint"
    where = scope_sql(space, challenge)
    cursor.execute(
        f"WITH t(stem) AS (VALUES {', '.join([f'(%s{typing})'] * len(stems))})"
        f" SELECT t.stem, (SELECT COUNT(*) FROM (SELECT 1 FROM {rows.POSTINGS} p WHERE p.stem = t.stem{where}"
        f" LIMIT {COUNTED}) AS some) FROM t",
        sorted(stems),
    )
    return {stem: count for stem, count in cursor.fetchall() if count}


def scope_sql(space: int | None, challenge: int | None) -> str:
    """Conditions on a posting `p`; whole numbers, not what somebody typed."""
    told = "" if space is None else f" AND p.space = {int(space)}"
    return told + ("" if challenge is None else f" AND p.challenge = {int(challenge)}")
