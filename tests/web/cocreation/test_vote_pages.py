"""Pages of votes: every method by its form, who may do what, and that no page tells how somebody voted."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, voting
from django.test import Client

from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import poll_close, poll_seal
from estime.cocreation.actions.objections import poll_object
from estime.cocreation.actions.opening import poll_open
from estime.cocreation.models import Ballot, Objection, Option, Poll, Result, Voter
from estime.kernel import clock

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What time it is; changed in the test."""
    now = [clock.now()]
    monkeypatch.setattr("estime.kernel.clock.now", lambda: now[0])
    return now


def content(poll: Poll) -> Any:
    return orjson.loads(Ballot.objects.get(poll=poll).content)


@pytest.mark.parametrize(
    ("method", "form", "kept"),
    [
        ("approval", {"o": ["1", "3"]}, [1, 3]),
        ("approval", {}, []),
        ("score", {"s-1": "5", "s-2": "", "s-3": "0"}, {"1": 5}),
        ("ranked", {"r-1": "2", "r-2": "2", "r-3": "", "r-4": "1"}, [[4], [1, 2]]),
        ("budget", {"o": ["2", "4"]}, [2, 4]),
        ("groups", {"statement": "2", "vote": "-1"}, {"2": -1}),
    ],
)
def test_each_ballot_is_a_form(
    place: Factory, browser: Browser, moment: list[Any], method: str, form: dict[str, Any], kept: Any
):
    made, poll = voting(place, method)
    moment[0] = made.at
    client = browser(made.anna)
    page = client.get(f"/en/votes/{poll.pk}/")
    assert page.status_code == 200
    for name in form:
        assert f'name="{name}"'.encode() in page.content, name
    sent = client.post(f"/en/votes/{poll.pk}/cast/", form)
    assert sent.status_code == 302
    assert content(poll) == kept
    assert client.get(f"/en/votes/{poll.pk}/").status_code == 200
    assert client.post(f"/en/votes/{poll.pk}/take-back/").status_code == 302
    assert not Ballot.objects.exists()


def test_pairs_are_answered_as_they_are_asked(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place, "pairwise", 3)
    moment[0] = made.at
    client = browser(made.anna)
    for answered in range(3):
        page = client.get(f"/en/votes/{poll.pk}/").content.decode()
        again = client.get(f"/en/votes/{poll.pk}/").content.decode()
        left, right = hidden(page, "left"), hidden(page, "right")
        assert (left, right) == (hidden(again, "left"), hidden(again, "right")), (
            "loading again draws no other pair"
        )
        other = ({1, 2, 3} - {int(left), int(right)}).pop()
        forged = {"left": str(other), "right": right, "which": "1"}
        assert client.post(f"/en/votes/{poll.pk}/cast/", forged).status_code == 302
        assert Ballot.objects.count() == (1 if answered else 0), "nobody chooses which pairs they answer"
        client.post(f"/en/votes/{poll.pk}/cast/", {"left": left, "right": right, "which": "-1"})
        assert len(content(poll)) == answered + 1
    assert b"compared all of them" in client.get(f"/en/votes/{poll.pk}/").content


@pytest.mark.parametrize("method", ["pairwise", "groups"])
def test_one_answer_is_changed_and_taken_back_by_itself(
    place: Factory, browser: Browser, moment: list[Any], method: str
):
    made, poll = voting(place, method, 3)
    moment[0] = made.at
    for choice in [{"1": 1}, {"2": -1}] if method == "groups" else [[1, 2, -1], [1, 3, 0]]:
        ballot_cast(poll, made.anna, choice, when=made.at)
    before, address = content(poll), f"/en/votes/{poll.pk}/"
    client = browser(made.anna)
    assert b"Lid 2" not in client.get(address + "?answers").content.split(b"Your answers")[0].split(b"<h1")[1]
    about = ["2"] if method == "groups" else ["1", "2"]
    assert client.post(address + "answers/", {"do": "change", "about": about}).status_code == 302
    page = client.get(address).content.decode()
    assert f"Your answer so far: {'Disagree' if method == 'groups' else 'Lid 1'}" in page
    form = {"again": hidden(page, "again")} | (
        {"statement": hidden(page, "statement"), "vote": "1"}
        if method == "groups"
        else {"left": hidden(page, "left"), "right": hidden(page, "right"), "which": "1"}
    )
    assert client.post(address + "cast/", form)["Location"] == address + "?answers&changed#ballot"
    changed = {**before, "2": 1} if method == "groups" else [[1, 2, 1], before[1]]
    assert content(poll) == changed
    assert "so far:" not in client.get(address).content.decode(), "then it is asked on"
    client.post(address + "answers/", {"do": "change", "about": about})
    client.post(address + "answers/", {"do": "leave"})
    assert "so far:" not in client.get(address).content.decode()
    assert client.post(address + "answers/", {"do": "back", "about": about}).status_code == 302
    assert len(content(poll)) == 1
    assert client.post(address + "answers/", {"do": "back", "about": ["x"]}).status_code == 422
    client.post(address + "answers/", {"do": "change", "about": ["2", "3"]})
    assert "so far:" not in client.get(address).content.decode(), "nobody chooses what they are asked"
    for other in (made.ben, made.lea, made.mo, None):
        assert b"Take back" not in browser(other).get(address + "?answers").content
    moment[0] = poll.closes
    assert b"Take back" not in client.get(address + "?answers").content
    assert client.post(address + "answers/", {"do": "back", "about": about}).status_code == 422
    assert len(content(poll)) == 1


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def test_a_score_begins_at_0_and_says_nothing_else_for_none(
    place: Factory, browser: Browser, moment: list[Any]
):
    """Left out and 0 are the same to the count, so the form has one of them and the ballot is written in one way."""
    made, poll = voting(place, "score", 2, top=3)
    moment[0] = made.at
    page = browser(made.anna).get(f"/en/votes/{poll.pk}/").content.decode()
    assert re.findall(r'<option value="([^"]*)"', page.split('name="s-1"')[1].split("</select>")[0]) == [
        *"0123"
    ]
    ballot_cast(poll, made.anna, {"1": 3, "2": 0}, when=made.at)
    ballot_cast(poll, made.ben, {"1": 3}, when=made.at)
    assert {one.content for one in Ballot.objects.all()} == {'{"1":3}'}


def test_a_ballot_is_shown_to_its_owner_alone_and_when_asked_for(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place)
    moment[0] = made.at
    ballot_cast(poll, made.anna, [2], when=made.at)
    address = f"/en/votes/{poll.pk}/"
    assert b"checked" not in browser(made.anna).get(address).content
    assert b'value="2" checked' in browser(made.anna).get(address + "?change").content
    for other in (made.ben, made.lea, made.remi, made.alix, made.mo, None):
        shown = browser(other).get(address + "?change")
        assert shown.status_code == 200
        assert b"checked" not in shown.content


def test_no_page_before_the_count_tells_how_it_stands(place: Factory, browser: Browser, moment: list[Any]):
    """Two votes alike but for how people voted: every page of everybody else reads the same."""
    made, poll = voting(place)
    moment[0] = made.at
    told = []
    for choice in ([1], [2, 3]):
        for member in made.members[:3]:
            ballot_cast(poll, member, choice, when=made.at)
        told.append(
            [
                page(browser, who, path)
                for who in (made.dani, made.lea, made.alix, None)
                for path in paths(poll)
            ]
        )
    assert told[0] == told[1]
    assert any(status == 200 for status, _ in told[0])


def paths(poll: Poll) -> list[str]:
    here = f"/en/votes/{poll.pk}/"
    challenge = f"/en/challenges/{poll.challenge_id}/"
    parts = ("result/", "data/", "data/?format=json", "set-up/")
    return [here, here + "?change", challenge, challenge + "votes/", *(here + part for part in parts)]


def page(browser: Browser, who: Any, path: str) -> tuple[int, str]:
    shown = browser(who).get(path)
    text = re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", shown.content.decode())
    return shown.status_code, text


def test_refusals_say_what_to_do_and_keep_what_was_typed(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place, most=1)
    moment[0] = made.at
    refused = browser(made.anna).post(f"/en/votes/{poll.pk}/cast/", {"o": ["1", "2"]})
    assert refused.status_code == 422
    assert b"at most 1" in refused.content
    assert refused.content.count(b" checked") == 2
    assert browser(made.lea).post(f"/en/votes/{poll.pk}/cast/", {"o": ["1"]}).status_code == 422
    moment[0] = poll.closes
    late = browser(made.anna).post(f"/en/votes/{poll.pk}/cast/", {"o": ["1"]})
    assert late.status_code == 422
    assert b"This vote is closed" in late.content
    assert not Voter.objects.exists()


@pytest.mark.parametrize("form", [{"o": "x"}, {"o": "9" * 5000}, {"left": "1"}, {"s-x": "1"}, {"vote": "1"}])
def test_forms_that_no_page_sends_do_no_harm(
    place: Factory, browser: Browser, moment: list[Any], form: dict[str, str]
):
    made, poll = voting(place, "ranked")
    moment[0] = made.at
    assert browser(made.anna).post(f"/en/votes/{poll.pk}/cast/", {"r-x": "1", **form}).status_code == 422
    assert (
        browser(made.anna).post(f"/en/votes/{poll.pk}/cast/", {"r-1": "9" * 5000, **form}).status_code == 422
    )


def test_a_budget_adds_up_without_javascript(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place, "budget", 3, costs=["5", "7.50", "20"])
    moment[0] = made.at
    shown = browser(made.anna).post(f"/en/votes/{poll.pk}/cast/", {"o": ["1", "2"], "do": "sum"})
    assert "12.50\u00a0€ of 30\u00a0€" in shown.content.decode()
    assert not Ballot.objects.exists()


def test_members_add_statements_and_moderators_take_some_out(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place, "groups", 2)
    moment[0] = made.at
    added = browser(made.ben).post(f"/en/votes/{poll.pk}/propose/", {"title": "<b>The cap</b> is small"})
    assert added.status_code == 302
    option = Option.objects.get(poll=poll, number=3)
    shown = browser(made.mo).get(f"/en/votes/{poll.pk}/").content
    assert b"&lt;b&gt;The cap" in shown
    assert b"Ask no more" in shown
    assert b"Ask no more" not in browser(made.ben).get(f"/en/votes/{poll.pk}/").content
    path = f"/en/votes/{poll.pk}/hide/"
    assert browser(made.ben).post(path, {"number": "3", "reason": "hateful"}).status_code == 422
    assert browser(made.mo).post(path, {"number": "3", "reason": "hateful"}).status_code == 302
    option.refresh_from_db()
    assert option.hidden
    assert b"not asked any more" in browser().get(f"/en/votes/{poll.pk}/").content


@pytest.mark.parametrize("method", ["approval", "score", "ranked", "pairwise", "budget"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_result_reads_in_both_languages(
    place: Factory, browser: Browser, moment: list[Any], method: str, lang: str
):
    choice = {"score": {"1": 5, "2": 1}, "ranked": [[1], [2, 3]], "pairwise": [1, 2, -1]}.get(method, [1])
    made, poll = voting(place, method)
    cast_all(poll, crowd(21), [choice] * 21, start=made.at, step=timedelta(hours=1))
    counted(poll)
    moment[0] = poll.closes + MINUTE
    shown = browser().get(f"/{lang}/votes/{poll.pk}/result/").content.decode()
    assert "Lid 1" in shown
    assert ("How fragile is it?" if lang == "en" else "fragile") in shown
    assert 'class="winner"' in shown
    assert "style=" not in shown


def test_few_voters_see_no_figures(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place)
    cast_all(poll, made.members, [[1]] * 4, start=made.at, step=MINUTE)
    counted(poll)
    moment[0] = poll.closes + MINUTE
    shown = browser().get(f"/en/votes/{poll.pk}/result/").content.decode()
    assert "“Lid 1” is chosen." in shown
    assert "only the winner is told" in shown
    assert "%" not in shown.split("<main")[1]


def test_opinion_groups_are_drawn_without_people(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place, "groups", 6)
    for place_, member in enumerate(crowd(48)):
        side = 1 if place_ % 2 else -1
        ballot_cast(
            poll, member, {str(n): side if n % 2 else -side for n in range(1, 6)} | {"6": 1}, when=made.at
        )
    counted(poll)
    moment[0] = poll.closes + MINUTE
    shown = browser().get(f"/en/votes/{poll.pk}/result/").content.decode()
    assert "2 groups" in shown
    assert "Group A" in shown
    assert shown.count('<circle class="group-1"') + shown.count('<circle class="group-2"') < 48
    assert "What divides" in shown


def test_objecting_and_answering(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place)
    cast_all(poll, [*made.members, *crowd(4)], [[1]] * 8, start=made.at, step=MINUTE)
    counted(poll)
    moment[0] = poll.closes + timedelta(days=1)
    path = f"/en/votes/{poll.pk}/object/"
    assert browser(made.anna).post(path, {"words": ""}).status_code == 422
    assert browser(made.remi).post(path, {"words": "Me too"}).status_code == 422
    assert browser(made.anna).post(path, {"words": "It closed an hour early."}).status_code == 302
    said = Objection.objects.get()
    answer = f"/en/votes/{poll.pk}/objections/{said.pk}/"
    assert browser(made.ben).get(answer).status_code == 403
    assert (
        browser(made.lea).post(answer, {"answer": "It did not: see the log.", "again": "1"}).status_code
        == 302
    )
    shown = browser().get(f"/en/votes/{poll.pk}/result/").content
    assert b"It closed an hour early." in shown
    assert "Léa Martin".encode() in shown
    assert Result.objects.filter(poll=poll).count() == 2


def test_an_objection_belongs_to_its_vote(place: Factory, browser: Browser, moment: list[Any]):
    made, poll = voting(place)
    cast_all(poll, made.members, [[1]] * 4, start=made.at, step=MINUTE)
    counted(poll)
    said = poll_object(made.anna, poll, "Words", when=poll.closes + MINUTE)
    moment[0] = poll.closes + MINUTE
    assert browser(made.lea).get(f"/en/votes/{poll.pk + 1}/objections/{said.pk}/").status_code == 404


def test_data_comes_after_the_sealing_and_without_small_cells(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place, "budget", 3)
    cast_all(poll, crowd(12), [[1]] * 6 + [[2, 3]] * 5 + [[1, 2, 3]], start=made.at, step=MINUTE)
    counted(poll)
    moment[0] = poll.closes + timedelta(days=8)
    address = f"/en/votes/{poll.pk}/data/"
    assert browser(made.alix).get(address).status_code == 404
    poll_seal(poll, when=moment[0])
    table = browser().get(address).content.decode().splitlines()
    assert table[:4] == ["ballot,voters", "[1],6", '"[2,3]",5', ",1"]
    votes = browser().get(address + "?format=pb").content.decode()
    assert votes.splitlines()[:2] == ["META", "key;value"]
    assert votes.split("VOTES\n")[1].count("\n") == 12
    assert browser().get(address + "?format=json").json()["ballots_not_told"] == 1
    assert browser().get(address + "?format=xml").status_code == 404


def test_each_ballot_is_published_where_the_rules_said_so(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place, publish="ballots")
    cast_all(poll, crowd(6), [[1], [2], [3], [4], [1, 2], [1]], start=made.at, step=MINUTE)
    counted(poll)
    moment[0] = poll.closes + timedelta(days=8)
    poll_seal(poll, when=moment[0])
    assert len(browser().get(f"/en/votes/{poll.pk}/data/?format=json").json()["ballots"]) == 5


def test_an_open_vote_says_so_before_and_shows_names_after(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place, rules={"secret": False})
    moment[0] = made.at
    assert b"everybody sees who chose what" in browser(made.anna).get(f"/en/votes/{poll.pk}/").content
    cast_all(poll, made.members, [[1], [1], [2], [3]], start=made.at, step=MINUTE)
    counted(poll)
    assert "Anna Weber</dt><dd>Lid 1" in browser().get(f"/en/votes/{poll.pk}/result/").content.decode()


# -- preparing -----------------------------------------------------------------------------------------------------


def test_a_lead_prepares_a_vote_by_forms(place: Factory, browser: Browser):
    made = place("vote", "choose", opened=False)
    lead = browser(made.lea)
    new = f"/en/challenges/{made.challenge.pk}/votes/new/"
    assert b"Share out a budget" in lead.get(new).content
    for method in ("approval", "score", "ranked", "pairwise", "budget", "groups"):
        assert lead.get(f"{new}?method={method}").status_code == 200
    fields = {
        "title": "What first?", "binding": "1", "budget": "0", "unit": "EUR", "who": "members", "threshold": "3",
        "ties": "older", "publish": "counts", "objection_days": "7", "young_days": "7", "alike_minutes": "10",
    }  # fmt: skip
    refused = lead.post(f"{new}?method=budget", fields)
    assert refused.status_code == 422
    assert b"What first?" in refused.content
    assert lead.post(f"{new}?method=budget", {**fields, "threshold": "x", "budget": "100"}).status_code == 422
    assert lead.post(f"{new}?method=budget", {**fields, "budget": "100,50"}).status_code == 302
    poll = Poll.objects.get()
    assert (poll.threshold, poll.parameters["budget"], poll.binding) == (3, "100.50", True)
    options = f"/en/votes/{poll.pk}/set-up/options/"
    assert lead.post(options, {"title": "A clip", "cost": ""}).status_code == 422
    assert lead.post(options, {"title": "A clip", "cost": "12"}).status_code == 302
    assert lead.post(options, {"title": "A clasp", "cost": "20"}).status_code == 302
    assert lead.post(options, {"remove": "1"}).status_code == 302
    assert [option.title for option in Option.objects.filter(poll=poll)] == ["A clasp"]
    setting_up = f"/en/votes/{poll.pk}/set-up/"
    assert lead.get(setting_up).status_code == 200
    assert lead.post(setting_up, {**fields, "budget": "90", "title": "What comes first?"}).status_code == 302
    made.open()
    assert lead.post(setting_up, {**fields, "budget": "10"}).status_code == 422
    assert lead.post(f"/en/votes/{poll.pk}/set-up/discard/").status_code == 422
    poll.refresh_from_db()
    assert (poll.title, poll.parameters["budget"]) == ("What comes first?", "90")
    assert b"locked" in lead.get(setting_up).content


def test_nobody_else_prepares_or_sees_it(place: Factory, browser: Browser):
    made, poll = voting(place, run=False)
    for who in (made.anna, made.remi, made.mo):
        assert browser(who).get(f"/en/votes/{poll.pk}/set-up/").status_code == 403
        assert browser(who).post(f"/en/votes/{poll.pk}/set-up/options/", {"title": "x"}).status_code == 403
        assert browser(who).get(f"/en/challenges/{made.challenge.pk}/votes/new/").status_code == 403
    draft = place_draft(made)
    for who in (made.anna, None):
        assert browser(who).get(f"/en/votes/{draft.pk}/").status_code == 404


def place_draft(made: Any) -> Poll:
    return Poll.objects.create(
        challenge=made.challenge, title="Later", method="groups", seed=0, binding=False, opens=made.at,
        closes=made.at + MINUTE, parameters={},
    )  # fmt: skip


def test_a_private_space_tells_strangers_nothing(place: Factory, browser: Browser):
    _made, poll = voting(lambda *a, **k: place(*a, public=False, **k))
    for path in paths(poll):
        assert browser().get(path).status_code in (302, 404), path


def test_a_vote_costs_the_same_queries_whatever_it_holds(
    place: Factory, browser: Browser, moment: list[Any], django_assert_max_num_queries: Callable[..., Any]
):
    made, poll = voting(place)
    moment[0] = made.at
    client = browser(made.anna)
    pages = {f"/en/votes/{poll.pk}/": 14, f"/en/challenges/{made.challenge.pk}/votes/": 8}
    for path in pages:
        client.get(path)
    for _round in range(3):
        cast_all(poll, crowd(4), [[1]] * 4, start=moment[0], step=timedelta(0))
        for path, most in pages.items():
            with django_assert_max_num_queries(most):
                assert client.get(path).status_code == 200


def test_the_votes_of_a_challenge_are_listed(place: Factory, browser: Browser):
    made, poll = voting(place)
    shown = browser().get(f"/en/challenges/{made.challenge.pk}/votes/").content
    assert b"Which?" in shown
    assert b"Prepare a vote" not in shown
    assert b"Prepare a vote" in browser(made.lea).get(f"/en/challenges/{made.challenge.pk}/votes/").content
    poll_close(poll, when=poll.closes)
    assert browser().get(f"/en/votes/{poll.pk}/").status_code == 200
    assert poll_open(poll).pk == poll.pk
