"""What can be said of a text in a hundred numbers: its pleasant and unpleasant words after negation,
contrast and emphasis, the
emotions and groups of words in it, and the marks people write feelings with. The numbers mean the same in
every language.
"""

import re
from dataclasses import dataclass, field
from math import log, log1p, sqrt
from typing import Final

from estime.listening.affect.lexicon import EMOTIONS, Lexicon, Word

SCOPE: Final = 4  # words after a negator that it turns
# French says no in two words. The first turns until the second is there ("ne … pas"), or until "que" says "only".
_FIRST_HALF: Final = frozenset(("ne", "n"))
_ONLY: Final = frozenset(("que", "qu"))
# Spoken French leaves the first out, and the second stands behind the verb: "j'aime pas", "ça me plaît pas".
_BEHIND: Final = frozenset("pas pa jamais guere aucun aucune rien".split())
_BEFORE_BEHIND: Final = frozenset("vraiment trop du franchement absolument surtout meme toujours".split())
_SUBJECTS: Final = frozenset("je j tu il elle on nous vous ils elles ca cela qui chui jsuis".split())
_BETWEEN: Final = frozenset("me m te t se s le la l les lui leur y en nous vous".split())
TURNED: Final = ("¬-", "¬+")  # stand for an unpleasant and a pleasant word after a negator
_STOPS: Final = frozenset('.;:!?,"()')
_FIRST: Final = frozenset(
    "je j me m moi mon ma mes nous notre nos on i i'm i've i'll i'd im me my mine we us our myself".split()
)
_SECOND: Final = frozenset("tu te t toi ton ta tes vous votre vos you your you're u ur yours".split())
_CAPITALS: Final = re.compile(r"\b[A-ZÀ-Þ]{3,}\b")
_DRAWN: Final = re.compile(r"([a-vx-z])\1\1")
_DIGIT: Final = re.compile(r"\d")

SHAPES: Final = (
    "pleasant unpleasant net net_by_length most_pleasant most_unpleasant before_contrast "
    "after_contrast first_half last_half last_word negators turned turned_net irony irony_net "
    "emphasis diminished contrasts known hashtag_net faces_pleasant faces_unpleasant faces drawn "
    "length exclaims many_exclaims asks dots capitals some_capitals links mentions hashtags quotes "
    "digits to_someone first_person second_person colon ends_in_link upper_start starts_in_hashtag "
    "shared percent"
).split()


@dataclass
class _Heard:
    """What the walk over the words of one text adds up."""

    lexicon: Lexicon
    words: list[str]
    pleasant: float = 0.0
    unpleasant: float = 0.0
    high: float = 0.0
    low: float = 0.0
    before: float = 0.0
    after: float = 0.0
    first: float = 0.0
    last: float = 0.0
    final: float = 0.0
    hashtag: float = 0.0
    turned_net: float = 0.0
    irony: float = 0.0
    turned: int = 0
    known: int = 0
    emphasis: int = 0
    diminished: int = 0
    negators: int = 0
    negated_to: int = -1  # the last word that the present negator turns
    turn: float = 0.0  # what it does to them
    negated_from: int = 0  # the first of them
    half: bool = False  # only "ne" has been heard so far
    force: float = 1.0  # of the next word that is known
    contrasts: int = 0
    spoken: list[str] | None = None  # the words with the turned ones marked, once there is one
    faces: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    emotions: list[float] = field(default_factory=lambda: [0.0] * len(EMOTIONS))


def signs(lexicon: Lexicon, text: str, low: str, words: list[str]) -> tuple[list[float], list[str] | None]:
    """The numbers of one text: `SHAPES`, the emotions, then the groups. `text` is cleaned, `low` is it
    folded, with its tokens.

    Beside them the words as n-grams are to see them, if any was turned by a negation ("pas content" is not
    "content").
    """
    counts = [0] * lexicon.groups
    heard = _Heard(lexicon, words)
    _walk(heard, counts)
    numbers = [
        *_felt(heard),
        *_shape(text, low, words),
        *heard.emotions,
        *(log1p(n) if n else 0.0 for n in counts),
    ]
    return numbers, heard.spoken


def _walk(heard: _Heard, counts: list[int]) -> None:
    words, look, phrases = heard.words, heard.lexicon.look, heard.lexicon.phrases
    at, last = 0, len(words) - 1
    while at <= last:
        token = words[at]
        word, step = look(token), 1
        if word.groups and not (word.weight and at <= heard.negated_to):
            for group in word.groups:
                counts[group] += 1
        if at < last and token in phrases and words[at + 1] in phrases[token]:
            word, step = _longest(heard, at, word, counts)
        if word.role:
            _operate(heard, at + step - 1, word)
        elif word.weight:
            _hear(heard, at, step, word)
        elif token in _STOPS:
            heard.negated_to, heard.force = -1, 1.0
        elif heard.half and token in _ONLY:
            heard.negated_to = -1
        at += step


def _longest(heard: _Heard, at: int, alone: Word, counts: list[int]) -> tuple[Word, int]:
    """The longest expression that begins here, else the word alone; groups of expressions are counted on the way."""
    words = heard.words
    for parts, phrase in heard.lexicon.phrases[words[at]][words[at + 1]]:
        if words[at : at + len(parts)] == parts:
            if phrase.role != "group":
                return phrase, len(parts)
            counts[phrase.groups[0]] += 1
    return alone, 1


def _operate(heard: _Heard, at: int, word: Word) -> None:
    """A face, or a word that turns, strengthens or sets apart what follows; `at` is where it ends."""
    match word.role:
        case "face":
            _see(heard, word)
        case "negator":
            heard.half = heard.words[at] in _FIRST_HALF
            heard.negators += not heard.half
            heard.negated_from, heard.negated_to, heard.turn = at + 1, at + SCOPE, word.weight
        case "intensifier":
            heard.emphasis += 1
            heard.force *= word.weight
        case "diminisher":
            heard.diminished += 1
            heard.force *= word.weight
        case "contrast":
            heard.contrasts += 1
            heard.before += heard.after
            heard.after, heard.negated_to = 0.0, -1
        case "irony":
            heard.irony += word.weight


def _hear(heard: _Heard, at: int, step: int, word: Word) -> None:
    weight = word.weight * heard.force
    heard.force = 1.0
    heard.known += 1
    turn = _turned_by(heard, at, step, word)
    if turn:
        weight *= turn
        heard.turned += 1
        heard.turned_net += weight
        if turn < 0:
            heard.spoken = heard.spoken or heard.words.copy()
            heard.spoken[at : at + step] = [TURNED[word.weight > 0]] * step
    else:
        for emotion in word.emotions:
            heard.emotions[emotion] += abs(weight)
    if weight > 0:
        heard.pleasant += weight
        heard.high = max(heard.high, weight)
    else:
        heard.unpleasant -= weight
        heard.low = max(heard.low, -weight)
    heard.after += weight
    if at * 2 < len(heard.words):
        heard.first += weight
    else:
        heard.last += weight
    heard.final = weight
    if at and heard.words[at - 1] == "#":
        heard.hashtag += weight


def _turned_by(heard: _Heard, at: int, step: int, word: Word) -> float:
    """What a negation does to the weight of a word or expression: a factor, or 0 where there is none.

    An expression with a negation of its own is turned only by another one right before it ("pas sans intérêt"), never
    by the "ne" that belongs to its own.
    """
    reached = at <= heard.negated_to and not (heard.half and heard.words[at] in _ONLY)
    if reached and (not word.denied or (at == heard.negated_from and not heard.half)):
        return heard.turn
    return 0.0 if word.denied else _denied_behind(heard, at + step)


def _denied_behind(heard: _Heard, behind: int) -> float:
    """The factor of a negation that stands behind its verb, with nothing but pronouns before: "je recommande pas".
    `behind` is where the verb, or an expression that it ends, is over.
    """
    words = heard.words
    before = behind - 2
    if behind < len(words) and words[behind] in _BEFORE_BEHIND:
        behind += 1
    if behind >= len(words) or words[behind] not in _BEHIND:
        return 0.0
    while before > 0 and words[before] in _BETWEEN and words[before] not in _SUBJECTS:
        before -= 1
    return heard.lexicon.look(words[behind]).weight if before >= 0 and words[before] in _SUBJECTS else 0.0


def _see(heard: _Heard, word: Word) -> None:
    heard.faces[2] += 1
    heard.faces[0 if word.weight > 0 else 1] += abs(word.weight)
    for emotion in word.emotions:
        heard.emotions[emotion] += abs(word.weight) or 1.0


def _felt(heard: _Heard) -> list[float]:
    net = heard.pleasant - heard.unpleasant
    return [
        heard.pleasant,
        heard.unpleasant,
        net,
        net / sqrt(len(heard.words) + 1),
        heard.high,
        heard.low,
        heard.before,
        heard.after if heard.contrasts else 0.0,
        heard.first,
        heard.last,
        heard.final,
        heard.negators,
        heard.turned,
        heard.turned_net,
        heard.irony,
        heard.irony * heard.pleasant,
        heard.emphasis,
        heard.diminished,
        heard.contrasts,
        heard.known,
        heard.hashtag,
        *heard.faces,
    ]


def _shape(text: str, low: str, words: list[str]) -> list[float]:
    length = len(words)
    bare = low.strip()
    capitals = len(_CAPITALS.findall(text))
    links = low.count(" http ")
    said = set(words)
    exclaims = low.count("!")
    return [
        1.0 if _DRAWN.search(low) else 0.0,
        log(length + 1),
        float(exclaims > 0),
        float(exclaims > 1),
        float("?" in low),
        float("..." in low),
        5 * capitals / (length + 1),
        float(capitals > 0),
        links,
        low.count("@user"),
        low.count("#") / 2,
        float('"' in low),
        1.0 if _DIGIT.search(low) else 0.0,
        float(bare.startswith("@user")),
        float(not said.isdisjoint(_FIRST)),
        float(not said.isdisjoint(_SECOND)),
        float(":" in low),
        float(bare.endswith("http")),
        float(text.lstrip()[:1].isupper()),
        float(bare.startswith("#")),
        float(bare.startswith("rt ")),
        float("%" in low),
    ]
