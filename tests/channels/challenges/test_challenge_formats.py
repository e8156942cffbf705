"""Protects what each format becomes: counted by hand on small sources with the columns of the real ones."""

import json

import pytest
from handmade import UNDECIDED

from estime.channels.errors import DocumentInvalid, FormatUnclear, MappingInvalid
from estime.channels.models import Import
from estime.cocreation.models import (
    Ballot,
    Challenge,
    Comment,
    Contribution,
    Link,
    Member,
    Option,
    Poll,
    Result,
)
from estime.ledger.models import Act, Observation

pytestmark = pytest.mark.django_db


def ballots(poll: Poll) -> dict[str, object]:
    """Handle → what stands on the ballot, by titles of options."""
    titles = {str(number): title for number, title in poll.options.values_list("number", "title")}
    found = {}
    for link in Link.objects.filter(poll=poll).select_related("member"):
        content = json.loads(Ballot.objects.get(pk=link.ballot).content)
        if isinstance(content, dict):
            content = {titles[number]: mark for number, mark in content.items()}
        else:
            content = [
                [titles[str(each[0])], titles[str(each[1])], each[2]]
                if isinstance(each, list)
                else titles[str(each)]
                for each in content
            ]
        found[link.member.handle] = content
    return found


def test_a_polis_conversation_is_a_vote_on_statements(bring, source):
    told = bring(source("polis"), channel="square")
    assert (told.format, told.title, told.rejected) == ("polis", "Where to put the benches?", 0)
    challenge = Challenge.objects.get(pk=told.challenge)
    assert (challenge.source, challenge.problem, challenge.power) == ("7square", "Two\nlines", "listen")
    assert challenge.opened.year == 2017
    assert (challenge.people_count, challenge.answer_by) == (4, None)
    poll = challenge.polls.get()
    assert (poll.method, poll.secret, poll.binding) == ("groups", False, False)
    assert poll.sealed is not None
    hidden = dict(poll.options.values_list("title", "hidden"))
    assert hidden == {"In the shade": False, "Nowhere, at all": False, "Buy my benches": True}
    cast = ballots(poll)
    assert cast["7square/0"] == {"In the shade": 1, "Nowhere, at all": -1}, "the last vote counts"
    assert cast["7square/3"] == {"In the shade": 1}
    assert Result.objects.get(poll=poll).ballots == 4
    assert Member.objects.get(handle="7square/2").name == "Participant 2"
    assert Member.objects.get(handle="7square/2").account is not None
    assert Option.objects.get(title__startswith="Nowhere").by.handle == "7square/2"


def test_a_wiki_survey_is_a_vote_between_two(bring, source):
    told = bring(source("pairs") / "wikisurvey_square_ideas.csv")
    poll = Poll.objects.get()
    assert (told.channel, told.rejected, poll.method, poll.source) == (
        "allourideas",
        0,
        "pairwise",
        "allourideas/77",
    )
    assert told.notes == ["1 vote was marked as not valid, and left out."]
    assert ballots(poll)["allourideas/77/902"] == [
        ["A fountain", "A kiosk", -1],
        ["A fountain", "A car park", -1],
    ], "what is asked twice counts as answered last"
    assert poll.options.get(title="A car park").hidden
    assert poll.results.get().body["winners"] == [poll.options.get(title="A fountain").number]


def test_who_could_not_decide_counts_as_answered(bring, source):
    """“I can't decide” is the last word of a session on a pair like any other; what was only shown is none."""
    folder = source("pairs")
    (folder / "wikisurvey_square_nonvotes.csv").write_text(UNDECIDED)
    told = bring(folder)
    assert [(one.line, one.code) for one in told.first_rejects] == [(5, "bad-field")]
    cast = ballots(Poll.objects.get())
    assert cast["allourideas/77/903"] == [["A fountain", "A kiosk", 0]]
    assert ["A fountain", "A kiosk", 0] in cast["allourideas/77/901"], "said after the vote on the same pair"
    assert "allourideas/77/904" not in cast
    skipped = Act.objects.get(source_id="allourideas/77/skip/8")
    assert skipped.value == 0
    assert json.loads(skipped.extra)["reason"] == "like_both"
    again = bring(folder)
    assert (again.new, again.rejected) == (0, 1)


def test_a_budget_of_pabulib(bring, source):
    told = bring(source("pb"))
    poll = Poll.objects.get()
    assert (poll.title, poll.method, poll.parameters["budget"]) == ("Square budget", "budget", "1000.00")
    assert [(o.title, str(o.cost)) for o in poll.options.order_by("number")] == [
        ("Trees", "600.00"),
        ("Benches", "400.50"),
    ]
    codes = {(one.line, one.code) for one in told.first_rejects}
    assert codes == {(14, "bad-number"), (20, "bad-field"), (21, "option-missing")}
    assert ballots(poll)["pb/square/v3"] == ["Trees", "Benches"]
    assert poll.closes.isoformat() == "2022-10-16T00:00:00+00:00"
    assert Act.objects.filter(object_type="Vote").count() == 5


def test_a_budget_says_when_it_ended(bring, source):
    with pytest.raises(DocumentInvalid, match="when the vote ended"):
        bring(source("pb", square=("date_end;15.10.2022\n", "")))


def test_proposals_of_madrid_name_nobody(bring, source):
    told = bring(source("madrid"))
    assert [(one.line, one.code) for one in told.first_rejects] == [(4, "bad-time")]
    shade, fountain = Contribution.objects.order_by("source")
    assert (shade.title, shade.body, shade.supports) == ("Sombra en la plaza", "Más árboles & bancos.", 120)
    assert fountain.withdrawn is not None
    assert shade.author.name == ""
    assert shade.author.account is None
    assert Act.objects.count() == 0, "an act is what one account did, and none is named"
    total = Observation.objects.get()
    assert (total.metric, total.value, total.object_id) == ("supports", 120, shade.source)
    assert told.counts["people"] == 0


def test_proposals_and_comments_of_decidim(bring, source):
    told = bring(source("decidim"))
    assert told.notes == ["1 other files of the export are left out."]
    assert [(one.line, one.code) for one in told.first_rejects] == [(5, "answered-missing")]
    shade = Contribution.objects.get(title="Una ombra")
    assert (shade.body, shade.lang, shade.supports, shade.author.name) == (
        "Amb arbres",
        "ca",
        7,
        "Núria Puig",
    )
    assert Contribution.objects.get(title="Una fuente").withdrawn is not None
    meeting = Contribution.objects.get(title="Meeting 8")
    assert meeting.body == "https://d.example/m/8"
    first, second, third = Comment.objects.order_by("source")
    assert (first.contribution, second.contribution, third.contribution) == (shade, shade, meeting)
    assert (second.root, second.parent, first.replies) == (first, first, 1)
    shade.refresh_from_db()
    assert shade.comments == 2
    assert json.loads(Act.objects.get(source_id=first.source).extra) == {"alignment": 1}


def test_any_csv_by_a_mapping(bring, source):
    told = bring(source("ideas"), mapping="town-votes")
    assert [(one.line, one.code) for one in told.first_rejects] == [(5, "place-missing")]
    first, second = Contribution.objects.order_by("source")
    assert (first.title, first.kind, first.author.name) == ("A shady square", "idea", "Ana Ruiz")
    assert second.kind == "tip"
    assert len(second.title) <= 160
    assert second.body.startswith("Long Long")
    threads = {one.source.rpartition("/")[2]: one for one in Comment.objects.all()}
    assert threads["k3"].parent == threads["k2"]
    assert threads["k3"].root == threads["k1"]
    poll = Poll.objects.get()
    assert poll.options.get(contribution=first).title == first.title
    assert ballots(poll)["v1"] == [first.title, poll.options.get(contribution=second).title]
    assert first.at.isoformat() == "2025-03-01T09:00:00+00:00", "of the mapping's zone"
    assert Import.objects.get().rejected == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tables: [{rows: votes, fields: {author: a, option: b, at: c}}]", "method"),
        ("tables: [{rows: ideas, fields: {}}]", "tables.0.rows"),
        ("tables: [{rows: contributions, fields: {id: a, title: b, at: c, cost: d}}]", "no field “cost”"),
        ("tables: [{rows: comments, fields: {id: a, body: b}}]", "comments need at"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_where(bring, source, tmp_path, text, says):
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    with pytest.raises(MappingInvalid, match=says):
        bring(source("ideas"), mapping=path)


def test_what_nobody_knows_is_asked(bring, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FormatUnclear, match=r"list\.csv"):
        bring(path)
