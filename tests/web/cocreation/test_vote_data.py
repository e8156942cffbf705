"""What a vote shows and gives away: options that were hidden, what cannot be compared, and a file to count again."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, voting
from django.test import Client
from typer.testing import CliRunner

from estime.cli.main import app
from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import poll_seal
from estime.cocreation.actions.hiding import Why, hide
from estime.cocreation.actions.options import option_hide, option_propose, options_from_contributions
from estime.cocreation.actions.polls import PollRules, poll_draft
from estime.cocreation.models import Ballot, Contribution, Option, Poll
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


def test_a_budget_counts_the_same_from_its_file(
    place: Factory, browser: Browser, moment: list[Any], tmp_path: Path
):
    """Projects of the same cost with few voters: that lots are drawn alike matters."""
    chance = Random(7)
    parameters = {"publish": "ballots", "budget": "2 500", "unit": "EUR"}
    costs = [chance.choice(["500", "500", "800", "1200"]) for _each in range(6)]
    made, poll = voting(place, "budget", 6, costs=costs, rules={"ties": "drawn"}, **parameters)
    choices = [sorted(chance.sample(range(1, 7), 2)) for _each in range(12)]
    cast_all(poll, crowd(12), choices, start=made.at, step=MINUTE)
    result = counted(poll)
    moment[0] = poll.closes + timedelta(days=8)
    poll_seal(poll, when=moment[0])
    path = tmp_path / "vote.pb"
    path.write_bytes(browser().get(f"/en/votes/{poll.pk}/data/?format=pb").content)
    again = CliRunner().invoke(app, ["tally", str(path), "--method", "budget", "--json", "--quick"])
    winners = json.loads(again.stdout)["winners"]
    assert sorted(map(int, winners)) == sorted(result.body["winners"])
    assert 0 < len(winners) < 6


def test_what_is_hidden_is_named_nowhere(place: Factory, browser: Browser, moment: list[Any]):
    """A contribution that is hidden while people vote, and a statement that a moderator took out."""
    made, poll = voting(place, "approval", 2, run=False)
    idea = Contribution.objects.create(
        space=made.space, challenge=made.challenge, kind="idea", title="Call 555 0100 for cheap lids",
        author=made.anna, at=made.at, changed=made.at, channel="estime", source="test/555",
    )  # fmt: skip
    options_from_contributions(made.lea, poll, [idea], when=poll.opens - MINUTE)
    cast_all(poll, crowd(6), [[1, 3], [1], [3], [3], [3], [1]], start=made.at, step=MINUTE)
    hide(made.mo, idea, Why("advertising", "It is an advertisement.", False), when=made.at)
    moment[0] = made.at + timedelta(hours=1)
    running = browser(made.ben).get(f"/en/votes/{poll.pk}/").content
    result = counted(poll)
    moment[0] = poll.closes + timedelta(days=8)
    poll_seal(poll, when=moment[0])
    pages = [running] + [
        browser(made.ben).get(f"/en/votes/{poll.pk}/{part}").content
        for part in ("", "result/", "data/", "data/?format=json")
    ]
    for named in (b"555 0100", b"cheap lids", b"test/555"):
        assert all(named not in page for page in pages), named
    assert all(b"hidden" in page for page in pages)
    assert result.body["scores"]["3"]["score"] == pytest.approx(4 / 6), "ballots that name it count"


def test_a_statement_that_was_taken_out_is_asked_and_named_no_more(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place, "groups", 3)
    moment[0] = made.at
    option = option_propose(made.anna, poll, "Whoever drinks this hates you", when=made.at)
    option_hide(made.mo, option, "hateful", when=made.at)
    for who in (made.ben, made.lea, None):
        page = browser(who).get(f"/en/votes/{poll.pk}/").content
        assert b"hates you" not in page
        assert b"not asked any more" in page
    asked = {browser(made.ben).get(f"/en/votes/{poll.pk}/?statement=4").content.count(b"hates") for _ in "ab"}
    assert asked == {0}
    refused = browser(made.ben).post(f"/en/votes/{poll.pk}/cast/", {"statement": "4", "vote": "1"})
    assert refused.status_code == 422
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(("lang", "words"), [("en", "Not comparable with the others"), ("fr", "comparable")])
def test_pairs_that_nobody_linked_are_said_not_to_be_comparable(
    place: Factory, browser: Browser, moment: list[Any], lang: str, words: str
):
    made, poll = voting(place, "pairwise", 5)
    for member, pair in zip(crowd(12), [[1, 2, -1], [2, 3, -1], [1, 3, -1], [4, 5, 1]] * 3, strict=True):
        ballot_cast(poll, member, pair, when=made.at)
    counted(poll)
    moment[0] = poll.closes + MINUTE
    page = browser().get(f"/{lang}/votes/{poll.pk}/result/").content.decode()
    assert words in page
    rows = [row for row in page.split("<tr")[2:] if "comparable" in row.split("</tr")[0]]
    assert len(rows) == 2, "4 and 5 were compared with each other only"


@pytest.mark.parametrize("field", ["o", "r-1", "x"])
def test_a_ballot_of_ten_megabytes_is_refused_unread(
    place: Factory, browser: Browser, moment: list[Any], field: str
):
    made, poll = voting(place)
    moment[0] = made.at
    huge = {field: "1" * 10_000_000}
    answer = browser(made.anna).post(f"/en/votes/{poll.pk}/cast/", huge)
    assert answer.status_code in (400, 413)
    many = "&".join(["o=1"] * 20_000)
    sent = browser(made.anna).generic(
        "POST", f"/en/votes/{poll.pk}/cast/", many, content_type="application/x-www-form-urlencoded"
    )
    assert sent.status_code in (400, 413)
    assert not Ballot.objects.exists()


# -- before it begins ----------------------------------------------------------------------------------------------


def test_the_page_of_a_vote_whose_moment_has_come_begins_it(
    place: Factory, browser: Browser, moment: list[Any]
):
    """No job ran. A stranger who reads the page brings about what the job would have done, once."""
    _made, poll = voting(place, run=False)
    moment[0] = poll.opens - MINUTE
    assert b"Begins on" in browser().get(f"/en/votes/{poll.pk}/").content
    assert Poll.objects.get(pk=poll.pk).opened is None
    moment[0] = poll.opens + MINUTE
    page = browser().get(f"/en/votes/{poll.pk}/").content
    assert b"Open until" in page
    assert b"Begins on" not in page
    assert Poll.objects.get(pk=poll.pk).opened == moment[0]
    moment[0] += MINUTE
    browser().get(f"/en/votes/{poll.pk}/")
    assert Poll.objects.get(pk=poll.pk).opened == moment[0] - MINUTE


def test_a_vote_that_cannot_begin_says_so_and_one_that_never_did_too(
    place: Factory, browser: Browser, moment: list[Any]
):
    _made, poll = voting(place, "ranked", 1, run=False)
    moment[0] = poll.opens + MINUTE
    assert b"about to begin" in browser().get(f"/en/votes/{poll.pk}/").content
    moment[0] = poll.closes + MINUTE
    assert b"did not take place" in browser().get(f"/en/votes/{poll.pk}/").content


def test_what_a_budget_costs_is_told_before_it_begins(place: Factory, browser: Browser, moment: list[Any]):
    _made, poll = voting(place, "budget", 2, costs=["5", "12.50"], run=False)
    moment[0] = poll.opens - MINUTE
    page = browser().get(f"/en/votes/{poll.pk}/").content.decode()
    assert "12.50\u00a0€" in page


def test_the_set_up_reads_amounts_and_names_what_it_cannot_read(place: Factory, browser: Browser):
    made = place("vote", "choose", opened=False)
    lead, new = browser(made.lea), f"/en/challenges/{made.challenge.pk}/votes/new/?method=budget"
    fields = {"title": "What first?", "binding": "1", "unit": "EUR", "who": "members", "ties": "drawn"}
    shown = lead.post(new, {**fields, "budget": "5.000"})
    assert shown.status_code == 422
    assert b"Write a number such as 5000 or 5000.50." in shown.content
    assert b'value="5.000"' in shown.content
    assert b"by the number below" not in shown.content
    assert b"published before the vote begins" in shown.content
    assert lead.post(new, {**fields, "budget": "9", "threshold": "ten"}).status_code == 422
    assert lead.post(new, {**fields, "budget": "5\u202f000,50"}).status_code == 302
    poll = Poll.objects.get()
    assert poll.parameters["budget"] == "5000.50"
    assert lead.post(f"/en/votes/{poll.pk}/set-up/", {**fields, "budget": poll.parameters["budget"]})
    options = f"/en/votes/{poll.pk}/set-up/options/"
    sent = {"title": "Étui", "cost": "1 200,50"}
    assert lead.post(options, sent).status_code == 302
    twice = lead.post(options, sent, follow=True).content.decode()
    assert "“Étui” is on the list already." in twice
    refused = lead.post(options, {"title": "ETUI", "cost": "7"})
    assert refused.status_code == 422
    assert "“Étui” is up for this vote already." in refused.content.decode()
    assert b'value="ETUI"' in refused.content
    assert [str(option.cost) for option in Option.objects.filter(poll=poll)] == ["1200.50"]


def test_where_everything_is_up_for_the_vote_the_pages_say_so_and_offer_nothing(
    place: Factory, browser: Browser
):
    made = place("vote", "choose", opened=False)
    poll = poll_draft(made.lea, made.challenge, PollRules("Which?", "approval", {"options": "all"}))
    pages = [browser(made.lea).get(f"/en/votes/{poll.pk}/set-up/").content]
    made.open()
    Poll.objects.filter(pk=poll.pk).update(opens=made.at + timedelta(days=1))
    pages.append(browser().get(f"/en/votes/{poll.pk}/").content)
    for page in pages:
        assert b"All contributions that stand in the challenge when the vote begins. 0 stand now." in page
        assert b"Add it" not in page
        assert b"Nothing yet" not in page


def test_what_members_voted_for_is_chosen_by_the_form_and_stands_in_what_was_made(
    place: Factory, browser: Browser, moment: list[Any]
):
    made, poll = voting(place)
    cast_all(poll, crowd(5), [[2]] * 5, start=made.at, step=MINUTE)
    counted(poll)
    moment[0] = poll.closes + MINUTE
    lead, new = browser(made.lea), f"/en/challenges/{made.challenge.pk}/outcomes/new/"
    option = Option.objects.get(poll=poll, number=2)
    form = lead.get(new).content
    assert f'name="won" value="{option.pk}"'.encode() in form
    assert f'name="won" value="{option.pk - 1}"'.encode() not in form, "it did not win"
    told = {"title": "The lid", "made": made.at.date().isoformat(), "won": str(option.pk), "do": "tell"}
    page = lead.post(new, told, follow=True).content.decode()
    assert "Members voted for it" in page
    assert f'<a href="/en/votes/{poll.pk}/result/">Lid 2</a>' in page
    assert "Nothing was named" not in page


def test_the_two_sentences_are_those_of_its_own_rules(place: Factory, browser: Browser):
    _made, poll = voting(place, most=2, seats=3)
    page = browser().get(f"/en/votes/{poll.pk}/").content
    assert b"Tick what you could live with, at most 2 things. The 3 that most people tick win." in page
