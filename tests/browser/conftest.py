"""One Chromium and one served installation for every test of this package.

The tests ask the server and the browser only: while Playwright runs in this thread, Django's connections cannot be used
in it, so whatever touches the database does so in a process of its own (filling.py).
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.serving import serving
from processes import need, run_estime

from browser.place import Place, Visit

TESTS = Path(__file__).resolve().parent.parent
AXE = TESTS / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("ESTIME_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), ""
)
"""The same engine without windows does a page in two thirds of the processor time."""
ACCOUNTS = ("--account", "forum:team", "--account", "houston-slack:ud71d4ea56")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    need(
        bool(CHROMIUM),
        "Chromium is missing: apt-get install chromium-headless-shell (or set ESTIME_CHROMIUM)",
    )
    need(AXE.is_file(), "axe-core is missing: npm ci --prefix tests/web")
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Place]:
    """An installation with real samples and a forum, served with its worker."""
    folder = tmp_path_factory.mktemp("browser")
    home = folder / "home"
    _make(home, sqlite_template, "--brand", "Maison Gourde", *ACCOUNTS)
    filled = json.loads(_program("browser.filling", home))
    environment = {"ESTIME_HOME": str(home), "ESTIME_DATABASE_URL": ""}
    with serving(folder, **environment) as server:
        yield Place(home, f"http://localhost:{server.port}", filled)


@pytest.fixture(scope="package")
def lived(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Place]:
    """An installation on a clock that can be moved on, with people who have yet to do something (lived_*.py)."""
    folder = tmp_path_factory.mktemp("lived")
    home = folder / "home"
    _make(home, sqlite_template, "--brand", "Maison Gourde")
    filled = json.loads(_program("browser.lived_filling", home))
    moved = {"DJANGO_SETTINGS_MODULE": "browser.lived_settings", "PYTHONPATH": str(TESTS)}
    with serving(folder, "--no-work", ESTIME_HOME=str(home), ESTIME_DATABASE_URL="", **moved) as server:
        yield Place(home, f"http://localhost:{server.port}", filled)


TARGETS = """
[[listening.targets]]
kind = "product"
name = "Gourde Lune"
aliases = ["Moon flask"]
exact = ["GL"]

[[listening.targets]]
kind = "third_party"
name = "Slack"
"""


def _make(home: Path, migrated: Path, *words: str) -> None:
    """An installation whose overview everybody may read."""
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated, home / "estime.sqlite3")
    run_estime("init", "--no-input", *words, home=home, database="")
    with (home / "estime.toml").open("a") as told:
        told.write("\n[privacy]\npublic_overview = true\n" + TARGETS)


def _program(module: str, home: Path) -> str:
    """What a module's `main` prints, run with an installation of its own."""
    code = f"import django; django.setup(); from {module} import main; main()"
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    env = {
        **os.environ,
        "ESTIME_HOME": str(home),
        "PYTHONPATH": path,
        "DJANGO_SETTINGS_MODULE": "estime.config.settings",
    }
    for name in ("ESTIME_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="package")
def empty(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> dict[str, Any]:
    """Pages of an installation without acts, and of one whose settings cannot be read, as they were answered."""
    home = tmp_path_factory.mktemp("browser") / "empty"
    _make(home, sqlite_template)
    return dict(json.loads(_program("browser.unfilled", home)))


@pytest.fixture
def visit(chromium: Any, place: Place) -> Iterator[Visit]:
    """Opens pages as somebody; all that is opened is closed, and nothing may have been complained of."""
    opener = Visit(chromium, place)
    yield opener
    opener.close()
