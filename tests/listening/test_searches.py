"""Protects saved searches: nobody else's can be touched, and what they tell is told once, to whoever it is for."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from ledger.acts import act, rows
from ledger.search_cases import caught_up
from listening.plain import PlainReader

from estime.engagement import api as engagement
from estime.kernel import clock
from estime.kernel.home import home
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.listening import api
from estime.listening.actions import alerts
from estime.listening.actions.forget import forget_login
from estime.listening.actions.listen import listen
from estime.listening.models import Followed, Reading
from estime.listening.search_models import AlertsSeen, SavedSearch, SearchAlert
from estime.people.models import User

ROOT = Path(__file__).resolve().parents[2]
SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
BAD = api.SearchDraft("Bad", "", {"polarity": "negative"}, alert="each")


@pytest.fixture
def lea(db: None, _home: Path) -> User:
    _home.mkdir(mode=0o700, exist_ok=True)
    (_home / "secret").write_text("5e" * 32)
    return User.objects.create(email="lea@example.org", role="lead", name="Lea")


@pytest.fixture
def omar(lea: User) -> User:
    return User.objects.create(email="omar@example.org", role="analyst", name="Omar")


def said(first: int, *texts: str, days_ago: int = 0) -> None:
    """Texts of as many people, read and in the index."""
    when = clock.now() - timedelta(days=days_ago, minutes=5)
    drafts = [
        act(first + n, content=text, actor=f"p{first + n}", published=when) for n, text in enumerate(texts)
    ]
    ledger.append("forum", rows(*drafts))
    listen(reader=PlainReader(), processes=1)
    caught_up()


def a_day_on() -> None:
    SavedSearch.objects.update(looked=F("looked") - timedelta(days=1))


def test_kept_once_changed_and_deleted_by_whoever_owns_it(lea: User, omar: User) -> None:
    said(0, "Bad -")
    kept = api.search_save(lea, BAD)
    assert api.search_save(lea, BAD).pk == kept.pk
    assert SavedSearch.objects.count() == 1
    with pytest.raises(api.SearchInvalid):
        api.search_save(lea, api.SearchDraft("Bad", "", {"polarity": "positive"}))
    assert api.search_find(omar, kept.pk) is None
    with pytest.raises(api.SearchUnknown):
        api.search_change(omar, kept.pk, BAD)
    assert not api.search_delete(omar, kept.pk)
    api.search_change(lea, kept.pk, api.SearchDraft("Bad", "", {"polarity": "negative"}, shared=True))
    assert [one.pk for one in api.searches_listed(omar)] == [kept.pk]
    with pytest.raises(api.SearchUnknown):
        api.search_change(omar, kept.pk, BAD)
    assert api.search_delete(lea, kept.pk)
    assert not api.search_delete(lea, kept.pk)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (api.SearchDraft(" "), "name"),
        (api.SearchDraft("x" * 101), "name"),
        (api.SearchDraft("x", "w" * 301), "words"),
        (api.SearchDraft("x", asked={"polarity": "sour"}), "polarity"),
        (api.SearchDraft("x", asked={"channel": "nowhere"}), "channel"),
        (api.SearchDraft("x", asked={"target": "product-9"}), "target"),
        (api.SearchDraft("x", asked={"since": "2026-02-30"}), "since"),
        (api.SearchDraft("x", alert="loud"), "alert"),
        (api.SearchDraft("x", alert="rise", people=1), "people"),
        (api.SearchDraft("x", alert="rise", days=91), "days"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(lea: User, draft: api.SearchDraft, field: str) -> None:
    with pytest.raises(api.SearchInvalid) as refused:
        api.search_save(lea, draft)
    assert refused.value.data["field"] == field
    assert refused.value.todo
    assert not SavedSearch.objects.exists()


def test_new_texts_are_told_once_a_day(lea: User, mailoutbox: list[object]) -> None:
    said(0, "Bad -", "Old and bad -")
    api.search_save(lea, BAD)
    assert api.alerts_look() == 0  # what was there before the search is not news
    said(10, "Worse -", "Good +", "Since my chemo I cannot wear it -")
    assert api.searches_due()
    assert api.alerts_look() == 1
    (alert,) = SearchAlert.objects.all()
    assert (alert.texts, alert.people) == (1, 1)  # what reveals an illness is no news
    said(20, "Again -")
    assert api.alerts_look() == 0
    a_day_on()
    assert api.alerts_look() == 1
    assert api.alerts_mail() == 2
    assert api.alerts_mail() == 0
    assert not api.searches_due()
    assert len(mailoutbox) == 2
    mail = mailoutbox[0]
    assert mail.to == ["lea@example.org"]  # type: ignore[attr-defined]
    assert "Bad" in mail.subject  # type: ignore[attr-defined]
    assert "Worse" not in mail.body  # type: ignore[attr-defined]
    assert f"/listening/searches/alerts/{alert.pk}/" in mail.body  # type: ignore[attr-defined]


def test_what_the_index_does_not_hold_yet_is_told_later(lea: User) -> None:
    said(0, "Bad -")
    api.search_save(lea, BAD)
    ledger.append("forum", rows(act(10, content="Worse -")))
    listen(reader=PlainReader(), processes=1)
    assert api.alerts_look() == 0
    caught_up()
    assert api.alerts_look() == 1


def test_a_rise_is_told_once_in_its_days(lea: User) -> None:
    draft = api.SearchDraft("Bad", "", {"polarity": "negative"}, alert="rise", people=3, days=7)
    said(0, "Bad -", days_ago=10)
    api.search_save(lea, draft)
    said(10, "Bad -", "Worse -")
    assert api.alerts_look() == 0  # two people are no three
    a_day_on()
    said(20, "Bad too -")
    assert api.alerts_look() == 1
    (alert,) = SearchAlert.objects.all()
    assert (alert.people, alert.before, alert.texts) == (3, 1, 3)
    a_day_on()
    said(30, "Bad as well -")
    assert api.alerts_look() == 0
    SearchAlert.objects.update(until=clock.now().date() - timedelta(days=8), since=clock.now().date())
    a_day_on()
    said(40, *["Bad -"] * 3, days_ago=11)
    assert api.alerts_look() == 0  # now more than before, but not twice as many


def test_who_told_meanwhile_tells_alone(lea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers count the same; the second to write finds that it was told."""
    said(0, "Bad -")
    search = api.search_save(lea, BAD)
    said(10, "Worse -")
    first = alerts._look_each(search)
    assert (first, alerts._look_each(search)) == (True, False)
    assert SearchAlert.objects.count() == 1


def test_seen_alerts_are_ones_own(lea: User, omar: User) -> None:
    said(0, "Bad -")
    search = api.search_save(lea, BAD)
    said(10, "Worse -")
    api.alerts_look()
    (alert,) = SearchAlert.objects.all()
    assert (api.alerts_unseen(lea), api.alerts_unseen(omar)) == (1, 0)
    api.alerts_seen(omar, alert.pk)
    assert not AlertsSeen.objects.exists()
    SavedSearch.objects.filter(pk=search.pk).update(shared=True)
    assert api.alerts_unseen(omar) == 1
    api.alerts_seen(lea, alert.pk)
    api.alerts_seen(lea, alert.pk)
    assert (api.alerts_unseen(lea), api.alerts_unseen(omar)) == (0, 1)


def listed(*names: str) -> None:
    told = (f'[[listening.targets]]\nkind = "product"\nname = "{name}"\n' for name in names)
    (home() / "estime.toml").write_text("".join(told))


def about(name: str) -> None:
    """All texts so far are read as about this product; those that are so already stay."""
    (one,) = (target for target in api.targets_listed() if target.name == name)
    Reading.objects.filter(target=0).update(target=2, target_id=one.identity)


def test_a_search_means_its_target_wherever_the_list_has_it(lea: User) -> None:
    """Kept by name: reordered it tells of the same, no longer listed it tells nothing, listed again it goes on."""
    listed("Alto 20", "Brisa")
    said(0, "Old")
    about("Brisa")
    draft = api.SearchDraft("B", "", {"target": "product-BRISA"}, alert="each")
    search = api.search_save(lea, draft)
    assert search.asked == {"target": "product-brisa"}
    assert api.search_save(lea, draft).pk == search.pk
    listed("Brisa", "Corto", "Alto 20")
    said(10, "One of Brisa", "Two of Brisa")
    about("Brisa")
    said(20, "One of Alto")
    about("Alto 20")
    assert api.alerts_look() == 1
    assert SearchAlert.objects.get().texts == 2
    listed("Alto 20")
    assert set(api.search_amiss(search)) == {"target"}
    said(30, "Three of Alto")
    about("Alto 20")
    a_day_on()
    assert api.alerts_look() == 0
    listed("Corto", "Brisa")
    assert api.search_amiss(search) == {}
    said(40, "Three of Brisa")
    about("Brisa")
    a_day_on()
    assert api.alerts_look() == 1


def test_no_rise_is_told_while_earlier_texts_are_read_again(lea: User) -> None:
    """New texts are read first: against earlier ones that are read otherwise they would always be more."""
    said(0, "Bad -")
    draft = api.SearchDraft("Bad", "", {"polarity": "negative"}, alert="rise", people=2, days=7)
    api.search_save(lea, draft)
    said(10, "Bad -", "Worse -")
    Followed.objects.update(until_seq=1)
    assert not api.searches_due()
    assert api.alerts_look() == 0
    Followed.objects.update(again_seq=1)
    assert api.alerts_look() == 1


def test_words_that_name_somebody_go_with_them(lea: User, omar: User) -> None:
    User.objects.filter(pk=lea.pk).update(language="en")
    said(0, "Bad -")
    named = api.search_save(lea, api.SearchDraft("What ANNA_B says", 'bad "@Anna_b"', {}, alert="each"))
    other = api.search_save(omar, api.SearchDraft("Ann", "bad ann", {}, shared=True))
    ledger.append("forum", rows(act(9, content="Bad says anna_b -", actor="anna_b")))
    said(10, "Bad says @anna_b -")
    assert api.alerts_look() == 1
    key = ledger.account_key("forum", "anna_b")
    for _twice in range(2):
        api.names_forget([key])
        named.refresh_from_db()
        assert (named.words, named.words_gone, named.name) == ("", True, f"Search {named.pk}")
    assert not SearchAlert.objects.exists()
    assert set(api.search_amiss(named)) == {"words"}
    other.refresh_from_db()
    assert (other.words, other.name, other.words_gone) == ("bad ann", "Ann", False), "Ann is another name"
    ledger.erase_accounts([key], Lake(str(home() / "lake")))
    said(20, "Whatever")
    a_day_on()
    assert api.alerts_look() == 0, "without its words it would find all there is"
    changed = api.search_change(lea, named.pk, api.SearchDraft("Bad", "bad", {}, alert="each"))
    assert (changed.words_gone, api.search_amiss(changed)) == (False, {})
    said(30, "Bad again")
    a_day_on()
    assert api.alerts_look() == 1


def test_erasing_somebody_takes_their_name_out_of_searches(lea: User, omar: User) -> None:
    """Of an account of a channel its handle, of a login its whole name; a first name alone may be any word."""
    said(0, "Bad -")
    kept = {
        words: api.search_save(lea, api.SearchDraft(words, words)).pk
        for words in ("p0", "omar el amrani", "omar")
    }
    engagement.erase("forum", "p0")
    User.objects.filter(pk=omar.pk).update(name="Omar el-Amrani")
    omar.refresh_from_db()
    engagement.erase_login(omar)
    gone = set(SavedSearch.objects.filter(words_gone=True).values_list("pk", flat=True))
    assert gone == {kept["p0"], kept["omar el amrani"]}
    assert not SavedSearch.objects.filter(name__in=["p0", "omar el amrani"]).exists()


@pytest.mark.parametrize(
    ("words", "name", "held"),
    [
        ("merci @Élodie-P!", "elodie-p", True),
        ("savonnette", "savon", False),
        ("-🐱", "🐱", True),
        ("merci", "🐱", False),
        ("anna bee", "Anna Bee", True),
        ("anna, bee", "bee anna", False),
        ("merci", " ", False),
    ],
)
def test_names_are_found_whole(lea: User, words: str, name: str, held: bool) -> None:
    search = api.search_save(lea, api.SearchDraft("x", words))
    assert api.searches_forget([name, None]) == held
    search.refresh_from_db()
    assert search.words_gone is held


def test_nothing_is_left_of_an_erased_login(lea: User, mailoutbox: list[object]) -> None:
    said(0, "Bad -")
    api.search_save(lea, BAD)
    said(10, "Worse -")
    api.alerts_look()
    lea.is_active = False
    lea.save()
    assert api.alerts_mail() == 0
    assert not mailoutbox
    forget_login(lea.pk)
    assert not SavedSearch.objects.exists()
    assert not SearchAlert.objects.exists()


@SQLITE
@pytest.mark.slow
def test_killed_anywhere_nothing_is_lost_or_told_twice(installed: Path) -> None:
    """Before and after each commit and each mail: see killing_searches.py."""
    environment = {"ESTIME_HOME": str(installed), "DJANGO_SETTINGS_MODULE": "estime.config.settings"}
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    told = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing_searches.py"))],
        env={**os.environ, **environment, "PYTHONPATH": paths},
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr + told.stdout
    found = json.loads(told.stdout.splitlines()[-1])
    assert sum(found["texts"]) == 16
    assert all(
        before[1] == after[0] for before, after in zip(found["steps"], found["steps"][1:], strict=False)
    )
    assert all(found["mailed"])
    assert found["mails"] == found["different"] == len(found["texts"])
