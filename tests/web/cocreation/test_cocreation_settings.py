"""The page of the house rules: its limits are those of the configuration, and it saves like every page of settings."""

from collections.abc import Iterator
from typing import Any

import pytest
from annotated_types import Ge, Le
from django.test import Client
from web.pages import client_of, page, words

from estime.kernel.configuration import Cocreation, configuration
from estime.kernel.configuration_write import configuration_version
from estime.kernel.home import make_home
from estime.people.models import SettingsChange
from estime.web.settings_forms import COCREATION_NUMBERS, MEMBER_POWERS

PATH = "/en/settings/cocreation/"


def limits() -> Iterator[tuple[str, tuple[int, int]]]:
    for name, field in Cocreation.model_fields.items():
        told: dict[type, Any] = {type(one): one for one in field.metadata}
        if Ge in told:
            yield name, (told[Ge].ge, told[Le].le)


def test_the_form_knows_every_key_and_its_limits() -> None:
    assert dict(limits()) == COCREATION_NUMBERS
    assert set(Cocreation.model_fields) == {
        *COCREATION_NUMBERS,
        "member_power",
        "limits",
    }  # limits: by the file alone
    for power in MEMBER_POWERS:
        Cocreation(member_power=power)  # type: ignore[arg-type]


@pytest.fixture
def admin(db: None) -> Client:
    make_home()
    return client_of("administrator")


def told(**changed: str) -> dict[str, str]:
    now = configuration().cocreation
    version = {"version": configuration_version()}
    return {
        **version,
        **{name: str(getattr(now, name)) for name in (*COCREATION_NUMBERS, "member_power")},
        **changed,
    }


def test_rules_are_saved_and_recorded(admin: Client) -> None:
    assert "house rules" in page(admin, PATH)
    saved = admin.post(PATH, told(interpellation_supporters="40", member_power="listen"))
    assert saved.status_code == 302, words(saved.content.decode())
    rules = configuration().cocreation
    assert (rules.interpellation_supporters, rules.member_power, rules.file_mb) == (40, "listen", 50)
    changed = set(SettingsChange.objects.values_list("key", flat=True))
    assert changed == {"cocreation.interpellation_supporters", "cocreation.member_power"}


@pytest.mark.parametrize(
    ("field", "value"), [("file_mb", "0"), ("young_days", "91"), ("member_power", "decide")]
)
def test_what_makes_no_sense_is_refused(admin: Client, field: str, value: str) -> None:
    refused = admin.post(PATH, told(**{field: value}))
    assert refused.status_code == 422
    assert configuration().cocreation == Cocreation()


def test_leads_read_it_and_members_do_not(admin: Client) -> None:
    assert client_of("lead").get(PATH).status_code == 200
    assert client_of("lead").post(PATH, told(file_mb="9")).status_code == 403
    assert client_of("member").get(PATH).status_code == 403
