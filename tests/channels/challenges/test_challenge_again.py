"""Protects what an import must not do: double, forget, bring back what was erased, or leave half of it behind."""

import re
from datetime import timedelta
from inspect import getsource
from pathlib import Path
from time import monotonic

import pytest
from cocreation.places import person
from handmade import DECIDIM, IDEAS
from processes import need

from estime.channels import api as channels
from estime.channels.challenges import importing
from estime.channels.challenges.api import Overrides, challenge_import
from estime.channels.models import Import
from estime.cli import main
from estime.cocreation import api as cocreation
from estime.cocreation.actions import bring_answers, bring_checks, bring_things, bring_votes
from estime.cocreation.errors import NotAllowed, Taken
from estime.cocreation.models import (
    Author,
    Ballot,
    Challenge,
    Comment,
    Contribution,
    Decision,
    Member,
    Option,
    Poll,
    Space,
    Support,
    Voter,
)
from estime.kernel import clock
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.ledger.models import Act, Observation

ROWS = (
    *(Challenge, Contribution, Author, Comment, Decision, Support, Option, Poll, Ballot, Voter, Member, Act),
    Observation,
)


def standing() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in ROWS}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["polis", "pairs", "madrid", "decidim", "pb"])
def test_twice_is_once(bring, source, name):
    bring(source(name))
    before = standing()
    again = bring(source(name))
    assert standing() == before
    assert (again.new, again.fresh) == (0, False)
    assert before["Challenge"] == 1


@pytest.mark.django_db
def test_acts_and_challenge_in_either_order_are_each_once(bring, source, space):
    path = source("polis")
    bring(path, channel="one")
    channels.import_path(path, channel="one", format="polis")
    first = sorted(Act.objects.filter(channel__name="one").values_list("source_id", flat=True))
    channels.import_path(path, channel="two", format="polis")
    told = bring(path, channel="two")
    assert told.new == 0
    assert sorted(Act.objects.filter(channel__name="two").values_list("source_id", flat=True)) == first
    assert len(first) == len(set(first)) == 3 + 8 + 1, "statements, votes, and one that was taken back"


@pytest.mark.django_db
def test_a_dry_run_leaves_nothing(bring, source):
    before = standing()
    told = bring(source("decidim"), dry_run=True)
    assert (told.status, told.new, told.counts["comments"]) == ("dry-run", 8, 3), "one of them is an answer"
    assert standing() == before
    assert Import.objects.count() == 0
    assert ledger.channels() == []


@pytest.mark.django_db
def test_a_broken_row_costs_itself_only(bring, source):
    told = bring(source("polis", votes=(",1,2,-1", ",1,2,perhaps")))
    assert [(one.line, one.code) for one in told.first_rejects] == [(8, "bad-number")]
    assert told.status == "partial"
    assert told.rejects_path is not None
    assert "perhaps" in told.rejects_path.read_text()
    record = Import.objects.get()
    assert (record.rejected, record.status) == (1, "partial")
    assert not channels.mendable(record)
    mended = bring(source("polis"))
    assert mended.rejected == 1, "the vote is closed: what comes later is refused and told"
    assert [one.code for one in mended.first_rejects] == ["vote-closed"]


@pytest.mark.django_db
def test_a_running_vote_takes_in_what_is_new(bring, source):
    until = Overrides(closes=clock.now() + timedelta(days=9))
    few = bring(source("polis", votes=("1500001200000,x,0,0,1\n", "")), overrides=until)
    poll = Poll.objects.get()
    assert poll.closed is None
    more = bring(source("polis"), overrides=until)
    assert (few.rejected, more.rejected, more.new) == (0, 0, 2), (
        "the vote thought again, and the one it replaces"
    )
    assert Ballot.objects.filter(poll=poll).count() == 4
    number = Option.objects.get(title="In the shade").number
    zero = cocreation.ballot_own(poll, Member.objects.get(handle="7square/0"))
    assert zero[str(number)] == 1


def test_what_was_erased_stays_away(installed, tmp_path):
    for name, text in DECIDIM.items():
        (tmp_path / name).write_text(text)
    space = Space.objects.create(slug="square", title="Square", threshold=25, created=clock.now())
    lake = Lake(str(installed / "lake"))
    challenge_import(tmp_path / "open-data-proposals.csv", space, channel="town")
    ledger.archive(lake)
    key = ledger.account_key("town", "42")
    ledger.erase_accounts([key], lake)
    cocreation.forget_accounts([key])
    before = standing()
    again = challenge_import(tmp_path / "open-data-proposals.csv", space, channel="town")
    assert again.erased == 1
    assert standing() == before
    assert not Contribution.objects.filter(title="Una fuente").exists()
    assert not Member.objects.filter(name="Joan").exists()


@pytest.mark.django_db
def test_it_stands_in_one_space(bring, source, space):
    bring(source("polis"))
    other = Space.objects.create(slug="other", title="Other", threshold=2, created=clock.now())
    with pytest.raises(Taken, match="another space"):
        challenge_import(source("polis"), other)


@pytest.mark.django_db
def test_only_who_leads_brings(source, space):
    member, lead = person("Anna Weber"), person("Léa Martin", "lead")
    with pytest.raises(NotAllowed):
        challenge_import(source("polis"), space, by=member)
    assert Challenge.objects.count() == 0
    assert challenge_import(source("polis"), space, by=lead).fresh


@pytest.mark.django_db
def test_an_import_promises_nothing(bring, source, space):
    bring(source("decidim"))
    assert cocreation.power_of(space).opened == 0
    for debts in (cocreation.answers_debts, cocreation.outcome_debts, cocreation.vote_debts):
        assert debts.count(clock.now()) == (0, 0)


def test_on_both_databases_a_fall_leaves_no_half(installed, tmp_path, monkeypatch):
    """The challenge is there whole, or its acts are not there either; started again it is completed."""
    folder = tmp_path / "square"
    folder.mkdir()
    for name, text in IDEAS.items():
        (folder / name).write_text(text)
    space = Space.objects.create(slug="square", title="Square", threshold=25, created=clock.now())

    def fall(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("estime.cocreation.actions.bring._counts", fall)
        with pytest.raises(RuntimeError):
            challenge_import(folder, space, mapping="town-votes")
    assert (Challenge.objects.count(), Act.objects.count()) == (0, 0)
    assert Import.objects.get().status == "failed"
    with monkeypatch.context() as patched:
        patched.setattr("estime.cocreation.actions.bring.poll_count", fall)
        with pytest.raises(RuntimeError):
            challenge_import(folder, space, mapping="town-votes")
    assert Poll.objects.get().counted is None
    told = challenge_import(folder, space, mapping="town-votes")
    assert (told.fresh, told.new) == (False, 0)
    poll = Poll.objects.get()
    assert poll.counted is not None
    assert poll.sealed is not None
    assert Challenge.objects.get().contributions_count == 2
    assert not Import.objects.filter(stopped=True).exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_largest_sample_in_seconds(space, monkeypatch):
    monkeypatch.setattr("estime.cocreation.actions.bring.finish", lambda poll: None)
    folder = Path(main.__file__).parent / "samples/polis/scoop-hivemind.affordable-housing"
    begun = monotonic()
    told = challenge_import(folder, space, channel="housing")
    assert (told.counts["voters"], told.counts["options"], told.rejected) == (381, 165, 0)
    assert monotonic() - begun < 30, "a second or two on a quiet machine"


@pytest.mark.django_db
def test_real_exports_of_cities(bring):
    folder = Path("/work/shared/data/ideas")
    need(folder.exists(), "The exports of Decidim and Decide Madrid are data for development, not shipped.")
    madrid = bring(folder / "decide_madrid_proposals_2024.csv")
    assert (madrid.counts["contributions"], madrid.rejected) == (
        1437 - Contribution.objects.exclude(withdrawn=None).count(),
        0,
    )
    decidim = bring(folder / "decidim_barcelona_result_comments.csv")
    assert (decidim.counts["comments"], decidim.counts["contributions"]) == (87, 57)


def test_reasons_are_told_for_every_code():
    told = "".join(map(getsource, (bring_answers, bring_things, bring_votes)))
    used = set(re.findall(r'refuse\([^"]*"([a-z-]+)"', told))
    used |= set(re.findall(r'return "([a-z-]+)"', getsource(bring_checks)))
    assert used == set(importing.WHY)
