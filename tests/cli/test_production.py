"""Production refuses to start unsafe, says every reason at once, and nothing of a demo becomes production by a flag."""

import json
import os
import subprocess
import sys
from ipaddress import ip_network

import pytest
from cli.ledgers import Installation

from estime.config import production
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.people import api as people

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
EVERYBODY = "0.0.0.0"  # noqa: S104  # what must be refused
SMTP = "django.core.mail.backends.smtp.EmailBackend"
TOML = '[site]\nmode = "production"\naddress = "https://estime.gourde.fr"\n'


@pytest.fixture
def safe(installed, settings):
    """A production installation against which nothing stands."""
    (installed / "estime.toml").write_text(TOML)
    (installed / "secret").write_text(os.urandom(32).hex())
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["estime.gourde.fr"]
    settings.ESTIME_PROXIES = (ip_network("127.0.0.0/8"),)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "mail.gourde.fr"
    people.login_make("ada@gourde.fr", people.Role.ADMINISTRATOR, people.Profile(password="x" * 20))
    return installed


def codes() -> list[str]:
    return [reason.code for reason in production.reasons()]


def test_a_safe_installation_starts(safe):
    assert codes() == []
    production.check_production()


def secret(value):
    return lambda home, settings: (home / "secret").write_text(value)


def setting(name, value):
    return lambda home, settings: setattr(settings, name, value)


def toml(text):
    return lambda home, settings: (home / "estime.toml").write_text(text)


def nobody_administers(home, settings):
    people.User.objects.all().update(role="lead")


def nobody_can_sign_in(home, settings):
    from allauth.account.models import EmailAddress

    people.User.objects.get().set_unusable_password()
    people.User.objects.update(password="!")
    EmailAddress.objects.all().delete()


def demo_people(home, settings):
    people.login_make("lead@estime.example", people.Role.LEAD)


def samples(home, settings):
    sample = production.samples()[0]
    ledger.channel_ensure(sample["channel"], attribution=sample["attribution"])


def no_guard(home, settings):
    with Installation.here(home).link() as link:
        link.execute("DROP TRIGGER ledger_act_no_delete")


UNSAFE = {
    "debug": ("debug", setting("DEBUG", True)),
    "no address": ("address", toml('[site]\nmode = "production"\n')),
    "address in clear": ("address", toml(TOML.replace("https", "http"))),
    "any host": ("hosts", setting("ALLOWED_HOSTS", ["*"])),
    "any subdomain": ("hosts", setting("ALLOWED_HOSTS", ["estime.gourde.fr", ".gourde.fr"])),
    "not its own host": ("hosts", setting("ALLOWED_HOSTS", ["elsewhere.gourde.fr"])),
    "no proxy": ("proxy", setting("ESTIME_PROXIES", ())),
    "everybody a proxy": ("proxy", setting("ESTIME_PROXIES", (ip_network("0.0.0.0/0"),))),
    "secret gone": ("secret", lambda home, settings: (home / "secret").unlink()),
    "secret short": ("secret", secret("ab" * 8)),
    "secret guessed": ("secret", secret("5e" * 32)),
    "secret read by others": ("secret", lambda home, settings: (home / "secret").chmod(0o644)),
    "folder read by others": ("folder", lambda home, settings: home.chmod(0o750)),
    "database elsewhere": (
        "folder",
        lambda home, s: s.DATABASES["default"].update(NAME="/srv/estime.sqlite3"),
    ),
    "mail into files": ("mail", setting("EMAIL_BACKEND", "estime.people.mail_files.EmailBackend")),
    "nobody administers": ("administrator", nobody_administers),
    "nobody can sign in": ("administrator", nobody_can_sign_in),
    "people of the demo": ("demo-people", demo_people),
    "samples": ("samples", samples),
    "no guard": ("guards", no_guard),
}


@only_sqlite
@pytest.mark.parametrize("what", UNSAFE)
def test_each_reason_alone_is_enough(safe, settings, what):
    code, change = UNSAFE[what]
    change(safe, settings)
    assert set(codes()) == {code}
    with pytest.raises(production.Unsafe) as refused:
        production.check_production()
    assert "→" in refused.value.todo
    (safe / "estime.toml").write_text("")  # the mode decides whether it matters
    if what not in ("no address", "address in clear"):
        production.check_production()


@only_sqlite
def test_the_command_says_every_reason_at_once_and_does_not_start(installed, tmp_path):
    """A demo whose mode somebody flipped: the installation itself stands against it."""
    ledger.append("houston-slack", [(1, ActDraft("a", "b", "Create", _then(), "n"))])
    samples(installed, None)
    people.login_make("demo@estime.example", people.Role.ADMINISTRATOR)
    (installed / "estime.toml").write_text('[site]\nmode = "production"\naddress = "http://0.0.0.0:8000"\n')
    done = Installation.here(installed).estime(
        "serve", "--host", EVERYBODY, code=2, ESTIME_DEBUG="1", ESTIME_HOSTS="*"
    )
    assert "[unsafe-production]" in done.stderr.splitlines()[0]
    for word in ("ESTIME_DEBUG", "not encrypted", "ESTIME_HOSTS", "ESTIME_PROXY", "guessed", "ESTIME_MAIL_URL",
                 "demo or of a test", "samples"):  # fmt: skip
        assert word in done.stderr, word
    assert done.stderr.count("→") == done.stderr.count("\n        - ") == 8
    assert "Traceback" not in done.stderr


def _then():
    from datetime import UTC, datetime

    return datetime(2024, 1, 1, tzinfo=UTC)


@only_sqlite
@pytest.mark.parametrize("mode", ["local", "demo"])
@pytest.mark.parametrize("host", [EVERYBODY, "::", "192.0.2.1", "estime.gourde.fr"])
def test_outside_of_production_only_this_machine_is_served(installed, call, mode, host):
    (installed / "estime.toml").write_text(f'[site]\nmode = "{mode}"\n')
    told = call("serve", "--host", host)
    assert told.code == 2
    assert "[local-only]" in told.err


ASK = """
import json, django
from estime.cli.installation import setup_django
setup_django()
from django.conf import settings as s
from django.test import Client
client = Client(REMOTE_ADDR="10.1.2.3", raise_request_exception=False)
def ask(path, **headers):
    answer = client.get(path, **headers)
    return [answer.status_code, answer.headers.get("Location", ""), answer.headers.get("Strict-Transport-Security", "")]
print(json.dumps({
    "cookies": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
                s.SESSION_COOKIE_HTTPONLY],
    "hosts": s.ALLOWED_HOSTS, "origins": s.CSRF_TRUSTED_ORIGINS, "languages": [s.LANGUAGE_CODE, dict(s.LANGUAGES)],
    "plain": ask("/en/account/login/", HTTP_HOST="estime.gourde.fr"),
    "forged": ask("/en/account/login/", HTTP_HOST="estime.gourde.fr",
                  HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="10.9.9.9"),
    "proxied": ask("/en/account/login/", HTTP_HOST="estime.gourde.fr", HTTP_X_FORWARDED_PROTO="https"),
    "stranger": ask("/en/account/login/", HTTP_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https"),
    "health": ask("/health", HTTP_HOST="10.1.2.4"),
}))
"""


def asked(home, database="", **environment):
    env = {**os.environ, "ESTIME_HOME": str(home), **environment}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@only_sqlite
def test_production_binds_cookies_hosts_and_redirects_to_tls(installed):
    (installed / "estime.toml").write_text(TOML + 'languages = ["fr"]\n')
    told = asked(installed, ESTIME_PROXY="10.1.0.0/16")
    assert told["cookies"] == ["__Host-sessionid", "__Host-csrftoken", True, True, True]
    assert told["hosts"] == ["estime.gourde.fr"]
    assert told["origins"] == ["https://estime.gourde.fr"]
    assert told["languages"] == ["fr", {"fr": "Français"}]
    there = "https://estime.gourde.fr/en/account/login/"
    assert told["plain"][:2] == told["forged"][:2] == [301, there]
    assert told["proxied"][2] == "max-age=31536000"
    assert told["stranger"][0] == 400
    assert told["health"][0] == 200


@only_sqlite
def test_an_unreadable_configuration_takes_the_safe_side(installed):
    (installed / "estime.toml").write_text("nonsense")
    told = asked(installed)
    assert told["cookies"][0] == "__Host-sessionid"
    assert told["proxied"][0] in (301, 400)
    done = Installation.here(installed).estime("serve", code=2)
    assert "[bad-configuration]" in done.stderr


@only_sqlite
def test_a_local_installation_is_as_it_was(installed):
    told = asked(installed)
    assert told["cookies"] == ["sessionid", "csrftoken", False, False, True]
    assert told["languages"] == ["en", {"fr": "Français", "en": "English"}]
    assert configuration().site.mode == "local"


@only_sqlite
@pytest.mark.parametrize("path", ["account/login/", "nowhere/"])
def test_a_demo_says_so_on_every_page_and_nothing_else_does(installed, client, path):
    (installed / "estime.toml").write_text('[site]\nmode = "demo"\n')
    assert "Une démonstration" in client.get(f"/fr/{path}").content.decode()
    assert "A demo:" in client.get(f"/en/{path}").content.decode()
    (installed / "estime.toml").write_text("")
    assert "A demo:" not in client.get(f"/en/{path}").content.decode()
