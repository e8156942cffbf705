"""A text cut into clauses, with whom each one names, speaks to, and how much it feels at which word."""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from estime.kernel.names import folded
from estime.listening.targets import finding
from estime.listening.targets import words as said
from estime.listening.targets.finding import SOMEBODY_ELSE, Finder, Form, Ref
from estime.listening.targets.listed import BRAND, PRODUCT, THIRD_PARTY

LONGEST: Final = 2_000
"""Characters of a text that are looked at, as many as affect reads."""
Weigh = Callable[[str], float]
"""How much a word feels, less than 0 if unpleasant; words come folded."""

_TAG: Final = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--[^<>]{0,300})>")
_ADDRESS: Final = re.compile(r"(?:https?|ftp)://\S*|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_TOKEN: Final = re.compile(
    r"(?P<handle>@\w[\w.-]{0,63})|#(?P<tag>\w{1,100})|(?P<word>[^\W_]+)"
    r"|(?P<end>[.!?…]+(?=\s|$)|[.!?…]+(?=[^\W\d_])|[\n;]+)|(?P<pause>[,:()–—\"«»“”|]+|\s-+\s)"
)
_MARKS: Final = {finding.POLITE: "polite", finding.POLITE_ALWAYS: "to_all", finding.UNFELT: "unfelt"}
_OPENING: Final = 3
"""A pronoun among so many first words of a clause goes on about what was named last."""


class Named(NamedTuple):
    """At which word of the clause whom it names. `common`: by a noun that needs a channel about something."""

    at: int
    ref: Ref
    common: bool = False


@dataclass
class Clause:
    """One clause: where it begins and ends in the text, its sentence, and what was found in it."""

    start: int
    sentence: int
    contrast: bool = False
    end: int = 0
    words: int = 0
    names: list[Named] = field(default_factory=list)
    spoken_to: list[int] = field(default_factory=list)
    deed: int | None = None
    handle: int | None = None
    ours: Named | None = None
    polite: bool = False
    to_all: bool = False
    pronoun: bool = False
    unfelt: bool = False
    felt: list[tuple[int, float]] = field(default_factory=list)


def written(text: str) -> str:
    """A text without characters that nobody sees, its letters put together."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _UNSEEN.sub("", text)


def visible(text: str) -> str:
    """A text without markup, addresses and characters that nobody sees, its letters put together."""
    text = text[:LONGEST]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = written(text)
    return _ADDRESS.sub(" ", text) if "://" in text or "www." in text or "@" in text else text


class _Cut:
    """The walk over one text."""

    def __init__(self, text: str, by: Finder, weigh: Weigh) -> None:
        self.by, self.weigh = by, weigh
        self.clauses = [Clause(0, 0)]
        self.low: list[str] = []
        self.raw: list[str] = []
        self.kinds: list[str] = []
        self.spans: list[tuple[int, int]] = []
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or ""
            written = found[kind]
            self.kinds.append(kind)
            self.raw.append(written)
            self.low.append(folded(written) if kind != "end" and kind != "pause" else "")
            self.spans.append(found.span())
        self._walk()
        self.clauses[-1].end = len(text)

    def _walk(self) -> None:
        at = 0
        while at < len(self.low):
            kind = self.kinds[at]
            if kind == "word":
                at += self._word(at)
                continue
            if kind == "handle":
                self._handle(at)
            elif kind == "tag":
                self._hashtag(at)
            else:
                self._break(self.spans[at][1], kind == "end", False)
            at += 1

    def _break(self, start: int, sentence: bool, contrast: bool) -> None:
        here = self.clauses[-1]
        if not here.words:
            here.contrast |= contrast
            here.sentence += sentence
            return
        here.end = start
        self.clauses.append(Clause(start, here.sentence + sentence, contrast))

    def _word(self, at: int) -> int:
        form = self.by.at(self.low, self.raw, at)
        if form is None:
            self._plain(at, 1)
            return 1
        step = len(form.words)
        if form.role in (finding.JOIN, finding.CONTRAST):
            self._break(self.spans[at][0], False, form.role == finding.CONTRAST)
            self.clauses[-1].start = self.spans[at + step - 1][1]
            return step
        self._telling(at, form)
        self._plain(at, step, named=form.role == finding.NAME)
        return step

    def _plain(self, at: int, step: int, *, named: bool = False) -> None:
        here = self.clauses[-1]
        for place in range(at, at + step):
            word = self.low[place]
            if here.words < _OPENING and word in said.PRONOUNS:
                here.pronoun = True
            weight = 0.0 if named else self.weigh(word)
            if weight and not here.unfelt:
                here.felt.append((here.words, weight))
            here.words += 1

    def _telling(self, at: int, form: Form) -> None:
        here = self.clauses[-1]
        if form.role in _MARKS:
            setattr(here, _MARKS[form.role], True)
        elif form.role == finding.SECOND:
            here.spoken_to.append(here.words)
            if form.words[0] in said.YOURS and not said.DEEDS.isdisjoint(self.low[at + 1 : at + 3]):
                here.deed = here.words
        else:
            ref = self._meant(at, form)
            if ref is not None:
                common = form.role in (finding.THING, finding.MAKER)
                here.names.append(Named(here.words, ref, common))

    def _meant(self, at: int, form: Form) -> Ref | None:
        """Whom a name or a noun names where it stands; None where it is just a word."""
        match form.role:
            case finding.NAME:
                return form.ref
            case finding.OTHER if self._before(at, 3) & (said.OF_SOMEBODY | said.DEFINITE):
                return SOMEBODY_ELSE
            case finding.CHEZ if self._unknown_name(at + 1):
                return SOMEBODY_ELSE
            case finding.THING | finding.MAKER:
                always = " ".join(form.words) in said.MAKERS_ALWAYS
                if always or self._before(at, 2) & (said.DEFINITE | said.YOURS):
                    return Ref(PRODUCT if form.role == finding.THING else BRAND, 0)
        return None

    def _before(self, at: int, count: int) -> set[str]:
        """The words right before one, of its clause."""
        count = min(count, self.clauses[-1].words)
        return set(self.low[at - count : at])

    def _unknown_name(self, at: int) -> bool:
        """Whether a word looks like a name that nobody listed."""
        if at >= len(self.raw) or self.kinds[at] != "word" or not self.raw[at][0].isupper():
            return False
        return self.by.at(self.low, self.raw, at) is None

    def _handle(self, at: int) -> None:
        here = self.clauses[-1]
        name = "".join(letter for letter in self.low[at] if letter.isalnum())
        ref = self.by.whole.get(name)
        if ref is not None and name in self.by.targets.mentioned:
            here.ours = Named(here.words, ref)
        elif ref is not None:
            here.names.append(Named(here.words, ref))
        else:
            here.handle = here.words
        here.words += 1

    def _hashtag(self, at: int) -> None:
        here = self.clauses[-1]
        ref = self.by.in_tag(self.low[at].replace("_", ""))
        if ref is not None:
            here.names.append(Named(here.words, ref))
        weight = self.weigh(self.low[at])
        if weight:
            here.felt.append((here.words, weight))
        here.words += 1


def clauses(text: str, by: Finder, weigh: Weigh) -> list[Clause]:
    """The clauses of a visible text, in order; of a text without a word one that is empty."""
    found = _Cut(text, by, weigh).clauses
    for before, after in pairwise(found):
        before.end = min(before.end or after.start, after.start)
    _without_their_things(found)
    return found


def _without_their_things(found: list[Clause]) -> None:
    """“The app” of a sentence that spoke of a bank is the bank's, unless a contrast stands between."""
    sentence, theirs = -1, False
    for clause in found:
        if clause.sentence != sentence or clause.contrast:
            sentence, theirs = clause.sentence, False
        theirs |= any(name.ref.kind == THIRD_PARTY for name in clause.names)
        if theirs:
            clause.names = [name for name in clause.names if not name.common]
