"""The way from the desk to a first answer in a real browser, against a real server: without JavaScript, by keyboard,
narrow and dark; then axe over each page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.serving import Server, serving
from contact.forum import asked, brand, came_in, owed, said, staff
from django.conf import settings
from django.db import connection
from django.test import Client
from web.test_browser import AXE, CHROMIUM, TAGS, _lacking

from estime.contact import api as contact
from estime.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def server(installed: Path) -> Iterator[Server]:
    if not CHROMIUM:
        _lacking("Chromium is missing: apt-get install chromium (or set ESTIME_CHROMIUM)")
    if not AXE.is_file():
        _lacking("axe-core is missing: npm ci --prefix tests/web")
    brand(installed, "forum")
    came_in(
        said("b", "team", "A lid.", 0, context="t"),
        said("q1", "anna", "Is it blue?", 1, in_reply_to="b", context="t"),
        said("q2", "bob", "Is it big?", 2, in_reply_to="b", context="t"),
    )
    lea, sam = staff("lea"), staff("sam", "representative")
    contact.hand_over(contact.Doing(asked("q2").pk, 0, sam), lea.pk, "You know lids.")
    with serving(installed, ESTIME_HOME=str(installed)) as running:
        yield running


def signed_in(email: str) -> str:
    """A session as signing in makes one, under the installation's own secret."""
    client = Client()
    client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies["sessionid"].value


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_a_first_answer_by_keyboard_without_javascript_and_axe_finds_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY", "django:" + "5e" * 32)
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    session, at = signed_in("lea@example.org"), f"http://127.0.0.1:{server.port}"
    number = asked("q2").pk
    connection.close()
    cookie = {"name": "sessionid", "value": session, "url": at}
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        plain = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
        plain.add_cookies([cookie])
        answer_by_keyboard(plain.new_page(), at)
        for width, scheme, lang in ((360, "dark", "fr"), (1440, "light", "en")):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            context.add_cookies([cookie])
            page = context.new_page()
            for path in ("", f"questions/{number}/", "settled/", "archives/"):
                page.goto(f"{at}/{lang}/to-keep/{path}")
                look_at(page, width)
        browser.close()
    assert owed() == {"q1"}


def answer_by_keyboard(page: Any, at: str) -> None:
    page.goto(f"{at}/en/to-keep/")
    page.get_by_role("link", name="Answer Is it big?").focus()  # handed to me: it stands first
    page.keyboard.press("Enter")
    page.get_by_label("Your answer").focus()
    page.keyboard.type("One litre.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your answer is saved.").wait_for()
    page.get_by_role("button", name="I have posted it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("It is off the list").wait_for()
    assert page.get_by_text("Is it big?").count() == 0


def look_at(page: Any, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    against = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
    assert against == [], page.url
