"""Whom texts may be about, listed in the browser: told beside each field, kept as people wrote it, and nothing lost."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from web.pages import client_of, page, words

from estime.kernel import clock
from estime.kernel.configuration import MOST_FORMS, MOST_TARGETS, Configuration, Target, configuration
from estime.kernel.configuration_write import Change, ConfigurationFixed, configuration_version
from estime.kernel.home import make_home
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.listening import api as listening
from estime.listening.search_models import SavedSearch, TargetsTold
from estime.people.models import SettingsChange, User
from estime.web.target_forms import target_errors, target_form

TOML = """# Ours. Ask Zoé before changing anything.
[brand]
name = "Maison Gourde"

[listening.about]
forum = "Gourde Lune"   # most of it

# everybody buys it
[[listening.targets]]
kind = "product"
name = "Gourde Lune"   # since 2019
aliases = ["la Lune"]

[[listening.targets]]
kind = "third_party"
name = "Colivite"
"""
LIST = "/en/settings/listening/targets/"
NEW = f"{LIST}new/"
LUNE = f"{LIST}change/?name=Gourde%20Lune"


@pytest.fixture
def file(db, _home):
    path = make_home() / "estime.toml"
    path.write_text(TOML)
    ledger.append("forum", [(1, ActDraft("1", "ana", "Create", clock.now()))])
    return path


@pytest.fixture
def admin(file) -> Client:
    return client_of("administrator")


def sent(**told: str) -> dict[str, str]:
    fields = {"kind": "product", "name": "", "aliases": "", "exact": "", **told}
    return {**fields, "version": configuration_version()}


def names() -> list[str]:
    return [target.name for target in configuration().listening.targets]


def test_one_is_added_changed_and_taken_off_and_all_of_it_recorded(admin, file):
    told = sent(kind="brand", name=" Bec ", aliases="le bec\r\n\r\nle bec\r\nLe Bec d’or", exact="BX")
    assert admin.post(NEW, told).status_code == 302
    one = configuration().listening.targets[2]
    assert one.model_dump() == {
        "kind": "brand", "name": "Bec", "aliases": ("le bec", "Le Bec d’or"), "exact": ("BX",),
    }  # fmt: skip
    assert admin.post(NEW, told).status_code == 302, "sent twice"
    assert names() == ["Gourde Lune", "Colivite", "Bec"]
    bec = f"{LIST}change/?name=Bec"
    assert "Le Bec d’or" in page(admin, bec)
    assert admin.post(bec, sent(kind="third_party", name="Bec")).status_code == 302
    assert configuration().listening.targets[2].aliases == ()
    gone = f"{LIST}remove/?name=Bec"
    assert "Take “Bec” off the list?" in page(admin, gone)
    for _ in range(2):
        assert admin.post(gone, {"version": configuration_version()}).status_code == 302
    assert file.read_text().strip() == TOML.strip()
    row = {"kind": "brand", "name": "Bec", "aliases": ["le bec", "Le Bec d’or"], "exact": ["BX"]}
    less = {"kind": "third_party", "name": "Bec"}
    kept = SettingsChange.objects.order_by("pk").values_list("key", "before", "after")
    assert list(kept) == [
        ("listening.targets", *told) for told in (([], [row]), ([row], [less]), ([less], []))
    ]
    assert "Le Bec d’or" in page(admin, "/en/settings/changes/")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Fill this in."),
        ("name", "x" * 201, "is longer than 200 characters."),
        ("name", "gourde LUNE", "“gourde LUNE” names “Gourde Lune” already: let one of the two have it."),
        ("kind", "member", "Choose one of the list."),
        ("aliases", "ok then\nLA LUNE", "“LA LUNE” names “Gourde Lune” already"),
        ("aliases", "ab", "“ab” is too short to be found"),
        ("aliases", "1234", "“1234” is too short to be found"),
        ("aliases", "a\x07bcd", "“a�bcd” holds a character that cannot be shown."),
        ("aliases", "\n".join(f"name {n}x" for n in range(MOST_FORMS + 1)), "These are 201; at most 200"),
        ("exact", "colivité", "“colivité” names “Colivite” already"),
        ("exact", "x", "“x” is too short to be found"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field_and_changes_nothing(admin, file, field, value, said):
    response = admin.post(NEW, sent(**{"name": "Brume", field: value}))
    text = response.content.decode()
    assert response.status_code == 422
    told = re.search(rf'<p class="error" id="{field}-error">(.*?)</p>', text, re.S)
    assert told is not None
    assert said in words(told[1])
    assert file.read_text() == TOML
    assert not SettingsChange.objects.exists()


def test_more_than_can_be_kept_are_refused():
    told = {"kind": "product", "name": "one"}
    full = Configuration.model_construct(
        listening=Configuration().listening.model_copy(
            update={"targets": tuple(_target(f"Name {n}x") for n in range(MOST_TARGETS))}
        )
    )
    assert "32,000 are listed" in target_errors(target_form(_query(told)), full)[""]
    assert target_errors(target_form(_query({**told, "name": "Other"}), "Name 1x"), full) == {}


def _target(name: str) -> Target:
    return Target(kind="product", name=name)


def _query(told: dict[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(told)
    return query


forms = st.sampled_from(
    ["Gourde Lune", "la lune", "ab", "abc", "é", "Été", "a b", "", " ", "12", "x" * 201, "C3"]
)


@given(st.fixed_dictionaries({
    "kind": st.sampled_from(["brand", "product", "third_party", "member"]), "name": forms,
    "aliases": st.lists(forms, max_size=3).map("\n".join), "exact": st.lists(forms, max_size=3).map("\n".join),
}))  # fmt: skip
def test_what_the_form_lets_through_the_configuration_takes(told: dict[str, str]):
    base = {"targets": [{"kind": "product", "name": "Gourde Lune", "aliases": ["la Lune"]}]}
    config = Configuration.model_validate({"listening": base})
    form = target_form(_query(told))
    if not target_errors(form, config):
        Configuration.model_validate({"listening": {"targets": [*base["targets"], form.row()]}})


def test_what_channels_are_about_follows_a_name_and_goes_with_it(admin, file):
    admin.post(LUNE, sent(name="Gourde Lune 2", aliases="la Lune"))
    assert configuration().listening.about == {"forum": "Gourde Lune 2"}
    assert 'name = "Gourde Lune 2"   # since 2019' in file.read_text()
    gone = f"{LIST}remove/?name={quote('Gourde Lune 2')}"
    assert "These channels are then about nothing in particular: forum." in page(admin, gone)
    admin.post(gone, {"version": configuration_version()})
    assert configuration().listening.about == {}
    assert names() == ["Colivite"]


def test_a_channel_is_said_to_be_about_something_of_the_list(admin, file):
    told = {"version": configuration_version()}
    response = admin.post(LIST, {**told, "about-forum": "Colivite"})
    assert response.status_code == 422
    assert "Nothing of this name is listed" in words(response.content.decode())
    assert (
        admin.post(LIST, {**told, "about-forum": "Maison Gourde", "about-nowhere": "Bec"}).status_code == 302
    )
    assert configuration().listening.about == {"forum": "Maison Gourde"}
    told["version"] = configuration_version()
    settings = {"name": "Gourde & Fils", "timezone": "UTC", "languages": "en", "answer_within_days": "7"}
    assert admin.post("/en/settings/", {**told, **settings}).status_code == 302
    assert configuration().listening.about == {"forum": "Gourde & Fils"}, "as the brand is called now"
    admin.post(LIST, {"version": configuration_version(), "about-forum": ""})
    assert configuration().listening.about == {}


def test_two_who_change_at_once_lose_nothing(admin, file):
    first = sent(name="Gourde Lune", aliases="Moonflask")
    admin.post(NEW, sent(name="Brume"))
    response = admin.post(LUNE, first)
    text = words(response.content.decode())
    assert response.status_code == 422
    assert "Somebody else changed the settings meanwhile." in text
    assert "Moonflask" in text
    assert "Now: la Lune" in text
    admin.post(LUNE, sent(name="Gourde Soleil"))
    response = admin.post(LUNE, first)
    text = response.content.decode()
    assert "“Gourde Lune” is not listed any more" in words(text)
    assert "Moonflask" in text
    assert f'action="{NEW}"' in text
    assert names() == ["Gourde Soleil", "Colivite", "Brume"]
    assert admin.get(LUNE).status_code == 404


def test_saved_searches_ask_for_it_by_its_new_name(admin, file, monkeypatch):
    user = User.objects.get(email="administrator@example.org")
    draft = listening.SearchDraft("Lune", "", {"target": "product-gourde-lune"})
    search = listening.search_save(user, draft)
    admin.post(LUNE, sent(name="Gourde Soleil", aliases="Gourde Lune"))
    search.refresh_from_db()
    found, errors = listening.text_asked(search.asked)
    assert errors == {}
    assert listening.target_asked(found.target, found.target_id) == "product-gourde-soleil"

    def refused(self: Change) -> None:
        raise ConfigurationFixed("no")

    monkeypatch.setattr(Change, "put", refused)
    assert admin.post(f"{LIST}change/?name=Gourde%20Soleil", sent(name="Bec")).status_code == 422
    assert SavedSearch.objects.get().asked == search.asked, "what is not saved changes no search"


def test_a_long_list_is_looked_through_and_turned(admin, file):
    more = "".join(f'\n[[listening.targets]]\nkind = "product"\nname = "Bec {n:03}"\n' for n in range(60))
    file.write_text(TOML + more)

    def shown(query: str) -> list[str]:
        return re.findall(r'<th scope="row">(.*?)</th>', admin.get(f"{LIST}{query}").content.decode())

    assert shown("") == [f"Bec {n:03}" for n in range(50)]
    assert shown("?page=2") == [*(f"Bec {n:03}" for n in range(50, 60)), "Gourde Lune", "Colivite"]
    assert shown("?find=BÉC%20007") == ["Bec 007"]
    assert shown("?find=LA%20LUNE") == ["Gourde Lune"], "by its other names too"
    for odd in ("0", "-1", "99", "x", "9" * 40):
        assert admin.get(f"{LIST}?page={odd}").status_code == 200


def test_how_many_texts_name_each_is_told_of_ten_people_and_more(admin, file):
    assert "is counted some minutes after they were read" in page(admin, LIST)
    numbers = {one.name: (one.kind, one.identity) for one in listening.targets_listed()}

    def counted(kind: int, identity: int, people: int) -> dict[str, Any]:
        sums = {
            "texts": people + 2,
            "people": people,
            "read": [0, people, 0],
            "people_read": people,
            "weighed": 9.0,
        }
        return {"target": kind, "target_id": identity, "now": sums, "before": sums}

    figures = [counted(2, 0, 12), counted(*numbers["Gourde Lune"], 12)]
    figures += [counted(4, 0, 9), counted(*numbers["Colivite"], 9)]
    now = clock.now()
    TargetsTold.objects.create(days=365, mark=1, until=now.date(), made=now, figures=figures)
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th>.*?<td class="num"[^>]*>(.*?)</td>', admin.get(LIST).content.decode()
    )
    assert [(name, re.sub(r"<.*", "", told.partition(">")[2] or told)) for name, told in rows] == [
        ("Gourde Lune", "14"),
        ("Colivite", "–"),
    ]
    found = re.search(r'href="(/en/listening/texts/[^"]*)"', rows[0][1])
    assert found is not None
    assert admin.get(found[1].replace("&amp;", "&")).status_code == 200


def test_who_sees_it_and_who_changes_it(file):
    analyst = client_of("analyst")
    shown = analyst.get(LIST).content.decode()
    assert "Gourde Lune" in shown
    assert "change/?name" not in shown
    for path in (NEW, LUNE, f"{LIST}remove/?name=Colivite"):
        assert analyst.get(path).status_code == 403
    for path in (LIST, NEW, LUNE, f"{LIST}remove/?name=Colivite"):
        assert analyst.post(path, sent(name="Brume")).status_code == 403
        assert client_of("member").get(path).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_of("administrator").cookies
    assert strict.post(NEW, sent(name="Brume")).status_code == 403
    assert file.read_text() == TOML


def test_in_french(admin):
    assert "De qui, de quoi les textes peuvent-ils parler ?" in page(admin, LIST.replace("/en/", "/fr/"))
