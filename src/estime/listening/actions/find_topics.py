"""Find the topics that pages show, and keep them. Killed at any point, what was kept before stands and the next run
goes on: each place and length of time is written in one transaction, and is found again only if something it depends
on has changed.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening.actions.topics_due import Scope, topics_mark
from estime.listening.queries.topics import TopicsHeard, topics_heard
from estime.listening.topic_models import DAYS, KeptTopic, TopicRun
from estime.listening.topics.counting import Said
from estime.listening.topics.packing import packed
from estime.listening.topics.remembering import carried_as_json, carried_from_json
from estime.listening.topics.result import Topic, TopicsAsked

CHOSEN = timedelta(days=30)
"""What somebody chose is found again for so long."""
_FEW = Said((), 0, 0, 0)

Progress = Callable[[int, int], None]


def topics_find(*, progress: Progress | None = None) -> int:
    """Bring all kept topics up to date; returns how many places and lengths of time were looked at anew."""
    if ledger.index_behind():
        ledger.index_acts()
    mark = topics_mark()
    wanted = _wanted()
    known = dict(TopicRun.objects.values_list("pk", "mark"))
    at = {
        Scope(channel, days): known[pk]
        for pk, channel, days in TopicRun.objects.values_list("pk", "channel", "days")
        if pk in known
    }
    _drop(set(at) - set(wanted))
    waiting = [scope for scope in wanted if at.get(scope) != mark]
    for number, scope in enumerate(waiting):
        _find(scope, mark)
        if progress is not None:
            progress(number + 1, len(waiting))
    return len(waiting)


def topics_find_one(scope: Scope) -> int:
    """Find the topics that somebody chose; returns 0 if there is no such channel any more."""
    if scope.days not in DAYS or (scope.channel and not ledger.channel_names([scope.channel])):
        return 0
    if ledger.index_behind():
        ledger.index_acts()
    _find(scope, topics_mark(), asked=True)
    return 1


def _wanted() -> list[Scope]:
    """All channels together and each of several, over the usual time; and what somebody chose lately."""
    channels = sorted(pk for pk, _ in ledger.channel_formats().values())
    usual = [Scope(), *(Scope(pk) for pk in channels if len(channels) > 1)]
    chosen = TopicRun.objects.filter(asked__gte=clock.now() - CHOSEN).values_list("channel", "days")
    more = [Scope(*one) for one in chosen if one[0] in (0, *channels)]
    return list(dict.fromkeys([*usual, *sorted(more)]))


def _drop(scopes: set[Scope]) -> None:
    for channel, days in scopes:
        TopicRun.objects.filter(channel=channel, days=days).delete()


def _find(scope: Scope, mark: str, *, asked: bool = False) -> None:
    names = ledger.channel_names([scope.channel]) if scope.channel else {0: ""}
    if scope.channel not in names:
        return
    before = TopicRun.objects.filter(channel=scope.channel, days=scope.days).values_list("carried", flat=True)
    carried = carried_from_json(before.first() or {})
    told = TopicsAsked(channel=names[scope.channel], since=timedelta(days=scope.days))
    _keep(scope, mark, topics_heard(told, carried=carried), asked=asked)


@transaction.atomic
def _keep(scope: Scope, mark: str, heard: TopicsHeard, *, asked: bool) -> None:
    """Put what was found in the place of what was."""
    found = heard.found
    spoken = {topic.id for topic in found.topics}
    fields: dict[str, Any] = {
        "mark": mark,
        "made": clock.now(),
        "before": heard.before,
        "since": heard.since,
        "until": heard.until,
        "outcome": found.outcome,
        "texts": found.texts,
        "people": found.people,
        "before_texts": found.before_texts,
        "before_people": found.before_people,
        "coverage": found.coverage,
        "stability": found.stability,
        "cut": heard.cut,
        "left_out": found.left_out,
        "carried": carried_as_json(found.carried, spoken),
    }
    if asked:
        fields["asked"] = clock.now()
    TopicRun.objects.select_for_update().filter(channel=scope.channel, days=scope.days).first()
    run, _ = TopicRun.objects.update_or_create(channel=scope.channel, days=scope.days, defaults=fields)
    run.topics.all().delete()
    KeptTopic.objects.bulk_create(
        _kept(run, place, topic, heard.said.get(topic.id, _FEW)) for place, topic in enumerate(found.topics)
    )


def _kept(run: TopicRun, place: int, topic: Topic, said: Said) -> KeptTopic:
    trend = topic.trend
    return KeptTopic(
        run=run,
        number=topic.id,
        place=place,
        label=topic.label[:200],
        terms=list(topic.terms),
        sensitive=topic.sensitive,
        texts=topic.texts,
        people=topic.people,
        newcomers=topic.newcomers or 0,
        regulars=topic.people - topic.brand_people - (topic.newcomers or 0),
        brand_people=topic.brand_people,
        brand_texts=topic.brand_texts,
        before_texts=trend.before_texts if trend else 0,
        before_people=trend.before_people if trend else 0,
        before_brand=said.before_brand,
        ratio=trend.ratio if trend else None,
        low=trend.low if trend else None,
        high=trend.high if trend else None,
        direction=trend.direction if trend else "",
        read_people=said.read_people,
        negative_people=said.negative_people,
        quotes=[[quote.seq, quote.near] for quote in topic.quotes],
        acts=packed(said.acts),
    )
