"""A ledger to search in, and what a filter must find in it, told act by act without any index."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from ledger.acts import act, rows

from estime.ledger import api
from estime.ledger.drafts import ActDraft
from estime.ledger.listing import index_due
from estime.ledger.models import Account, Act, Channel
from estime.ledger.search import build, fill, find
from estime.ledger.search import rows as rows_of_index
from estime.ledger.search.fill import index_acts
from estime.ledger.search.wanted import ActFilter
from estime.ledger.search.words import Query, parse

START = datetime(2024, 1, 30, 23, tzinfo=UTC)
SAID = (
    "L’idée du couvercle",
    "Deux emballages, pourquoi ?",
    "pourquoi deux emballages",
    "An idea about the LID, truly",
    "Œuvre commune",
    "the lid is an idea",
    None,
    "",
)
TYPES = ("Create", "Create", "Create", "Like", "Announce", "Flag", "View", "Undo", "Join", "Create")


def small_blocks(monkeypatch: pytest.MonkeyPatch, slots: int = 40) -> None:
    """Blocks of few acts, so that few acts make many."""
    monkeypatch.setattr(fill, "SLOTS", slots)
    monkeypatch.setattr(build, "SLOTS", slots)
    for module in (rows_of_index, find):
        monkeypatch.setattr(module, "PART", 16)


def drafts(count: int, *, first: int = 0, hours: float = 3.0) -> list[ActDraft]:
    """Acts of every kind, on which the fields depend by small remainders: everything occurs together somewhere."""
    return [_draft(number, hours) for number in range(first, first + count)]


def _draft(number: int, hours: float) -> ActDraft:
    kind = TYPES[number % len(TYPES)]
    vote = number % 20 == 9
    told: dict[str, object] = {
        "type": kind,
        "actor": f"person-{number % 7}",
        "published": START + timedelta(hours=hours * (number - number % 3), microseconds=number % 2),
        "object_type": "Vote" if vote else "Note",
        "content": SAID[number % len(SAID)] if kind == "Create" else None,
        "in_reply_to": f"o{number - 10}" if number % 4 == 1 else ("o-nowhere" if number % 23 == 0 else None),
        "context": f"room-{number % 5}" if number % 3 else None,
        "incentive": "contest" if number % 11 == 0 else None,
        "on_behalf_of": "brand" if number % 13 == 0 else None,
    }
    if kind in ("Like", "Announce", "Flag", "View"):
        told["object_id"] = f"o{number % 30}"
    if kind == "Undo":  # its author's own act, seven before or (not in the ledger yet) seven after
        told["object_id"] = f"a{number - 7 if number % 2 else number + 7}"
    return act(number, **told)


def fill_ledger(count: int = 300) -> None:
    told = drafts(count)
    api.append("forum", rows(*told[0::2]))
    api.append("page", rows(*told[1::2]))


class ByHand:
    """Every act, read once, and what there is to know of each from the others."""

    def __init__(self) -> None:
        self.acts = list(Act.objects.select_related("channel", "actor").order_by("-published", "-seq"))
        by_source = {(each.channel_id, each.source_id): each for each in self.acts}
        self.undone, self.makers = set[int](), dict[tuple[int, str | None], int]()
        for each in sorted(self.acts, key=lambda each: each.seq):
            target = by_source.get((each.channel_id, each.object_id or "")) if each.type == "Undo" else None
            if target is not None and target.actor_id == each.actor_id:
                self.undone.add(target.seq)
            if _text(each) and each.object_id is not None:
                self.makers.setdefault((each.channel_id, each.object_id), each.actor_id)

    def found(self, told: ActFilter) -> list[int]:
        """The positions of the acts that a filter must find, newest first."""
        query = parse(told.words)
        return [each.seq for each in self.acts if self._fits(each, told, query)]

    def _fits(self, each: Act, told: ActFilter, query: Query) -> bool:
        vote = each.object_type == "Vote"
        answers = _text(each) and each.in_reply_to is not None
        whom = self.makers.get((each.channel_id, each.in_reply_to)) if answers else None
        ours = each.on_behalf_of is not None or each.actor_id in told.brand_accounts
        return all(
            (
                not told.channel or each.channel.name == told.channel,
                not told.kinds or ("Vote" if vote else each.type) in told.kinds,
                each.type not in told.without,
                not told.standing or each.seq not in self.undone,
                told.account in (None, each.actor_id),
                told.answers_to is None or (whom == told.answers_to and whom != each.actor_id),
                not told.answering or (answers and whom != each.actor_id),
                told.since is None or each.published >= told.since,
                told.until is None or each.published < told.until,
                told.thread is None or tuple(told.thread) == (each.channel_id, each.context),
                told.of is None or tuple(told.of) == (each.channel_id, each.object_id),
                told.reply_to is None or tuple(told.reply_to) == (each.channel_id, each.in_reply_to),
                told.prompted is None or told.prompted == (each.incentive is not None),
                told.brand is None or told.brand == ours,
                query.empty or (bool(each.content) and query.found_in(each.content or "")),
            )
        )


def _text(each: Act) -> bool:
    return each.type == "Create" and each.object_type != "Vote"


def caught_up() -> None:
    """Fill the index to the end. On PostgreSQL acts are read when every older transaction of the server has ended."""
    for _ in range(300):
        index_acts()
        if not index_due():
            return
        time.sleep(0.1)
    raise AssertionError("a transaction is open on the server, and nothing can be read past it")


def account(name: str, channel: str = "forum") -> int:
    return Account.objects.get(channel__name=channel, handle=name).key


def channel(name: str) -> int:
    return Channel.objects.get(name=name).pk
