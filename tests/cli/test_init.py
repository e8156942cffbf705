"""`estime init`: by flags for scripts, by questions on a terminal, and never a password where others see it."""

import os
import pty
import select
import subprocess
import sys
import termios
import time
import tomllib
from pathlib import Path

import pytest
from cli.ledgers import Installation
from hypothesis import given
from hypothesis import strategies as st

from estime.cli.first_settings import Answers, checked, settings_text
from estime.kernel.configuration import Configuration

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
PASSWORD = "Un chemin vers la mer 7"
FLAGS = (
    "--brand", "Maison “Gourde”", "--account", "forum:team", "--account", "page:Maison: la page",
    "--language", "fr", "--address", "https://gourde.example.org/", "--timezone", "Europe/Paris",
    "--mode", "production", "--no-input",
)  # fmt: skip


def told(home: Path) -> dict:
    return tomllib.loads((home / "estime.toml").read_text())


def init(home: Path, *words: str, typed: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ESTIME_HOME": str(home)}
    for name in ("DJANGO_SETTINGS_MODULE", "ESTIME_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "estime", "init", *words],
        env=env, input=typed, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def test_everything_by_flags_and_once_more_nothing(tmp_path):
    home = tmp_path / "home"
    who = ("--admin", "Ada@Gourde.fr", "--admin-name", "Ada", "--password-stdin")
    done = init(home, *FLAGS, *who, typed=f"{PASSWORD}\n")
    assert PASSWORD not in done.stdout + done.stderr
    assert told(home) == {
        "site": {"mode": "production", "address": "https://gourde.example.org", "languages": ["fr"]},
        "brand": {
            "name": "Maison “Gourde”",
            "timezone": "Europe/Paris",
            "accounts": [
                {"channel": "forum", "handle": "team"},
                {"channel": "page", "handle": "Maison: la page"},
            ],
        },
        "measures": {},
    }
    assert "ESTIME_MAIL_URL" in done.stderr  # what stands against production is said at once
    for path in (home, home / "secret", home / "estime.toml", *home.glob("estime.sqlite3*")):
        assert path.stat().st_mode & 0o077 == 0, path
    here = Installation(home)
    assert here.ask("SELECT email, name, role FROM people_user") == [
        ("ada@gourde.fr", "Ada", "administrator")
    ]
    assert here.ask('SELECT email, verified, "primary" FROM account_emailaddress') == [
        ("ada@gourde.fr", 1, 1)
    ]
    before = [(home / name).read_bytes() for name in ("secret", "estime.toml")]
    hashed = here.ask("SELECT password FROM people_user")

    again = init(home, "--brand", "Other", "--admin", "eve@gourde.fr", "--generate-password", "--no-input")
    assert "brand.name" in again.stderr
    assert "There is an administrator already" in again.stderr
    assert again.stdout == ""
    assert [(home / name).read_bytes() for name in ("secret", "estime.toml")] == before
    assert here.ask("SELECT password FROM people_user") == hashed


def test_a_made_up_password_is_printed_once_and_signs_in(tmp_path):
    home = tmp_path / "home"
    done = init(home, "--admin", "ada@gourde.fr", "--generate-password")
    password = done.stdout.strip()
    assert len(password) >= 20
    assert password not in done.stderr
    check = (
        "from estime.cli.installation import open_installation; open_installation();"
        "from estime.people.models import User; import sys;"
        "sys.exit(not User.objects.get().check_password(sys.stdin.read()))"
    )
    env = {**os.environ, "ESTIME_HOME": str(home)}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    assert subprocess.run([sys.executable, "-c", check], env=env, input=password, text=True).returncode == 0


@only_sqlite
@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (["--admin", "nobody"], "--admin"),
        (["--admin", "ada@gourde.fr"], "--admin"),
        (["--admin-name", "Ada"], "--admin"),
        (["--admin", "ada@gourde.fr", "--password-stdin", "--generate-password"], "--password-stdin"),
        (["--account", "team"], "--account"),
        (["--account", "a b:team"], "--account"),
        (["--language", "de"], "--language"),
        (["--language", "fr", "--language", "fr"], "--language"),
        (["--address", "estime.example.org"], "--address"),
        (["--address", "https://estime.example.org/forum"], "--address"),
        (["--timezone", "Paris"], "--timezone"),
        (["--mode", "demo"], "--mode"),
        (["--brand", "a\nb"], "--brand"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_made(
    installed, call, monkeypatch, tmp_path, words, flag
):
    monkeypatch.setenv("ESTIME_HOME", str(tmp_path / "fresh"))
    done = call("init", *words, "--no-input")
    assert done.code == 2
    assert flag in done.err
    assert not (tmp_path / "fresh").exists()


def test_a_weak_password_is_refused_and_the_same_again_completes_it(tmp_path):
    home = tmp_path / "home"
    who = ("--admin", "ada@gourde.fr", "--password-stdin")
    refused = init(home, *who, typed="12345678\n", code=2).stderr
    assert "[password-refused]" in refused
    assert "12345678" not in refused
    assert Installation(home).ask("SELECT count(*) FROM people_user") == [(0,)]
    init(home, *who, typed=f"{PASSWORD}\n")
    assert Installation(home).ask("SELECT count(*) FROM people_user") == [(1,)]


def on_terminal(home: Path, answers: list[tuple[str, str]]) -> str:
    """Run `estime init` on a terminal of its own, and type each answer when its question stands there."""
    env = {**os.environ, "ESTIME_HOME": str(home), "TZ": "Europe/Paris", "TERM": "dumb"}
    for name in ("DJANGO_SETTINGS_MODULE", "ESTIME_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    master, slave = pty.openpty()
    words = [sys.executable, "-m", "estime", "init"]
    process = subprocess.Popen(
        words, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    seen, left, deadline = "", list(answers), time.monotonic() + 60
    asked_from = 0
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 0.2)[0]:
            continue
        try:
            seen += os.read(master, 4096).decode()
        except OSError:
            break
        if left and left[0][0] in seen[asked_from:]:
            asked_from = len(seen)
            if left[0][0] in ("Password", "Repeat"):
                _wait_for_no_echo(master)
            os.write(master, f"{left.pop(0)[1]}\n".encode())
    if left:
        process.kill()
    assert process.wait(timeout=30) == 0, (left, seen)
    os.close(master)
    assert left == [], seen
    return seen


def _wait_for_no_echo(terminal: int) -> None:
    """What is typed before is thrown away by whoever asks for a password."""
    deadline = time.monotonic() + 20
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        assert time.monotonic() < deadline, "the password would be seen"
        time.sleep(0.01)


def test_on_a_terminal_it_asks_and_asks_again_where_it_was_not_understood(tmp_path):
    home = tmp_path / "home"
    seen = on_terminal(
        home,
        [
            ("(production)?", "production"), ("name, as pages", "Maison Gourde"), ("address people will", "gourde"),
            ("address people will", "https://gourde.fr"), ("Languages", "en, fr"), ("Time zone", ""),
            ("Account", "forum:team"), ("Account", ""), ("E-mail address", "ada@gourde.fr"), ("Name", "Ada"),
            ("Password", "ada@gourde.fr"), ("Repeat", "ada@gourde.fr"), ("Password", PASSWORD), ("Repeat", PASSWORD),
        ],
    )  # fmt: skip
    assert PASSWORD not in seen
    assert "Making the database" in seen
    assert told(home)["site"] == {
        "mode": "production",
        "address": "https://gourde.fr",
        "languages": ["en", "fr"],
    }
    assert told(home)["brand"]["timezone"] == "Europe/Paris"
    assert Installation(home).ask("SELECT name, role FROM people_user") == [("Ada", "administrator")]
    again = on_terminal(home, [])
    assert "Account" not in again


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).filter(str.isprintable)


@given(
    st.builds(
        Answers,
        brand=texts,
        accounts=st.lists(texts.map(str.strip).filter(bool).map("forum:{}".format), max_size=3).map(tuple),
        languages=st.sampled_from([(), ("fr",), ("en", "fr")]),
        address=st.sampled_from(["", "https://a.example.org", "http://localhost:8000"]),
        timezone=st.sampled_from(["", "UTC", "Europe/Paris"]),
        mode=st.sampled_from(["", "local", "production"]),
    )
)
def test_whatever_is_answered_the_file_says_just_that(answers):
    answers = checked(answers)
    read = Configuration.model_validate(tomllib.loads(settings_text(answers)))
    assert read.brand.name == (answers.brand or "Estime")
    assert tuple(f"{a.channel}:{a.handle}" for a in read.brand.accounts) == answers.accounts
    assert read.site.languages == (answers.languages or ("fr", "en"))
    assert (read.site.address, read.site.mode) == (answers.address, answers.mode or "local")
    assert ("languages" in read.site.model_fields_set) == bool(answers.languages)
