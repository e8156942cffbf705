"""What somebody types, as the stems that may be meant: words as they stand, slips of the finger, unfinished words.

All of it is bounded, however much is typed: at most `ASKED` words, `SLIPS` neighbours and `ENDINGS` endings of each.
"""

from dataclasses import dataclass, field
from math import log

from django.db import connection
from django.db.backends.utils import CursorWrapper

from estime.cocreation.similar import rows
from estime.cocreation.similar.words import SHORT, Typed, Word, heads, near, slips

BEGUN = 3
"""Letters from which on an unfinished word is completed."""
ENDINGS = 16
"""Endings of an unfinished word that are tried, those of most titles first."""
SLIPS = 8
"""Words a slip away that are tried for each word, those of most titles first."""
COUNTED = 2_000
"""A stem is counted up to here; beyond, it is frequent."""
PER_WORD = 3_000
"""Postings of one word, with all that it may mean."""
MANY, POWER, LIGHT, DOUBT = 50_000, 2.0, 0.25, 0.6
_FAR, _BEGINNINGS = 300, 120
"""Words a slip away, and words that begin a slip away, that are looked at."""


@dataclass(slots=True)
class Part:
    """One word of what was typed. `stems`: how surely each is meant, of 1. `begins`: it may go on;
    `known`: some words begin so. `weight`: how much the word tells."""

    word: Word
    stems: dict[int, float]
    begins: bool = False
    known: bool = False
    weight: float = 1.0
    titles: int = 0


@dataclass(slots=True)
class Asked:
    """What was typed, and in how many titles each stem stands (up to `COUNTED`)."""

    parts: list[Part]
    counts: dict[int, int] = field(default_factory=dict)


def asked(
    cursor: CursorWrapper, typed: Typed, space: int | None, challenge: int | None, *, bodies: bool = False
) -> Asked:
    """What may be meant, with what is in no title (and no body) left out."""
    parts = [Part(word, dict.fromkeys(word.stems, 1.0)) for word in typed.words]
    for number, joined in enumerate(typed.joined):  # `web site` is found by `website`
        for stem in joined.stems:
            parts[number].stems.setdefault(stem, 0.8)
    if typed.goes_on:
        parts[-1].begins = True
        _endings(cursor, parts[-1])
    _slips(cursor, parts)
    stems, where = {stem for part in parts for stem in part.stems}, scope_sql(space, challenge)
    counts = _counts(cursor, rows.POSTINGS, stems, where)
    if bodies:
        for stem, count in _counts(cursor, rows.BODIES, stems, where).items():
            counts[stem] = counts.get(stem, 0) + count
    for part in parts:
        _settle(part, counts)
    return Asked(parts, counts)


def _settle(part: Part, counts: dict[int, int]) -> None:
    """Keep of a word what is worth asking for, surest first, and weigh it."""
    exact = max((counts.get(stem, 0) for stem in part.word.stems), default=0)
    kept: dict[int, float] = {}
    for stem, sure in sorted(part.stems.items(), key=lambda known: (-known[1], counts.get(known[0], 0))):
        count = counts.get(stem, 0)
        # A word that others use too is hardly a slip, unless the other one is far more usual.
        doubtful = exact and stem not in part.word.stems and not part.begins and count < 10 * exact
        if count and (not kept or part.titles + count <= PER_WORD):
            kept[stem] = sure * DOUBT if doubtful else sure
            part.titles += count
    part.stems = kept
    rare = exact or min((counts[stem] for stem in kept), default=1)
    part.weight = log(1 + MANY / rare) ** POWER * (LIGHT if part.word.light else 1)


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
        part.known = True
        sure = 0.9 if len(text) * 2 >= len(bytes(word).decode()) else 0.75
        for stem in (french, english):
            part.stems.setdefault(stem, sure)


def _slips(cursor: CursorWrapper, parts: list[Part]) -> None:
    """Words that are one slip away; for what is no word yet, those that begin a slip away."""
    wanted = {id(part): near(part.word.text) for part in parts}
    known = _meant(cursor, parts, wanted, _FAR)
    lost = [part for part in parts if id(part) not in known and not part.known]
    if lost:
        _meant(cursor, lost, {id(part): heads(part.word.text) for part in lost}, _BEGINNINGS)


def _meant(cursor: CursorWrapper, parts: list[Part], keys: dict[int, set[int]], most: int) -> set[int]:
    """Take in the words that share one of these numbers and are near enough; which parts are words or have some."""
    wanted: dict[int, list[Part]] = {}
    for part in parts:
        for key in keys[id(part)]:
            wanted.setdefault(key, []).append(part)
    found = rows.select_in(
        cursor,
        "SELECT n.key, w.word, w.french, w.english, w.titles FROM cocreation_title_near n"
        " JOIN cocreation_title_word w ON w.id = n.word WHERE n.key IN ({marks})"
        f" ORDER BY w.titles DESC, w.word LIMIT {most}",
        sorted(wanted),
    )
    tried: dict[int, set[str]] = {}
    known: dict[int, int] = {}
    for key, bytes_of, french, english, _titles in found:
        text = bytes(bytes_of).decode()
        for part in wanted[key]:
            seen = tried.setdefault(id(part), set())
            if text in seen or known.get(id(part), 0) > SLIPS:
                continue
            seen.add(text)
            sure = 1.0 if text == part.word.text else _sure(part, text)
            if sure:
                known[id(part)] = known.get(id(part), 0) + 1
                for stem in (french, english):
                    part.stems[stem] = max(sure, part.stems.get(stem, 0))
    return known.keys() & {id(part) for part in parts}


def _sure(part: Part, meant: str) -> float:
    """How surely one word is meant by another: less for short words and other first letters; 0 for what is too far."""
    typed = part.word.text
    shorter = min(len(typed), len(meant))
    wrong, far = slips(typed, meant, 2), 1 if shorter < 2 * SHORT else 2
    if wrong > far and part.begins and len(meant) > len(typed):
        wrong = min(slips(typed, meant[: len(typed) + more], 1) for more in (-1, 0, 1))
        far = 1
    if wrong > far:
        return 0
    return round((1 - 1.5 * wrong / max(len(typed), shorter)) * (1 if typed[0] == meant[0] else 0.8), 3)


def _counts(cursor: CursorWrapper, table: str, stems: set[int], where: str) -> dict[int, int]:
    """In how many titles each stem stands, as far as that is worth counting."""
    if not stems:
        return {}
    typing = "" if connection.vendor == "sqlite" else "::bigint"
    cursor.execute(
        f"WITH t(stem) AS (VALUES {', '.join([f'(%s{typing})'] * len(stems))})"
        f" SELECT t.stem, (SELECT COUNT(*) FROM (SELECT 1 FROM {table} p WHERE p.stem = t.stem{where}"
        f" LIMIT {COUNTED}) AS held) FROM t",
        sorted(stems),
    )
    return {stem: count for stem, count in cursor.fetchall() if count}


def scope_sql(space: int | None, challenge: int | None) -> str:
    """Conditions on a posting `p`; whole numbers, not what somebody typed."""
    told = "" if space is None else f" AND p.space = {int(space)}"
    return told + ("" if challenge is None else f" AND p.challenge = {int(challenge)}")
