"""What makes a challenge a gadget: each rule finds what it is for, and a well-written draft is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from estime.cocreation.deal_examples import brief_example, brief_examples, deal_examples
from estime.cocreation.gadgets import Written, gadget_findings

START = datetime(2027, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
PHASES = {
    "propose": (START, START + 3 * WEEK),
    "build": (START + 3 * WEEK, START + 5 * WEEK),
    "vote": (START + 5 * WEEK, START + 6 * WEEK),
}
GOOD = Written(
    "decide",
    problem="The lid of our bottle opens in a bag, mostly of people who carry it lying down.",
    known="One in nine that came back had leaked.",
    decided="The mould stays.",
    off_table="Single-use parts.",
    decider="Léa Martin, head of the range",
    resources="20,000 euros, six weeks",
    answer_by=START + 9 * WEEK,
    phases=PHASES,
    polls=(True,),
    backstage=1,
)


def codes(draft: Written) -> list[str]:
    return [finding.code for finding in gadget_findings(draft)]


def test_a_good_one_is_left_alone() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"power": "listen", "phases": {"propose": PHASES["propose"]}}, "no-power"),
        ({"power": "answer"}, "vote-without-consequence"),
        ({"polls": (False,)}, "vote-binds-nobody"),
        ({"decided": "x" * 400}, "all-decided"),
        ({"problem": "Dream with us!"}, "slogan"),
        ({"backstage": 0}, "nothing-to-work-on"),
        ({"examples": frozenset({GOOD.known})}, "our-example"),
        ({"resources": "Our enthusiasm"}, "no-resources"),
        ({"resources": "To be defined, 2 people at least"}, "no-resources"),
        ({"resources": "Aucun budget pour 2027"}, "no-resources"),
        ({"decider": "The marketing team"}, "nobody"),
        ({"decider": "La direction"}, "nobody"),
        ({"answer_by": None}, "no-date"),
        ({"answer_by": START + WEEK}, "answer-before-end"),
        ({"answer_by": START + 60 * WEEK}, "answer-far-away"),
        ({"phases": {**PHASES, "propose": (START, START + WEEK / 2)}}, "no-time"),
        ({"phases": {kind: PHASES[kind] for kind in ("propose", "vote")}}, "no-building"),
    ],
)
def test_each_rule_finds_what_it_is_for(change: dict[str, object], code: str) -> None:
    assert codes(GOOD._replace(**change)) == [code]


@pytest.mark.parametrize(
    "decider", ["Léa Martin", "The team of Léa Martin, who has the last word", "Marc, direction"]
)
def test_a_name_among_a_crowd_is_a_name(decider: str) -> None:
    assert "nobody" not in codes(GOOD._replace(decider=decider))


def test_examples_are_whole() -> None:
    assert [len(example.parts) for example in deal_examples()] == [6, 6, 6]
    assert all(text for example in deal_examples() for text in example.parts.values())
    assert brief_example("problem") in brief_examples()
    assert brief_example("nothing") == ""
    written = Written(
        "decide", **{name: brief_example(name) for name in ("problem", "known", "decider", "resources")}
    )
    assert not {"slogan", "no-resources", "nobody"} & set(codes(written))
