"""Protects the pages of listening: what is asked for and nothing else, in words, for whoever may read it."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from ledger.acts import act, rows
from ledger.search_cases import caught_up
from listening.plain import PlainReader
from web.test_acts import signed_in

from estime.kernel import clock
from estime.kernel.home import home
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.ledger.models import Act
from estime.listening import api as listening
from estime.listening.actions.listen import listen
from estime.listening.models import Reading
from estime.people import api as people
from estime.people.models import User
from estime.readouts.mentions import people_named
from estime.web.sealed import seal, unseal

SAID = ("Good +", "So bad - @anna_b", "What? -?", "Bad - @brand", "Since my chemo I cannot wear it -")


@pytest.fixture
def heard(db: None, _home: Path) -> None:
    (_home / "secret").write_text("5e" * 32)
    (_home / "secret").chmod(0o600)
    said(0, *SAID)


def said(first: int, *texts: str) -> None:
    when = clock.now() - timedelta(hours=1)
    drafts = [
        act(first + n, content=text, actor=f"p{first + n}", published=when) for n, text in enumerate(texts)
    ]
    ledger.append("forum", rows(*drafts))
    caught_up()
    listen(reader=PlainReader(), processes=1)


def shown(page: str) -> list[str]:
    """The texts in a list."""
    plain = page.replace("<mark>", "").replace("</mark>", "")
    return re.findall(r'<blockquote class="said-by"><p[^>]*>([^<]*)</p>', plain)


def test_texts_with_their_readings_in_words(heard: None) -> None:
    lead = signed_in("lead")
    page = lead.get("/en/listening/texts/").content.decode()
    assert set(shown(page)) == set(SAID[:4])
    assert "Reads as negative, 80" in page
    assert "It cannot be told how it reads" in page
    assert "about the brand" in page
    assert "1 text that reveals health" in page
    assert "chemo" not in page
    page = lead.get("/en/listening/texts/?polarity=negative&target=brand").content.decode()
    assert shown(page) == [SAID[3]]
    page = lead.get("/en/listening/texts/?polarity=unclear").content.decode()
    assert shown(page) == [SAID[2]]


def test_a_search_is_sealed_and_leads_back(heard: None) -> None:
    lead = signed_in("lead")
    answer = lead.post("/en/listening/texts/find/", {"words": "bad", "polarity": "negative", "channel": ""})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    sealed = asked["text"][0]
    assert sealed != "bad"
    assert unseal(sealed) == "bad"
    assert "bad" not in answer["Location"].replace(sealed, "")  # random letters may well spell it
    page = lead.get(answer["Location"]).content.decode()
    assert set(shown(page)) == {SAID[1], SAID[3]}
    assert re.findall(r"<mark>(\w+)</mark>", page) == ["Bad", "bad"]
    assert all("?text=" in address for address in re.findall(r'href="(/en/acts/[0-9a-f-]{36}/[^"]*)"', page))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("polarity=sour", "There is no such reading."),
        ("emotion=hunger", "There is no such emotion."),
        ("lang=xx", "There is no such language here."),
        ("target=product-7", "Nothing of this name is listed."),
        ("since=yesterday", "Write it like 2026-03-31."),
        ("since=2026-03-02&until=2026-03-01", "before the first one"),
        ("channel=nowhere", "There is no channel of this name."),
        ("alike=x", "is not here"),
        ("text=stale", "Type it once more"),
    ],
)
def test_what_cannot_be_read_is_told_and_lists_nothing(heard: None, query: str, words: str) -> None:
    page = signed_in("lead").get(f"/en/listening/texts/?{query}").content.decode()
    assert words in page
    assert not shown(page)


def test_who_may_not_see_people_sees_none(heard: None) -> None:
    page = signed_in("analyst").get("/en/listening/texts/").content.decode()
    assert "anna_b" not in page
    assert "So bad - @…" in page
    assert not re.search(r">p\d<", page)
    member = signed_in("member")
    for path in ("texts/", "targets/", "searches/"):
        assert member.get(f"/en/listening/{path}").status_code == 403


def test_the_page_of_an_act_tells_how_it_reads(heard: None) -> None:
    lead = signed_in("lead")
    bad, chemo = (Act.objects.get(content=SAID[place]).id for place in (3, 4))
    assert "Reads as negative, 80" in lead.get(f"/en/acts/{bad}/").content.decode()
    assert "Reads as" not in lead.get(f"/en/acts/{chemo}/").content.decode()


def test_a_search_is_saved_once_and_is_its_owners(heard: None) -> None:
    lead, analyst = signed_in("lead"), signed_in("analyst")
    form = lead.get("/en/listening/searches/new/?polarity=negative").content.decode()
    assert re.search(r'<option value="negative" selected', form)
    sent = {"name": "Bad", "polarity": "negative", "alert": "each", "people": "10", "days": "7"}
    for _twice in range(2):
        assert lead.post("/en/listening/searches/new/", sent).status_code == 302
    (search,) = listening.SavedSearch.objects.all()
    refused = lead.post("/en/listening/searches/new/", {**sent, "polarity": "positive"})
    assert refused.status_code == 400
    assert "Give this one another name." in refused.content.decode()
    place = f"/en/listening/searches/{search.pk}/"
    assert analyst.get(place).status_code == 404
    assert analyst.post(place, sent).status_code == 404
    analyst.post(f"{place}delete/")
    assert lead.post(place, {**sent, "shared": "1"}).status_code == 302
    page = analyst.get("/en/listening/searches/").content.decode()
    assert "shared by Lead" in page
    assert analyst.get(place).status_code == 404
    taken = [json.loads(b"".join(who.get("/en/me/contributions/file/"))) for who in (lead, analyst)]  # type: ignore[arg-type]
    assert [[one["name"] for one in told["searches"]] for told in taken] == [["Bad"], []]
    assert lead.post(f"{place}delete/").status_code == 302
    assert lead.post(f"{place}delete/").status_code == 302
    assert not listening.SavedSearch.objects.exists()


def test_a_search_that_finds_nothing_any_more_says_so(heard: None) -> None:
    """What it asked for is no longer listed, or was somebody who is erased: it never asks for anything else."""
    (home() / "estime.toml").write_text('[[listening.targets]]\nkind = "product"\nname = "Crème d’été"\n')
    lead = signed_in("lead")
    lea = User.objects.get(role="lead")
    product = listening.search_save(lea, listening.SearchDraft("P", asked={"target": "product-crème d’été"}))
    person = listening.search_save(lea, listening.SearchDraft("Who", "p3", {"polarity": "negative"}))
    page = lead.get("/en/listening/searches/").content.decode()
    assert "about Crème d’été" in page
    assert "finds nothing" not in page
    (home() / "estime.toml").write_text("")
    listening.names_forget([ledger.account_key("forum", "p3")])
    page = lead.get("/en/listening/searches/").content.decode()
    assert "about “creme d ete”, no longer listed" in page
    assert page.count("It finds nothing, and tells nothing, until it is changed.") == 2
    assert "Its words named somebody who was erased" in page
    assert re.findall(r'<h3><a href="([^"]*)"', page) == ["/en/listening/texts/?target=product-creme-d-ete"]
    assert not shown(lead.get("/en/listening/texts/?target=product-creme-d-ete").content.decode())
    form = lead.get(f"/en/listening/searches/{product.pk}/").content.decode()
    assert '<option value="product-creme-d-ete" selected' in form
    assert "Nothing of this name is listed." in form
    sent = {"name": "Q", "target": "product-creme-d-ete", "alert": "", "people": "10", "days": "7"}
    assert lead.post(f"/en/listening/searches/{product.pk}/", sent).status_code == 400
    form = lead.get(f"/en/listening/searches/{person.pk}/").content.decode()
    assert "Its words named somebody who was erased" in form
    sent = {**sent, "name": "Who", "words": "bad", "target": ""}
    assert lead.post(f"/en/listening/searches/{person.pk}/", sent).status_code == 302
    page = lead.get("/en/listening/searches/").content.decode()
    assert page.count("It finds nothing, and tells nothing, until it is changed.") == 1


def test_a_search_that_names_somebody_is_a_look_at_them(heard: None) -> None:
    """Who wrote it or not, in a list of many people's texts; other lists are no look at anybody."""
    lead = signed_in("lead")
    keys = {handle: ledger.account_key("forum", handle) for handle in ("p1", "p3")}
    for path in ("/en/listening/texts/", "/en/acts/", f"/en/listening/texts/?text={seal('bad')}"):
        lead.get(path)
    assert not people.looks_of(keys["p1"], 9)
    for path in ("/en/listening/texts/", "/en/acts/"):
        lead.get(f"{path}?text={seal('bad @p1 -p3')}")
    (look,) = people.looks_of(keys["p1"], 9)
    assert (look.by, look.where) == ("Lead", "search")
    assert not people.looks_of(keys["p3"], 9)
    shown = ledger.acts_listed([(0, one.seq) for one in Act.objects.filter(actor=keys["p3"])])
    assert people_named("bad P3", shown) == {keys["p3"]}
    assert people_named("bad P33", shown) == set()
    page = lead.get(f"/en/people/{keys['p1']}/").content.decode()
    assert "what a search for their name finds" in page


def test_an_alert_leads_to_its_texts_alone(heard: None) -> None:
    lead, analyst = signed_in("lead"), signed_in("analyst")
    listening.search_save(
        User.objects.get(role="lead"),
        listening.SearchDraft("Bad", "", {"polarity": "negative"}, alert="each"),
    )
    said(10, "Worse -", "Better +")
    listening.alerts_look()
    (alert,) = listening.SearchAlert.objects.all()
    page = lead.get("/en/listening/searches/").content.decode()
    assert "1 new alert" in page
    place = f"/en/listening/searches/alerts/{alert.pk}/"
    texts = lead.get(place, follow=True).content.decode()
    assert shown(texts) == ["Worse -"]
    assert analyst.get(place).status_code == 404
    assert analyst.get(f"/en/listening/texts/?alert={alert.pk}").status_code == 404
    assert lead.get("/en/listening/texts/?alert=999").status_code == 404
    for _twice in range(2):
        lead.post("/en/listening/searches/seen/", {"upto": str(alert.pk)})
    assert "No new alert" in lead.get("/en/listening/searches/").content.decode()


def test_targets_are_told_of_ten_people_and_more(heard: None) -> None:
    lead = signed_in("lead")
    assert "Nothing is counted yet" in lead.get("/en/listening/targets/").content.decode()
    listening.targets_tell()
    assert "Fewer than 10 people wrote about it" in lead.get("/en/listening/targets/").content.decode()
    said(20, *(f"Bad {word} - @brand" for word in "one two three four five six seven eight nine ten".split()))
    listening.targets_tell()
    page = lead.get("/en/listening/targets/?days=30").content.decode()
    assert "Fewer than 10 people wrote" not in page
    assert '<a href="/en/listening/texts/?' in page
    told = listening.targets_told(30)
    assert told is not None
    assert told.targets[0].now.people == 11
    texts = re.search(r'<a href="(/en/listening/texts/\?[^"]*polarity=negative[^"]*)"', page)
    assert texts is not None
    assert len(shown(lead.get(texts[1].replace("&amp;", "&")).content.decode())) == 11


def test_erased_people_are_in_none_of_it(heard: None) -> None:
    key = ledger.account_by_handle("forum", "p3")
    assert key is not None
    ledger.erase_accounts([key], Lake(str(home() / "lake")))
    listening.forget_accounts([key])
    caught_up()
    assert not Reading.objects.filter(account=key).exists()
    page = Client()
    page.force_login(User.objects.get_or_create(email="x@example.org", defaults={"role": "lead"})[0])
    assert SAID[3] not in page.get("/en/listening/texts/").content.decode()
