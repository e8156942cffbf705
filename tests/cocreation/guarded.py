"""One row in every table that the database guards, and what somebody with raw SQL would try against it.

`ATTACKS`: guard → statements that it alone refuses (each goes through once the guard is gone, which the test checks:
so none of them is refused by something else). `MEANT`: what is let through.
"""

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


def _columns(model: Any, **changed: str) -> str:
    """`INSERT` of a copy of a row, with other values for some columns; the id is left to the database."""
    names = [
        field.column for field in model._meta.concrete_fields if not field.primary_key or "id" in changed
    ]
    listed = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    return f"INSERT INTO {model._meta.db_table} ({listed}) SELECT {values} FROM {model._meta.db_table}"


def _append_only() -> dict[str, list[str]]:
    changed = {
        "acceptance": "member_id = {ben}",
        "extension": "reason = 'another'",
        "override": "reason = 'another'",
        "event": "kind = 'other'",
        "moderated": "kind = 'kept'",
        "answer": "body = 'another'",
        "outcome": "title = 'another'",
        "outcomesource": "words = 'another'",
        "result": "ballots = 99",
    }
    return {
        f"{table} {event}": [
            f"UPDATE cocreation_{table} SET {how} WHERE id = {{{table}}}"
            if event == "UPDATE"
            else f"DELETE FROM cocreation_{table} WHERE id = {{{table}}}"
        ]
        for table, how in changed.items()
        for event in ("UPDATE", "DELETE")
    }


def _gone(*tables: str) -> dict[str, list[str]]:
    return {f"{table} DELETE": [f"DELETE FROM cocreation_{table} WHERE id = {{{table}}}"] for table in tables}


def _set(table: str, row: str, *changes: str) -> list[str]:
    return [f"UPDATE cocreation_{table} SET {change} WHERE id = {{{row}}}" for change in changes]


LATER = "'2099-01-01 00:00:00+00:00'"
EARLIER = "'2001-01-01 00:00:00+00:00'"
A_DAY = "'2099-01-01'"

ATTACKS: dict[str, list[str]] = {
    **_append_only(),
    **_gone(
        "report",
        "appeal",
        "objection",
        "version",
        "disowning",
        "wording",
        "decision",
        "pledge",
        "hiding",
        "voter",
    ),
    "wording UPDATE": _set("wording", "wording", "body = 'nicer'", f"until = {LATER}, body = ''"),
    "disowning UPDATE": _set("disowning", "disowning", "reason = 'other'", "member_id = {ben}, reason = ''"),
    "version UPDATE": _set(
        "version", "version", "body = 'nicer'", "title = '', body = '', note = '', by_id = {ben}"
    ),
    **_gone("merge", "mergepart", "contest"),
    "merge UPDATE": [
        *_set(
            "merge", "merge", "head_id = head_id + 1", "by_id = {ben}", "state = 'proposed', settled = NULL"
        ),
        *_set(
            "merge", "merge", "state = 'agreed'", f"settled = {LATER}", "settled_by_id = {ben}", "before = 2"
        ),
        *_set(
            "merge",
            "merge",
            "title = 'Clip'",
            "body = 'c'",
            "reason = 'x'",
            "settled_reason = 'x'",
            "base = 2",
        ),
        *_set(
            "merge",
            "unmerged",
            "state = 'decided', undone = NULL",
            f"undone = {LATER}",
            "undone_reason = 'x'",
        ),
        *_set("merge", "unmerged", "by_hand = NOT by_hand"),
    ],
    "mergepart UPDATE": _set("mergepart", "mergepart", "contribution_id = {idea}", "merge_id = {unmerged}"),
    "contest UPDATE": _set(
        "contest",
        "contest",
        "words = 'Yes.'",
        "answer = 'No.'",
        "name = 'Ben'",
        f"answered = {LATER}",
        "member_id = {anna}",
    ),
    "decision INSERT": [
        # the brand's own answer by somebody who has no login; another site's to what was never there
        _columns(m.Decision, number="2", by_id="{stranger}") + " WHERE id = {decision}",
        _columns(m.Decision, number="2", source="'x'") + " WHERE id = {decision}",
        _columns(m.Decision, number="2", contribution_id="{idea}") + " WHERE id = {town_decision}",
    ],
    "decision UPDATE": [
        *_set(
            "decision",
            "decision",
            "reason = 'softer'",
            "lives_on = 'more'",
            "name = 'Ben'",
            f"at = {EARLIER}",
            "source = 'x'",
        ),
        *_set("decision", "town_decision", "source = 'y'", "reason = 'So.'", f"again = {A_DAY}"),
    ],
    "pledge UPDATE": [
        *_set(
            "pledge", "pledge", f"due = {LATER}", "what = 'less'", f"kept = {EARLIER}", "kept_words = 'more'"
        ),
        *_set("pledge", "waived", "waived_reason = 'better'", "waived = NULL, waived_reason = ''"),
    ],
    "objection UPDATE": [
        *_set("objection", "objection", "words = 'Fine.'", "member_id = {anna}"),
        *_set("objection", "objection", "answer = 'Because, at last.'", "name = 'Ben'"),
    ],
    "report UPDATE": _set(
        "report", "report", "kept = NOT kept", "reason = 'other'", "words = 'x'", f"settled = {LATER}"
    ),
    "appeal UPDATE": _set("appeal", "appeal", "granted = NOT granted", "answer = 'b'", "words = 'x'"),
    "hiding UPDATE": _set(
        "hiding", "hiding", "reason = 'advertising'", "criticism = NOT criticism", "lifted_reason = 'x'"
    ),
    "challenge UPDATE": [
        *_set(
            "challenge",
            "open",
            "power = 'listen'",
            "problem = 'another'",
            "title = ''",
            f"answer_by = {LATER}",
        ),
        *_set(
            "challenge",
            "open",
            "opened = NULL",
            "owner_id = {ben}",
            "by_brand = NOT by_brand",
            "kinds = '[]'",
        ),
        *_set("challenge", "open", "source = 'x'"),
        # opened without a vote that it promises, without a deal; called off before it began, or after its vote
        *_set("challenge", "weak", f"power = 'decide', opened = {EARLIER}"),
        *_set("challenge", "empty", f"opened = {EARLIER}"),
        *_set("challenge", "draft", f"cancelled = {EARLIER}, cancelled_by_id = {{lea}}, cancel_reason = 'r'"),
        *_set("challenge", "draft", f"opened = {EARLIER}"),
        *_set("challenge", "done", f"cancelled = {LATER}, cancelled_by_id = {{lea}}, cancel_reason = 'r'"),
    ],
    "challenge DELETE": ["DELETE FROM cocreation_challenge WHERE id = {open}"],
    "challenge INSERT": [_columns(m.Challenge, channel="'x'") + " WHERE id = {open}"],
    "deal UPDATE": [
        *_set("deal", "deal", "owns = 'the brand'", "version = 2, reason = 'r'"),
        *_set("deal", "draft_deal", "challenge_id = {open}, version = 2, reason = 'r'"),
    ],
    "deal DELETE": ["DELETE FROM cocreation_deal WHERE id = {deal}"],
    "override INSERT": [
        _columns(m.Override, challenge_id="{weak}") + " WHERE id = {override}",
        _columns(m.Override, challenge_id="{draft}") + " WHERE id = {override}",
    ],
    "phase INSERT": [
        _columns(m.Phase, challenge_id="{weak_open}", kind="'made'") + " WHERE id = {draft_phase}"
    ],
    "phase UPDATE": [
        *_set("phase", "phase", f"ends = {LATER}", f"starts = {EARLIER}"),
        *_set("phase", "weak_phase", "kind = 'vote'"),
        *_set("phase", "longer", f"ends = {LATER}"),
        *_set("phase", "draft_phase", "challenge_id = {weak_open}, kind = 'made'"),
    ],
    "phase DELETE": ["DELETE FROM cocreation_phase WHERE id = {phase}"],
    "poll INSERT": [_columns(m.Poll, challenge_id="{open}") + " WHERE id = {draft_poll}"],
    "poll UPDATE": [
        *_set(
            "poll",
            "poll",
            "method = 'score'",
            "parameters = '{{\"most\": 1}}'",
            "ties = 'drawn'",
            "threshold = 5",
        ),
        *_set(
            "poll", "poll", "who = 'contributors'", "secret = NOT secret", "binding = NOT binding", "seed = 8"
        ),
        *_set(
            "poll", "poll", "title = 'Which one not?'", "locked = NULL", "opened = NULL", f"opens = {EARLIER}"
        ),
        *_set(
            "poll",
            "closed",
            f"closes = {LATER}",
            "closed = NULL, counted = NULL, sealed = NULL",
            "digest = 'e'",
        ),
        *_set("poll", "closed", f"objections_until = {LATER}", f"counted = {LATER}", f"sealed = {LATER}"),
        *_set("poll", "closed", "sealing = NOT sealing"),
        *_set("poll", "draft_poll", "challenge_id = {open}"),
        *_set("poll", "straw", "binding = NOT binding"),
    ],
    "poll DELETE": ["DELETE FROM cocreation_poll WHERE id = {poll}"],
    "option INSERT": [_columns(m.Option, number="2") + " WHERE id = {option}"],
    "option UPDATE": [
        *_set("option", "option", "title = 'Clip'", "number = 3", "cost = 5"),
        *_set("option", "draft_option", "poll_id = {poll}"),
    ],
    "option DELETE": ["DELETE FROM cocreation_option WHERE id = {option}"],
    "ballot INSERT": ["INSERT INTO cocreation_ballot (id, poll_id, content) VALUES (9, {closed}, '[1]')"],
    "ballot UPDATE": [
        "UPDATE cocreation_ballot SET content = '[]' WHERE id = {counted}",
        "UPDATE cocreation_ballot SET poll_id = {poll} WHERE id = {counted}",
        "UPDATE cocreation_ballot SET id = 99 WHERE id = {ballot}",
    ],
    "ballot DELETE": ["DELETE FROM cocreation_ballot WHERE id = {counted}"],
    "voter INSERT": ["INSERT INTO cocreation_voter (poll_id, member_id) VALUES ({closed}, {anna})"],
    "voter UPDATE": [
        *_set("voter", "voter", "member_id = {ben}"),
        *_set("voter", "counted_voter", f"last = {LATER}"),
    ],
    "link INSERT": ["INSERT INTO cocreation_link (poll_id, member_id, ballot) VALUES ({closed}, {anna}, 8)"],
    "link UPDATE": _set("link", "link", "member_id = {ben}", "ballot = 8"),
}

MEANT: tuple[str, ...] = (
    # erasure blanks words, and nothing else
    "UPDATE cocreation_wording SET body = '' WHERE id = {wording}",
    "UPDATE cocreation_objection SET words = '' WHERE id = {objection}",
    "UPDATE cocreation_disowning SET reason = '' WHERE id = {disowning}",
    "UPDATE cocreation_version SET title = '', body = '', note = '' WHERE id = {version}",
    "UPDATE cocreation_challenge SET erased = NOT erased, title = '', problem = '', known = '' WHERE id = {open}",
    # an answer's echo, counts, a challenge called off in time, a phase made longer as announced
    "UPDATE cocreation_decision SET said_yes = 1 WHERE id = {decision}",
    "UPDATE cocreation_challenge SET people_count = 3 WHERE id = {open}",
    f"UPDATE cocreation_challenge SET cancelled = {LATER}, cancelled_by_id = {{lea}}, cancel_reason = 'r'"
    " WHERE id = {open}",
    "UPDATE cocreation_phase SET ends = (SELECT until FROM cocreation_extension WHERE id = {extension})"
    " WHERE id = {longer}",
    # a draft is one
    "UPDATE cocreation_deal SET owns = 'other' WHERE id = {draft_deal}",
    "DELETE FROM cocreation_phase WHERE id = {draft_phase}",
    f"UPDATE cocreation_challenge SET opened = {EARLIER} WHERE id = {{weak}}",
    # votes, while they run
    "UPDATE cocreation_ballot SET content = '[]' WHERE id = {ballot}",
    "INSERT INTO cocreation_voter (poll_id, member_id) VALUES ({poll}, {ben})",
    f"UPDATE cocreation_poll SET closes = {LATER} WHERE id = {{poll}}",
    "UPDATE cocreation_option SET hidden = NOT hidden WHERE id = {option}",
    "UPDATE cocreation_voter SET last = NULL WHERE id = {counted_voter}",
)

UNSAID: dict[str, list[str]] = {
    # an answer without who gives it, without its reason or what lives on, or without the day it is looked at again:
    # only another site may leave these out, and even it is named
    "cocreation_decision_said": [
        _columns(m.Decision, number="2", **{column: "''"}) + " WHERE id = {decision}"
        for column in ("reason", "lives_on", "name")
    ]
    + [_columns(m.Decision, number="2", name="''") + " WHERE id = {town_decision}"],
    "cocreation_decision_again": [
        _columns(m.Decision, number="2", outcome="'later'") + " WHERE id = {decision}",
        _columns(m.Decision, number="2", again=A_DAY) + " WHERE id = {decision}",
        _columns(m.Decision, number="2", outcome="'taken'", again=A_DAY) + " WHERE id = {town_decision}",
    ],
}
"""Constraint → statements that it alone refuses. What is said in full goes through: `SAID`."""
SAID: tuple[str, ...] = (
    _columns(m.Decision, number="2") + " WHERE id = {decision}",
    _columns(m.Decision, number="2", outcome="'later'", again=A_DAY) + " WHERE id = {decision}",
    _columns(m.Decision, number="2") + " WHERE id = {town_decision}",
    _columns(m.Decision, number="2", outcome="'not_taken'", reason="'Too dear.'")
    + " WHERE id = {town_decision}",
)
