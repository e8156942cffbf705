"""A file through a real browser, server and worker: all comes by itself, and axe finds nothing.

One server for all of it: what is looked at is the way from a file to its mended rows, in both languages.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from processes import need

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = (
    os.environ.get("ESTIME_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
)
TABLE = "auteur,date,texte\nana,2024-05-31T18:30:00Z,Bonjour\nbob,2024-05-31 19:00,<b>Salut</b>\n"
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"


SIGN_IN = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
from estime.people.models import User
client = Client(); client.force_login(User.objects.create_user("zoe@example.org", role="administrator"))
print(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@pytest.fixture
def cookie(installed: Path) -> dict[str, str]:
    """Signed in by the installation itself: its secret is not that of the tests."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "estime.config.settings"}
    told = subprocess.run(
        [sys.executable, "-c", SIGN_IN], env=env, capture_output=True, text=True, check=True
    )
    name, value = told.stdout.split()
    return {"name": name, "value": value}


@pytest.fixture
def server(installed: Path, cookie: dict[str, str]) -> Iterator[str]:
    """A real one, with its worker."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    words = [sys.executable, "-m", "estime", "serve", "--port", str(port)]
    running = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=30)


@pytest.fixture
def page(server: str, cookie: dict[str, str]) -> Iterator[Any]:
    need(bool(CHROMIUM), "Chromium is missing: apt-get install chromium (or set ESTIME_CHROMIUM)")
    need(AXE.is_file(), "axe-core is missing: npm ci --prefix tests/web")
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 360, "height": 800}, color_scheme="dark", base_url=server
        )
        context.add_cookies([{**cookie, "url": server}])
        shown = context.new_page()
        shown.set_default_timeout(60_000)
        shown.complaints = []
        shown.on("console", lambda message: shown.complaints.append(message.text))
        shown.on("pageerror", lambda error: shown.complaints.append(str(error)))
        yield shown
        browser.close()


def clean(page: Any) -> None:
    """Nothing for axe to find, nothing wider than the screen, nothing the browser complains of."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(RULES)["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.complaints == []


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_from_a_file_to_its_mended_rows(page: Any, tmp_path: Path) -> None:
    (tmp_path / "avis.csv").write_text(TABLE)
    page.goto("/fr/channels/")
    clean(page)
    page.get_by_role("link", name="Apporter un fichier").first.click()
    page.fill("#new_channel", "avis")
    page.set_input_files("#file", str(tmp_path / "avis.csv"))
    clean(page)
    page.get_by_role("button", name="Regarder le fichier").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Sur 2 lignes, 1 entreraient")
    clean(page)
    assert page.locator("td b").count() == 0  # what the file says is text
    page.get_by_role("button", name="Importer").click()
    page.wait_for_url("**/channels/imports/**")
    clean(page)
    page.fill("#timezone", "Europe/Paris")
    page.get_by_role("button", name="Toutes les corriger").click()
    page.wait_for_selector("text=Réglées")
    clean(page)
    for path in ("/en/channels/avis/", "/en/jobs/", "/en/settings/", "/fr/settings/measures/", "/fr/settings/privacy/",
                 "/en/settings/accounts/", "/en/settings/changes/"):  # fmt: skip
        page.goto(path)
        clean(page)
