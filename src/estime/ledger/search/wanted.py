"""What acts are looked for, and the terms that tell it to the index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from estime.ledger.models import Channel
from estime.ledger.search import terms as t
from estime.ledger.search.postings import bucket_of
from estime.ledger.search.terms import Terms
from estime.ledger.search.words import Query, parse


class Place(NamedTuple):
    """An identifier of a channel: an object, a thread."""

    channel: int
    identifier: str


@dataclass(frozen=True)
class ActFilter:
    """Which acts; everything that is set must hold. Times: from `since` on, before `until`.

    `types`: AS2 types as they stand, any of them. `kinds`: AS2 types, and Vote, any of them (a vote is of no other
    kind). `without`: types left out, votes of them too. `standing`: without what whoever did it took back.
    `texts`: with a text only, votes being none.
    `answering`: texts that answer somebody else's; `answers_to`: a text of this account. `of`: done to this object, or
    made it. `words`: as a person types them (`words.py`). `prompted`: with an incentive, or without. `brand`: by the
    brand's accounts or on its behalf, or not.
    """

    channel: str = ""
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    standing: bool = False
    texts: bool = False
    account: int | None = None
    answers_to: int | None = None
    answering: bool = False
    since: datetime | None = None
    until: datetime | None = None
    thread: Place | None = None
    of: Place | None = None
    reply_to: Place | None = None
    words: str = ""
    prompted: bool | None = None
    brand: bool | None = None
    brand_accounts: tuple[int, ...] = ()


class Key(NamedTuple):
    """One row of a block: a bucket with the term looked for in it, or (no term) a row that is a list by itself."""

    bucket: int
    term: int | None = None


class Clause(NamedTuple):
    """Acts that have one of these (`negative`: none of them)."""

    keys: tuple[Key, ...]
    negative: bool = False


class Wanted(NamedTuple):
    """A filter in terms of the index, what narrows most first; and what only the texts can tell."""

    clauses: tuple[Clause, ...]
    query: Query


def wanted(terms: Terms, told: ActFilter) -> Wanted:
    query = parse(told.words)
    clauses = [*_rare(terms, told), *_said(terms, query), *_frequent(terms, told)]
    return Wanted(tuple(sorted(clauses, key=lambda clause: clause.negative)), query)


def _term(number: int) -> Key:
    return Key(bucket_of(number), number)


def _rare(terms: Terms, told: ActFilter) -> Iterator[Clause]:
    for kind, place in (("i", told.reply_to), ("o", told.of), ("x", told.thread)):
        if place is not None:
            yield Clause((_term(terms.place(kind, *place)),))
    if told.answers_to is not None:
        yield Clause((_term(terms.answered(told.answers_to)),))
    if told.account is not None:
        yield Clause((_term(terms.account(told.account)),))


def _said(terms: Terms, query: Query) -> Iterator[Clause]:
    for part in query.wanted:
        yield from (Clause(tuple(map(_term, group))) for group in terms.of_part(part))
    if query.unwanted and not query.wanted:
        yield Clause((Key(t.TEXT),))
    for part in query.unwanted:
        if part.exact:  # what only the text can tell must not be taken away here
            yield from (Clause(tuple(map(_term, group)), True) for group in terms.of_part(part))


def _frequent(terms: Terms, told: ActFilter) -> Iterator[Clause]:
    if told.channel:
        pk = Channel.objects.filter(name=told.channel).values_list("pk", flat=True).first()
        yield Clause((Key(t.CHANNELS + pk),) if pk else ())
    if told.types:
        yield Clause(tuple(Key(t.TYPES[name]) for name in told.types))
    if told.kinds:
        yield Clause(tuple(Key(t.VOTE if kind == "Vote" else t.TYPES.get(kind, -1)) for kind in told.kinds))
        if "Vote" not in told.kinds:
            yield Clause((Key(t.VOTE),), True)
    if told.without:
        yield Clause(tuple(Key(t.TYPES[kind]) for kind in told.without), True)
    if told.standing:
        yield Clause((Key(t.UNDONE),), True)
    yield from _flagged(terms, told)


def _flagged(terms: Terms, told: ActFilter) -> Iterator[Clause]:
    if told.texts:
        yield Clause((Key(t.TEXT),))
        yield Clause((Key(t.VOTE),), True)
    if told.answering:
        yield Clause((Key(t.ANSWER),))
    if told.prompted is not None:
        yield Clause((Key(t.PROMPTED),), not told.prompted)
    if told.brand is not None:
        keys = tuple(_term(terms.account(key)) for key in told.brand_accounts)
        yield Clause((Key(t.SPOKEN_FOR), *keys), not told.brand)
