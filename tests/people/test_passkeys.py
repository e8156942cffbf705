"""Passkeys in a real browser with a virtual authenticator, against a real server; the pages of sign-in under axe."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core import mail
from django.core.wsgi import get_wsgi_application
from django.db import connections
from people.together import together
from processes import need

from estime.people import api as people

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("installed"),
    pytest.mark.parametrize("installed", ["sqlite"], indirect=True),
]
AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("ESTIME_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PASSWORD = "a long enough one"


class Server(ThreadingMixIn, WSGIServer):
    """Each request in a thread of its own, with a connection to the database of its own."""

    daemon_threads = True

    def process_request_thread(self, *args: Any) -> None:
        try:
            super().process_request_thread(*args)
        finally:
            connections.close_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None: ...


@pytest.fixture
def address(settings: LazySettings, installed: Path) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Any]:
    need(bool(CHROMIUM), "Chromium is missing: apt-get install chromium (or set ESTIME_CHROMIUM)")
    need(AXE.is_file(), "axe-core is missing: npm ci --prefix tests/web")
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_context(viewport={"width": 360, "height": 800}, locale="en").new_page()
        opened.set_default_timeout(10_000)
        opened.complaints = []
        opened.on("console", lambda line: opened.complaints.append(line.text))
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
        yield opened
        browser.close()


def aside(call: Callable[..., Any], *words: Any) -> Any:
    """In a thread of its own: Playwright's loop would give this one a connection of another test."""
    (done,) = together(lambda: call(*words))
    if isinstance(done, Exception):
        raise done
    return done


def axe(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    against = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
    assert against == [], page.url


def authenticator(page: Any) -> Any:
    """A device that holds passkeys and knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_a_passkey_is_made_and_signs_in_by_itself(page: Any, address: str) -> None:
    aside(people.login_make, "bo@example.org", "administrator", people.Profile("Bo", "en", "", PASSWORD))
    authenticator(page)
    page.goto(f"{address}/en/account/login/")
    axe(page)
    page.get_by_label("E-mail address").fill("bo@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{address}/en/me/")
    axe(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    axe(page)
    page.get_by_label("A name for it").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(re.compile("/account/recovery/"))
    axe(page)
    assert aside(Authenticator.objects.filter(type="webauthn").count) == 1
    page.goto(f"{address}/en/staff/")
    axe(page)
    page.goto(f"{address}/en/me/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(re.compile("/account/login/"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/en/(?!account)"))
    page.goto(f"{address}/en/account/passkeys/")
    axe(page)
    assert "My laptop" in page.inner_text("main")
    assert [one for one in page.complaints if "favicon" not in one] == []


def test_a_passkey_is_a_second_step_and_no_page_says_so_where_none_can_work(page: Any, address: str) -> None:
    user = aside(people.login_make, "bo@example.org", "lead", people.Profile("Bo", "fr", "", PASSWORD))
    session = authenticator(page)
    page.goto(f"{address}/staff-link/#{aside(people.staff_link_make, user)}")
    page.wait_for_url(re.compile("/fr/"))  # the link signs in by itself, and leaves the address bar
    page.goto(f"{address}/fr/account/passkeys/add/")
    page.locator("form[data-passkey] button").click()
    page.wait_for_url(re.compile("/account/recovery/"))
    page.context.clear_cookies()
    page.goto(f"{address}/en/account/login/")
    page.get_by_label("E-mail address").fill("bo@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/account/second/"))
    axe(page)
    session.send("WebAuthn.disable")
    session.send("WebAuthn.enable")
    page.context.clear_cookies()
    page.goto(f"{address.replace('localhost', '127.0.0.1')}/en/account/login/")
    assert page.get_by_role("button", name="Use a passkey").count() == 0
    assert not mail.outbox or all(letter.to == ["bo@example.org"] for letter in mail.outbox)
