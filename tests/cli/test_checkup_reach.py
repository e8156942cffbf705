"""The doctor asks where others will: the mail server, and the pages' own address through the proxy."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from estime.cli.checkup_reach import address_finding, mail_finding


@contextmanager
def answering(status: int, **headers: str):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value.replace("SELF", self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


OURS = {"X_Request_ID": "0" * 32, "Strict_Transport_Security": "max-age=31536000"}


def test_an_address_that_answers_as_it_should_is_fine():
    with answering(200, **OURS) as address:
        assert address_finding(address).todo == ""


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (301, {**OURS, "Location": "SELF"}, "X-Forwarded-Proto"),
        (400, OURS, "Host"),
        (502, {}, "estime serve"),
        (200, {}, "site.address"),
        (404, {}, "site.address"),
        (302, {"Location": "https://elsewhere.example/"}, "site.address"),
    ],
)
def test_what_is_wrong_between_is_said_with_what_to_do(status, headers, told):
    with answering(status, **headers) as address:
        found = address_finding(address)
    assert (found.what, found.ok) == ("address", False)
    assert told in found.todo


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_address_that_nobody_answers_at():
    found = address_finding(f"https://127.0.0.1:{free_port()}")
    assert found.todo
    assert "proxy" in found.todo


@pytest.fixture
def smtp(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return settings


def test_a_mail_server_that_answers(smtp):
    controller = Controller(Sink(), hostname="127.0.0.1", port=smtp.EMAIL_PORT)
    controller.start()
    try:
        assert mail_finding().todo == ""
        smtp.EMAIL_HOST_USER, smtp.EMAIL_HOST_PASSWORD = "estime", "canary"
        refused = mail_finding()
        smtp.EMAIL_HOST_USER, smtp.EMAIL_USE_TLS = "", True
        clear = mail_finding()
    finally:
        controller.stop()
    assert not refused.ok
    assert "canary" not in f"{refused.told}{refused.todo}"
    assert not clear.ok
    assert "tls=off" in clear.todo


def test_a_mail_server_that_does_not_answer(smtp):
    found = mail_finding()
    assert not found.ok
    assert "ESTIME_MAIL_URL" in found.todo
