"""Every page, in both languages, narrow and dark, wide and light: axe, width, names, words, Tab, and no JavaScript."""

import base64
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from django.utils.translation import override
from web.test_permissions_pages import Address, addresses

from browser.looking import AXE, axe, facts, foreign, read, walk
from browser.pages import FILES, NO_PAGES, PAGES, Page
from browser.place import Answer, Place, Visit

pytestmark = pytest.mark.browser

UNTOLD = ("set-cookie", "content-length", "transfer-encoding", "content-encoding")
LANGUAGES = ("fr", "en")
"""French is looked at narrow and dark, and read without JavaScript too; English wide and light, and tabbed through."""
WALKED_NARROW = ("desk", "question", "acts", "account_login", "settings-measures", "upload-page", "channel")
"""Pages that are tabbed through in both widths."""
EMPTY = (
    "first", "first for who may import", "first for a colleague", "desk", "channels", "acts", "jobs", "tokens",
    "settings", "staff", "settled", "archives", "500", "503",
)  # fmt: skip
TITLES: dict[tuple[str, str], str] = {}
"""(language, title): the first page that was called so."""
CALLED_ALIKE = {
    "moderation-hide": "moderation-look",
    "vote-cast": "vote",
    "question-answer-public": "interpellation",
    "all": "overview",
    "channel-named": "channel-page",
    "mfa_reauthenticate": "account_reauthenticate",
    "mfa_reauthenticate_webauthn": "account_reauthenticate",
    "first for who may import": "first",
    "first for a colleague": "first",
}
"""One page at two addresses, or one question with another way to answer it."""
NEEDS_JAVASCRIPT = ("mfa_add_webauthn", "mfa_reauthenticate_webauthn")
"""Browsers speak to devices through JavaScript only: without it these say so."""
SPECIMENS = ("style",)
"""It shows how the head of a page looks, with an h1 of its own."""
BRANDS = ("Maison Gourde", "Estime")


class Window:
    """A window that stays open: answers are put into it as if just sent, all else comes from the server, once.

    Playwright's own `route` would switch the browser's cache off, and each page would fetch its stylesheets again.
    """

    def __init__(self, page: Any) -> None:
        self.page, self._path, self._answer = page, "", Answer(404, [], b"")
        self._link = page.context.new_cdp_session(page)
        self._link.on("Fetch.requestPaused", self._asked)
        kinds = [{"resourceType": kind} for kind in ("Document", "Fetch")]
        self._link.send("Fetch.enable", {"patterns": kinds})

    def _asked(self, event: Any) -> None:
        # A page that looks whether it is still true (live.js) is told yes, as often as it is looked at for long.
        if event["resourceType"] != "Document" and not event["request"]["url"].endswith(self._path):
            self._link.send("Fetch.continueRequest", {"requestId": event["requestId"]})
            return
        told = [
            {"name": name, "value": value}
            for name, value in self._answer.headers
            if name.lower() not in UNTOLD
        ]
        body = base64.b64encode(self._answer.body).decode()
        status = {"requestId": event["requestId"], "responseCode": self._answer.status}
        self._link.send("Fetch.fulfillRequest", {**status, "responseHeaders": told, "body": body})

    def show(self, path: str, answer: Answer) -> Any:
        """The page with this answer in it."""
        self._path, self._answer = path, answer
        self.page.complaints.clear()
        self.page.goto(path)
        return self.page

    def leave(self) -> None:
        """Else a page that refreshes itself might do so while the next one comes."""
        if b'http-equiv="refresh"' in self._answer.body:
            self.page.goto("about:blank")


Windows = dict[str, Window]


@pytest.fixture(scope="package")
def windows(chromium: Any, place: Place) -> Iterator[Windows]:
    """One for each language, and one without JavaScript."""
    opener = Visit(chromium, place)
    narrow, wide = opener.page(width=360, scheme="dark"), opener.page(width=1440, scheme="light")
    for page in (narrow, wide):
        page.add_init_script(path=AXE)
    plain = opener.page(width=360, scheme="dark", java_script_enabled=False)
    yield {"fr": Window(narrow), "en": Window(wide), "plain": Window(plain)}
    opener.close()


def wrong_with(windows: Windows, name: str, path: str, answer: Answer, lang: str) -> list[str]:
    """What of all that holds of every page does not hold of this one, in one language."""
    page, narrow = windows[lang].show(path, answer), lang == "fr"
    lively = read(page) if narrow else ""
    told, wrong = facts(page), []
    called = CALLED_ALIKE.get(name, name)
    first = TITLES.setdefault((lang, told["title"]), called)  # whichever of those alike comes first
    wrong += [f"lang is {told['lang']!r}"] * (told["lang"] != lang)
    wrong += [f"{told['wide']} px wider than the screen"] * (told["wide"] > 0)
    wrong += [f"h1: {told['h1']}"] * (not all(told["h1"]) or len(told["h1"]) != 1 + (name in SPECIMENS))
    wrong += [f"the title does not name the brand: {told['title']}"] * (not told["title"].endswith(BRANDS))
    wrong += [f"title {told['title']!r} is that of {first}"] * (first != called)
    wrong += [f"id twice: {id}" for id in told["twice"]]
    wrong += [f"too small to touch: {html}" for html in told["small"] if narrow]
    wrong += [f"not in the language of the page: {words!r}" for words in foreign(told["words"], lang)]
    wrong += [f"axe: {found}" for found in axe(page, visual=not narrow)]
    wrong += walk(page) if name in WALKED_NARROW or not narrow else []
    wrong += [f"the browser says: {line}" for line in page.complaints if str(answer.status) not in line]
    if narrow and re.search(rb"<(no)?script", answer.body):  # else no script could make a difference
        plain = read(windows["plain"].show(path, answer))
        windows["plain"].leave()
        wrong += [f"reads otherwise without JavaScript: {lively!r} … {plain!r}"] * (
            lively != plain and name not in NEEDS_JAVASCRIPT
        )
    return wrong


def look(windows: Windows, name: str, path: str, answer: Answer, lang: str) -> None:
    """All that is wrong with a page, told at once."""
    wrong = wrong_with(windows, name, path, answer, lang)
    assert wrong == [], f"{path}:\n" + "\n".join(wrong)


def answered(place: Place, page: Page, lang: str) -> tuple[str, Answer]:
    path = f"/{lang}/{page.path.format_map(place.told)}"
    answer = place.ask(path, page.who, page.form, lang)
    assert answer.status == page.status, (path, answer.status, answer.header("location"))
    assert answer.html, path
    return path, answer


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_page(place: Place, windows: Windows, page: Page) -> None:
    if page.name == "429":
        for _ in range(6):
            place.ask("/en/to-keep/paragraph/send/", "busy", {})
    for lang in LANGUAGES:
        path, answer = answered(place, page, lang)
        look(windows, page.name, path, answer, lang)


@pytest.mark.parametrize("name", EMPTY)
def test_empty_and_out_of_order(windows: Windows, empty: dict[str, Any], name: str) -> None:
    for lang in LANGUAGES:
        told = empty[f"{name}|{lang}"]
        assert told["status"] == (int(name) if name.isdigit() else 200)
        headers = [(key, value) for key, value in told["headers"]]
        answer = Answer(told["status"], headers, base64.b64decode(told["body"]))
        called = name if told["status"] != 200 or "first" in name else _named(told["path"])
        look(windows, called, told["path"], answer, lang)


def _named(path: str) -> str:
    with override(path.split("/")[1]):
        return str(resolve(path).url_name)


BAD = b"""<!doctype html><html lang="fr"><head><title>Elsewhere</title><style>a { outline: none } p { width: 2000px }
.pale { color: #ccc; background: #fff }</style></head><body><main><h1>Un</h1><h1>Deux</h1><a href="/">Retour</a>
<p>Your new password is kept.</p><p class="pale" id="a">Pale</p><p id="a">%(name)s</p><button disabled>x</button>
<input tabindex="3"><noscript>Only without</noscript><script>console.log("inline")</script></main></body></html>"""


def test_what_is_wrong_with_a_page_would_be_noticed(windows: Windows) -> None:
    answer = Answer(200, [("Content-Type", "text/html; charset=utf-8")], BAD)
    wrong = "\n".join(wrong_with(windows, "desk", "/fr/bad/", answer, "fr"))
    for told in (
        "px wider than the screen", "h1: ", "does not name the brand", "id twice: a", "'Your new password is kept'",
        "'%(name)s'", "axe: color-contrast", "axe: label", "focus is not seen: <a", "first stop is not the skip link",
        "positive tabindex", "the browser says: inline", "reads otherwise without JavaScript", "too small to touch",
    ):  # fmt: skip
        assert told in wrong, told
    TITLES.pop(("fr", "Elsewhere"))


def test_every_address_for_humans_is_looked_at_or_is_no_page(place: Place) -> None:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for page in PAGES:
        path = f"/en/{page.path.format_map(place.told)}"
        try:
            with override("en"):
                known["looked at"].add(str(resolve(path.partition("?")[0]).url_name))
        except Resolver404:
            assert page.name == "404"
            continue
        assert page.name.isdigit() or page.name in known["looked at"], page.path
    for what, names in NO_PAGES.items():
        known[what] |= set(names)
    every = {one.name for one in addresses()}
    assert every - set().union(*known.values()) == set(), "give each new page a line in pages.py"
    assert set().union(*known.values()) - every == set(), "pages.py names what is not there any more"


def place_of(one: Address) -> str:
    """An address with something in its gaps."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda gap: str(one.kwargs[gap[1]]), one.route)


def test_what_is_called_no_page_is_none(place: Place) -> None:
    """Asked for as an administrator, it is no answer that anybody reads."""
    addresses_by_name = {one.name: one for one in addresses()}
    for name in (*NO_PAGES["posted"], *NO_PAGES["leads on"]):
        path = place_of(addresses_by_name[name])
        answer = place.ask(path, "administrator")
        expected = (405,) if name in NO_PAGES["posted"] else (302, 404, 200)
        assert answer.status in expected, (name, path, answer.status)
        assert not (answer.status == 200 and answer.html), (name, path)
    for name in NO_PAGES["a file"]:
        answer = place.ask(
            f"/en/{FILES[name].format_map(place.told)}".replace("/en/../", "/"), "administrator"
        )
        assert answer.status == 200, (name, answer.status)
        assert not answer.html, name


def test_every_state_of_nothing_was_seen_as_it_is(empty: dict[str, Any]) -> None:
    """An empty installation says what to do first, to each what they can do."""
    told = {name: base64.b64decode(each["body"]).decode() for name, each in empty.items()}
    assert "/en/channels/upload/" in told["first for who may import|en"]
    assert "/en/channels/upload/" not in told["first for a colleague|en"]
    assert "/en/account/login/" in told["first|en"]
