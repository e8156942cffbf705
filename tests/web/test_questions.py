"""Protects the page of a question: what it shows, what its buttons do, and what it does when two people press them."""

from pathlib import Path

import pytest
from contact.forum import asked, brand, came_in, owed, said, staff
from django.test import Client
from web.pages import client_of, page

from estime.contact import api as contact
from estime.contact.models import Entry, Question
from estime.people.models import Look, User


@pytest.fixture
def question(db: None, _home: Path) -> Question:
    brand(_home, "forum")
    came_in(
        said("b", "team", "A lid <b>for all</b>.", 0, context="t"),
        said(
            "q",
            "anna",
            "Is it <script>blue</script>?",
            1,
            in_reply_to="b",
            context="t",
            extra={"url": "https://x.org/q"},
        ),
        said("evil", "bob", "Is it safe?", 2, in_reply_to="b", extra={"url": "javascript:alert(1)"}),
    )
    return asked("q")


def at(question: Question, deed: str = "") -> str:
    return f"/en/to-keep/questions/{question.pk}/{deed}"


def test_it_shows_the_text_what_it_replies_to_and_why_it_is_there(question: Question) -> None:
    client = client_of("lead")
    html = client.get(at(question)).content.decode()
    assert "&lt;script&gt;blue&lt;/script&gt;" in html
    told = page(client, at(question))
    for part in (
        "A lid <b>for all</b>.",
        "what it replies to",
        "anna",
        "It replies to one of our posts.",
        "Open it where",
    ):
        assert part in told
    assert 'href="https://x.org/q" rel="noopener noreferrer external"' in html
    assert "javascript:" not in client.get(at(asked("evil"))).content.decode()


def test_a_look_at_who_asked_is_noted(question: Question) -> None:
    client_of("lead").get(at(question))
    assert Look.objects.filter(account=question.account, where="question").count() == 1


def test_the_way_from_the_question_to_its_answer(question: Question) -> None:
    client = client_of("representative")
    saved = client.post(at(question, "answer/"), {"version": 0, "words": "Yes, it is."}, follow=True)
    assert "Your answer is saved." in saved.content.decode()
    assert owed() == {"q", "evil"}
    said_so = client.post(at(question, "said/"), {"version": 1}, follow=True)
    assert said_so.redirect_chain[0][0].endswith("/to-keep/")
    assert owed() == {"evil"}
    told = page(client, at(question))
    assert "our reply has not come in yet" in told
    assert "Yes, it is." in told
    assert "wrote an answer" in told
    assert "Is it" in page(client, "/en/to-keep/settled/?state=said")


def test_handing_over_and_nothing_owed(question: Question) -> None:
    client = client_of("lead")
    sam = staff("sam", "representative")
    client.post(at(question, "hand-over/"), {"version": 0, "to": sam.pk, "note": "Lids are yours."})
    assert "Handed to Sam by" in page(client, at(question))
    client.post(at(question, "hand-back/"), {"version": 1})
    client.post(at(question, "waive/"), {"version": 2, "reason": "not_us", "note": ""})
    assert owed() == {"evil"}
    assert "It was not for us" in page(client, "/en/to-keep/settled/?state=waived")
    client.post(at(question, "reopen/"), {"version": 3})
    assert owed() == {"q", "evil"}
    deeds = ["handed", "returned", "waived", "reopened"]
    assert list(Entry.objects.order_by("version").values_list("deed", flat=True)) == deeds


def test_who_comes_second_keeps_their_words(question: Question) -> None:
    contact.answer_write(contact.Doing(question.pk, 0, staff("sam")), "It is green.")
    answer = client_of("lead").post(at(question, "answer/"), {"version": 0, "words": "It is blue."})
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Sam changed this question" in told
    assert "It is blue." in told
    assert "It is green." in told
    assert asked("q").words == "It is green."


def test_a_double_click_does_it_once(question: Question) -> None:
    client = client_of("lead")
    for _ in range(2):
        assert client.post(at(question, "said/"), {"version": 0}).status_code == 302
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("answer/", {"version": 0, "words": " "}),
        ("hand-over/", {"version": 0, "to": "7777"}),
        ("hand-over/", {"version": 0, "to": "²"}),
        ("hand-over/", {"version": 0, "to": "9" * 40}),
        ("waive/", {"version": 0, "reason": "x"}),
        ("waive/", {"version": 0, "reason": "other", "note": ""}),
        ("reopen/", {"version": 0}),
        ("hand-back/", {"version": 0}),
    ],
)
def test_what_cannot_be_done_is_said(question: Question, deed: str, told: dict[str, object]) -> None:
    answer = client_of("lead").post(at(question, deed), told)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "²", "9" * 30])
def test_a_form_without_its_version_does_nothing(question: Question, version: str) -> None:
    answer = client_of("lead").post(at(question, "said/"), {"version": version})
    assert answer.status_code == 302
    assert not Entry.objects.exists()


def test_who_may_do_what(question: Question) -> None:
    moderator = client_of("moderator")
    html = moderator.get(at(question)).content.decode()
    assert 'name="words"' not in html
    assert moderator.post(at(question, "answer/"), {"version": 0, "words": "x"}).status_code == 403
    assert moderator.post(at(question, "waive/"), {"version": 0, "reason": "not_us"}).status_code == 403
    pk = User.objects.get(email="moderator@example.org").pk
    assert client_of("lead").post(at(question, "hand-over/"), {"version": 0, "to": pk}).status_code == 409
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff("ada", "administrator"))
    assert strict.post(at(question, "said/"), {"version": 0}).status_code == 403
    assert client_of("lead").get("/en/to-keep/questions/999999/").status_code == 404
    assert client_of("lead").post("/en/to-keep/questions/999999/said/", {"version": 0}).status_code == 404


def test_an_erased_question_says_nothing(question: Question) -> None:
    client = client_of("lead")
    client.post(at(question, "answer/"), {"version": 0, "words": "Dear Anna"})
    contact.forget_accounts([question.account])
    assert "Dear Anna" not in client.get(at(question)).content.decode()


def test_the_page_of_whoever_asked_leads_to_their_questions(question: Question) -> None:
    """For those who may answer; whoever may see people and not answer has no use for it."""
    here = f"/en/people/{question.account}/"
    told = page(client_of("representative"), here)
    assert "What they asked us 1 question to us. 1 has no answer yet." in told
    assert "without an answer Is it <script>blue</script>?" in told
    html = client_of("lead").get(here).content.decode()
    assert f'<a href="{at(question)}">Is it &lt;script&gt;blue' in html
    assert "What they asked us" not in page(client_of("moderator"), here)
