"""Protects what counts as a question to the brand, and when it counts as answered, on both databases."""

import threading
from pathlib import Path

import pytest
from contact.forum import asked, brand, came_in, owed, said, took_back, whys
from django.db import connection, transaction

from estime.contact import api as contact
from estime.contact.actions import watch as watch_module
from estime.contact.models import Question, Thread, Voice
from estime.engagement import api as engagement
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.ledger.models import Act


@pytest.fixture
def forum(installed: Path) -> Path:
    brand(installed, "forum")
    return installed


def test_whom_a_question_is_for(forum: Path) -> None:
    came_in(
        said("b1", "team", "A new lid.", 0, context="t1"),
        said("reply", "anna", "Is it blue?", 1, in_reply_to="b1", context="t1"),
        said("reply-to-id", "anna", "Is it big?", 1, in_reply_to="source-b2", context="t9"),
        said("source-b2", "team", "Another lid.", 0, object_id="b2", context="t9"),
        said("in-thread", "bob", "When does it ship?", 2, context="t1"),
        said("to-anna", "bob", "@anna is yours blue?", 3, context="t1"),
        said("to-whoever", "bob", "Does anyone have a blue one?", 3, context="t1"),
        said("remark", "bob", "I like it.", 3, in_reply_to="b1", context="t1"),
        said("ours", "team", "Do you like it?", 3, in_reply_to="b1", context="t1"),
        said("our-voice", "anna", "Do you like it?", 3, in_reply_to="b1", context="t1", on_behalf_of="brand"),
        said("bot", "helper", "Was this helpful?", 3, in_reply_to="b1", context="t1", extra={"bot": True}),
        said("vote", "bob", "Yes?", 3, in_reply_to="b1", context="t1", object_type="Vote"),
        said("m1", "anna", "Nice day.", 4, context="t2"),
        said("elsewhere", "bob", "What is this?", 5, context="t2"),
        said("mention", "bob", "@team when does it ship?", 5, context="t2"),
        said("to-us", "bob", "When does it ship?", 5, context="t3", extra={"to": ["team"]}),
        said("marked", "bob", "Lids", 5, context="t1", object_type="Question"),
    )
    assert whys() == {
        "reply": "reply", "reply-to-id": "reply", "in-thread": "thread", "to-anna": "", "to-whoever": "",
        "elsewhere": "", "mention": "mention", "to-us": "mention", "marked": "thread",
    }  # fmt: skip
    assert asked("marked").asks == "type"
    assert asked("in-thread").asks == "mark"


def test_channels_without_the_brand_are_left_alone(forum: Path) -> None:
    came_in(said("b1", "team", "A lid."), said("q", "anna", "@team is it blue?", 1), channel="other")
    assert not Question.objects.exists()
    assert not Voice.objects.exists()


ANSWERS = {
    "reply": (said("a", "team", "Yes.", 9, in_reply_to="q"), False),
    "later in the thread": (said("a", "team", "Yes.", 9), False),
    "to somebody else": (said("a", "team", "Yes.", 9, in_reply_to="m"), True),
    "another thread": (said("a", "team", "Yes.", 9, context="another"), True),
    "before": (said("a", "team", "Yes.", -9), True),
    "a reply from before": (said("a", "team", "Yes.", -9, in_reply_to="q"), True),
    "a member": (said("a", "bob", "Yes.", 9, in_reply_to="q"), True),
    "a representative": (said("a", "carl", "Yes.", 9, in_reply_to="q", on_behalf_of="brand"), False),
}


def test_what_answers(forum: Path) -> None:
    """Each case in a thread of its own, named after it."""
    for case, (answer, _) in ANSWERS.items():
        names = {name: f"{name} {case}" for name in ("m", "q", "a")}

        def named(act: ActDraft, case: str = case, names: dict[str, str] = names) -> ActDraft:
            name = names[act.source_id]
            reply = None if act.in_reply_to is None else names[act.in_reply_to]
            context = act.context or case
            return act._replace(source_id=name, object_id=name, in_reply_to=reply, context=context)

        question = named(said("q", "anna", "@team is it blue?", 1))
        came_in(named(said("m", "bob", "Hello.", 0)), question)
        assert question.source_id in owed()
        came_in(named(answer))
        if question.source_id not in owed():
            assert asked(question.source_id).answered == answer.published
    assert owed() == {f"q {case}" for case, (_, open_still) in ANSWERS.items() if open_still}


def test_the_first_answer_counts_and_one_taken_back_does_not(forum: Path) -> None:
    came_in(
        said("q", "anna", "@team is it blue?", 1, context="t"),
        said("late", "team", "Yes!", 9, in_reply_to="q", context="t"),
        said("first", "team", "Yes.", 3, in_reply_to="q", context="t"),
    )
    first, late = (Act.objects.get(source_id=name).pk for name in ("first", "late"))
    assert asked("q").answer == first
    came_in(took_back("u1", "team", "first", "Delete"))
    assert asked("q").answer == late
    came_in(took_back("u2", "team", "late"))
    assert owed() == {"q"}


def test_a_question_taken_back_is_owed_no_longer(forum: Path) -> None:
    came_in(took_back("u0", "anna", "q2"))  # an Undo may come before what it undoes
    came_in(said("q1", "anna", "@team is it blue?", 1), said("q2", "anna", "@team is it big?", 1))
    assert owed() == {"q1"}
    came_in(took_back("u1", "bob", "q1", "Delete"))  # nobody takes back what another said
    assert owed() == {"q1"}
    came_in(took_back("u2", "anna", "q1", "Delete"))
    assert owed() == set()


def test_where_a_reply_to_the_opening_means_nothing(forum: Path) -> None:
    """Discourse writes "replies to the opening" where it does not know; a Facebook comment means it."""
    thread = [
        said("1", "bob", "Hello.", 0, context="t"),
        said("2", "anna", "@team is it blue?", 1, in_reply_to="1", context="t"),
        said("3", "team", "Yes.", 2, in_reply_to="1", context="t"),
    ]
    came_in(*thread, kind="discourse")
    assert owed() == set()
    brand(forum, "page")
    came_in(*thread, channel="page", kind="csv")
    assert {question.owed for question in Question.objects.filter(why="mention")} == {True}


def test_a_room_is_no_thread(forum: Path) -> None:
    came_in(
        said("b1", "team", "Good morning.", 0, context="general"),
        said("soon", "anna", "When does it ship?", 0.5, context="general"),
        said("m1", "bob", "Good morning!", 0.6, context="general"),
        said("to-bob", "anna", "Did you sleep well?", 0.7, context="general"),
        said("later", "anna", "Where can we eat?", 8, context="general"),
        said("named", "bob", "<@team> is it blue?", 60, context="general"),
        said("in-slack-thread", "bob", "And the lid?", 61, in_reply_to="b1", context="general"),
        kind="slack",
    )
    assert whys() == {
        "soon": "talk", "to-bob": "", "later": "", "named": "mention", "in-slack-thread": "reply",
    }  # fmt: skip
    assert owed() == {"soon", "named", "in-slack-thread"}
    came_in(said("b2", "team", "Tuesday.", 20, context="general"), kind="slack")
    assert owed() == {"named", "in-slack-thread"}
    came_in(said("b3", "team", "Green.", 70, in_reply_to="b1", context="general"), kind="slack")
    assert owed() == {"named"}
    came_in(said("b4", "team", "Hi all.", 200, context="general"), kind="slack")
    assert owed() == {"named"}, "two days later it is another conversation"


def test_statements_of_a_poll_ask_the_voters(forum: Path) -> None:
    came_in(said("b1", "team", "Seed.", 0, context="poll"), said("s", "anna", "@team why?", 1), kind="polis")
    assert not Question.objects.exists()


def test_an_earlier_opening_that_comes_late_changes_whose_thread_it_is(forum: Path) -> None:
    came_in(said("b", "team", "Here.", 2, context="t"), said("q", "anna", "Is it blue?", 3, context="t"))
    assert whys() == {"q": "thread"}
    came_in(said("m", "bob", "Hello.", 1, context="t"))
    assert whys() == {"q": ""}


def test_a_new_account_of_the_brand_has_its_channel_read_again(forum: Path) -> None:
    came_in(said("p", "shop", "A lid.", 0), said("q", "anna", "Is it blue?", 1, in_reply_to="p"))
    assert whys() == {"q": ""}
    toml = forum / "estime.toml"
    toml.write_text('[brand]\naccounts = [{ channel = "forum", handle = "shop" }]\n')
    assert contact.watch_due()
    contact.watch()
    assert owed() == {"q"}
    assert not contact.watch_due()
    toml.write_text("[brand]\naccounts = []\n")
    contact.watch()
    assert not Question.objects.exists()
    assert not Thread.objects.exists()


def test_erasure_leaves_nothing(forum: Path) -> None:
    came_in(
        said("b", "team", "A lid.", 0),
        said("q1", "anna", "Is it blue?", 1, in_reply_to="b"),
        said("q2", "bob", "Is it big?", 1, in_reply_to="b"),
    )
    engagement.erase("forum", "anna")
    assert owed() == {"q2"}
    contact.watch()
    assert Question.objects.count() == 1
    came_in(said("a", "team", "Yes.", 2, in_reply_to="q2"))
    assert owed() == set()


def test_a_look_that_fails_leaves_no_trace_and_the_next_one_completes_it(
    forum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = [said(f"q{n}", "anna", "@team is it blue?", n) for n in range(6)]
    for act in (said("b", "team", "A lid.", 0), *acts):
        came_in(act, look=False)
    whole = watch_module.collect
    calls = 0

    def dies(*args: object, **fields: object) -> None:
        nonlocal calls
        calls += 1
        whole(*args, **fields)  # type: ignore[arg-type]
        if calls == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch_module, "collect", dies)
    with pytest.raises(KeyboardInterrupt):
        watch_module.watch(step=2)
    assert owed() == set(), "nothing is told before the channel was read to its end"
    monkeypatch.setattr(watch_module, "collect", whole)
    watch_module.watch(step=2)
    assert len(owed()) == 6


@pytest.mark.postgresql
@pytest.mark.parametrize("installed", ["postgresql"], indirect=True)
def test_an_act_whose_commit_lands_late_is_not_missed(forum: Path) -> None:
    came_in(said("b", "team", "A lid.", 0))
    written, looked = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ledger.append("forum", [(1, said("slow", "anna", "@team is it blue?", 1))])
            written.set()
            looked.wait(30)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait(30)
    came_in(said("quick", "bob", "@team is it big?", 2))
    assert "slow" not in owed()
    looked.set()
    writer.join()
    contact.watch()
    assert owed() == {"quick", "slow"}
