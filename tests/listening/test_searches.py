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

from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening import api
from estime.listening.actions import alerts
from estime.listening.actions.forget import forget_login
from estime.listening.actions.listen import listen
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
