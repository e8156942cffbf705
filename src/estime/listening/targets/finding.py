"""Finding names and telling words in a text cut into words: one look-up a word, whatever the number of names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from estime.kernel.names import WORD, folded, name_words
from estime.listening.targets import words as said
from estime.listening.targets.listed import BRAND, MEMBER, THIRD_PARTY, Targets

NAME: Final = "name"
OTHER: Final = "other"
THING: Final = "thing"
MAKER: Final = "maker"
SECOND: Final = "second"
POLITE: Final = "polite"
POLITE_ALWAYS: Final = "polite to whoever reads"
CHEZ: Final = "chez"
UNFELT: Final = "feels nothing"
JOIN: Final = "join"
CONTRAST: Final = "contrast"
GLUED: Final = 5
"""A name of so many letters is found at either end of a hashtag: #SolvaneFail."""


class Ref(NamedTuple):
    """Whom or what: a kind (listed.py) and its number, 0 where it is not a listed one."""

    kind: int
    number: int


NOBODY: Final = Ref(0, 0)
SOMEBODY_ELSE: Final = Ref(THIRD_PARTY, 0)
SOME_MEMBER: Final = Ref(MEMBER, 0)


class Form(NamedTuple):
    """Words that mean something together. `exact`: as they are written, where that matters."""

    words: tuple[str, ...]
    role: str
    ref: Ref = NOBODY
    exact: tuple[str, ...] | None = None


@dataclass
class Finder:
    """All forms by their words, those first that take precedence; names whole, as tags and handles hold them.

    `lengths`: how many words the forms have that begin with a word, the longest first.
    `named`: first words of names and of others; `telling`: of all that says whom a text is about where somebody is
    answered or a channel is about something; `you`: those of them that only speak to somebody; `solo`: words that name
    one thing by themselves, whatever follows.
    """

    targets: Targets
    forms: dict[tuple[str, ...], list[Form]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    whole: dict[str, Ref] = field(default_factory=dict)
    glued: dict[str, Ref] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    you: frozenset[str] = frozenset()
    solo: dict[str, Ref] = field(default_factory=dict)

    def at(self, low: Sequence[str], raw: Sequence[str], start: int) -> Form | None:
        """The form that begins at a word: the longest one, names before all others of its length."""
        for length in self.lengths.get(low[start], ()):
            words = tuple(low[start : start + length])
            for form in self.forms.get(words) or self.forms.get(_singular(words)) or ():
                if form.exact is None or form.exact == tuple(raw[start : start + length]):
                    return form
        return None

    def in_tag(self, tag: str) -> Ref | None:
        """Whom a hashtag or a handle names, folded and without what stands between its words."""
        found = self.whole.get(tag)
        if found is None:
            for length in range(len(tag) - 1, GLUED - 1, -1):
                found = self.glued.get(tag[:length]) or self.glued.get(tag[-length:])
                if found is not None:
                    break
        return found


def _singular(words: tuple[str, ...]) -> tuple[str, ...]:
    """An expression without the -s of its last word."""
    return (*words[:-1], words[-1][:-1]) if len(words) > 1 and words[-1].endswith("s") else ()


def finder(targets: Targets) -> Finder:
    """What finds the targets. Takes a second or two for tens of thousands."""
    made = Finder(targets)
    forms = list(_names(targets))
    for form in forms:
        joined = "".join(form.words)
        if form.exact is None:
            made.whole.setdefault(joined, form.ref)
            if len(joined) >= GLUED:
                made.glued.setdefault(joined, form.ref)
        elif len(joined) > 3:
            made.whole.setdefault(joined, form.ref)
    for handle in targets.mentioned:
        made.whole.setdefault(handle, Ref(BRAND, targets.only(BRAND)))
    named = {form.words for form in forms}
    spelled_as_one = [
        Form((joined,), NAME, ref)
        for joined, ref in made.whole.items()
        if joined in made.glued and (joined,) not in named
    ]
    heads: dict[str, list[Form]] = {}
    for form in (*forms, *spelled_as_one, *_telling()):
        for words in _spelled(form):
            made.forms.setdefault(words, []).append(form)
            heads.setdefault(words[0], []).append(form)
    for known in made.forms.values():
        known.sort(key=_precedence)
    made.lengths = {
        head: tuple(sorted({len(form.words) for form in known}, reverse=True))
        for head, known in heads.items()
    }
    roles = {head: {form.role for form in known} for head, known in heads.items()}
    made.named = frozenset(head for head, held in roles.items() if held & {NAME, OTHER, CHEZ, POLITE_ALWAYS})
    made.telling = frozenset(head for head, held in roles.items() if held - {JOIN, CONTRAST, UNFELT})
    made.you = frozenset(head for head, held in roles.items() if held <= {SECOND, POLITE, UNFELT})
    made.solo = {head: known[0].ref for head, known in heads.items() if _names_one(known)}
    return made


def _names_one(forms: Sequence[Form]) -> bool:
    """Whether a word names the same by itself as with whatever follows."""
    plain = all(form.role == NAME and form.exact is None and form.ref == forms[0].ref for form in forms)
    return plain and any(len(form.words) == 1 for form in forms)


def _precedence(form: Form) -> tuple[bool, bool, bool]:
    """Names first; of those what is listed before what everybody knows, and what fits exactly before what fits."""
    return (form.role != NAME, form.ref == SOMEBODY_ELSE, form.exact is None)


def _spelled(form: Form) -> Iterable[tuple[str, ...]]:
    """The words of a form; of one word that names, its plural too."""
    yield form.words
    if len(form.words) == 1 and form.role in (NAME, OTHER) and len(form.words[0]) > 2:
        yield (form.words[0] + "s",)


def _names(targets: Targets) -> Iterable[Form]:
    for number, target in enumerate(targets.listed, 1):
        ref = Ref(target.kind, number)
        for written in target.forms:
            yield Form(name_words(written), NAME, ref)
        for written in target.exact:
            yield Form(name_words(written), NAME, ref, tuple(WORD.findall(written)))


def _telling() -> Iterable[Form]:
    for role, written in (
        (OTHER, said.OTHERS),
        (THING, said.THINGS),
        (MAKER, said.MAKERS),
        (SECOND, said.SECOND),
        (POLITE, said.POLITE),
        (POLITE_ALWAYS, said.POLITE_TO_ALL),
        (UNFELT, said.UNFELT),
        (JOIN, said.JOINS),
        (CONTRAST, said.CONTRASTS),
        (CHEZ, frozenset({"chez"})),
    ):
        yield from (Form(tuple(each.split()), role) for each in written)
    capital = {folded(each) for each in said.COMPANIES_EXACT}
    for each in said.COMPANIES - capital:
        yield Form(tuple(each.split()), NAME, SOMEBODY_ELSE)
    for each in said.COMPANIES_EXACT:
        yield Form((folded(each),), NAME, SOMEBODY_ELSE, (each,))
