"""The brand may change the accent; what nobody could read is not shown, and said so at start."""

import re
from importlib.resources import files

import pytest
from django.conf import LazySettings
from django.test import Client

from estime.web.checks import check_accent
from estime.web.colours import ENOUGH, PAPERS, contrast


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_our_own_colours_can_be_read() -> None:
    css = files("estime.readouts").joinpath("static/estime/reading.css").read_text()
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    for scheme, rules in (("light", light), ("dark", dark)):
        assert f"--paper: {PAPERS[scheme]}" in rules
        for name in ("ink", "soft", "accent", "late"):
            colour = re.search(rf"--{name}: (#\w{{6}})", rules)
            assert colour, name
            assert contrast(colour.group(1), PAPERS[scheme]) >= ENOUGH, (scheme, name)


def test_a_legible_accent_is_served(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ESTIME_ACCENT = {"light": "#7a1f5c", "dark": "#e59ccb"}
    css = client.get("/brand.css").content.decode()
    assert "--accent: #7a1f5c" in css
    assert "--accent: #e59ccb" in css
    assert check_accent(None) == []


@pytest.mark.parametrize("colour", ["#ffee00", "red; } body { display: none", "#12345"])
def test_an_illegible_or_strange_accent_is_not_served_and_said_so(
    client: Client, settings: LazySettings, colour: str
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ESTIME_ACCENT = {"light": colour}
    assert client.get("/brand.css").content.decode().strip() == ""
    assert len(check_accent(None)) == 1
