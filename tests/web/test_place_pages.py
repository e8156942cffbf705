"""Pages of the map: groups for the brand's people, a person's place only where it may be told, one's own to contest."""

import json
from pathlib import Path

import pytest
from django.test import Client
from engagement.placed import ON, TEXTS, placed_anna
from readouts import told
from readouts.told_map import mapped
from web.stored import store
from web.test_acts import signed_in

from estime.cocreation import api as cocreation
from estime.engagement import api as engagement
from estime.engagement.actions.erase_person import about_person
from estime.engagement.models import Contested, Objection, Place
from estime.listening.models import Reading
from estime.people.models import Look, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def member(home: Path) -> User:
    """A member who wrote three texts that were read as directed at the brand, and is placed."""
    (home / "secret").write_text("5e" * 32)
    (home / "secret").chmod(0o600)
    return placed_anna().user


def key_of(user: User) -> int:
    account = cocreation.member_of(user).account
    assert account is not None
    return account


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_map_of_groups() -> None:
    store((told.scope(), [*told.community(), *mapped()]), draw=False)
    page = signed_in("analyst").get("/en/c/club/map/").content.decode()
    assert "Of <a" in page or "Of 412 people active in 90 days" in page
    for words in (
        "Who moved on the map",
        "Health over time",
        "which proves no cause",
        "Nothing of single people",
    ):
        assert words in page
    assert "Who stays, who leaves" not in page
    assert signed_in("member").get("/en/c/club/map/").status_code == 403
    assert signed_in("analyst").get("/en/map/").headers["Location"] == "/en/c/club/map/"
    assert signed_in("analyst").get("/en/c/nowhere/map/").status_code == 404
    store((told.scope(), told.community()), draw=False)
    assert "No map so far" in signed_in("analyst").get("/en/c/club/map/").content.decode()


def test_a_place_is_told_only_where_it_may_be_and_each_look_is_noted(member: User, home: Path) -> None:
    lead, url = signed_in("lead"), f"/en/people/{key_of(member)}/place/"
    assert "is not estimated here" in lead.get(url).content.decode()
    assert not Look.objects.filter(where="place").exists()
    (home / "estime.toml").write_text(ON)
    page = lead.get(url).content.decode()
    assert "Active critic: −0.40" in page
    assert "To listen better" in page
    assert "Your app lost my work again." in page
    assert "chemo" not in page, "nobody's business"
    assert Look.objects.get(where="place").account == key_of(member)
    assert "their place on the map" in lead.get(f"/en/people/{key_of(member)}/looks/").content.decode()
    assert url in lead.get(f"/en/people/{key_of(member)}/").content.decode()
    assert signed_in("analyst").get(url).status_code == 403
    own = as_user(member).get("/en/me/place/").content.decode()
    assert "chemo" in own
    assert "Seen by Lead" in own


def test_members_see_and_contest_their_own(member: User, home: Path) -> None:
    (home / "estime.toml").write_text(ON)
    anna = as_user(member)
    page = anna.get("/en/me/place/").content.decode()
    assert "What you write and do here reads as: active critic." in page
    assert "−0.40, and with nine chances in ten between −0.60 and −0.20." in page
    seq = Reading.objects.filter(account=key_of(member)).order_by("-seq").values_list("seq", flat=True)[0]
    url = f"/en/me/place/texts/{seq}/"
    assert anna.post(url, {"reason": "?"}).status_code == 422
    for _again in range(2):
        assert anna.post(url, {"meant": "neither", "reason": "Only a report."}).status_code == 302
    kept = Contested.objects.get()
    assert (kept.meant, kept.reason, kept.account) == (0, "Only a report.", key_of(member))
    page = anna.get("/en/me/place/").content.decode()
    assert "corrected by its author: neither for nor against" in page
    assert "is not known" in page
    assert anna.post(f"{url}withdraw/").status_code == 302
    assert Contested.objects.get().withdrawn is not None
    assert anna.post("/en/me/place/object/", {"wish": "out", "reason": "No."}).status_code == 302
    assert Objection.objects.get().out
    assert "You are not placed" in anna.get("/en/me/place/").content.decode()
    assert anna.post("/en/me/place/object/withdraw/").status_code == 302
    assert Objection.objects.filter(withdrawn=None).count() == 0


def test_nobody_contests_for_another(member: User) -> None:
    seq = Reading.objects.filter(account=key_of(member)).values_list("seq", flat=True)[0]
    ben, cleo = (as_user(User.objects.get(name=name)) for name in ("Ben", "Cleo"))
    assert "Nothing of you is estimated here" in cleo.get("/en/me/place/").content.decode()
    assert cleo.post(f"/en/me/place/texts/{seq}/", {"meant": "out"}).status_code == 404
    assert ben.get(f"/en/me/place/texts/{seq}/").status_code == 404
    assert ben.post(f"/en/me/place/texts/{seq}/", {"meant": "out"}).status_code == 404
    assert not Contested.objects.exists()


def test_switching_it_off_on_the_page_deletes_every_place_at_once(member: User, home: Path) -> None:
    (home / "estime.toml").write_text(ON)
    chief = signed_in("administrator")
    page = chief.get("/en/settings/privacy/").content.decode()
    version = page.partition('name="version" value="')[2].partition('"')[0]
    fields = {
        "version": version,
        "smallest_group": "10",
        "purpose": "To listen better",
        "legal_basis": "Weighed interest",
    }
    assert chief.post("/en/settings/privacy/", fields).status_code == 302
    assert not Place.objects.exists()


def test_own_data_hold_their_place_and_what_they_contested_and_go_with_them(member: User, home: Path) -> None:
    (home / "estime.toml").write_text(ON)
    anna, key = as_user(member), key_of(member)
    seq = Reading.objects.filter(account=key).order_by("seq").values_list("seq", flat=True)[0]
    engagement.place_contest(key, "Wrong.", out=False)
    told = own_data(anna)
    assert [(each["cell"], each["value"]) for each in told["place"]] == [("critic", -0.4)]
    engagement.reading_contest(key, seq, None, "Irony.")
    told = own_data(anna)
    assert told["place"] == [], "not told before it is made anew"
    assert [(each["out"], each["reason"]) for each in told["place_objection"]] == [(False, "Wrong.")]
    assert [(each["seq"], each["meant"], each["reason"]) for each in told["readings_contested"]] == [
        (seq, None, "Irony.")
    ]
    assert [each["text"] for each in told["readings"]] == list(reversed(TEXTS))
    assert own_data(as_user(User.objects.get(name="Ben")))["readings_contested"] == []
    assert "place" not in own_data(as_user(User.objects.get(name="Cleo"))), "who did nothing"
    for kept in about_person(key):
        assert kept.exists() is (kept.model is not Place)
    engagement.erase_login(member)
    assert not any(kept.exists() for kept in about_person(key))
    assert not Reading.objects.filter(account=key).exists()


def own_data(client: Client) -> dict[str, list[dict[str, object]]]:
    """The file that a member takes along."""
    answer = client.get("/en/me/contributions/file/")
    assert answer.status_code == 200
    told: dict[str, list[dict[str, object]]] = json.loads(answer.getvalue())
    return told
