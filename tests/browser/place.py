"""The served installation, and a browser in it as somebody."""

import http.client
import re
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

WAIT = 10_000
"""Milliseconds: far more than anything takes, so that a slow machine is no failure."""
CSRF = "c" * 32


class Answer(NamedTuple):
    """What the server said to one request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def html(self) -> bool:
        return self.header("content-type").startswith("text/html")


class Place(NamedTuple):
    """`told`: what filling.py made, and where it is."""

    home: Path
    address: str
    told: dict[str, Any]

    def cookies(self, who: str, lang: str = "") -> dict[str, str]:
        held = {self.told["csrf"]: CSRF}
        if who:
            held[self.told["cookie"]] = self.told["visitors"][who.format(lang=lang)]
        return held

    def ask(self, path: str, who: str = "", form: dict[str, str] | None = None, lang: str = "en") -> Answer:
        """One request without a browser; with `form`, what a page's own form would send."""
        link = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies(who, lang).items()),
            "Accept-Language": lang, "Accept": "text/html,*/*", "Referer": self.address,
        }  # fmt: skip
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": CSRF, **form})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        link.request("GET" if form is None else "POST", path, body, headers)
        answer = link.getresponse()
        told = Answer(answer.status, answer.getheaders(), answer.read())
        link.close()
        return told

    def mails(self, to: str) -> list[str]:
        """The texts of the mails to an address, the oldest first."""
        found = []
        for path in sorted((self.home / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns):
            mail = message_from_bytes(path.read_bytes().rstrip(b"-\n"), policy=policy.default)
            if to in str(mail["To"]):
                part = mail.get_body(("plain",))
                found.append(part.get_content() if part else "")
        return found

    def mail(self, to: str, wanted: str) -> str:
        """What the first group of `wanted` is in a mail to somebody, as soon as it is there."""
        for _ in range(100):
            for text in reversed(self.mails(to)):
                if found := re.search(wanted, text):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no mail to {to} with {wanted}: {self.mails(to)}")


class Visit:
    """Pages in the browser, each in a context of its own."""

    def __init__(self, browser: Any, place: Place) -> None:
        self.place, self._browser = place, browser
        self._open: list[Any] = []

    def page(self, who: str = "", *, width: int = 1440, scheme: str = "light", **options: Any) -> Any:
        """A blank page of somebody; `complaints` collects what the browser says."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=self.place.address,
            **options,
        )
        self._open.append(context)
        cookies = self.place.cookies(who)
        if not who:
            cookies = {}
        context.add_cookies([{"name": n, "value": v, "url": self.place.address} for n, v in cookies.items()])
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda line: page.complaints.append(line.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    def close(self) -> None:
        for context in self._open:
            context.close()
