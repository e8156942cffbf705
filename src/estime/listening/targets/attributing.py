"""Whom or what a text is about: names found in it, each feeling given to the nearest clause's name.

A text of one subject is about it as a whole. Of several subjects each has its part, which is read by itself; then
`decided` says which one the text counts for.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from estime.kernel.collection import collection_paused
from estime.kernel.names import WORD, folded
from estime.listening.targets.clauses import LONGEST, Clause, Weigh, clauses, visible, written
from estime.listening.targets.finding import NOBODY, SOME_MEMBER, Ref, finder
from estime.listening.targets.listed import BRAND, MEMBER, OURS, PRODUCT, Targets

ANSWERS_NOBODY: Final = 0
ANSWERS_MEMBER: Final = 1
ANSWERS_BRAND: Final = 2
POLAR: Final = 0.35
"""A part whose positive and negative shares differ by less feels nothing in particular."""


class Place(NamedTuple):
    """Where a text stands: its channel, and whom it answers."""

    channel: str = ""
    answers: int = ANSWERS_NOBODY


class Part(NamedTuple):
    """What a text says of one subject; whether any word of it is known to feel something."""

    ref: Ref
    text: str
    felt: bool = True


class Told(NamedTuple):
    """Whom a text is about; with several subjects, what it says of each, to be read and decided.

    `named`: it says so itself. Else it was written where, or to whom, nothing needs to be named; unless it feels
    something, it then tells nothing of anybody.
    """

    ref: Ref
    parts: tuple[Part, ...] = ()
    named: bool = True


@dataclass(frozen=True)
class Standing:
    """What a place says: whom a text there is about if it names nobody, and who “you” is."""

    default: Ref
    you: Ref
    things: Ref
    makers: Ref


class Attribution:
    """Attributes texts to the targets of an installation."""

    def __init__(self, targets: Targets) -> None:
        with collection_paused():  # tens of thousands of names are nothing to be looked through on the way
            self._targets, self._find = targets, finder(targets)
        self._about = dict(targets.about)
        self._known: dict[Place, Standing] = {}

    def told(self, text: str, place: Place, weigh: Weigh) -> Told:
        """Whom one text is about."""
        known = self._known.get(place) or self._stand(place)
        text = text[:LONGEST]
        if not text.isascii():
            text = written(text)
        hits = self._hits(text, known)
        if not hits:
            return Told(known.default, named=False)
        if known.you == known.default and hits <= self._find.you:
            return Told(known.default, named=False)
        alone = self._alone(text, hits, known)
        if alone is not None:
            return Told(alone)
        return self._cut(visible(text), known, weigh)

    def _stand(self, place: Place) -> Standing:
        number = self._about.get(place.channel, 0)
        about = Ref(self._targets.listed[number - 1].kind, number) if number else NOBODY
        brand = about if about.kind == BRAND else Ref(BRAND, self._targets.only(BRAND))
        product = about if about.kind == PRODUCT else Ref(PRODUCT, self._targets.only(PRODUCT))
        if place.answers == ANSWERS_BRAND:
            told = Standing(about if number else brand, brand, product, brand)
        elif not number:
            told = Standing(NOBODY, SOME_MEMBER if place.answers else NOBODY, NOBODY, NOBODY)
        else:
            told = Standing(about, SOME_MEMBER if place.answers else about, product, brand)
        self._known[place] = told
        return told

    def _hits(self, text: str, known: Standing) -> Set[str]:
        """The words that may name somebody, or "#" where a look is needed anyhow."""
        if "#" in text or "@" in text:
            return {"#"}
        looked = self._find.telling if known.you != NOBODY else self._find.named
        words = WORD.findall(folded(text))
        return set() if looked.isdisjoint(words) else looked.intersection(words)

    def _alone(self, text: str, hits: Set[str], known: Standing) -> Ref | None:
        """The one subject of a text in which nothing else is named, where that is plain to see."""
        solo = self._find.solo
        refs = {solo.get(hit) for hit in hits}
        if len(refs) != 1 or "://" in text or "www." in text or "<" in text:
            return None
        ref = refs.pop()
        return ref if ref is not None and (ref.kind in OURS or known.default == NOBODY) else None

    def _cut(self, text: str, known: Standing, weigh: Weigh) -> Told:
        found = clauses(text, self._find, weigh)
        refs = _given(found, known)
        parts = _parts(text, found, refs, known.default)
        named = any(clause.names for clause in found)
        if len(parts) > 1:
            return Told(NOBODY, tuple(parts))
        return Told(parts[0].ref if parts else known.default, named=named)


def _parts(text: str, found: Sequence[Clause], refs: Sequence[Ref], default: Ref) -> list[Part]:
    """What is said of each subject: clauses that follow one another stay one piece."""
    pieces: dict[Ref, list[str]] = {}
    felt: set[Ref] = set()
    for ref, together in groupby(zip(refs, found, strict=True), key=lambda pair: pair[0]):
        run = [clause for _, clause in together]
        if ref == NOBODY or (ref == default and not any(clause.names or clause.felt for clause in run)):
            continue
        pieces.setdefault(ref, []).append(text[run[0].start : run[-1].end].strip())
        if any(clause.felt for clause in run):
            felt.add(ref)
    return [Part(ref, " ".join(told), ref in felt) for ref, told in pieces.items()]


def _given(found: Sequence[Clause], known: Standing) -> list[Ref]:
    """The subject of each clause: its own, or the nearest one's."""
    you = known.you
    if any(clause.handle is not None for clause in found):
        you = SOME_MEMBER
    own = [_own(clause, known, you) for clause in found]
    return [ref if ref is not None else _near(found, own, at, known.default) for at, ref in enumerate(own)]


def _own(clause: Clause, known: Standing, you: Ref) -> Ref | None:
    """Whom a clause itself names or speaks to."""
    if clause.deed is not None and you != NOBODY:
        return you
    candidates = [(name.at, ref) for name in clause.names if (ref := _meant(name.ref, name.common, known))]
    if clause.ours is not None and not candidates:
        return clause.ours.ref
    if clause.to_all and not candidates:
        return SOME_MEMBER
    spoken = list(clause.spoken_to) if you != NOBODY else []
    if clause.handle is not None:
        spoken.append(clause.handle)
    if not candidates:
        if (
            spoken
            or (clause.polite and you == SOME_MEMBER)
            or (clause.polite and known.default == known.you != NOBODY)
        ):
            return you if you != NOBODY else SOME_MEMBER
        return None
    if you.kind == MEMBER:
        candidates += [(at, you) for at in spoken]
    return _nearest(sorted(candidates), clause.felt)


def _meant(ref: Ref, common: bool, known: Standing) -> Ref | None:
    if not common:
        return ref
    meant = known.things if ref.kind == PRODUCT else known.makers
    return None if meant == NOBODY else meant


def _nearest(candidates: list[tuple[int, Ref]], felt: Sequence[tuple[int, float]]) -> Ref:
    """Of those named in one clause the one nearest to what is felt; the first one of equals."""
    if len({ref for _, ref in candidates}) == 1 or not felt:
        return candidates[0][1]
    votes: dict[Ref, float] = {}
    for at, weight in felt:
        _, _, ref = min((abs(at - place), place, ref) for place, ref in candidates)
        votes[ref] = votes.get(ref, 0.0) + abs(weight)
    return max(votes, key=lambda ref: votes[ref])


def _near(found: Sequence[Clause], own: Sequence[Ref | None], at: int, default: Ref) -> Ref:
    """Whom a clause that names nobody is about."""
    here = found[at]
    before = next((place for place in range(at - 1, -1, -1) if own[place] is not None), None)
    after = next((place for place in range(at + 1, len(own)) if own[place] is not None), None)
    free = default == NOBODY
    if before is not None:
        parted = any(found[place].contrast for place in range(before + 1, at + 1))
        close = found[before].sentence >= here.sentence - 1
        reaches = here.pronoun or free or (close and not parted)
        if reaches and not _rather_after(found, before, at, after, here):
            return own[before] or default
    if after is not None and not (here.pronoun and not free):
        parted = any(found[place].contrast for place in range(at + 1, after + 1))
        if free or (not parted and found[after].sentence <= here.sentence + 1):
            return own[after] or default
    return default


def _rather_after(found: Sequence[Clause], before: int, at: int, after: int | None, here: Clause) -> bool:
    """Whether the name that follows in the same sentence is nearer than one of an earlier sentence."""
    if here.pronoun or after is None:
        return False
    return found[after].sentence == here.sentence != found[before].sentence and not found[after].contrast


def decided(parts: Sequence[Part], valences: Sequence[float], clear: Sequence[bool]) -> int:
    """Which part a text counts for: the most polar one about the brand or a product, else the most polar one.

    Where words are known to feel something, parts without any do not. Where no part feels anything, the text counts
    for one about the brand or a product, if there is one.
    """
    order = range(len(parts))
    some = any(part.felt for part in parts)
    polar = [at for at in order if clear[at] and abs(valences[at]) >= POLAR and (parts[at].felt or not some)]
    ours = [at for at in polar if parts[at].ref.kind in OURS]
    if ours or polar:
        return max(ours or polar, key=lambda at: (abs(valences[at]), -at))
    return next((at for at in order if parts[at].ref.kind in OURS), 0)


__all__ = ["Attribution", "Part", "Place", "Told", "decided"]
