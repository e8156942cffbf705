"""The page in a real browser: narrow and wide, light and dark, both languages, by keyboard, with axe.

No server is started: the browser's requests are answered by Django's test client, headers and all.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from readouts import told

from estime.engagement import api
from estime.people.models import User
from estime.people.roles import Role
from estime.readouts.charts import chart_svg
from estime.readouts.queries import Drawn
from estime.readouts.report import report_of
from estime.web.views import overview

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("kept_in_memory")]

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("ESTIME_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PAGES = (
    "/{lang}/", "/{lang}/c/club/", "/{lang}/c/page/", "/{lang}/definitions/",
    "/{lang}/definitions/presence/", "/{lang}/nowhere/",
)  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Open = Callable[..., Any]
FIGURES = {"*": told.community(), "club": told.community(), "page": told.brand_page()}
EDITION = told.edition(
    told.scope("*", ""), told.scope(), told.scope("page", "A brand’s page", archive=True, acts=0)
)


def _lacking(what: str) -> None:
    if os.environ.get("ESTIME_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        _lacking("Chromium is missing: apt-get install chromium (or set ESTIME_CHROMIUM)")
    if not AXE.is_file():
        _lacking("axe-core is missing: npm ci --prefix tests/web")
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def drawn() -> dict[tuple[str, str], dict[str, str]]:
    """Every chart of every page, by scope and language."""
    svgs = {}
    for info in EDITION.scopes:
        for lang in ("fr", "en"):
            charts = report_of(EDITION, info, lang, FIGURES[info.name]).charts()
            svgs[info.name, lang] = {name: chart_svg(chart, name=name, lang=lang) for name, chart in charts}
    return svgs


@pytest.fixture
def kept_in_memory(monkeypatch: pytest.MonkeyPatch, drawn: dict[tuple[str, str], dict[str, str]]) -> None:
    """No database: Playwright answers in a context of its own, which would be given another connection."""
    monkeypatch.setattr(api, "edition", lambda: EDITION)
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: FIGURES[scope])
    now = [f._replace(scope=scope) for scope, told_of in FIGURES.items() for f in told_of if f.period is None]
    monkeypatch.setattr(api, "figures_now", lambda measures: [f for f in now if f.measure in measures])
    monkeypatch.setattr(
        overview,
        "charts_drawn",
        lambda edition, scope, lang: {
            name: Drawn(svg, "picture") for name, svg in drawn[scope, lang].items()
        },
    )


@pytest.fixture
def open_page(browser: Any, client: Client) -> Iterator[Open]:
    contexts: list[Any] = []

    def answer(route: Any) -> None:
        address = urlsplit(route.request.url)
        assert address.hostname == "localhost", f"asked for {route.request.url}"
        response = client.get(f"{address.path}?{address.query}")
        body = b"".join(response) if response.streaming else response.content
        route.fulfill(status=response.status_code, headers=dict(response.items()), body=body)

    def _open(path: str, *, width: int = 1440, scheme: str = "light", **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.route("**/*", answer)
        page.goto(f"http://localhost{path}")
        return page

    yield _open
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    open_page: Open, lang: str, width: int, scheme: str
) -> None:
    for path in PAGES:
        page = open_page(path.format(lang=lang), width=width, scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.evaluate(AXE.read_text())
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
        against = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
        assert against == [], page.url
        refused = [line for line in page.complaints if "404" not in line]
        assert refused == [], page.url


def test_it_works_without_javascript_and_by_keyboard(open_page: Open) -> None:
    page = open_page("/en/", width=360, java_script_enabled=False)
    for _step in range(5):  # past the skip link, the brand, sign-in and the other language
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the channels unfold
    page.get_by_role("navigation", name="Channels").get_by_role("link", name="A brand’s page").click()
    assert page.url.endswith("/en/c/page/")
    page.get_by_role("link", name="Français").click()
    assert page.url.endswith("/fr/c/page/")
    page.get_by_text("Les chiffres en tableau").first.click()
    assert page.get_by_role("row").first.is_visible()


def test_what_is_touched_is_large_enough_and_focus_is_seen(open_page: Open) -> None:
    page = open_page("/fr/", width=360)
    targets = "header a:not(.skip), summary, .more > a, .colophon a"
    heights = page.eval_on_selector_all(targets, "all => all.map(one => one.getBoundingClientRect().height)")
    assert min(height for height in heights if height) >= 44
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_lines_of_prose_stay_short(open_page: Open) -> None:
    page = open_page("/fr/", width=1440)
    script = """all => all.map(one => {
      const range = document.createRange(); range.selectNodeContents(one)
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top / 8)))
      return one.textContent.length / Math.max(1, lines.size)
    })"""
    assert max(page.eval_on_selector_all(".truth, .hint, .finding", script)) < 80


def test_charts_change_with_the_scheme(open_page: Open) -> None:
    ink = "getComputedStyle(document.querySelector('svg text')).fill"
    assert open_page("/en/", scheme="light").evaluate(ink) != open_page("/en/", scheme="dark").evaluate(ink)


SEEN = """all => all.filter(one => one.checkVisibility()).map(one => {
  const box = one.getBoundingClientRect(); return [one.outerHTML.slice(0, 90), box.height]
})"""


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who may see everything, without a database: Playwright answers in a context of its own."""
    someone = User(pk=1, email="a@example.org", role=Role.ADMINISTRATOR)
    monkeypatch.setattr("estime.web.frame.viewer", lambda request: someone)
    monkeypatch.setattr("estime.web.access.viewer", lambda request: someone)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("lang", "width", "scheme"), [("fr", 360, "dark"), ("en", 1440, "light"), ("fr", 360, "light")]
)
def test_axe_finds_nothing_in_any_component(open_page: Open, lang: str, width: int, scheme: str) -> None:
    page = open_page(f"/{lang}/style/", width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    against = [(one["id"], [node["html"][:140] for node in one["nodes"]]) for one in found["violations"]]
    assert against == []
    assert page.complaints == []
    targets: list[Any] = page.eval_on_selector_all(
        "button, .button, summary, .tabs a, .pages a, .choice, select", SEEN
    )
    assert [(html, height) for html, height in targets if height < 43.9] == []


@pytest.mark.usefixtures("staff")
def test_the_menu_opens_and_closes_by_keyboard_without_a_script(open_page: Open) -> None:
    page = open_page("/fr/style/", width=360, java_script_enabled=False)
    menu = page.get_by_role("navigation", name="Menu principal")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    assert menu.get_by_role("link", name="Engagement").is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    wide = open_page("/fr/style/", width=1440, java_script_enabled=False)
    assert wide.get_by_role("navigation", name="Menu principal").is_visible()
    assert not wide.get_by_role("button", name="Menu").is_visible()
