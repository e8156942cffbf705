"""Who else wrote what an import brings, and what the site that it comes from answered to it.

Such an answer is nobody's of ours: it stands under the name of that site, tells nobody, and makes nothing owed.
"""

from collections.abc import Sequence

from estime.cocreation.actions.bring_things import AT_ONCE, People, by_source
from estime.cocreation.bringing import Answered, Brings, Brought, Wrote
from estime.cocreation.models import Author, Challenge, Contribution, Decision
from estime.cocreation.vocabulary import OUTCOMES


def coauthors_bring(challenge: Challenge, rows: Sequence[Brings], people: People, told: Brought) -> None:
    """Write who is not here yet as an author of a contribution, in the order of the source."""
    wanted = [(row.line, row.thing) for row in rows if isinstance(row.thing, Wrote)]
    places = by_source(Contribution, challenge.channel, {one.on for _line, one in wanted})
    there = Author.objects.filter(contribution__challenge=challenge).values_list(
        "contribution_id", "member_id"
    )
    known, last = set(there), {place.pk: 0 for place in places.values()}
    for number, _member in known:
        last[number] = last.get(number, 0) + 1
    made: list[Author] = []
    for line, one in wanted:
        place = places.get(one.on)
        if place is None:
            told.refuse(line, "place-missing", one.on)
            continue
        pair = (place.pk, people[one.by].pk)
        if pair in known:
            continue
        known.add(pair)
        last[place.pk] += 1
        made.append(
            Author(
                contribution=place, member_id=pair[1], number=last[place.pk], invited=one.at, accepted=one.at
            )
        )
    Author.objects.bulk_create(made, batch_size=AT_ONCE)


def answers_bring(challenge: Challenge, rows: Sequence[Brings], people: People, told: Brought) -> None:
    """Write answers that say something else than the newest one from there; one given here is never outdone by them."""
    wanted = {row.thing.on: (row.line, row.thing) for row in rows if isinstance(row.thing, Answered)}
    places = by_source(Contribution, challenge.channel, set(wanted))
    newest: dict[int, Decision] = {}
    for decision in Decision.objects.filter(contribution__challenge=challenge).order_by("number"):
        newest[decision.contribution_id] = decision
    made: list[Decision] = []
    for on, (line, one) in wanted.items():
        place = places.get(on)
        if place is None or place.erased:
            told.refuse(line, "place-missing", on)
            continue
        last = newest.get(place.pk)
        if last is not None and last.source is not None and _says(last) == (one.outcome, one.reason):
            told.known += 1
        elif last is not None and last.source is None:
            told.refuse(line, "answered-here", one.reason)
        else:
            made.append(_decision(place, one, last, people))
    Decision.objects.bulk_create(made, batch_size=AT_ONCE)
    for decision in made:
        place = decision.contribution
        place.decision, place.answered = decision.outcome, place.answered or decision.at
    Contribution.objects.bulk_update(
        [one.contribution for one in made], ["decision", "answered"], batch_size=500
    )
    told.new += len(made)


def _says(decision: Decision) -> tuple[str, str]:
    return decision.outcome, decision.reason


def _decision(place: Contribution, one: Answered, last: Decision | None, people: People) -> Decision:
    assert one.outcome in OUTCOMES  # noqa: S101  readers translate
    again = one.again if one.outcome == "later" else None
    return Decision(
        contribution=place, number=last.number + 1 if last else 1, outcome=one.outcome, reason=one.reason,
        lives_on=one.lives_on, again=again, by=people[None], name=one.name[:150], at=one.at,
        source=one.source[:200],
    )  # fmt: skip
