"""Texts that people wrote, with what was read in each: newest first, page by page, at a bounded cost whatever is asked.

Two ways lead there. What the ledger tells (words, channel, times, who) is walked in the ledger's index; what readings
tell (language, feeling, whom it is about) in the readings' own, each text being looked up on the other side. The rarer
of both leads. Either way so many are looked at for one page at most, and the page then says down to where it looked
(`stopped`).

Left out are texts that reveal what is nobody's business (topics/sensitive.py), unless `privacy.sensitive_topics`.
Near-duplicates on one page stand there once; `alike` says how many others there are.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.db import connection

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.affect_names import EMOTION_NAMES, POLARITY_NAMES
from estime.listening.models import Reading
from estime.listening.queries.text_filter import (
    ALWAYS,
    ENDLESS,
    EPOCH,
    Place,
    TextFilter,
    fitting,
    floor_of,
    of_ledger,
    places,
)
from estime.listening.topics.sensitive import revealed

EXAMINED: Final = 3_000
"""Acts that are looked up at most for one page."""
SCANNED: Final = (4_000, 100_000)
"""Readings that are looked at for one page: so many at first, and so many at most."""
MOST_ALIKE: Final = 1_000
_AT_ONCE: Final = (100, 200, 400, 800)
_AT_MOST: Final = 100
"""Texts that are read together."""
_PROBED: Final = 100
"""Of so many of the newest readings it is told which way is cheaper."""
_DAY: Final = 86_400_000_000


class TextReading(NamedTuple):
    """What was read in one text. Shares in thousandths, emotions as bits (`affect_names`)."""

    seq: int
    lang: int
    negative: int
    neutral: int
    positive: int
    felt: int
    unclear: bool
    target: int
    target_id: int
    near: int


_COLUMNS: Final = TextReading._fields


class HeardText(NamedTuple):
    """One text, whole, with its reading (None: not read yet) and how many others are alike (`MOST_ALIKE`: or more)."""

    act: ledger.Listed
    reading: TextReading | None
    alike: int


class TextPage(NamedTuple):
    """`older`: where the next page begins. `stopped`: it was looked down to that day only; the next page goes on.
    `left_out`: texts that reveal something sensitive; None where readings were asked for, as how many there are would
    say how one of them reads. `ignored`: what was typed and could not be looked for."""

    texts: list[HeardText]
    older: str
    stopped: date | None
    left_out: int | None
    ignored: tuple[str, ...]


class _Found(NamedTuple):
    """An act on its way to a page: its cursor in the ledger, and where to go on after it."""

    act: ledger.Cursor
    after: str


class _Stop(NamedTuple):
    """Looking ends here though there may be more."""

    after: str
    day: date


def texts_page(told: TextFilter, *, after: str = "", limit: int = 30) -> TextPage:
    """One page of texts. `after`: what an earlier page gave as `older`; anything else begins anew."""
    return _Page(told, limit).filled(after)


def texts_each(told: TextFilter, most: int) -> Iterator[HeardText]:
    """Texts newest first, page after page, up to `most`; none stands twice, and copies stand by themselves."""
    after, left = "", most
    while left > 0:
        page = _Page(told, min(left, _AT_MOST), together=False).filled(after)
        yield from page.texts
        left, after = left - len(page.texts), page.older
        if not after:
            return


def text_reading(seq: int) -> TextReading | None:
    """What was read in the text of one act."""
    return readings_by_seq([seq]).get(seq)


def polarity_told(reading: TextReading) -> str:
    """negative, neutral or positive; empty where it cannot be told."""
    shares = (reading.negative, reading.neutral, reading.positive)
    return "" if reading.unclear else POLARITY_NAMES[shares.index(max(shares))]


def emotions_told(reading: TextReading) -> list[str]:
    """The emotions that are likely enough to be told, by the alphabet."""
    return [name for bit, name in enumerate(EMOTION_NAMES) if reading.felt >> bit & 1]


def readings_by_seq(seqs: Sequence[int]) -> dict[int, TextReading]:
    """What was read in these acts; nothing where it was not read yet."""
    rows = Reading.objects.filter(seq__in=list(seqs)).values_list(*_COLUMNS)
    return {row[0]: TextReading(*row) for row in rows}


def text_shown(seq: int, text: str) -> bool:
    """Whether what a text feels may be shown with it: not where it reveals what is nobody's business."""
    if configuration().privacy.sensitive_topics:
        return True
    return not _reveals(_database(), seq, text)


@lru_cache(maxsize=100_000)
def _known(database: str, seq: int, length: int) -> list[bool]:
    """Where it is noted whether a text reveals something: acts never change, and an erased one has no text."""
    return []


def _reveals(database: str, seq: int, text: str) -> bool:
    noted = _known(database, seq, len(text))
    if not noted:
        noted.append(bool(revealed(text)))
    return noted[0]


def _database() -> str:
    return str(connection.settings_dict["NAME"])


class _Page:
    """A page while it fills: batches of what was found are read together."""

    def __init__(self, told: TextFilter, limit: int, *, together: bool = True) -> None:
        self._limit, self._together = limit, together and not told.alike
        self._told = told
        self._texts: list[HeardText] = []
        self._keys: set[int] = set()
        self._waiting: list[_Found] = []
        self._older, self._after, self._left_out, self._full = "", "", 0, False
        self._stopped: date | None = None

    def filled(self, after: str) -> TextPage:
        """The page with what is found from there on."""
        for found in _found(self._told, after):
            if isinstance(found, _Stop):
                self._read()
                if not self._full:
                    self._older, self._stopped = found.after, found.day
                break
            self._waiting.append(found)
            if len(self._waiting) > min(self._limit, _AT_MOST):
                self._read()
            if self._full:
                break
        self._read()
        return self._page()

    def _page(self) -> TextPage:
        ignored = ledger.words_ignored(self._told.words) if self._told.words else ()
        counted = alike_counts([text.reading.near for text in self._texts if text.reading])
        texts = [
            text._replace(alike=counted.get(text.reading.near, 0)) if text.reading else text
            for text in self._texts
        ]
        left_out = None if self._told.of_reading else self._left_out
        return TextPage(texts, self._older, self._stopped, left_out, ignored)

    def _read(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self._full or not waiting:
            return
        acts = {act.seq: act for act in ledger.acts_listed([found.act for found in waiting], whole=True)}
        readings = readings_by_seq(list(acts))
        for found in waiting:
            act = acts.get(found.act[1])
            if act is not None and act.text and not self._take(act, readings.get(act.seq)):
                self._full, self._older = True, self._after
                return
            self._after = found.after

    def _take(self, act: ledger.Listed, reading: TextReading | None) -> bool:
        """False if there was no room."""
        key = reading.near if reading and self._together else 0
        if key and key in self._keys:
            return True
        if not text_shown(act.seq, act.text or ""):
            self._left_out += 1
            return True
        if len(self._texts) >= self._limit:
            return False
        self._keys.add(key)
        self._texts.append(HeardText(act, reading, 0))
        return True


def alike_counts(keys: Sequence[int]) -> dict[int, int]:
    """How many others have the same near-duplicate key, for keys that tell anything."""
    told = sorted({key for key in keys if key})
    if not told:
        return {}
    one = f"SELECT %s AS k, COUNT(*) FROM (SELECT 1 FROM listening_reading WHERE near = %s LIMIT {MOST_ALIKE + 1}) t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(told)), [key for each in told for key in (each, each)])
        return {int(key): count - 1 for key, count in cursor.fetchall()}


def _found(told: TextFilter, after: str) -> Iterator[_Found | _Stop]:
    """What fits, newest first, by the way that is cheaper; a page after another one goes on its way."""
    choice = ledger.Choice(of_ledger(told))
    way, place = _place(after)
    if not way:
        way = _way(told, choice)
    return _by_acts(told, choice, place) if way == "a" else _by_readings(told, choice, place or ENDLESS)


def _place(after: str) -> tuple[str, Place | None]:
    """A cursor as it was given out: `a` and a place in the ledger, or `r` and one among the readings."""
    way, _dash, rest = after.partition("-")
    first, _dash, seq = rest.partition("-")
    if way in ("a", "r") and first.isdecimal() and seq.isdecimal() and max(len(first), len(seq)) < 19:
        return way, (int(first), int(seq))
    return "", None


def _way(told: TextFilter, choice: ledger.Choice) -> str:
    """Whose order a new list follows: that of the side on which less fits, among the newest."""
    if not told.of_reading:
        return "a"
    if told.alike or told.fresh is not None or not (told.words or told.brand):
        return "r"
    floor = floor_of(told, ENDLESS, SCANNED[0])
    fits = places(told, ENDLESS, floor or ALWAYS, _PROBED)
    down_to = fits[-1] if len(fits) == _PROBED else floor
    if down_to is None:
        return "r"
    same = choice.reach(len(fits) or 1)
    return "a" if same is None or (same[0] // _DAY, same[1]) < down_to else "r"


def _by_acts(told: TextFilter, choice: ledger.Choice, before: Place | None) -> Iterator[_Found | _Stop]:
    examined = 0
    for found in choice.each(before):
        examined += len(found.acts)
        kept = found.acts
        if told.of_reading:
            fit = fitting(told, [seq for _, seq in kept])
            kept = [act for act in kept if act[1] in fit]
        yield from (_Found(act, f"a-{act[0]}-{act[1]}") for act in kept)
        if found.stopped or (found.more and examined >= EXAMINED):
            at, seq = found.stopped or found.acts[-1]
            yield _Stop(f"a-{at}-{seq}", ledger.moment_of(at).date())
            return


def _by_readings(told: TextFilter, choice: ledger.Choice, before: Place) -> Iterator[_Found | _Stop]:
    examined, scanned, step = 0, SCANNED[0], 0
    floor = floor_of(told, before, scanned)
    while True:
        most = _AT_ONCE[min(step, len(_AT_ONCE) - 1)]
        fresh, step = places(told, before, floor or ALWAYS, most), step + 1
        if fresh:
            among = {seq: at for at, seq in choice.among([seq for _, seq in fresh]).found}
            yield from (_Found((among[seq], seq), f"r-{day}-{seq}") for day, seq in fresh if seq in among)
            before, examined = fresh[-1], examined + len(fresh)
        if len(fresh) == most and examined < EXAMINED:
            continue
        if len(fresh) < most:
            if floor is None or (told.since and floor[0] < (told.since - EPOCH).days):
                return
            before = floor if floor < before else before
            if scanned == SCANNED[0]:
                scanned = SCANNED[1]
                floor = floor_of(told, before, scanned)
                continue
        yield _Stop(f"r-{before[0]}-{before[1]}", EPOCH + timedelta(days=before[0]))
        return
