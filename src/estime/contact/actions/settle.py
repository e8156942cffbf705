"""Settle what is stale: does the question address the brand, was it taken back, which text of ours answered it first?

Each is read from all rows of the tables, so the same acts give the same result in whatever order they came. Nothing is
written to these tables while questions are settled from them (`watched_held`), so that none is settled without a text
that was just coming in. Settling touches nothing that people did, except that a question said to be answered comes
back when no reply was seen.
"""

from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from estime.contact.models import Entry, Question, Watched
from estime.kernel import clock

AT_ONCE: Final = 2_000
GRACE: Final = timedelta(days=2)
"""How much later than a claim to have answered the channel's acts must be before its silence counts against it."""

_WITHDRAWN = (
    "EXISTS (SELECT 1 FROM contact_withdrawal w WHERE w.key IN (q.key, q.source) AND w.account = q.account)"
)
# A text of ours that still stands, from the question on.
_STANDS = (
    "v.published >= q.published AND NOT EXISTS (SELECT 1 FROM contact_withdrawal w"
    " WHERE w.key IN (v.key, v.source) AND w.account = v.account)"
)
_WHY = """
CASE
 WHEN NOT (q.to_other AND NOT q.named) AND q.reply IS NOT NULL
  AND (EXISTS (SELECT 1 FROM contact_voice v WHERE v.key = q.reply)
   OR EXISTS (SELECT 1 FROM contact_voice v WHERE v.source = q.reply)) THEN 'reply'
 WHEN q.named THEN 'mention'
 WHEN q.to_other OR q.to_all OR q.reply IS NOT NULL THEN ''
 WHEN EXISTS (SELECT 1 FROM contact_thread t WHERE t.key = q.thread AND t.brand) THEN 'thread'
 WHEN q.heard_from IS NOT NULL AND (SELECT s.ours FROM contact_spoken s WHERE s.thread = q.thread
  AND s.published < q.published AND s.published >= q.heard_from AND s.account <> q.account
  ORDER BY s.published DESC, s.account DESC, s.ours LIMIT 1) THEN 'talk'
 ELSE ''
END
"""
_ANSWERS = [
    f"SELECT v.seq, v.published, v.key FROM contact_voice v WHERE v.reply = q.key AND {_STANDS}",
    f"SELECT v.seq, v.published, v.key FROM contact_voice v WHERE v.reply = q.source AND {_STANDS}",
    "SELECT v.seq, v.published, v.key FROM contact_voice v WHERE v.thread = q.thread AND v.published > q.published"
    " AND (q.heard_until IS NULL OR v.published <= q.heard_until) AND (v.loose OR EXISTS (SELECT 1 FROM"
    f" contact_thread t WHERE t.key = v.thread AND t.root = v.reply AND t.channel IN ({{pointless}}))) AND {_STANDS}",
]
_FIRST = f"""
(SELECT a.seq FROM ({" UNION ALL ".join(_ANSWERS)}) AS a ORDER BY a.published, a.key LIMIT 1)
"""
_SETTLE = f"""
WITH told AS (
 SELECT q.act, {_WHY} AS why, {_WITHDRAWN} AS withdrawn, {_FIRST} AS answer
 FROM contact_question q WHERE q.act IN ({{acts}})
)
UPDATE contact_question SET why = told.why, withdrawn = told.withdrawn, answer = v.seq, answered = v.published,
 owed = (told.why <> '' AND NOT told.withdrawn AND v.seq IS NULL AND contact_question.state = 'open'),
 stale = {{false}}
FROM told LEFT JOIN contact_voice v ON v.seq = told.answer WHERE contact_question.act = told.act
"""


def settle(pointless: list[int]) -> int:
    """Settle all that is stale of channels that are read; returns how many. `pointless`: see `notes.POINTLESS`."""
    settled = 0
    last = 0
    while True:
        with transaction.atomic():
            making = [place.channel for place in watched_held(Watched.objects.all()) if place.making]
            rows = Question.objects.filter(stale=True, act__gt=last).exclude(channel__in=making)
            acts = list(rows.order_by("act").values_list("act", flat=True)[:AT_ONCE])
            if not acts:
                return settled
            _settle(acts, pointless)
        settled += len(acts)
        last = acts[-1]


def watched_held(places: QuerySet[Watched]) -> list[Watched]:
    """These channels, held until the caller's transaction ends: whoever writes what was read of one holds it."""
    return list(places.select_for_update().order_by("channel"))


def _settle(acts: list[int], pointless: list[int]) -> None:
    query = _SETTLE.format(
        acts=", ".join(map(str, acts)),
        pointless=", ".join(map(str, pointless)) or "NULL",
        false="0" if connection.vendor == "sqlite" else "FALSE",
    )
    with connection.cursor() as cursor:
        cursor.execute(query)


def claimed() -> QuerySet[Question]:
    """What was said to be answered, while the channel went on for longer than `GRACE` without showing it."""
    told = Q(pk__in=[])
    for channel, last in Watched.objects.filter(making=False).values_list("channel", "last_act"):
        if last is not None:
            told |= Q(channel=channel, settled_at__lt=last - GRACE)
    return Question.objects.filter(told, state="said", answer=None, withdrawn=False).exclude(why="")


def bring_back() -> int:
    """Put such questions back on the list; returns how many."""
    return sum(_bring_back(act) for act in list(claimed().values_list("act", flat=True)))


@transaction.atomic
def _bring_back(act: int) -> int:
    question = Question.objects.select_for_update().get(pk=act)
    if question.state != "said":
        return 0
    question.state, question.settled_at, question.settled_by = "open", None, None
    if not question.owes:  # answered or taken back since it was looked for
        return 0
    question.owed = True
    question.version += 1
    question.save()
    Entry.objects.create(question=question, version=question.version, at=clock.now(), deed="came_back")
    return 1
