"""Pages of contributions, as members and strangers meet them."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from cocreation.places import Place, place_made
from cocreation.writing import given, offered, said
from django.test import Client
from web.pages import words

from estime.cocreation import api
from estime.cocreation.models import Comment, Contribution, Draft, Follow, Member, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place_made()


def as_(member: Member, **options: object) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    assert member.user is not None
    client.force_login(member.user)
    return client


def shown(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.get("Location"))
    return words(answer.content.decode())


def test_a_contribution_is_written_saved_looked_at_and_published_without_a_script(here: Place) -> None:
    client = as_(here.anna)
    page = client.get(f"/en/challenges/{here.challenge.pk}/write/").content.decode()
    action = re.search(r'action="(/en/drafts/[0-9a-f-]+/)"', page)
    assert action
    assert not Draft.objects.exists()  # looking keeps nothing
    form = {
        "challenge": here.challenge.pk,
        "saved": "0",
        "kind": "tip",
        "title": "Warm it",
        "body": "**Warm** it first.",
    }
    assert client.post(action[1], {**form, "do": "save"}).status_code == 302
    assert "Warm it" in shown(client, "/en/drafts/")
    begun = client.get(f"/en/challenges/{here.challenge.pk}/write/").content.decode()
    assert f'<a href="{action[1]}">Warm it</a>' in begun  # who comes back by the same way finds it
    looked = client.post(action[1], {**form, "saved": "1", "do": "preview"}, follow=True)
    assert "<strong>Warm</strong>" in looked.content.decode()
    refused = client.post(action[1], {**form, "saved": "1", "do": "publish"})
    assert refused.status_code == 422
    assert "I have read the deal" in words(refused.content.decode())
    agreed = {**form, "saved": "1", "do": "publish", "agreed": "1", "deal": "1"}
    first, second = client.post(action[1], agreed), client.post(action[1], agreed)
    one = Contribution.objects.get()
    assert first["Location"] == second["Location"] == f"/en/ideas/{one.pk}/"
    told = shown(client, first["Location"])
    assert "Warm it" in told
    assert "Anna Weber" in told


def test_a_script_saves_and_is_told_when_another_window_was_newer(here: Place) -> None:
    client, path = as_(here.anna), f"/en/drafts/{uuid4()}/"
    form = {"challenge": here.challenge.pk, "title": "A", "body": "B", "kind": "idea"}

    def save(**more: str) -> Any:
        return client.post(path, {**form, **more}, headers={"Accept": "application/json"})

    assert save(saved="0").json() == {"saved": 1}
    assert save(saved="1", title="Newer").json() == {"saved": 2}
    late = save(saved="1", title="Older window")
    assert late.status_code == 409
    assert Draft.objects.get().title == "Newer"


def test_somebody_elses_draft_is_nowhere(here: Place) -> None:
    draft = api.draft_begin(here.anna, api.Place(here.challenge), when=here.at)
    api.draft_save(here.anna, draft.pk, api.DraftWords("Secret plan", "Of mine"), 0, when=here.at)
    for other in (as_(here.ben), as_(here.lea)):
        assert other.get(f"/en/drafts/{draft.pk}/").status_code == 404
        assert (
            other.post(f"/en/drafts/{draft.pk}/", {"title": "Mine", "body": "x", "saved": "1"}).status_code
            == 404
        )
        assert other.post(f"/en/drafts/{draft.pk}/discard/").status_code == 404
        assert "Secret plan" not in shown(other, "/en/drafts/")
        assert "Secret plan" not in shown(other, f"/en/challenges/{here.challenge.pk}/ideas/")
    assert Client().get(f"/en/drafts/{draft.pk}/").status_code == 302
    assert Draft.objects.get().title == "Secret plan"


def test_a_stranger_reads_a_public_space_and_not_a_closed_one(here: Place) -> None:
    one = given(here, here.anna)
    comment = said(here, here.ben, one)
    paths = (f"/en/ideas/{one.pk}/", f"/en/ideas/{one.pk}/versions/", f"/en/comments/{comment.pk}/",
             f"/en/challenges/{here.challenge.pk}/ideas/", f"/en/spaces/{here.space.slug}/ideas/")  # fmt: skip
    for path in paths:
        assert "A lid" in shown(Client(), path)
    assert "Sign in to take part" in shown(Client(), paths[0])
    here.space.public = False
    here.space.save()
    for path in paths:
        shown(Client(), path, 404)
        shown(as_(here.dani), path)


def test_support_works_by_form_and_by_script(here: Place) -> None:
    one = given(here, here.anna)
    client, path = as_(here.ben), f"/en/ideas/{one.pk}/support/"
    assert client.post(path)["Location"] == f"/en/ideas/{one.pk}/"
    assert 'aria-pressed="true"' in client.get(f"/en/ideas/{one.pk}/").content.decode()
    piece = client.post(path, {"do": "back"}, headers={"X-Requested-With": "estime"}).content.decode()
    assert 'aria-pressed="false"' in piece
    assert "<html" not in piece
    assert "Nobody supports it yet" in words(piece)
    assert client.post("/en/ideas/999999/support/").status_code == 404
    assert "/account/login/" in Client().post(path)["Location"]


def test_a_discussion_with_answers_quotes_and_mentions(here: Place) -> None:
    one = given(here, here.anna)
    client, path = as_(here.ben), f"/en/ideas/{one.pk}/comments/"
    once = str(uuid4())
    sent = {"body": "Does it leak, @Anna Weber?", "intent": "question", "once": once}
    assert client.post(path, sent)["Location"] == client.post(path, sent)["Location"]
    first = Comment.objects.get()
    assert first.intent == "question"
    assert "@Anna Weber" in shown(client, f"/en/ideas/{one.pk}/")
    quoting = as_(here.anna).get(f"/en/ideas/{one.pk}/?quote={first.pk}").content.decode()
    assert quoting.index('id="say"') < quoting.index('class="talk"'), (
        "what one just said stands below one's form"
    )
    assert "&gt; Does it leak, @Anna Weber?" in quoting
    body = re.search(r'<textarea id="say-body"[^>]*>\n(.*?)</textarea>', quoting, re.DOTALL)
    assert body
    answer = {
        "body": body[1].replace("&gt;", ">") + "No.",
        "parent": first.pk,
        "quoted": first.pk,
        "once": str(uuid4()),
    }
    as_(here.anna).post(path, answer)
    page = as_(here.anna).get(f"/en/comments/{first.pk}/").content.decode()
    assert "Ben Okafor wrote this" in words(page)
    assert Comment.objects.filter(root=first).count() == 1


def test_what_cannot_be_sent_stays_in_the_form(here: Place) -> None:
    one = given(here, here.anna)
    first = said(here, here.ben, one)
    api.comment_withdraw(here.ben, first.pk, when=here.at)
    sent = {"body": "My long answer", "parent": first.pk, "once": str(uuid4())}
    refused = as_(here.chloe).post(f"/en/ideas/{one.pk}/comments/", sent)
    assert refused.status_code == 422
    assert "My long answer" in refused.content.decode()
    too_long = as_(here.chloe).post(f"/en/challenges/{here.challenge.pk}/comments/", {"body": "x" * 10_001})
    assert too_long.status_code == 422
    assert "x" * 10_001 in too_long.content.decode()


def test_an_improvement_is_offered_looked_at_and_adopted_in_one_click(here: Place) -> None:
    one = given(here, here.anna)
    client = as_(here.ben)
    form = client.get(f"/en/ideas/{one.pk}/improve/").content.decode()
    assert "It clicks when it is shut." in form
    same = {"title": one.title, "body": one.body, "base": "1", "words": "", "once": str(uuid4())}
    assert client.post(f"/en/ideas/{one.pk}/improve/", same).status_code == 422
    better = {**same, "body": "It clicks loudly when it is shut.", "deal": "1"}
    refused = client.post(f"/en/ideas/{one.pk}/improve/", better)  # the deal first
    assert refused.status_code == 422
    assert "It clicks loudly" in refused.content.decode()
    assert "I have read the deal" in words(refused.content.decode())
    client.post(f"/en/ideas/{one.pk}/improve/", {**better, "agreed": "1"})
    assert "I have read the deal" not in shown(client, f"/en/ideas/{one.pk}/improve/")
    page = as_(here.anna).get(f"/en/ideas/{one.pk}/").content.decode()
    action = re.search(r'action="(/en/improvements/\d+/)"', page)
    assert action
    assert "<ins>" in page
    assert client.post(action[1]).status_code == 422  # not Ben's to adopt
    assert as_(here.anna).post(action[1])["Location"] == f"/en/ideas/{one.pk}/"
    told = shown(Client(), f"/en/ideas/{one.pk}/")
    assert "It clicks loudly" in told
    assert "Ben Okafor improved it" in told
    assert "with an improvement by Ben Okafor" in shown(Client(), f"/en/ideas/{one.pk}/versions/")


def test_changes_that_meet_are_shown_and_decided_by_an_author(here: Place) -> None:
    one = given(here, here.anna, body="The lid is red.")
    edit = offered(here, here.ben, one, "The lid is blue.")
    api.version_write(here.anna, one.pk, api.NewWords(one.title, "The lid is green."), 1, when=here.at)
    client, path = as_(here.anna), f"/en/improvements/{edit.pk}/"
    refused = client.post(path)
    assert refused.status_code == 409
    told = words(refused.content.decode())
    assert all(colour in told for colour in ("red", "green", "blue"))
    decided = {"title": one.title, "body": "The lid is green and blue.", "base": "2"}
    assert client.post(path, decided).status_code == 302
    version = Version.objects.get(contribution=one, number=3)
    assert (version.body, version.contributor_id) == ("The lid is green and blue.", here.ben.pk)


def test_two_who_write_at_once_lose_nothing(here: Place) -> None:
    one = given(here, here.anna, body="First line.\n\nLast line.")
    client = as_(here.anna)
    page = client.get(f"/en/ideas/{one.pk}/write/").content.decode()
    action = re.search(r'action="(/en/drafts/[0-9a-f-]+/)"', page)
    assert action
    api.version_write(
        here.anna, one.pk, api.NewWords(one.title, "First line, new.\n\nLast line."), 1, when=here.at
    )
    mine = {
        "contribution": one.pk,
        "base": "1",
        "saved": "0",
        "title": one.title,
        "body": "First line.\n\nLast line, mine.",
    }
    late = client.post(action[1], {**mine, "do": "publish"})
    assert late.status_code == 409
    assert "First line, new.\n\nLast line, mine." in late.content.decode().replace("\r", "")
    both = {**mine, "base": "2", "saved": "1", "body": "First line, new.\n\nLast line, mine."}
    assert client.post(action[1], {**both, "do": "publish"}).status_code == 302
    assert Version.objects.get(contribution=one, number=3).body == both["body"]


def test_somebody_is_asked_to_write_too_and_accepts(here: Place) -> None:
    one = given(here, here.anna)
    said(here, here.ben, one)
    path = f"/en/ideas/{one.pk}/authors/"
    assert as_(here.anna).post(path, {"name": "Nobody Known"}).status_code == 422
    assert as_(here.ben).get(path).status_code == 404
    assert as_(here.anna).post(path, {"name": "ben okafor"}).status_code == 302
    invitation = f"/en/ideas/{one.pk}/invitation/"
    assert "asks you to write" in shown(as_(here.ben), invitation)
    shown(as_(here.chloe), invitation, 404)
    assert as_(here.ben).post(invitation, {"do": "accept"}).status_code == 422  # the deal first
    accepted = as_(here.ben).post(invitation, {"do": "accept", "agreed": "1", "deal": "1"})
    assert accepted.status_code == 302
    assert "Ben Okafor" in shown(Client(), f"/en/ideas/{one.pk}/")
    assert as_(here.ben).post(path, {"do": "leave"}).status_code == 302


def test_lists_are_filtered_searched_and_paged(here: Place) -> None:
    for number in range(23):
        given(here, here.anna, f"Lid number {number}", "Round and red.")
    given(here, here.ben, "A story of a bag", "It was wet.", "story")
    path = f"/en/challenges/{here.challenge.pk}/ideas/"
    first = as_(here.anna).get(path).content.decode()
    after = re.search(r'rel="next" href="(\?after=\d+)"', first)
    assert after
    assert "Lid number 22" in words(first)
    assert "Lid number 0" in shown(Client(), path + after[1])
    assert "Lid number" not in shown(Client(), path + "?kind=story")
    found = shown(Client(), path + "?words=story")
    assert "A story of a bag" in found
    assert "Lid number 1" not in found
    for order in ("new", "support", "talk", "open", "nonsense"):
        shown(Client(), f"{path}?order={order}&after=1-1&kind=x&words=")


def test_withdrawn_words_are_gone_and_the_rest_stays(here: Place) -> None:
    one = given(here, here.anna)
    said(here, here.ben, one, "I will miss it.")
    assert as_(here.ben).post(f"/en/ideas/{one.pk}/withdraw/").status_code == 302
    one.refresh_from_db()
    assert one.withdrawn is None
    as_(here.anna).post(f"/en/ideas/{one.pk}/withdraw/")
    told = shown(Client(), f"/en/ideas/{one.pk}/")
    assert "It clicks" not in told
    assert "I will miss it." in told
    shown(Client(), f"/en/ideas/{one.pk}/versions/", 404)
    assert "A lid with a click" not in shown(Client(), f"/en/challenges/{here.challenge.pk}/ideas/")


def test_a_part_leads_to_its_head_which_shows_what_was_said_below_both(here: Place) -> None:
    head, part = given(here, here.anna, "The head"), given(here, here.ben, "The part")
    said(here, here.chloe, part, "Said below the part.")
    Contribution.objects.filter(pk=part.pk).update(together=head)
    told = shown(as_(here.dani), f"/en/ideas/{head.pk}/")
    assert "Said below the part." in told
    assert "said below The part" in told
    assert f'href="/en/ideas/{head.pk}/"' in as_(here.dani).get(f"/en/ideas/{part.pk}/").content.decode()
    answer = Comment.objects.get()
    as_(here.dani).post(f"/en/ideas/{head.pk}/comments/", {"body": "An answer", "parent": answer.pk})
    assert Comment.objects.get(root=answer).contribution_id == part.pk


def test_newcomers_are_marked_and_offered_to_regulars(here: Place) -> None:
    given(here, here.anna)
    newest = place_newcomer(here)
    said(here, newest, here.challenge, "Hello, I am new.")
    Member.objects.filter(pk=here.anna.pk).update(welcomed=here.at)
    path = f"/en/spaces/{here.space.slug}/newcomers/"
    assert "Hello, I am new." in shown(as_(here.anna), path)
    first = Comment.objects.get()
    assert "new here" in shown(Client(), f"/en/comments/{first.pk}/")
    as_(here.anna).post(
        f"/en/challenges/{here.challenge.pk}/comments/", {"body": "Welcome!", "parent": first.pk}
    )
    assert "Hello, I am new." not in shown(as_(here.anna), path)
    assert "new here" not in shown(Client(), f"/en/comments/{first.pk}/")


def place_newcomer(here: Place) -> Member:
    from cocreation.places import person

    return person("Nina Neu", joined=here.at)


def test_following_tells_and_stops(here: Place) -> None:
    one = given(here, here.anna)
    client = as_(here.ben)
    client.post(f"/en/ideas/{one.pk}/follow/")
    client.post(f"/en/challenges/{here.challenge.pk}/follow/")
    assert Follow.objects.filter(member=here.ben).count() == 2
    client.post(f"/en/ideas/{one.pk}/follow/", {"do": "stop"})
    assert Follow.objects.filter(member=here.ben).count() == 1


def test_names_are_suggested_by_post_alone_and_only_of_people_here(here: Place) -> None:
    one = given(here, here.anna)
    said(here, here.ben, one)
    path = f"/en/people-in/contribution/{one.pk}/"
    assert as_(here.chloe).get(path).status_code == 405
    people = as_(here.chloe).post(path, {"name": "be"}).json()["people"]
    assert [each["name"] for each in people] == ["Ben Okafor"]
    assert as_(here.chloe).post(path, {"name": "dan"}).json()["people"] == []
    assert as_(here.chloe).post(path, {"name": ""}).json()["people"] == []


def test_what_is_typed_is_never_a_program(here: Place) -> None:
    one = given(
        here, here.anna, "<script>alert(1)</script>", "<img src=x onerror=alert(1)> [a](javascript:alert(1))"
    )
    said(here, here.ben, one, "</textarea><script>alert(2)</script>")
    for path in (
        f"/en/ideas/{one.pk}/",
        f"/en/challenges/{here.challenge.pk}/ideas/",
        f"/en/ideas/{one.pk}/versions/",
    ):
        page = as_(here.anna).get(path).content.decode()
        assert "<script>alert" not in page
        assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)
        assert 'href="javascript' not in page


@pytest.mark.parametrize("rows", [3, 12])
def test_a_page_costs_the_same_queries_whatever_it_holds(
    here: Place, rows: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    one = given(here, here.anna)
    for number in range(rows):
        first = said(here, here.ben, one, f"Number {number}, @Anna Weber")
        said(here, here.chloe, one, "Yes.", parent=first.pk)
        given(here, here.dani, f"Another {number}", built_on=one)
    client = as_(here.ben)
    client.get(f"/en/ideas/{one.pk}/")
    ideas = f"/en/challenges/{here.challenge.pk}/ideas/"
    for path, most in ((f"/en/ideas/{one.pk}/", 21), (ideas, 8), (f"{ideas}?words=another", 14)):
        with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
            client.get(path)
