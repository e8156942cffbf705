"""What pages look like to whoever reads them: lines, charts, the menu, and reading on without JavaScript."""

from itertools import product
from typing import Any

import pytest

from browser.looking import AXE, axe, facts
from browser.place import Visit

pytestmark = pytest.mark.browser

LINES = """all => all.map(one => {
  const range = document.createRange(); range.selectNodeContents(one)
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top / 8)))
  return one.textContent.length / Math.max(1, lines.size)
})"""
INK = "getComputedStyle(document.querySelector('figure svg text')).fill"


def opened(visit: Visit, path: str, who: str = "", **options: Any) -> Any:
    page = visit.page(who, **options)
    page.goto(path)
    return page


def test_lines_of_prose_stay_short(visit: Visit) -> None:
    page = opened(visit, "/fr/c/houston-slack/")
    lengths = page.eval_on_selector_all(".truth, .hint, .finding", LINES)
    assert 20 < max(lengths) < 80


def test_the_overview_in_every_language_width_and_light(visit: Visit) -> None:
    """All eight: `test_pages.py` looks at two of them, whatever the page."""
    for lang, width, scheme in product(("fr", "en"), (360, 1440), ("light", "dark")):
        page = visit.page("", width=width, scheme=scheme)
        page.add_init_script(path=AXE)
        page.goto(f"/{lang}/c/houston-slack/")
        told = facts(page)
        assert (told["lang"], told["wide"]) == (lang, 0), (width, scheme)
        assert axe(page, visual=True) == [], (lang, width, scheme)


def test_charts_change_with_the_scheme(visit: Visit) -> None:
    light, dark = (opened(visit, "/en/c/forum/", scheme=scheme).evaluate(INK) for scheme in ("light", "dark"))
    assert light != dark


def test_reading_on_without_javascript_and_by_keyboard(visit: Visit) -> None:
    page = opened(visit, "/en/overview/", width=360, java_script_enabled=False)
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")  # the channels unfold
    page.get_by_role("navigation", name="Channels").get_by_role("link", name="Porsche").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/c/page-porsche/")
    page.get_by_role("link", name="Français").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/c/page-porsche/")
    page.get_by_text("Les chiffres en tableau").first.click()
    assert page.get_by_role("row").first.is_visible()


def test_the_skip_link_leads_past_the_menu(visit: Visit) -> None:
    page = opened(visit, "/fr/channels/", "lead")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # seen as soon as it is reached
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_opens_and_closes_by_keyboard(visit: Visit, scripts: bool) -> None:
    page = opened(visit, "/fr/style/", "lead", width=360, java_script_enabled=scripts)
    menu = page.get_by_role("navigation", name="Menu principal")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    assert menu.get_by_role("link", name="Engagement").is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    wide = opened(visit, "/fr/style/", "lead", java_script_enabled=scripts)
    assert wide.get_by_role("navigation", name="Menu principal").is_visible()
    assert not wide.get_by_role("button", name="Menu").is_visible()


def test_an_address_without_a_language_follows_the_browser(visit: Visit) -> None:
    for locale, wanted in (("fr-FR", "fr"), ("en-GB", "en")):
        page = opened(visit, "/definitions/", locale=locale)
        assert page.evaluate("document.documentElement.lang") == wanted
