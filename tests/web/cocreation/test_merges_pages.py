"""Bringing together in the browser: found, worded, proposed, agreed, decided, contested, taken apart; all by forms."""

import re
from datetime import timedelta
from typing import Any

import pytest
from cocreation.merging import again, merged, proposed
from cocreation.places import DEAL, Place, place_made
from cocreation.writing import given, said
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web.pages import words

from estime.cocreation import api
from estime.cocreation.models import Contest, Contribution, Member, Merge, Support

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place_made()


@pytest.fixture
def ideas(here: Place) -> list[Contribution]:
    titles = ("A lid with a click", "A lid that clicks", "Cork below")
    return [
        given(here, by, title, f"It is {title}.")
        for by, title in zip((here.anna, here.ben, here.chloe), titles, strict=True)
    ]


def as_(member: Member) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def shown(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return words(answer.content.decode())


def people_of(client: Client, one: Contribution) -> list[str]:
    """Who is named under a title."""
    page = client.get(f"/en/ideas/{one.pk}/").content.decode()
    (listed,) = re.findall(r'<ul class="people".*?</ul>', page, re.DOTALL)
    return [words(each).strip() for each in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]


def form_of(page: str, action: str) -> dict[str, Any]:
    """The fields of a form as a browser would send them."""
    (form,) = [
        each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in each
    ]
    fields: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input(?! type="checkbox")[^>]* name="([\w-]+)"[^>]*? value="([^"]*)"', form
    ):
        fields.setdefault(name, []).append(value)
    for name, value in re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        fields[name] = [value]
    return fields


def test_from_an_idea_to_one_whole_and_back(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    dani, ben = as_(here.dani), as_(here.ben)
    api.support(here.dani, part.pk, when=here.at)
    said(here, here.dani, part, "Below the other.")
    assert f"/en/ideas/{head.pk}/together/" in dani.get(f"/en/ideas/{head.pk}/").content.decode()
    assert "A lid that clicks" in shown(dani, f"/en/ideas/{head.pk}/together/")
    assert "Cork below" in shown(dani, f"/en/ideas/{head.pk}/together/?words=cork")
    path = f"/en/ideas/{head.pk}/together/words/"
    page = dani.get(f"{path}?with={part.pk}").content.decode()
    form = form_of(page, path)
    assert "I have read the deal" in words(page)
    assert "@Anna Weber" in form["body"][0]
    assert "@Ben Okafor" in form["body"][0]
    assert "It is A lid that clicks." in form["body"][0]
    assert dani.post(path, form).status_code == 422  # no reason yet
    form |= {"reason": "They say the same.", "title": "A clicking lid"}
    refused = dani.post(path, form)
    assert (refused.status_code, Merge.objects.count()) == (422, 0)
    assert "Read it, and tick that you agree." in words(refused.content.decode())
    form |= {"agreed": "1"}
    first, second = dani.post(path, form), dani.post(path, form)
    merge = Merge.objects.get()
    assert first["Location"] == second["Location"] == f"/en/together/{merge.pk}/"
    assert "proposes to bring this together" in shown(Client(), f"/en/ideas/{part.pk}/")
    asked = shown(ben, first["Location"])
    assert "Waits for Anna Weber" in asked
    assert "2 authors have not agreed yet." in asked
    assert "They say the same." in asked
    for client in (as_(here.anna), ben):
        client.post(f"{first['Location']}agree/")
    assert again(part).together_id == head.pk
    whole = shown(Client(), f"/en/ideas/{head.pk}/")
    for told in (
        "A clicking lid",
        "1 person supports it",
        "Below the other.",
        "Brought together here",
        "Ben Okafor",
    ):
        assert told in whole
    assert people_of(Client(), head) == ["Anna Weber", "Ben Okafor", "Dani Silva brought it together"]
    assert "Anna Weber and Ben Okafor" in shown(Client(), f"/en/challenges/{here.challenge.pk}/ideas/")
    led = shown(Client(), f"/en/ideas/{part.pk}/")
    assert "This was brought together with others" in led
    assert "It is A lid that clicks." in led
    before = shown(ben, f"/en/together/{merge.pk}/undo/")
    assert (
        "1 person supports it · 1 comment 0 people support it · 0 comments" in before
    )  # the head, now and afterwards
    ben.post(f"/en/together/{merge.pk}/undo/", {"reason": "Not the same."})
    assert (again(part).together_id, again(head).title) == (None, "A lid with a click")
    assert people_of(Client(), head) == ["Anna Weber"]
    assert "Not the same." in shown(Client(), f"/en/ideas/{part.pk}/")
    versions = shown(ben, f"/en/ideas/{head.pk}/versions/")
    assert "Version 3 · Ben Okafor · taken apart" in versions
    assert "Version 2 · Dani Silva · brought together" in versions
    assert "improvement" not in versions


def test_a_lead_decides_and_an_author_contests(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    merge = proposed(here, here.dani, head, part)
    path = f"/en/together/{merge.pk}/"
    lea, ben = as_(here.lea), as_(here.ben)
    assert "Decide it" in shown(lea, path)
    assert "Decide it" not in shown(ben, path)
    assert ben.post(f"{path}decide/", {"reason": "Mine."}).status_code == 422
    refused = lea.post(f"{path}decide/", {"reason": ""})
    assert refused.status_code == 422
    lea.post(f"{path}decide/", {"reason": "Nobody answers.", "do": "yes"})
    assert "Nobody answers." in shown(Client(), path)
    shown(ben, f"{path}undo/", 404)
    ben.post(f"{path}contest/", {"contest": "I was away."})
    contest = Contest.objects.get()
    assert lea.get(f"/en/contests/{contest.pk}/")["Location"] == f"{path}#contest-{contest.pk}"
    assert "An answer is owed." in shown(ben, path)
    lea.post(f"/en/contests/{contest.pk}/answer/", {"answer": "Cork is in it."})
    assert "Cork is in it." in shown(Client(), path)
    assert "0 people support it · 0 comments" in shown(lea, f"{path}undo/")


def test_words_where_changes_meet_are_decided_on_the_page(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    merge = merged(here, head, part)
    body = again(head).body.replace("A lid that clicks.", "A lid that clicks well.")
    api.version_write(here.anna, head.pk, api.NewWords(head.title, body), 2, when=here.at)
    path, anna = f"/en/together/{merge.pk}/undo/", as_(here.anna)
    assert "Words that somebody decides on" in shown(anna, path)
    assert anna.post(path, {"reason": "Apart."}).status_code == 409
    form = {"reason": "Apart.", "title": head.title, "body": "Mine alone.", "base": "2"}
    late = anna.post(path, form)
    assert late.status_code == 409
    assert "Mine alone." in late.content.decode()
    assert anna.post(path, {**form, "base": "3"}).status_code == 302
    assert again(head).body == "Mine alone."


def test_whoever_proposed_words_it_anew_and_whoever_wrote_says_no(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    merge = proposed(here, here.dani, head, part)
    path, dani = f"/en/together/{merge.pk}/words/", as_(here.dani)
    shown(as_(here.anna), path, 404)
    form = form_of(dani.get(path).content.decode(), path)
    assert form["reason"] == ["They say the same."]
    dani.post(path, form | {"body": "Quite new."})
    assert Merge.objects.get().body == "Quite new."
    refused = as_(here.ben).post(f"/en/together/{merge.pk}/refuse/", {"words": "Mine clicks."})
    assert refused.status_code == 302
    assert "Mine clicks." in shown(Client(), f"/en/together/{merge.pk}/")
    assert dani.post(f"/en/together/{merge.pk}/withdraw/").status_code == 422


def test_what_is_hidden_or_in_a_closed_space_is_not_told(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    merge = merged(here, head, part)
    Contribution.objects.filter(pk=part.pk).update(hidden=True)
    for path in (f"/en/together/{merge.pk}/", f"/en/ideas/{head.pk}/"):
        told = shown(as_(here.dani), path)
        assert "Not shown" in told
        assert "A lid that clicks ·" not in told
        assert "“A lid that clicks”" not in told
    here.space.public = False
    here.space.save()
    shown(Client(), f"/en/together/{merge.pk}/", 404)
    shown(as_(here.dani), f"/en/together/{merge.pk}/")
    assert Client().post(f"/en/together/{merge.pk}/agree/").status_code == 302
    shown(as_(here.dani), f"/en/ideas/{other.pk}/together/words/?with=999999", 404)


def test_a_head_with_ten_parts_costs_as_many_queries_as_one_with_two(here: Place) -> None:
    ones = [given(here, here.anna, f"Lid {number}") for number in range(11)]
    asked = []
    for parts in (ones[1:3], ones[3:]):
        merged(here, again(ones[0]), *parts)
        for part in parts:
            Support.objects.create(contribution=part, member=here.ben, at=here.at)
            said(here, here.ben, again(part))
        client = as_(here.dani)
        client.get(f"/en/ideas/{ones[0].pk}/")
        with CaptureQueriesContext(connection) as told:
            assert client.get(f"/en/ideas/{ones[0].pk}/").status_code == 200
        asked.append([each["sql"].partition(" WHERE ")[0] for each in told])
    assert asked[0] == asked[1]
    assert 10 < len(asked[1]) < 40


def test_what_waits_for_a_lead_is_on_the_desk(here: Place, ideas: list[Contribution]) -> None:
    head, part, other = ideas
    merge = proposed(here, here.dani, head, part)
    assert api.merge_debts.count(here.at) == (0, 0)
    assert here.ben.user is not None
    here.ben.user.is_active = False
    here.ben.user.save()
    assert api.merge_debts.count(here.at) == (1, 0)  # nobody can answer any more
    here.ben.user.is_active = True
    here.ben.user.save()
    assert api.merge_debts.count(here.at + timedelta(days=14)) == (1, 0)
    late = here.at + timedelta(days=21)
    assert api.merge_debts.count(late) == (1, 1)
    (debt,) = api.merge_debts.oldest(late, 0, None, 10)
    assert (debt.id, debt.quote) == (str(merge.pk), head.title)
    api.merge_decide(here.lea, merge.pk, "So.", when=here.at)
    contest = api.merge_contest(here.ben, merge.pk, "I was away.", when=here.at)
    (debt,) = api.contest_debts.oldest(late, 0, None, 10)
    assert debt.place == here.space.title
    assert (debt.id, debt.quote) == (str(contest.pk), "I was away.")
    page = as_(here.lea).get("/en/to-keep/").content.decode()
    assert f"/en/contests/{contest.pk}/" in page
    api.merge_undo(here.lea, merge.pk, "He is right.", when=here.at)
    assert api.contest_debts.count(late) == api.merge_debts.count(late) == (0, 0)
    assert again(other).together_id is None


def test_a_part_is_answered_with_its_whole_and_keeps_what_was_told_to_itself(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    told = api.DecisionWords("not_taken", "It is too dear.", "The sketch.")
    api.decision_write(here.lea, part.pk, told, when=here.at)
    merge = merged(here, head, part)
    told = api.DecisionWords("taken", "We make it of steel.", "All of it.")
    api.decision_write(here.lea, head.pk, told, when=here.at)
    for client in (Client(), as_(here.lea)):
        page = client.get(f"/en/ideas/{part.pk}/").content.decode()
        read = words(page)
        assert (
            "By itself this gets no answer: the whole that it is a part of does. A lid with a click" in read
        )
        assert "It is too dear." in read
        assert not any(
            wrong in read
            for wrong in ("We make it of steel.", "An earlier answer", "Not answered yet", "Answer it")
        )
    whole = shown(Client(), f"/en/ideas/{head.pk}/")
    assert "We make it of steel." in whole
    assert "By itself this gets no answer" not in whole
    assert "Answer it" in shown(as_(here.lea), f"/en/ideas/{head.pk}/")
    api.merge_undo(here.ben, merge.pk, "r", when=here.at)
    assert "By itself this gets no answer" not in shown(Client(), f"/en/ideas/{part.pk}/")


def test_whoever_only_proposed_is_not_named_for_an_improvement(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, _other = ideas
    merge = proposed(here, here.dani, head, part)
    for by in (here.anna, here.ben):
        api.merge_agree(by, merge.pk, when=here.at)
    assert "with an improvement by" not in shown(Client(), f"/en/ideas/{head.pk}/versions/")
    api.merge_undo(here.ben, merge.pk, "r", when=here.at)
    assert people_of(Client(), head) == ["Anna Weber"]
    assert "with an improvement by" not in shown(Client(), f"/en/ideas/{head.pk}/versions/")


def test_a_newer_deal_is_asked_of_whoever_writes_on_or_decides_on_words(
    here: Place, ideas: list[Contribution]
) -> None:
    head, part, other = ideas
    merge = merged(here, head, part)
    newer = api.NewWords(head.title, again(head).body.replace("A lid that clicks", "Yours"))
    api.version_write(here.anna, head.pk, newer, again(head).version, when=here.at)
    anna, chloe, undo = as_(here.anna), as_(here.chloe), f"/en/together/{merge.pk}/undo/"
    deal = 'name="deal" value="2"'
    assert "deal" not in anna.get(undo).content.decode()
    api.deal_write(here.lea, here.challenge, DEAL._replace(licence="CC BY-SA"), reason="r", when=here.at)
    assert deal in anna.get(undo).content.decode()
    form = {"reason": "r", "base": again(head).version, "title": "Mine", "body": "Mine.", "deal": 2}
    refused = anna.post(undo, form)
    assert (refused.status_code, again(part).together_id) == (422, head.pk)
    assert "Read it, and tick that you agree." in words(refused.content.decode())
    assert anna.post(undo, {**form, "agreed": "1"}).status_code == 302
    assert (again(part).together_id, again(head).body) == (None, "Mine.")

    page = chloe.get(f"/en/ideas/{other.pk}/write/").content.decode()
    assert deal in page
    (draft,) = set(re.findall(r'action="(/en/drafts/[^"/]+/)"', page))
    form = {"contribution": other.pk, "base": 1, "saved": 0, "title": "Cork", "body": "Cork, all of it.",
            "kind": "idea", "do": "publish", "deal": 2}  # fmt: skip
    refused = chloe.post(draft, form)
    assert (refused.status_code, again(other).version) == (422, 1)
    assert "Read it, and tick that you agree." in words(refused.content.decode())
    assert chloe.post(draft, {**form, "saved": 1, "agreed": "1"}).status_code == 302
    assert (again(other).version, again(other).body) == (2, "Cork, all of it.")


def test_words_that_go_with_an_undoing_are_told_before(here: Place, ideas: list[Contribution]) -> None:
    head, part, _other = ideas
    merge = merged(here, head, part, title="One lid for all")
    anna = Member.objects.get(pk=here.anna.pk)
    api.forget_accounts([anna.account or 0])
    ben = as_(here.ben)
    assert "It is A lid with a click." in shown(ben, f"/en/ideas/{head.pk}/")
    undo = f"/en/together/{merge.pk}/undo/"
    assert "its words go for good" in shown(ben, undo)
    assert "It is A lid" not in shown(ben, f"/en/ideas/{head.pk}/versions/?from=1&to=2")
    assert ben.post(undo, {"reason": "Better apart."}).status_code == 302
    page = shown(Client(), f"/en/ideas/{head.pk}/")
    assert "their words went with them" in page
    assert "It is A lid" not in page
    shown(Client(), f"/en/together/{merge.pk}/")
