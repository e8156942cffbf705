"""What somebody with raw SQL would try against the tables that the database guards; ids are those of guarded.py.

`ATTACKS`: guard → statements that it alone refuses (each goes through once the guard is gone, which the test checks:
so none of them is refused by something else). `MEANT`: what is let through.
"""

from typing import Any

from estime.cocreation import models as m


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
