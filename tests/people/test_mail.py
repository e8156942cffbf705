"""ESTIME_MAIL_URL, and mail handed to a real server."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.conf import LazySettings
from django.core.mail import EmailMessage, get_connection
from hypothesis import given
from hypothesis import strategies as st

from estime.kernel.configuration import BadConfiguration
from estime.people.mail import mail_send
from estime.people.mail_url import FILES, mail_settings

HERE = Path("/srv/estime/mail")
TOLD = {"link": "https://estime.example.org/fr/join/x/", "role": "Analyste"}


class Letters:
    """What a server has taken."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


@pytest.fixture
def smtp() -> Iterator[tuple[Letters, int]]:
    letters = Letters()

    def allow(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"estime", b"p@ss:zebra"))

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(
        letters,
        hostname="127.0.0.1",
        port=port,
        authenticator=allow,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    yield letters, port
    controller.stop()


def use(settings: LazySettings, url: str) -> None:
    for name, value in mail_settings(url, HERE).items():
        setattr(settings, name, value)


def test_a_mail_server_takes_mail_in_the_readers_language(settings: LazySettings, smtp: Any) -> None:
    letters, port = smtp
    use(settings, f"smtp://estime:p%40ss%3Azebra@127.0.0.1:{port}?tls=off")
    assert mail_send("people/email/invitation", "bo@example.org", "fr", TOLD)
    (to, letter), *more = letters.taken
    assert not more
    assert to == ["bo@example.org"]
    assert letter["Subject"] == "Estime vous invite"
    assert TOLD["link"] in letter.get_content()


def test_where_encryption_is_wanted_and_there_is_none_nothing_is_sent(
    settings: LazySettings, smtp: Any, caplog: pytest.LogCaptureFixture
) -> None:
    letters, port = smtp
    use(settings, f"smtp://estime:p%40ss%3Azebra@127.0.0.1:{port}")
    assert not mail_send("people/email/invitation", "bo@example.org", "en", TOLD)
    assert not letters.taken
    assert "bo@example.org" not in caplog.text
    assert "zebra" not in caplog.text


def test_a_server_that_is_not_there_is_told_without_a_name(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, "smtp://127.0.0.1:1?tls=off")
    assert not mail_send("people/email/invitation", "bo@example.org", "en", TOLD)
    told = next(record for record in caplog.records if record.name == "estime.people.mail")
    assert told.fields == {"reason": "ConnectionRefusedError"}  # type: ignore[attr-defined]
    assert "bo@example.org" not in caplog.text


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("", {"EMAIL_FILE_PATH": str(HERE)}),
        ("file:///var/mail/estime", {"EMAIL_FILE_PATH": "/var/mail/estime"}),
        ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("smtp://h", {"EMAIL_HOST": "h", "EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}),
        ("smtps://u:p@h", {"EMAIL_PORT": 465, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True}),
        ("smtp://h:2525?tls=off", {"EMAIL_PORT": 2525, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}),
        ("smtp://h?tls=off", {"EMAIL_PORT": 25}),
    ],
)
def test_what_a_url_says(url: str, wanted: dict[str, object]) -> None:
    assert mail_settings(url, HERE).items() >= wanted.items()


@pytest.mark.parametrize(
    "url",
    ["smtp:", "smtp://", "smtps://h?tls=off", "smtp://h?tls=maybe", "smtp://h?tsl=off", "smtp://h:x", "http://h",
     "file:", "smtp://h:99999", "smtp://[h"],
)  # fmt: skip
def test_what_makes_no_sense_is_said(url: str) -> None:
    with pytest.raises(BadConfiguration):
        mail_settings(url, HERE)


@given(st.text(max_size=60).filter(bool), st.text(min_size=8, max_size=20))
def test_whatever_is_written_is_settings_or_an_error_that_keeps_the_password(
    rest: str, password: str
) -> None:
    try:
        assert mail_settings(f"smtp://u:{password}@{rest}", HERE)["EMAIL_BACKEND"]
    except BadConfiguration as error:
        assert password not in f"{error.message} {error.todo}" or password in "smtp://user:password@host:587"


def test_every_mail_is_a_file_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(tmp_path)
    mails = [EmailMessage("s", "b", "us@example.org", [f"{name}@example.org"]) for name in "ab"]
    with get_connection() as connection:  # of one connection, in one second
        assert connection.send_messages(mails) == 2
        assert connection.send_messages(mails) == 2
    told = [path.read_bytes().count(b"\nTo: ") for path in tmp_path.glob("*.log")]
    assert told == [1, 1, 1, 1]
