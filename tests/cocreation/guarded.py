"""One row in every table that the database guards (attacks.py tries what it refuses)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cocreation.places import binding_poll, calendar, challenge_made

from estime.cocreation import models as m

World = dict[str, int]


def world(place: Callable[..., Any]) -> World:
    """Ids by name. `open` votes at the moment, in `done` the vote is over, `draft` is one."""
    made = place("vote", "decide")
    ids: World = {"open": made.challenge.pk, "space": made.space.pk}
    for name in ("anna", "ben", "lea"):
        ids[name] = getattr(made, name).pk
    for rows in (
        _voted(made),
        _given(made),
        _moderated(made),
        _answered(made),
        _called(made),
        _done(made),
        _draft(made),
        _merged(made),
        _brought(made),
    ):
        ids.update({name: row.pk for name, row in rows.items()})
    return ids


def _voted(made: Any) -> dict[str, Any]:
    poll = made.challenge.polls.get()
    option = m.Option.objects.create(poll=poll, number=1, title="Screw", at=made.at)
    m.Poll.objects.filter(pk=poll.pk).update(opened=poll.opens)
    return {
        "poll": poll,
        "option": option,
        "ballot": m.Ballot.objects.create(id=7, poll=poll, content="[1]"),
        "voter": m.Voter.objects.create(poll=poll, member=made.anna, last=made.at),
        "link": m.Link.objects.create(poll=poll, member=made.anna, ballot=7),
    }


def _given(made: Any) -> dict[str, Any]:
    at, anna = made.at, made.anna
    idea = m.Contribution.objects.create(
        space=made.space, challenge=made.challenge, kind="idea", title="Screw", author=anna,
        at=at, changed=at, source="i",
    )  # fmt: skip
    version = m.Version.objects.create(
        contribution=idea, number=1, title="Screw", body="b", note="n", by=anna, at=at
    )
    comment = m.Comment.objects.create(contribution=idea, by=anna, body="Well.", at=at, source="c")
    return {
        "idea": idea,
        "version": version,
        "comment": comment,
        "disowning": m.Disowning.objects.create(version=version, member=anna, reason="Not mine.", at=at),
        "wording": m.Wording.objects.create(comment=comment, body="Wel.", until=at),
        "hiding": m.Hiding.objects.create(
            space=made.space, comment=comment, reason="hateful", words="w", criticism=True, by=made.mo,
            name="Mo", at=at, lifted=at, lifted_by=made.mo, lifted_reason="r",
        ),
    }  # fmt: skip


def _moderated(made: Any) -> dict[str, Any]:
    at, comment, hiding = made.at, m.Comment.objects.get(), m.Hiding.objects.get()
    report = m.Report.objects.create(
        space=made.space, comment=comment, member=made.ben, reason="hateful", words="w", at=at, settled=at,
        settled_by=made.mo, kept=False,
    )  # fmt: skip
    appeal = m.Appeal.objects.create(
        hiding=hiding,
        member=made.anna,
        words="w",
        at=at,
        settled=at,
        settled_by=made.mo,
        granted=True,
        answer="a",
    )
    deed = m.Moderated.objects.create(space=made.space, kind="hidden", by=made.mo, report=report, at=at)
    return {"report": report, "appeal": appeal, "moderated": deed}


def _answered(made: Any) -> dict[str, Any]:
    at, lea, idea = made.at, made.lea, m.Contribution.objects.get()
    told: dict[str, Any] = {"by": lea, "name": "Léa", "at": at}
    question = m.Interpellation.objects.create(
        space=made.space, author=made.anna, title="Why?", threshold=3, at=at, source="q"
    )
    outcome = m.Outcome.objects.create(
        challenge=made.challenge, title="A lid", made=at.date(), source="o", **told
    )
    return {
        "decision": m.Decision.objects.create(
            contribution=idea, number=1, outcome="taken", reason="r", lives_on="l", **told
        ),
        "pledge": m.Pledge.objects.create(contribution=idea, what="w", due=at, kept=at, kept_by=lea, **told),
        "waived": m.Pledge.objects.create(
            contribution=idea, what="w", due=at, waived=at, waived_by=lea, waived_reason="r", **told
        ),
        "answer": m.Answer.objects.create(interpellation=question, number=1, body="So.", **told),
        "outcome": outcome,
        "outcomesource": m.OutcomeSource.objects.create(outcome=outcome, contribution=idea),
        "event": m.Event.objects.create(space=made.space, kind="published", by=made.anna, at=at),
    }


def _called(made: Any) -> dict[str, Any]:
    """What hangs on the challenge. One extension is not carried out yet: its phase may move by just that."""
    phases = {phase.kind: phase for phase in made.challenge.phases.all()}
    deal = made.challenge.deals.get()
    vote = phases["vote"]
    return {
        "deal": deal,
        "acceptance": m.Acceptance.objects.create(deal=deal, member=made.anna, at=made.at),
        "phase": phases["build"],
        "longer": vote,
        "extension": m.Extension.objects.create(
            phase=vote,
            was=vote.ends,
            until=vote.ends + timedelta(days=1),
            reason="r",
            by=made.lea,
            at=made.at,
        ),
    }


def _another(made: Any, at: datetime) -> m.Challenge:
    phases = calendar("vote", at)
    challenge = challenge_made(made.lea, made.space, phases, power="decide", title="Another")
    binding_poll(challenge, phases)
    return challenge


def _done(made: Any) -> dict[str, Any]:
    from estime.cocreation import api

    challenge = _another(made, made.at - timedelta(days=20))
    challenge = api.challenge_open(made.lea, challenge, when=challenge.created)
    poll = challenge.polls.get()
    option = m.Option.objects.create(poll=poll, number=1, title="Screw", at=made.at)
    m.Poll.objects.filter(pk=poll.pk).update(opened=poll.opens)
    ballot = m.Ballot.objects.create(id=8, poll=poll, content="[1]")
    voter = m.Voter.objects.create(poll=poll, member=made.ben, last=made.at)
    ended = {"closed": poll.closes, "counted": poll.closes, "digest": "d", "objections_until": poll.closes}
    m.Poll.objects.filter(pk=poll.pk).update(**ended, sealed=poll.closes)
    return {
        "done": challenge,
        "closed": poll,
        "fixed": option,
        "counted": ballot,
        "counted_voter": voter,
        "objection": m.Objection.objects.create(
            poll=poll,
            member=made.ben,
            words="Why?",
            at=made.at,
            answer="So.",
            answered=made.at,
            name="Léa",
            answered_by=made.lea,
        ),
        "result": m.Result.objects.create(poll=poll, number=1, ballots=1, final=True, body={}, at=made.at),
        "override": m.Override.objects.create(
            challenge=challenge,
            by=made.alix,
            name="Alix",
            title="Director",
            reason="r",
            instead="i",
            at=made.at,
        ),
    }


def _draft(made: Any) -> dict[str, Any]:
    draft = _another(made, made.at)
    weak = challenge_made(
        made.lea, made.space, calendar("propose", made.at, ("propose", "build")), power="listen", title="Weak"
    )
    empty = challenge_made(
        made.lea, made.space, calendar("propose", made.at), power="listen", title="No deal"
    )
    m.Deal.objects.filter(challenge=empty).delete()
    poll = draft.polls.get()
    return {
        "draft": draft,
        "weak": weak,
        "weak_phase": weak.phases.get(kind="build"),
        "empty": empty,
        "draft_poll": poll,
        "draft_phase": draft.phases.get(kind="vote"),
        "draft_deal": draft.deals.get(),
        "draft_option": m.Option.objects.create(poll=poll, number=9, title="New", at=made.at),
        "straw": m.Poll.objects.create(
            challenge=made.challenge, title="By the way", method="approval", seed=1, binding=False,
            opens=made.at, closes=made.at + timedelta(days=1),
        ),
    }  # fmt: skip


def _merged(made: Any) -> dict[str, Any]:
    """An idea that went into the one above, contested and answered; and an undone one of the same."""
    at, head = made.at, m.Contribution.objects.get()
    part = m.Contribution.objects.create(
        space=made.space, challenge=made.challenge, kind="idea", title="Clip", author=made.ben,
        at=at, changed=at, source="j", together=head,
    )  # fmt: skip
    told: dict[str, Any] = {
        "head": head, "by": made.lea, "reason": "r", "title": "Screw", "body": "b", "base": 1, "at": at,
        "settled": at, "settled_by": made.lea, "settled_reason": "s", "before": 1,
    }  # fmt: skip
    merge = m.Merge.objects.create(**told, state="decided")
    undone = {"undone": at, "undone_by": made.lea, "undone_reason": "u"}
    return {
        "merge": merge,
        "unmerged": m.Merge.objects.create(**told, state="undone", **undone),
        "mergepart": m.MergePart.objects.create(merge=merge, contribution=part, base=1),
        "contest": m.Contest.objects.create(
            merge=merge, member=made.ben, words="No.", at=at, answer="Yes.", answered=at, answered_by=made.lea,
            name="Léa",
        ),
    }  # fmt: skip


def _brought(made: Any) -> dict[str, Any]:
    """A challenge of another site, whose answers say what they said there: here neither reason nor what lives on."""
    at, stranger = made.at, m.Member.objects.create(channel="town", handle="a", name="Núria", joined=made.at)
    brought = m.Challenge.objects.create(
        space=made.space, owner=stranger, by_brand=True, slug="square", title="Square", power="listen", kinds=[],
        created=at, channel="town", source="t",
    )  # fmt: skip
    m.Challenge.objects.filter(pk=brought.pk).update(opened=at)
    idea = m.Contribution.objects.create(
        space=made.space, challenge=brought, kind="idea", title="Trees", author=stranger, at=at, changed=at,
        channel="town", source="t/1",
    )  # fmt: skip
    told: dict[str, Any] = {
        "contribution": idea,
        "reason": "",
        "lives_on": "",
        "by": stranger,
        "name": "Town",
    }
    return {
        "stranger": stranger,
        "town_idea": idea,
        "town_decision": m.Decision.objects.create(
            number=1, outcome="later", at=at, source="t/1/answer", **told
        ),
    }
