"""Protects the pages that tell people what became of what they gave: questions, answers, promises, outcomes, mine."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cocreation.answering import TAKEN, idea
from cocreation.places import Place, place_made
from django.core.cache import cache
from django.test import Client
from PIL import Image
from web.pages import page, words

from estime.cocreation import api as cocreation
from estime.cocreation.models import (
    Considered,
    Contribution,
    Decision,
    Interpellation,
    Member,
    Outcome,
    Picture,
    Pledge,
    Space,
    Support,
)
from estime.kernel import clock
from estime.people.api import User

NOW = clock.now().replace(microsecond=0)
MORNING = NOW.replace(hour=1)
PAST = NOW - timedelta(days=40)
FUTURE = (NOW + timedelta(days=30)).date().isoformat()
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def here(db: None, _home: Path) -> Place:
    cache.clear()
    made = place_made("decide", at=PAST)
    Space.objects.update(threshold=2)
    return made


@pytest.fixture
def as_(here: Place) -> Callable[[Member], Client]:
    def signed(member: Member) -> Client:
        client = Client()
        assert member.user is not None
        client.force_login(member.user)
        return client

    return signed


def sent(client: Client, path: str, form: dict[str, Any], code: int = 200) -> str:
    """The page that a form leads to, as words."""
    answer = client.post(path, form, follow=True)
    assert answer.status_code == code, (path, answer.status_code)
    return words(answer.content.decode())


def test_a_question_is_asked_joined_owed_answered_late_and_judged(
    here: Place, as_: Callable[[Member], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, ben, remi = as_(here.anna), as_(here.ben), as_(here.remi)
    form = {"title": "Why is the zip <b>glued</b>?", "body": "It **cannot** be repaired.", "once": "a-1"}
    told = sent(anna, f"/en/spaces/{here.space.slug}/questions/ask/", form)
    assert "1 more, and an answer by name is owed." in told
    asked = Interpellation.objects.get()
    sent(anna, f"/en/spaces/{here.space.slug}/questions/ask/", form)
    assert Interpellation.objects.count() == 1, "a form sent twice asks once"
    at = f"/en/questions/{asked.pk}/"
    for _twice in range(2):
        assert "2 people ask this" in sent(ben, f"{at}join/", {})
    assert "1 person asks this" in sent(ben, f"{at}leave/", {})
    Interpellation.objects.update(reached=PAST, due=MORNING - timedelta(days=2, hours=2))
    with monkeypatch.context() as early:
        early.setattr(clock, "now", lambda: MORNING)
        html = remi.get(at).content.decode()
    assert "3 days late" in words(html), "days of the calendar, as the days beside it"
    assert "<b>glued" not in html
    assert "<strong>cannot</strong>" in html
    assert "To keep" in words(html)
    assert "Answer a question asked in public" in page(as_(here.lea), "/en/to-keep/")
    assert "The answer" in sent(remi, f"{at}answer/", {"body": "Glue holds 5,000 openings."})
    told = page(Client(), at)
    assert "Rémi Faure · speaks for" in told
    assert "Does it take what you said into account?" not in told
    assert "Does it take what you said into account?" in page(anna, at)
    assert "It is counted" in sent(anna, f"{at}considered/", {"says": "part"})
    assert Considered.objects.get().says == "part"


def test_a_new_account_that_asks_a_lot_is_told_when_to_go_on(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    """Three questions on a first day; the words of the fourth stand on the page that says so."""
    Member.objects.filter(pk=here.anna.pk).update(joined=NOW)
    User.objects.filter(pk=here.anna.user_id).update(date_joined=NOW)
    anna, path = as_(here.anna), f"/en/spaces/{here.space.slug}/questions/ask/"
    answers = [
        anna.post(path, {"title": f"Why {n}?", "body": "My story.", "once": f"o{n}"}) for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    told = words(answers[-1].content.decode())
    for part in ("New accounts can do this a few times only", "Go on in 8 hours.", "My story."):
        assert part in told, part


def test_a_question_without_words_keeps_what_was_typed(here: Place, as_: Callable[[Member], Client]) -> None:
    path = f"/en/challenges/{here.challenge.pk}/questions/ask/"
    smiles = as_(here.anna).post(path, {"title": "😀😀😀", "body": ""})
    assert smiles.status_code == 422
    assert "neither a letter nor a digit" in smiles.content.decode()
    answer = as_(here.anna).post(path, {"title": " ", "body": "My long story."})
    assert answer.status_code == 422
    assert "My long story." in answer.content.decode()
    assert not Interpellation.objects.exists()


def test_answers_are_given_one_after_the_other(here: Place, as_: Callable[[Member], Client]) -> None:
    first, second = idea(here, here.anna), idea(here, here.ben, "A clip")
    lea = as_(here.lea)
    assert "Answer what members gave" in page(lea, "/en/to-keep/")
    work = f"/en/challenges/{here.challenge.pk}/answers/"
    assert "2 have no answer yet." in page(lea, work)
    form = {
        "outcome": "taken",
        "reason": "Merci beaucoup !",
        "lives_on": "The buckle.",
        "seen": "0",
        "list": "1",
    }
    doubted = lea.post(f"/en/ideas/{first.pk}/decide/", form)
    assert doubted.status_code == 422
    assert "This thanks, and gives no reason." in words(doubted.content.decode())
    assert not Decision.objects.exists()
    empty = lea.post(f"/en/ideas/{first.pk}/decide/", {"list": "1", "reason": "-", "promise": "A bag."})
    told = words(empty.content.decode())
    assert empty.status_code == 422
    for part in (
        "It is not said what becomes of it.",
        "neither a letter nor a digit",
        "Something is missing here.",
        "A promise needs a day.",
        "0 of 2 are answered.",
    ):
        assert part in told, part
    nothing = {**form, "reason": TAKEN.reason, "lives_on": "Rien."}
    told = words(lea.post(f"/en/ideas/{first.pk}/decide/", nothing).content.decode())
    assert "Nothing at all lives on?" in told
    promised = {**form, "sure": "1", "promise": "A first bag.", "due": FUTURE}
    onward = lea.post(f"/en/ideas/{first.pk}/decide/", promised)
    assert onward["Location"] == f"{work}?after={first.pk}"
    assert (Decision.objects.get().outcome, Pledge.objects.get().what) == ("taken", "A first bag.")
    told = page(lea, onward["Location"])
    assert "A clip" in told
    assert "1 has no answer yet." in told
    later = lea.post(
        f"/en/ideas/{second.pk}/decide/", {**form, "outcome": "later", "reason": TAKEN.reason, "again": ""}
    )
    assert "Give the day, as in" in words(later.content.decode())
    beside = page(Client(), f"/en/ideas/{first.pk}/")
    for part in (
        "Taken up",
        "What of it lives on",
        "The buckle.",
        "Léa Martin · speaks for",
        "A first bag.",
        "For ",
    ):
        assert part in beside, part


def test_a_promise_whose_day_is_wrong_takes_its_decision_with_it(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    made = idea(here, here.anna)
    form = {
        "outcome": "taken",
        "reason": TAKEN.reason,
        "lives_on": "x",
        "seen": "0",
        "promise": "A bag.",
        "due": "2001-01-01",
    }
    answer = as_(here.lea).post(f"/en/ideas/{made.pk}/decide/", form)
    assert answer.status_code == 422
    assert "A promise needs a day to come." in words(answer.content.decode())
    assert not Decision.objects.exists()


def test_a_promise_is_moved_and_the_old_day_stays(
    here: Place, as_: Callable[[Member], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = idea(here, here.anna)
    old = cocreation.pledge_make(
        here.lea, made, cocreation.PledgeWords("A bag.", PAST + timedelta(days=2)), when=PAST
    )
    lea, at = as_(here.lea), f"/en/promises/{old.pk}/"
    with monkeypatch.context() as then:
        then.setattr(clock, "now", lambda: NOW)
        assert "38 days late" in page(Client(), f"/en/ideas/{made.pk}/")
    assert "Keep a promise" in page(lea, "/en/to-keep/?kind=pledge")
    told = sent(lea, at, {"do": "move", "what": "A bag.", "due": FUTURE})
    assert "First promised for" in told
    assert "This promise has a new day." in page(lea, at)
    new = Pledge.objects.get(replaces=old)
    assert "Taken back" in sent(
        lea, f"/en/promises/{new.pk}/", {"do": "waive", "reason": "The supplier is gone."}
    )
    assert lea.post(at, {"do": "explode"}).status_code == 422
    assert as_(here.anna).get(at).status_code == 403


def test_an_outcome_shows_all_that_it_came_from(here: Place, as_: Callable[[Member], Client]) -> None:
    root = idea(here, here.chloe, "A knot")
    made = idea(here, here.anna, built_on=root)
    other = idea(here, here.dani, "A loop")
    cocreation.decision_write(here.lea, made.pk, TAKEN, when=PAST)
    lea, new = as_(here.lea), f"/en/challenges/{here.challenge.pk}/outcomes/new/"
    html = lea.get(new).content.decode()
    assert f'value="taken:{made.pk}:0" checked' in html
    assert f'value="built_on:{root.pk}:0" checked' in html
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "#1f5c4d").save(picture, "PNG")
    picture.seek(0)
    picture.name = "bag.png"
    form = {"title": "The bag", "made": PAST.date().isoformat(), "body": "In shops.", "once": "o-1"}
    with_it = lea.post(new, {**form, "do": "picture", "alt": "A bag", "picture": picture})
    assert with_it.status_code == 200, words(with_it.content.decode())
    shown = Picture.objects.get()
    assert f'name="shown" value="{shown.pk}" checked' in with_it.content.decode()
    form |= {
        "do": "tell",
        "shown": str(shown.pk),
        "source": [f"taken:{made.pk}:0", f"built_on:{root.pk}:0"],
        "more": str(other.pk),
    }
    told = sent(lea, new, form)
    relations = ("It was taken up.", "It was built on this.", "A part of it lives on.")
    for part in ("The bag", "Anna Weber", "Chloé Petit", "Dani Silva", *relations):
        assert part in told, part
    assert told.count("It was taken up.") == 1
    assert "A part of it lives on in this" in page(Client(), f"/en/ideas/{other.pk}/")
    sent(lea, new, form)
    (outcome,) = Outcome.objects.all()
    assert outcome.pictures.get() == shown
    assert "The bag" in page(Client(), f"/en/challenges/{here.challenge.pk}/outcomes/")
    assert as_(here.remi).get(new).status_code == 403


def test_my_contributions_tell_what_became_of_each(here: Place, as_: Callable[[Member], Client]) -> None:
    made = idea(here, here.anna)
    Support.objects.create(contribution=made, member=here.dani, at=PAST)
    empty = page(as_(here.dani), "/en/me/contributions/")
    assert "1 support" in empty
    cocreation.decision_write(here.lea, made.pk, TAKEN, when=PAST)
    asked = cocreation.question_ask(here.dani, here.space, cocreation.QuestionWords("Why?"), when=PAST)
    told = page(as_(here.dani), "/en/me/contributions/")
    assert told.index("Why?") < told.index("A buckle"), "what changed last stands first"
    for part in ("you asked it", "you support it", "Taken up", "Léa Martin answered: taken up."):
        assert part in told, part
    cocreation.question_answer(here.remi, asked.pk, "Because.")
    assert "Rémi Faure answered." in page(as_(here.dani), "/en/me/contributions/")
    hiding = cocreation.hide(here.lea, made, cocreation.Why("advertising", "It sells a shop.", False))
    own = as_(here.anna).get("/en/me/contributions/").content.decode()
    assert f'href="/en/hidden/{hiding.pk}/"' in own, "where whoever wrote it can appeal"
    assert "A buckle" in words(own)
    assert "It sells a shop." in words(own)
    others = page(as_(here.dani), "/en/me/contributions/")
    assert "A buckle" not in others
    assert "Something that is not shown any more" in others
    assert Client().get("/en/me/contributions/").status_code == 302


def test_digests_are_chosen_and_ended_with_one_post(here: Place, as_: Callable[[Member], Client]) -> None:
    anna = as_(here.anna)
    sent(anna, "/en/me/digests/", {"rhythm": "daily"})
    assert Member.objects.get(pk=here.anna.pk).digest == "daily"
    assert anna.post("/en/me/digests/", {"rhythm": "hourly"}).status_code == 422
    path = f"/en/digests/stop/{cocreation.stop_token(here.anna.pk)}/"
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert Member.objects.get(pk=here.anna.pk).digest == "daily", "mail programs look ahead"
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Member.objects.get(pk=here.anna.pk).digest == "never"
    assert not stranger.cookies.get("sessionid"), "it signs nobody in"
    assert here.anna.name not in stranger.get(path).content.decode()
    assert stranger.post("/en/digests/stop/7:nonsense/").status_code == 404


def test_what_people_say_is_shown_from_ten_on(here: Place) -> None:
    path = f"/en/spaces/{here.space.slug}/considered/"
    decision = cocreation.decision_write(here.lea, idea(here, here.anna).pk, TAKEN, when=PAST)
    Decision.objects.filter(pk=decision.pk).update(said_yes=6, said_no=3)
    assert "Fewer than 10 people said something: not shown." in page(Client(), path)
    Decision.objects.filter(pk=decision.pk).update(said_part=1)
    told = page(Client(), path)
    assert "6 (60" in told
    assert "Léa" not in told


def test_a_feed_is_valid_and_known_when_it_did_not_change(here: Place) -> None:
    made = idea(here, here.anna, "A <buckle> & more")
    cocreation.decision_write(here.lea, made.pk, TAKEN, when=PAST)
    for path in (f"/en/spaces/{here.space.slug}/feed.xml", f"/fr/challenges/{here.challenge.pk}/feed.xml"):
        answer = Client().get(path)
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        root = ET.fromstring(answer.content)  # noqa: S314  our own
        assert root.tag == f"{ATOM}feed"
        for needed in ("id", "title", "updated"):
            assert root.find(ATOM + needed) is not None
        assert root.find(f"{ATOM}link[@rel='self']") is not None
        entries = root.findall(f"{ATOM}entry")
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) > 0
        assert any(entry.findtext(f"{ATOM}title") == "A <buckle> & more" for entry in entries)
        assert b"@example.org" not in answer.content
        again = Client().get(path, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert Client().get(path, headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304
        Contribution.objects.filter(pk=made.pk).update(hidden=True)
        after = Client().get(path, headers={"If-None-Match": answer["ETag"]})
        assert after.status_code == 200, "what was hidden since is fetched anew"
        assert b"buckle" not in after.content
        Contribution.objects.filter(pk=made.pk).update(hidden=False)


def test_a_card_is_a_picture_of_its_words(here: Place) -> None:
    path = f"/en/challenges/{here.challenge.pk}/card.png"
    answer = Client().get(path)
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.size, image.format) == ((1200, 630), "PNG")
    assert Client().get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    html = Client().get(f"/en/challenges/{here.challenge.pk}/").content.decode()
    assert f'<meta property="og:image" content="http://testserver{path}">' in html
    long = cocreation.Card("S" * 300, "Donaudampfschifffahrtsgesellschaft " * 40, "p", "x", "b", "#1f5c4d")
    assert cocreation.card_png(long)[:4] == b"\x89PNG"


def test_the_widget_may_be_framed_and_nothing_else(here: Place, as_: Callable[[Member], Client]) -> None:
    made = idea(here, here.anna)
    path = f"/en/challenges/{here.challenge.pk}/widget/"
    answer = as_(here.anna).get(path)
    assert "X-Frame-Options" not in answer
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert not answer.cookies
    html = answer.content.decode()
    assert "<script" not in html
    assert "<form" not in html
    assert html == page_html(path), "the same for everybody: it tells nothing of whoever is signed in"
    assert f"{path}&#34;" in page_html(f"/en/challenges/{here.challenge.pk}/") or path in page_html(
        f"/en/challenges/{here.challenge.pk}/"
    )
    for other in (
        "/en/",
        f"/en/ideas/{made.pk}/",
        f"/en/spaces/{here.space.slug}/",
        "/en/account/login/",
        f"{path}x",
    ):
        framed = Client().get(other)
        assert framed["X-Frame-Options"] == "DENY", other
        assert "frame-ancestors 'none'" in framed["Content-Security-Policy"], other


def page_html(path: str) -> str:
    return Client().get(path).content.decode()


def test_a_closed_space_is_not_there_for_strangers(here: Place, as_: Callable[[Member], Client]) -> None:
    made = idea(here, here.anna)
    asked = cocreation.question_ask(here.anna, here.space, cocreation.QuestionWords("Why?"), when=PAST)
    outcome = cocreation.outcome_make(
        here.lea, here.challenge.pk, cocreation.OutcomeWords("Bag", "", PAST.date()), [], when=PAST
    )
    Space.objects.update(public=False)
    challenge, space = f"/en/challenges/{here.challenge.pk}", f"/en/spaces/{here.space.slug}"
    paths = [
        *(f"{space}/{part}" for part in ("questions/", "considered/", "feed.xml")),
        *(f"{challenge}/{part}" for part in ("decisions/", "outcomes/", "feed.xml", "card.png", "widget/")),
        f"/en/questions/{asked.pk}/",
        f"/en/outcomes/{outcome.pk}/",
    ]
    for path in paths:
        assert Client().get(path).status_code == 404, path
    ben = as_(here.ben)
    for path in (f"{space}/questions/", f"/en/questions/{asked.pk}/", f"/en/outcomes/{outcome.pk}/"):
        assert ben.get(path).status_code == 200, path
    assert made.pk
