"""The brand may change the accent; what nobody could read becomes a shade that can be, and is said so at start."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from estime.web.brand import brand_css
from estime.web.checks import check_accent
from estime.web.colours import ENOUGH, PAPERS, contrast, nearest_legible


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


@pytest.fixture
def told(_home: Path) -> Callable[[str], None]:
    """Write what the brand tells into estime.toml, as an administrator does."""

    def write(accent: str) -> None:
        _home.mkdir(mode=0o700, exist_ok=True)
        (_home / "estime.toml").write_text(f'[brand]\naccent = "{accent}"\n')

    return write


def served(client: Client) -> dict[str, dict[str, str]]:
    """The properties that brand.css sets, for each scheme."""
    css = client.get("/brand.css").content.decode()
    found = re.findall(r"prefers-color-scheme: (\w+)\) \{ :root \{(.*?)\}", css)
    return {scheme: dict(re.findall(r"--([\w-]+): (#\w{6})", rules)) for scheme, rules in found}


@pytest.fixture(autouse=True)
def _host(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def test_without_an_accent_ours_stays(client: Client) -> None:
    assert served(client) == {}
    assert check_accent(None) == []


def test_a_legible_accent_is_served_as_it_is_and_again_when_it_changes(
    client: Client, told: Callable[[str], None]
) -> None:
    told("#7a1f5c")
    assert served(client)["light"]["accent"] == "#7a1f5c"
    assert check_accent(None) == []
    told("#123456")
    assert served(client)["light"]["accent"] == "#123456"


@pytest.mark.parametrize("colour", ["#ffee00", "#808080", "#000000", "#ffffff", "#1f5c4d", "#e2001a"])
def test_whatever_the_brand_chooses_can_be_read(
    client: Client, told: Callable[[str], None], colour: str
) -> None:
    told(colour)
    for scheme, rules in served(client).items():
        assert contrast(rules["accent"], PAPERS[scheme]) >= ENOUGH, (scheme, rules)
        assert contrast(rules["on-accent"], rules["accent"]) >= ENOUGH, (scheme, rules)
    assert set(served(client)) == set(PAPERS)


def test_an_accent_too_light_for_paper_is_said_at_start(told: Callable[[str], None]) -> None:
    told("#ffee00")
    (warning,) = check_accent(None)
    assert "#ffee00 has contrast 1.2 on light paper" in warning.msg


def test_what_is_no_colour_reaches_no_stylesheet(told: Callable[[str], None]) -> None:
    told("red; } body { display: none")
    assert brand_css() == ""


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.sampled_from(sorted(PAPERS.values())))
def test_the_nearest_legible_shade_can_be_read_and_keeps_what_can(colour: str, paper: str) -> None:
    shade = nearest_legible(colour, paper)
    assert contrast(shade, paper) >= ENOUGH
    assert (shade == colour) == (contrast(colour, paper) >= ENOUGH)


@pytest.mark.django_db
def test_a_page_names_the_colours_it_was_made_with(client: Client, told: Callable[[str], None]) -> None:
    def address() -> str:
        (found,) = re.findall(
            r'href="(/brand\.css\?[0-9a-f]{8})"', client.get("/en/definitions/").content.decode()
        )
        return str(found)

    before = address()
    told("#123456")
    assert address() != before
    assert address() == address()
