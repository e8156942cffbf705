"""*Power handed over*: the space that docs/power.md works by hand gives the figures that stand there."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import binding_poll, calendar, challenge_made, person
from django.db import connection
from django.test.utils import CaptureQueriesContext

from estime.cocreation import api
from estime.cocreation import models as m
from estime.cocreation.queries.power import POWER_LISTS, votes_counted

PAGE = Path(__file__).resolve().parents[2] / "docs" / "power.md"
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
Row = dict[str, str]


def tables() -> dict[str, list[Row]]:
    """The tables of the worked example, by the name of their first column."""
    text = PAGE.read_text(encoding="utf-8").partition("## A space worked by hand")[2]
    found: dict[str, list[Row]] = {}
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in block.splitlines()]
        head, _line, *lines = rows
        found[head[0]] = [dict(zip(head, line, strict=True)) for line in lines]
    return found


def moment(day: str) -> datetime | None:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


class Worked:
    """The space of the page, in the database."""

    def __init__(self) -> None:
        self.told = tables()
        self.lea = person("Léa Martin", "lead", AS_OF - timedelta(days=300))
        self.anna = person("Anna Weber", joined=AS_OF - timedelta(days=300))
        self.alix = person("Alix Roy", "administrator", AS_OF - timedelta(days=300))
        self.space = api.space_make(self.lea, api.SpaceWords("Bottles"))
        self.challenges = {row["challenge"]: self._challenge(row) for row in self.told["challenge"]}
        self.given: dict[str, Any] = {
            row["contribution"]: self._contribution(row) for row in self.told["contribution"]
        }
        for row in self.told["challenge"]:
            if row["vote"]:
                self._voted(row)
            if row["called off"]:
                api.challenge_cancel(self.lea, self.challenges[row["challenge"]], "No time.", when=AS_OF)
        for row in self.told["question"]:
            self._question(row)
        for number, row in enumerate(self.told["hidden"]):
            self._hidden(number, row)

    def _challenge(self, row: Row) -> m.Challenge:
        by = self.anna if row["opened by"] == "member" else self.lea
        phases = calendar("decide", AS_OF - timedelta(days=60))
        power = row["your say here"] if by is self.lea else ""
        made = challenge_made(by, self.space, phases, power=power, title=row["challenge"])
        m.Challenge.objects.filter(pk=made.pk).update(answer_by=moment(row["answer by"]))
        if row["opened by"] == "import":
            m.Challenge.objects.filter(pk=made.pk).update(source="old/1", channel="forum")
        if row["vote"]:
            binding_poll(made, phases)
        made.refresh_from_db()
        return api.challenge_open(by, made, when=phases["propose"][0])

    def _contribution(self, row: Row) -> m.Contribution:
        state = {"hidden": {"hidden": True}, "withdrawn": {"withdrawn": AS_OF}, "": {}}[row["state"]]
        at = AS_OF - timedelta(days=90)
        into = row["brought together into"]
        head = self._found(into) if into else None
        made = m.Contribution.objects.create(
            space=self.space, challenge=self.challenges[row["challenge"]], kind="idea", title=row["contribution"],
            author=self.anna, at=at, changed=at, source=f"i/{row['contribution']}", together=head, **state,
        )  # fmt: skip
        if row["answered"]:
            outcome = "taken" if made.title in ("Screw", "Cotton") else "not_taken"
            m.Decision.objects.create(
                contribution=made, number=1, outcome=outcome, reason="r", lives_on="l", by=self.lea, name="Léa",
                at=moment(row["answered"]),
            )  # fmt: skip
            m.Contribution.objects.filter(pk=made.pk).update(
                decision=outcome, answered=moment(row["answered"])
            )
        return made

    def _found(self, title: str) -> m.Contribution:
        return m.Contribution.objects.get(title=title)

    def _voted(self, row: Row) -> None:
        challenge = self.challenges[row["challenge"]]
        poll = challenge.polls.get()
        m.Option.objects.create(
            poll=poll, number=1, title=row["vote"], contribution=self.given[row["vote"]], at=AS_OF
        )
        ended = {"opened": poll.opens, "closed": poll.closes, "counted": poll.closes}
        m.Poll.objects.filter(pk=poll.pk).update(**ended)
        body = {"decided": True, "winners": [1]}
        m.Result.objects.create(poll=poll, number=1, ballots=9, final=True, body=body, at=AS_OF)
        if row["then"] == "something else is made":
            made = m.Outcome.objects.create(
                challenge=challenge,
                title="Grey",
                made=AS_OF.date(),
                by=self.lea,
                name="Léa",
                at=AS_OF,
                source="o/grey",
            )
            m.OutcomeSource.objects.create(outcome=made, contribution=self.given["Screw"])
        if row["then"] == "set aside":
            said = api.OverrideWords("Managing director", "The mill has closed.", "Linen.")
            api.decision_override(self.alix, challenge, said, when=AS_OF)

    def _question(self, row: Row) -> None:
        due = moment(row["due"])
        m.Interpellation.objects.create(
            space=self.space, author=self.anna, title=row["question"], threshold=3, at=AS_OF - timedelta(days=99),
            reached=due and due - timedelta(days=14), due=due, answered=moment(row["answered"]),
            hidden=row["state"] == "hidden", source=f"q/{row['question']}",
        )  # fmt: skip

    def _hidden(self, number: int, row: Row) -> None:
        comment = m.Comment.objects.create(
            contribution=self.given["Screw"], by=self.anna, body="…", at=AS_OF, source=f"c/{number}"
        )
        again = moment(row["shown again"])
        m.Hiding.objects.create(
            space=self.space, comment=comment, reason="hateful", words="w", criticism=row["criticism"] == "yes",
            by=self.lea, name="Léa", at=AS_OF, lifted=again, lifted_by=self.lea if again else None,
        )  # fmt: skip


def figures(told: api.Power) -> dict[str, int]:
    return {
        "challenges opened": told.opened,
        "binding": told.binding,
        "opened by members": told.by_members,
        "votes honoured": told.votes.honoured,
        "votes set aside": told.votes.set_aside,
        "votes not done": told.votes.not_done,
        "votes not due yet": told.votes.waiting,
        "criticism hidden now": told.hidden,
        "criticism hidden ever": told.hidden_ever,
        "questions in time": told.questions.on_time,
        "questions late": told.questions.late,
        "questions still owed": told.questions.overdue,
        "questions not due yet": told.questions.waiting,
        "contributions in time": told.contributions.on_time,
        "contributions late": told.contributions.late,
        "contributions still owed": told.contributions.overdue,
        "contributions not due yet": told.contributions.waiting,
    }


def test_the_space_of_the_page_gives_the_figures_of_the_page(installed: Path) -> None:
    worked = Worked()
    wanted = {row["figure"]: int(row["numbers"]) for row in worked.told["figure"]}
    assert figures(api.power_of(worked.space, AS_OF)) == wanted


@pytest.mark.django_db
def test_the_lists_hold_what_the_figures_count() -> None:
    worked = Worked()
    told = api.power_of(worked.space, AS_OF)
    sizes = {what: len(api.power_listed(worked.space, what, at=AS_OF).rows) for what in POWER_LISTS}
    assert sizes == {
        "challenges": told.opened,
        "members": told.by_members,
        "votes": sum(told.votes),
        "hidden": told.hidden_ever,
        "questions": sum(told.questions),
        "contributions": sum(told.contributions),
    }


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow() -> None:
    worked = Worked()
    with CaptureQueriesContext(connection) as many:
        api.power_of(worked.space, AS_OF)
    empty = api.space_make(worked.lea, api.SpaceWords("Nothing here"))
    with CaptureQueriesContext(connection) as few:
        assert sum(figures(api.power_of(empty, AS_OF)).values()) == 0
    assert len(few) <= len(many) <= 9


@pytest.mark.django_db
def test_a_vote_is_honoured_by_an_outcome_that_came_from_its_winners() -> None:
    worked = Worked()
    colour = worked.challenges["Colour"]
    poll = colour.polls.get()
    assert state_of(worked, poll) == "not_done"  # an outcome of something else stands there
    blue, head = worked.given["Blue"], worked.given["Screw"]
    m.Contribution.objects.filter(pk=blue.pk).update(together=head)
    assert state_of(worked, poll) == "honoured"  # by what it was brought together into
    m.Contribution.objects.filter(pk=blue.pk).update(together=None)


@pytest.mark.django_db
def test_of_a_winner_that_nobody_wrote_the_lead_says_what_was_made_of_it() -> None:
    worked = Worked()
    told = {"challenge": "Cap", "opened by": "brand", "your say here": "decide", "answer by": "2026-05-01"}
    cap = worked.challenges["Cap"] = worked._challenge({**told, "vote": "Steel"})
    worked.given["Steel"] = None
    worked._voted({**told, "vote": "Steel", "then": ""})
    poll = cap.polls.get()
    (won,) = api.options_won(cap.pk)
    other = api.OutcomeWords("A bag", "", AS_OF.date())
    api.outcome_make(worked.lea, cap.pk, other, [], when=AS_OF)
    assert state_of(worked, poll) == "not_done"  # nobody said that it is in what was made
    words = api.OutcomeWords("Steel caps", "", AS_OF.date(), options=[won.pk])
    with pytest.raises(api.NotFound):
        api.outcome_make(worked.lea, worked.challenges["Lid"].pk, words, [], when=AS_OF)
    api.outcome_make(worked.lea, cap.pk, words, [], when=AS_OF)
    assert state_of(worked, poll) == "honoured"


def state_of(worked: Worked, poll: m.Poll) -> str:
    return dict(votes_counted(worked.space, AS_OF))[poll]
