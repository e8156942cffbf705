"""The page of style is the reference: it shows every class that pages use, and the stylesheets hold no other."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

import estime
from estime.people.models import User
from estime.people.roles import Role
from estime.web.colours import ENOUGH
from estime.web.stylesheets import ORDER
from estime.web.views.style import EDGE_ENOUGH, _swatches

ROOT = Path(estime.__file__).parent
TEMPLATES = sorted(
    page
    for folder in ("web/templates", "web/jinja2", "readouts/templates")
    for page in (ROOT / folder).rglob("*.html")
)
CODE = [*(ROOT / "web").rglob("*.py"), *(ROOT / "people").rglob("*.py"), ROOT / "readouts" / "pages.py"]


def stylesheet(name: str) -> str:
    part = "readouts" if name == "reading" else "web"
    return files(f"estime.{part}").joinpath(f"static/estime/{name}.css").read_text(encoding="utf-8")


def styled() -> set[str]:
    """Every class for which there is a rule."""
    css = "\n".join(stylesheet(name) for name in (*ORDER, "style"))
    css = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", css, flags=re.DOTALL)
    selectors = " ".join(re.findall(r"([^{}]+)\{", css))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def classes(told: str) -> Iterator[str]:
    """The names in a `class` attribute of a template; what is put together there is not a name."""
    told = re.sub(r"\{\{.*?\}\}", "\u00a7", told)
    yield from (name for name in re.sub(r"\{%.*?%\}", " ", told).split() if "\u00a7" not in name)


def used() -> dict[str, str]:
    """Every class that a template or a form of ours names, and where."""
    found = {}
    for page in TEMPLATES:
        text = page.read_text(encoding="utf-8")
        for attribute in re.findall(r'\bclass="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', text):
            found.update(dict.fromkeys(classes(attribute), str(page.relative_to(ROOT))))
    for code in CODE:
        for names in re.findall(r'"class": "([^"]+)"', code.read_text(encoding="utf-8")):
            found.update(dict.fromkeys(names.split(), str(code.relative_to(ROOT))))
    return found


@pytest.fixture
def page(client: Client, db: None, settings: LazySettings) -> Callable[[str], str]:
    settings.ALLOWED_HOSTS = ["testserver"]
    client.force_login(User.objects.create_user("a@example.org", role=Role.ADMINISTRATOR))

    def read(lang: str) -> str:
        response = client.get(f"/{lang}/style/")
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_every_class_of_a_page_has_its_rule() -> None:
    assert {name: place for name, place in used().items() if name not in styled()} == {}


def test_what_is_styled_is_shown_and_what_is_shown_is_styled(page: Callable[[str], str]) -> None:
    shown = {name for told in re.findall(r'\bclass="([^"]*)"', page("en")) for name in told.split()}
    assert styled() - shown == set(), "dead in the stylesheets, or missing on the page of style"
    assert shown - styled() == set()


def test_the_page_speaks_both_languages(page: Callable[[str], str]) -> None:
    assert "What is owed" in page("en")
    french = page("fr")
    assert "Ce qui est dû" in french
    assert "What is owed" not in french
    assert "lorem" not in french.lower()


@pytest.mark.usefixtures("db")
def test_it_is_for_the_brands_people_only(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/en/style/").status_code == 302
    client.force_login(User.objects.create_user("m@example.org", role=Role.MEMBER))
    assert client.get("/en/style/").status_code == 403


def test_every_colour_has_the_contrast_that_it_needs() -> None:
    for swatch in _swatches():
        assert swatch.enough, swatch
    needed = {swatch.name: swatch.needed for swatch in _swatches()}
    assert needed["ink"] == needed["late"] == needed["on-accent"] == ENOUGH
    assert needed["edge"] == EDGE_ENOUGH


def test_only_lateness_has_the_second_colour() -> None:
    for name in (*ORDER, "style"):
        for selector, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", stylesheet(name)):
            if "var(--late)" in rules:
                assert "late" in selector, (name, selector)


@pytest.mark.parametrize("name", [*ORDER, "style"])
def test_no_shadow_no_gradient_and_nothing_from_elsewhere(name: str) -> None:
    css = stylesheet(name)
    for unwanted in ("shadow", "gradient", "http:", "https:", "data:", "@import"):
        assert unwanted not in css, unwanted
