"""One account for a page: who it is, what it did, whom it exchanges with. Bounded, also for one of a million acts."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from estime.ledger.listing import moment_of
from estime.ledger.models import Account, Act
from estime.ledger.reading import as_moment
from estime.ledger.search import rows
from estime.ledger.search.find import terms
from estime.ledger.search.rows import at_sql
from estime.ledger.search.tally import OfAccount

PAIRED = 100
"""Answers read in each direction to see whom somebody exchanges with."""


class AccountCard(NamedTuple):
    """Who an account is. `handle` is None after its erasure; `first`, `last`: its acts, None without any."""

    key: int
    channel: str
    title: str
    handle: str | None
    recorded: datetime
    first: datetime | None
    last: datetime | None


class Partner(NamedTuple):
    """Somebody with whom answers went both ways: how many each gave the other since the exchange's `since`."""

    account: int
    handle: str | None
    given: int
    received: int


class Exchange(NamedTuple):
    """The closest partners; `since`: no answer before it was counted, None when all were."""

    partners: list[Partner]
    since: datetime | None


def first_moments(keys: Collection[int]) -> dict[int, datetime]:
    """When each of these accounts did its first act; those that did none are left out."""
    query = (
        'SELECT a."key", (SELECT min(t.published) FROM ledger_act t WHERE t.actor_id = a."key")'
        ' FROM ledger_account a WHERE a."key" IN {marks}'
    )
    return {key: as_moment(first) for key, first in rows.select_in(query, keys) if first is not None}


def account_card(key: int) -> AccountCard | None:
    """An account, or None."""
    acts = Act.objects.filter(actor=OuterRef("pk")).values("published")
    told = (
        Account.objects.filter(pk=key)
        .annotate(  # two seeks of an index, however many acts there are
            first=Subquery(acts.order_by("published")[:1]), last=Subquery(acts.order_by("-published")[:1])
        )
        .values_list("channel__name", "channel__title", "handle", "recorded", "first", "last")
        .first()
    )
    if told is None:
        return None
    name, title, *rest = told
    return AccountCard(key, name, title or name, *rest)


def account_moments(key: int, most: int) -> list[tuple[int, str, str | None]] | None:
    """(seconds since 1970, type, object type) of each act that an account did for itself and did not take back, the
    taking back left out too; None when there are more than `most` acts."""
    at = at_sql("published").replace("%", "%%")
    with connection.cursor() as cursor:
        # The index of an account's acts tells that there are too many without reading one of them.
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM ledger_act WHERE actor_id = %s LIMIT %s) AS few",
            [key, most + 1],
        )
        if cursor.fetchone()[0] > most:
            return None
        cursor.execute(
            f"SELECT {at}, type, object_type, source_id, object_id, on_behalf_of IS NULL"
            " FROM ledger_act WHERE actor_id = %s",
            [key],
        )
        acts = cursor.fetchall()
    taken_back = {thing for _, kind, _, _, thing, _ in acts if kind == "Undo"}
    return [
        (at // 1_000_000, kind, what)
        for at, kind, what, source, _, own in acts
        if own and kind != "Undo" and source not in taken_back
    ]


def exchange(acts: OfAccount, most: int) -> Exchange:
    """The people with whom an account exchanges answers both ways, those with most first."""
    got, more_got = acts.answers_received(PAIRED)
    gave, more_gave = acts.answers_given(PAIRED)
    ends = [found[-1] for found, more in ((got, more_got), (gave, more_gave)) if more]
    edge = 0
    if ends:  # from the next whole second on, so that a link can say it
        edge = (max(ends)[0] // 1_000_000 + 1) * 1_000_000
        got, gave = [act for act in got if act[0] >= edge], [act for act in gave if act[0] >= edge]
    received, given = _who([seq for _, seq in got]), _whom([seq for _, seq in gave])
    both = sorted(received.keys() & given.keys(), key=lambda k: (-received[k] - given[k], k))[:most]
    handles = dict(Account.objects.filter(pk__in=both).values_list("pk", "handle"))
    partners = [Partner(k, handles.get(k), given[k], received[k]) for k in both]
    return Exchange(partners, moment_of(edge) if ends else None)


def _who(seqs: Sequence[int]) -> Counter[int]:
    told = rows.select_in("SELECT actor_id FROM ledger_act WHERE seq IN {marks}", seqs)
    return Counter(actor for (actor,) in told)


def _whom(seqs: Sequence[int]) -> Counter[int]:
    numbers = terms()
    asked = rows.select_in("SELECT channel_id, in_reply_to FROM ledger_act WHERE seq IN {marks}", seqs)
    keys = Counter(numbers.place("o", channel, parent) for channel, parent in asked if parent is not None)
    made = "SELECT m.key, t.actor_id FROM ledger_search_made m JOIN ledger_act t ON t.seq = m.seq"
    whom: Counter[int] = Counter()
    for key, actor in rows.select_in(made + " WHERE m.key IN {marks}", keys):
        whom[actor] += keys[key]
    return whom


def account_handle(key: int) -> str | None:
    """The handle of an account; None when there is none (any more)."""
    return Account.objects.filter(pk=key).values_list("handle", flat=True).first()


def account_by_handle(channel: str, handle: str) -> int | None:
    """The key of the account of exactly this handle on a channel."""
    found = Account.objects.filter(channel__name=channel, handle=handle).values_list("pk", flat=True)
    return found.first()
