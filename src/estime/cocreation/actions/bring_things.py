"""What an import brings besides votes: contributions, comments, support. In the transaction of `challenge_bring`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from django.db.models import F

from estime.cocreation.bringing import Brings, Brought, Given, Spoken, Stood
from estime.cocreation.models import Author, Challenge, Comment, Contribution, Member, Support, Version
from estime.cocreation.similar.index import Title, titles_put_many
from estime.cocreation.vocabulary import INTENTS, KINDS

LONGEST_TITLE: Final = 160
AT_ONCE: Final = 1_000
People = Mapping[str | None, Member]
M = TypeVar("M", Contribution, Comment)
T = TypeVar("T", Given, Spoken)


def contributions_bring(challenge: Challenge, rows: Sequence[Brings], people: People, told: Brought) -> None:
    """Write contributions that are not here yet, each with its words as version 1; titles are found from now on."""
    wanted = [(row, row.thing) for row in rows if isinstance(row.thing, Given)]
    given = _fresh(Contribution, challenge.channel, wanted, told)
    made = [
        Contribution(
            space_id=challenge.space_id, challenge=challenge, author=people[one.by], channel=challenge.channel,
            kind=one.kind if one.kind in KINDS else "idea", **_words(one), lang=one.lang[:12], at=one.at,
            changed=one.at, supports=one.supports, withdrawn=one.withdrawn, source=one.source,
        )
        for one in given
    ]  # fmt: skip
    made = Contribution.objects.bulk_create(made, batch_size=AT_ONCE)
    Version.objects.bulk_create(
        [
            Version(contribution=each, number=1, title=each.title, body=each.body, by=each.author, at=each.at)
            for each in made
        ],
        batch_size=AT_ONCE,
    )
    Author.objects.bulk_create(
        [Author(contribution=each, member=each.author, number=1, accepted=each.at) for each in made],
        batch_size=AT_ONCE,
    )
    titles_put_many(
        Title(each.pk, each.space_id, each.title, challenge.pk, each.body)
        for each in made
        if each.withdrawn is None
    )


def _words(one: Given) -> dict[str, str]:
    """A title that is too long is cut at a word; the body then begins with the whole of it."""
    title = " ".join(one.title.split())
    if len(title) <= LONGEST_TITLE:
        return {"title": title, "body": one.body}
    cut = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0][: LONGEST_TITLE - 1] + "…"
    return {"title": cut, "body": f"{title}\n\n{one.body}".strip()}


def comments_bring(challenge: Challenge, rows: Sequence[Brings], people: People, told: Brought) -> None:
    """Write comments that are not here yet: first those that answer none, then what answers them, and so on."""
    wanted = [(row, row.thing) for row in rows if isinstance(row.thing, Spoken)]
    said = _fresh(Comment, challenge.channel, wanted, told)
    lines = {thing.source: row.line for row, thing in wanted}
    places = by_source(Contribution, challenge.channel, {one.on for one in said if one.on})
    known = by_source(Comment, challenge.channel, {one.answers for one in said if one.answers})
    fresh: list[Comment] = []
    while said:
        ready = [one for one in said if not one.answers or one.answers in known]
        if not ready:
            break
        made = [
            _comment(challenge, one, known.get(one.answers), places, people)
            for one in ready
            if not one.on or one.on in places or one.answers
        ]
        for one in ready:
            if one.on and one.on not in places and not one.answers:
                told.refuse(lines[one.source], "place-missing", one.body)
        made = Comment.objects.bulk_create(made, batch_size=AT_ONCE)
        known |= {each.source: each for each in made}
        fresh += made
        done = {one.source for one in ready}
        said = [one for one in said if one.source not in done]
    for one in said:
        told.refuse(lines[one.source], "answered-missing", one.body)
    _count_comments(fresh)


def _comment(
    challenge: Challenge,
    one: Spoken,
    parent: Comment | None,
    places: Mapping[str, Contribution],
    people: People,
) -> Comment:
    where = parent.contribution_id if parent is not None else places[one.on].pk if one.on else None
    return Comment(
        contribution_id=where, challenge=None if where else challenge, by=people[one.by], body=one.body, at=one.at,
        root_id=(parent.root_id or parent.pk) if parent else None, parent=parent, lang=one.lang[:12],
        intent=one.intent if one.intent in INTENTS else "", channel=challenge.channel, source=one.source,
    )  # fmt: skip


def _count_comments(fresh: Sequence[Comment]) -> None:
    below = Counter(one.contribution_id for one in fresh if one.contribution_id)
    roots = Counter(one.root_id for one in fresh if one.root_id)
    for number, many in below.items():
        Contribution.objects.filter(pk=number).update(comments=F("comments") + many)
    for number, many in roots.items():
        Comment.objects.filter(pk=number).update(replies=F("replies") + many)


def supports_bring(challenge: Challenge, rows: Sequence[Brings], people: People, told: Brought) -> None:
    """Write support that is not here yet; one of each person for each contribution."""
    wanted = [(row.line, row.thing) for row in rows if isinstance(row.thing, Stood)]
    places = by_source(Contribution, challenge.channel, {one.on for _line, one in wanted})
    there = set(
        Support.objects.filter(contribution__challenge=challenge).values_list("contribution_id", "member_id")
    )
    made: list[Support] = []
    for line, one in wanted:
        place = places.get(one.on)
        if place is None:
            told.refuse(line, "place-missing", one.on)
            continue
        pair = (place.pk, people[one.by].pk)
        if pair not in there:
            there.add(pair)
            made.append(Support(contribution_id=pair[0], member_id=pair[1], at=one.at))
    Support.objects.bulk_create(made, batch_size=AT_ONCE)
    for number, many in Counter(each.contribution_id for each in made).items():
        Contribution.objects.filter(pk=number).update(supports=F("supports") + many)


def _fresh(model: type[M], channel: str, rows: Sequence[tuple[Brings, T]], told: Brought) -> list[T]:
    """Things of a kind that are not here yet, each name once; those without an act are counted here."""
    wanted: dict[str, T] = {}
    actless: set[str] = set()
    for row, thing in rows:
        wanted.setdefault(thing.source, thing)
        if row.act is None:
            actless.add(thing.source)
    known = by_source(model, channel, set(wanted))
    told.known += len(actless & known.keys())
    told.new += len(actless - known.keys())
    return [thing for source, thing in wanted.items() if source not in known]


def by_source(model: type[M], channel: str, sources: set[str]) -> dict[str, M]:
    found: dict[str, M] = {}
    names = sorted(sources)
    for start in range(0, len(names), 500):
        rows = model._default_manager.filter(channel=channel, source__in=names[start : start + 500])
        found |= {row.source: row for row in rows}
    return found
