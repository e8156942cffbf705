"""The pages of settings: checked, recorded, kept as people wrote them, and never half done."""

import re
import stat

import pytest
from django.test import Client
from web.pages import client_of, page, words

from estime.jobs.models import Job
from estime.kernel.configuration import configuration
from estime.kernel.home import make_home
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.people.models import SettingsChange

TOML = """# Ours. Ask Zoé before changing anything.
[brand]
name = "Maison Gourde"   # the name
accounts = [{ channel = "forum", handle = "team" }]

[measures]
half_life_days = 28
"""


@pytest.fixture
def file(db, _home):
    path = make_home() / "estime.toml"
    path.write_text(TOML)
    return path


@pytest.fixture
def admin(file) -> Client:
    return client_of("administrator")


def form(client: Client, path: str) -> dict[str, str | list[str]]:
    """What the form of a page says as it stands."""
    html = client.get(path).content.decode()
    told: dict[str, str | list[str]] = {}
    for name, value in re.findall(r'<input[^>]*? name="([\w-]+)"[^>]*? value="([^"]*)"', html):
        told[name] = value
    for name in re.findall(r'<input type="checkbox" name="(\w+)" value="on"', html):
        told.pop(name, None)
    for name in re.findall(r'<textarea[^>]*? name="(\w+)"', html):
        told.setdefault(name, "")
    told["languages"] = re.findall(r'name="languages" value="(\w+)" checked', html)
    for name, inner in re.findall(r'<select id="[\w-]+" name="([\w-]+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        told[name] = chosen[1] if chosen else ""
    return told


def test_a_change_keeps_everything_else_and_is_recorded(admin, file):
    told = form(admin, "/en/settings/")
    assert admin.post("/en/settings/", told).status_code == 302
    assert file.read_text() == TOML  # nothing was changed, nothing is written
    assert admin.post("/en/settings/", {**told, "name": "Gourde & Fils"}).status_code == 302
    assert file.read_text() == TOML.replace("Maison Gourde", "Gourde & Fils")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644 or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert configuration().brand.name == "Gourde & Fils"
    change = SettingsChange.objects.get()
    assert (change.key, change.before, change.after) == ("brand.name", "Maison Gourde", "Gourde & Fils")
    assert change.by.email == "administrator@example.org"
    assert "Maison Gourde" in page(admin, "/en/settings/changes/")
    assert not Job.objects.exists()  # no figure depends on the name
    assert sorted(p.name for p in file.parent.iterdir() if "toml" in p.name) == [
        ".estime.toml.lock",
        "estime.toml",
    ]


@pytest.mark.parametrize(
    ("path", "field", "value", "said"),
    [
        ("", "timezone", "Mars/Olympus", "There is no time zone of this name."),
        ("", "timezone", "../../etc/passwd", "There is no time zone of this name."),
        ("", "accent", "red", "A colour is written as #7a1f5c"),
        ("", "name", " ", "Fill this in."),
        ("", "name", "x" * 81, "At most 80 characters."),
        ("", "languages", [], "Choose at least one."),
        ("", "answer_within_days", "0", "A whole number from 1 to 365."),
        ("measures/", "half_life_days", "0", "More than 0 days."),
        ("measures/", "half_life_days", "inf", "A number from 0 to 3650."),
        ("measures/", "weight-Create", "nan", "A number from 0 to 1000."),
        ("measures/", "weight-Create", "-1", "A number from 0 to 1000."),
        ("privacy/", "smallest_group", "9", "A whole number from 10 to 1000."),
        ("privacy/", "person_affect", "on", "stays off until purpose and legal basis are recorded."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field_and_changes_nothing(
    admin, file, path, field, value, said
):
    response = admin.post(f"/en/settings/{path}", {**form(admin, f"/en/settings/{path}"), field: value})
    assert response.status_code == 422
    assert said in words(response.content.decode())
    assert file.read_text() == TOML
    assert not SettingsChange.objects.exists()


def test_weights_change_figures_and_go_back_to_the_defaults(admin, file):
    told = form(admin, "/en/settings/measures/")
    assert (told["weight-Create"], told["weight-Like"]) == ("4", "0")
    admin.post(
        "/en/settings/measures/", {**told, "weight-Like": "0,5", "new_kind": "Follow", "new_weight": "2"}
    )
    weights = configuration().measures.weights
    assert weights is not None
    assert (weights["Like"], weights["Follow"], weights["Create"]) == (0.5, 2, 4)
    assert [job.kind for job in Job.objects.all()] == ["refresh"]
    told = form(admin, "/en/settings/measures/")
    admin.post("/en/settings/measures/", {**told, "do": "reset"})
    assert configuration().measures.weights is None
    assert "# Ours" in file.read_text()


def test_what_people_feel_needs_a_purpose_and_a_basis(admin):
    told = form(admin, "/en/settings/privacy/")
    reasons = {"purpose": "Pour répondre mieux", "legal_basis": "Art. 6 (1) f"}
    assert admin.post("/en/settings/privacy/", {**told, **reasons, "person_affect": "on"}).status_code == 302
    assert configuration().privacy.person_affect
    told = form(admin, "/en/settings/privacy/")
    assert (
        admin.post(
            "/en/settings/privacy/", {**told, **reasons, "purpose": "", "person_affect": "on"}
        ).status_code
        == 422
    )


def test_asking_is_switched_off_and_on(admin, file):
    told = form(admin, "/en/settings/listening/")
    assert admin.post("/en/settings/listening/", told).status_code == 302
    assert configuration().listening.ask is False
    assert "ask = false" in file.read_text()
    told = form(admin, "/en/settings/listening/")
    assert admin.post("/en/settings/listening/", {**told, "ask": "on"}).status_code == 302
    assert configuration().listening.ask is True
    assert "ask =" not in file.read_text(), "what is so by default is not written"


def test_the_brands_accounts_are_added_found_and_taken_away(admin, file):
    when = ledger_time()
    ledger.append(
        "forum", [(1, ActDraft("1", "équipe <b>", "Create", when)), (2, ActDraft("2", "ana", "Create", when))]
    )
    assert "1 of them is not found" in page(admin, "/en/settings/accounts/").replace("%(n)s", "1")
    told = {"version": form(admin, "/en/settings/accounts/")["version"], "channel": "forum"}
    found = admin.post("/en/settings/accounts/", {**told, "handle": "équ", "do": "search"}).content.decode()
    assert "équipe &lt;b&gt;" in found
    assert (
        admin.post("/en/settings/accounts/", {**told, "handle": "équipe <b>", "do": "add"}).status_code == 302
    )
    assert [a.handle for a in configuration().brand.accounts] == ["team", "équipe <b>"]
    assert Job.objects.filter(kind="refresh").count() == 1
    told["version"] = str(form(admin, "/en/settings/accounts/")["version"])
    admin.post("/en/settings/accounts/", {**told, "handle": "team", "do": "remove"})
    assert [a.handle for a in configuration().brand.accounts] == ["équipe <b>"]
    assert 'name = "Maison Gourde"   # the name' in file.read_text()


def ledger_time():
    from datetime import UTC, datetime

    return datetime(2024, 5, 1, tzinfo=UTC)


def test_two_who_change_at_once_see_each_other(admin, file):
    told = form(admin, "/en/settings/")
    file.write_text(TOML.replace("Maison Gourde", "Somebody Else"))
    response = admin.post("/en/settings/", {**told, "name": "Mine"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Somebody else changed the settings meanwhile." in words(text)
    assert 'value="Mine"' in text
    assert "Now: Somebody Else" in text
    version = re.search(r'name="version" value="(\w+)"', text)
    assert version is not None
    assert admin.post("/en/settings/", {**told, "name": "Mine", "version": version[1]}).status_code == 302
    assert configuration().brand.name == "Mine"


def test_a_file_that_may_not_be_written_is_said(admin, file, monkeypatch):
    told = form(admin, "/en/settings/")
    monkeypatch.setattr(
        "estime.kernel.configuration_write.os.access", lambda *_: False
    )  # tests may run as root
    response = admin.post("/en/settings/", {**told, "name": "Mine"})
    assert "cannot be written here" in words(response.content.decode())
    assert file.read_text() == TOML
    assert not SettingsChange.objects.exists()


def test_what_cannot_be_put_in_its_place_is_not_recorded(admin, file, monkeypatch):
    from estime.kernel.configuration_write import Change, ConfigurationFixed

    def refused(self: Change) -> None:
        raise ConfigurationFixed("no")

    told = form(admin, "/en/settings/")
    monkeypatch.setattr(Change, "put", refused)
    assert admin.post("/en/settings/", {**told, "name": "Mine"}).status_code == 422
    assert file.read_text() == TOML
    assert not SettingsChange.objects.exists()


def test_who_sees_and_who_changes(file):
    for role, sees in (
        ("lead", 200),
        ("analyst", 200),
        ("moderator", 403),
        ("representative", 403),
        ("member", 403),
    ):
        client = client_of(role)
        for path in ("", "accounts/", "measures/", "privacy/", "listening/", "changes/"):
            assert client.get(f"/en/settings/{path}").status_code == sees, (role, path)
        for path in ("", "accounts/", "measures/", "privacy/", "listening/"):
            assert client.post(f"/en/settings/{path}", {}).status_code == 403
    assert "Save" not in page(client_of("lead"), "/en/settings/")
    assert file.read_text() == TOML


def test_the_colour_is_judged_by_the_server(admin):
    told = form(admin, "/en/settings/")
    admin.post("/en/settings/", {**told, "accent": "#FFDD00"})
    text = page(admin, "/en/settings/")
    assert "On light paper: contrast 1.3: too little to be read" in text
    assert re.search(r"On dark paper: contrast 1\d\.\d: it can be read", text)
    assert configuration().brand.accent == "#ffdd00"


def test_in_french(admin):
    assert "Qui vous êtes" in page(admin, "/fr/settings/")
