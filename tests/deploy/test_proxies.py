"""Estime in production behind nginx and behind Caddy, with the examples of deploy/: a real server, real TLS."""

import contextlib
import http.client
import re
import sqlite3
import ssl
from contextlib import closing
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from deploy.conftest import EMAIL, Served, trusting

GUARDED = "/en/staff-link/"  # one address may ask for it thirty times a minute


def ask(served: Served, path: str, *, method: str = "GET", body: str | None = None, **headers: str):
    link = http.client.HTTPSConnection("localhost", served.secure, context=trusting(served), timeout=30)
    link.request(method, path, body, {name.replace("_", "-"): told for name, told in headers.items()})
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    return answer, text


def cookies(answer) -> dict[str, str]:
    """Name → the whole header."""
    return {told.split("=", 1)[0]: told for told in answer.headers.get_all("Set-Cookie") or []}


def signed_in(served: Served, password: str, **headers: str):
    path = "/en/account/login/"
    page, text = ask(served, path)
    assert page.status == 200, text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token is not None
    jar = SimpleCookie()
    for told in cookies(page).values():
        jar.load(told)
    sent = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
    form = urlencode({"csrfmiddlewaretoken": token[1], "login": EMAIL, "password": password})
    told = {
        "Cookie": sent, "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"https://localhost:{served.secure}", "Referer": f"https://localhost:{served.secure}{path}",
    }  # fmt: skip
    return ask(served, path, method="POST", body=form, **told, **headers)


def test_somebody_signs_in_over_tls_and_nothing_is_sent_in_clear(proxied):
    plain = http.client.HTTPConnection("localhost", proxied.plain, timeout=30)
    plain.request("GET", "/en/account/login/?next=%2Fen%2F", headers={"Host": "localhost"})
    answer = plain.getresponse()
    assert answer.status in (301, 308)
    led = urlsplit(answer.headers["Location"])
    assert (led.scheme, led.hostname, led.path) == ("https", "localhost", "/en/account/login/")

    answer, text = signed_in(proxied, (proxied.home / "password").read_text())
    assert answer.status == 302, text
    told = cookies(answer)
    assert "__Host-sessionid" in told
    for name, header in told.items():
        if "Max-Age=0" not in header:
            assert "Secure" in header, name
            assert "SameSite=Lax" in header, name
    assert "HttpOnly" in told["__Host-sessionid"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = told["__Host-sessionid"].split(";")[0]
    page, text = ask(proxied, "/en/", Cookie=cookie)
    assert page.status in (200, 302), text


def test_what_an_asker_says_of_himself_is_not_believed(proxied):
    """Whoever names another address with each try is counted as one asker all the same."""
    with closing(sqlite3.connect(proxied.home / "estime.sqlite3", isolation_level=None)) as database:
        database.execute("DELETE FROM estime_cache")  # what the other proxy's askers have used up
    link = http.client.HTTPSConnection("localhost", proxied.secure, context=trusting(proxied), timeout=30)
    statuses = []
    for n in range(40):
        forged = dict.fromkeys(("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP"), f"203.0.113.{n}")
        link.request("GET", GUARDED, headers={**forged, "Forwarded": f"for=203.0.113.{n}"})
        answer = link.getresponse()
        answer.read()
        statuses.append(answer.status)
    assert 429 in statuses, statuses
    assert statuses[0] != 429


def test_other_names_and_metrics_are_refused(proxied):
    answer, _ = ask(proxied, "/metrics")
    assert answer.status == 404
    answer, _ = ask(proxied, "/health")
    assert answer.status == 200


def test_a_page_asked_for_past_the_proxy_leads_to_tls(served):
    """Whoever reaches the port itself, and says that it was https, is on this machine: that is what 1 means."""
    link = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    link.request("GET", "/en/", headers={"Host": "localhost"})
    answer = link.getresponse()
    answer.read()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://localhost:{served.secure}/en/"
    for host in ("evil.example", "127.0.0.1"):
        link.request("GET", "/en/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        answer = link.getresponse()
        answer.read()
        assert answer.status == 400
    link.request("GET", "/health", headers={"Host": "127.0.0.1"})
    assert link.getresponse().status == 200


def test_a_large_file_comes_through_and_one_that_is_too_large_is_refused_in_words(proxied):
    """As it comes, not first to the proxy's disk; and what the proxy would cut off Estime refuses itself."""
    answer, _ = signed_in(proxied, (proxied.home / "password").read_text())
    session = cookies(answer)["__Host-sessionid"].split(";")[0]
    page, text = ask(proxied, "/en/channels/upload/", Cookie=session)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    csrf = cookies(page)["__Host-csrftoken"].split(";")[0]
    statuses = {}
    for size in (64 << 20, 201 << 20, 310 << 20):
        answer, told = brought(proxied, size, token[1], f"{session}; {csrf}")
        statuses[size] = answer.status
        if size >> 20 == 64:
            assert '"to"' in told, told
    assert statuses == {64 << 20: 200, 201 << 20: 422, 310 << 20: 413}, told
    assert [path.stat().st_size for path in (proxied.home / "uploads").iterdir()] == [64 << 20]
    for path in (proxied.home / "uploads").iterdir():
        path.unlink()


def brought(served: Served, size: int, token: str, cookie: str):
    """A file of so many bytes, sent in pieces as a browser does."""
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="new_channel"\r\n\r\navis\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    ).encode()
    tail = b"\r\n--x--\r\n"
    link = http.client.HTTPSConnection("localhost", served.secure, context=trusting(served), timeout=60)
    link.putrequest("POST", "/en/channels/upload/")
    for name, told in {
        "Cookie": cookie, "Accept": "application/json", "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(len(head) + size + len(tail)), "Origin": f"https://localhost:{served.secure}",
        "Referer": f"https://localhost:{served.secure}/en/channels/upload/",
    }.items():  # fmt: skip
        link.putheader(name, told)
    link.endheaders()
    piece = b"id,author,date\n".ljust(1 << 20, b"1")
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):  # refused before its end
        link.send(head)
        for _ in range(size >> 20):
            link.send(piece)
        link.send(tail)
    answer = link.getresponse()
    return answer, answer.read().decode()
