"""Every address of co-creation under attack: scripts in each text, forms without a token, numbers of others, what is
private or hidden, what the server could be made to fetch. `attacked.py` lists the addresses.
"""

import re
import socket
from html.parser import HTMLParser
from typing import Any

import pytest
from cocreation.places import person, place_made
from django.urls import reverse
from web.cocreation.attacked import ADDRESSES, MARK, World, world
from web.cocreation.attacking import BY_TOKEN, NAMES, as_, at_home, changed, rows, text_of, told

from estime.cocreation import api
from estime.cocreation import models as m

__all__ = ["at_home"]
pytestmark = pytest.mark.django_db
TO_ANSWER = ("interpellation",)
"""Whoever speaks for the brand reads a question that is hidden: hiding it settles no debt."""


def test_every_address_is_attacked() -> None:
    assert set(NAMES) - set(ADDRESSES) == set(), (
        "say in attacked.py what somebody else gets at these addresses"
    )


class Reader(HTMLParser):
    """Finds what a browser would run or take for ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        if tag == MARK or tag in ("iframe", "object", "embed", "base"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            plain = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            outside = name == "src" and "evil" in plain
            if name.startswith("on") or name in (MARK, "style", "srcdoc") or outside:
                self.found.append(f"{tag} {name}={value}")
            leads = name in ("href", "src", "action", "formaction")
            if leads and plain.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and MARK in data:
            self.found.append(f"script: {data[:60]}")


def harm(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.found


def test_the_reader_finds_harm() -> None:
    for text in (
        "<zq>",
        "<p onclick=x>",
        "<script>zq()</script>",
        '<a href="java\nscript:zq()">',
        "<img style=x>",
    ):
        assert harm(text), text
    assert not harm(
        '<p title="&quot;&gt;&lt;zq&gt;">&lt;zq onload=zq()&gt;</p><script src="/static/a.js"></script>'
    )


def test_no_text_of_anybody_gets_through_as_html() -> None:
    there = world(place_made)
    made, shown = there.place, 0
    for who in (None, made.anna, made.lea, made.alix):
        client = as_(who)
        for name, path in told(there):
            answer = client.get(path)
            kind = answer.headers.get("Content-Type", "")
            assert answer.status_code < 500, (name, who)
            if not kind.startswith(("text/html", "application/atom+xml")):
                continue
            text = answer.content.decode()
            if kind.startswith("text/html"):
                assert harm(text) == [], (name, who)
                assert "Content-Security-Policy" in answer.headers, name
            else:
                assert "<zq" not in text, name
            assert "\u202e" not in text, (name, "a mark that turns the order of letters")
            shown += "&lt;zq" in text and answer.status_code == 200
    assert shown > 90, "hostile texts are not shown at all: this test would find nothing"


def test_no_form_is_taken_without_its_token() -> None:
    there = world(place_made)
    checked = 0
    for who in (there.place.anna, there.place.alix):
        client = as_(who, enforce_csrf_checks=True)
        before = rows()
        for name, path in told(there):
            answer = client.post(path, dict(ADDRESSES[name].posts))
            assert answer.status_code in (403, 405) or name in BY_TOKEN, (name, answer.status_code)
            checked += answer.status_code == 403
        assert changed(before) == []
    assert checked > 100


class TestSomebodyElse:
    """A member who has nothing to do with any of it, at every address, by every method."""

    @pytest.fixture
    def there(self) -> World:
        return world(place_made, text="plain", body="Plain.")

    def test_what_is_not_theirs_is_not_read(self, there: World) -> None:
        client = as_(person("Nobody Else"))
        for name, path in told(there):
            answer = client.get(path)
            wanted = (200,) if ADDRESSES[name].other in ("reads", "mine") else (200, 302, 403, 404, 405)
            if name in ("picture", "picture-small"):
                wanted = (200, 404)  # there is no file behind it here
            assert answer.status_code in wanted, (name, answer.status_code)
            secret = (
                "Draft plain",
                "Own plain",
                "Poll to be plain",
                "Appeal plain",
                "Report plain",
                "R plain",
                "Hidden words",
            )
            assert not [one for one in secret if one in text_of(answer)], name

    def test_what_is_not_theirs_is_not_changed(self, there: World) -> None:
        client = as_(person("Nobody Else"))
        for name, path in told(there):
            if ADDRESSES[name].other == "refused":
                before = rows()
                answer = client.post(path, dict(ADDRESSES[name].posts))
                assert answer.status_code in (302, 403, 404, 405, 409, 422), (name, answer.status_code)
                assert changed(before) == [], name

    def test_those_who_may_really_can(self, there: World) -> None:
        """So that the refusals above are of the person and not of a form that nobody could send."""
        made = there.place
        for name, who, table in (
            ("comment-edit", made.ben, "cocreation_comment"),
            ("moderation-hide", made.mo, "cocreation_hiding"),
            ("moderation-show", made.mo, "cocreation_hiding"),
            ("hidden-appeal", made.anna, ""),
            ("question-answer-public", made.remi, "cocreation_answer"),
            ("idea-invitation", made.chloe, "cocreation_author"),
            ("version-disown", made.anna, ""),
        ):
            before = rows()
            path = dict(told(there))[name]
            answer = as_(who).post(path, dict(ADDRESSES[name].posts))
            assert answer.status_code in (302, 422), (name, answer.status_code)
            assert not table or table in changed(before), name


def test_of_a_private_space_a_stranger_learns_nothing() -> None:
    there = world(place_made, public=False, text="Xylophonica", body="Xylophonica.")
    client = as_(None)
    before = rows()
    for name, path in told(there):
        for answer in (client.get(path), client.post(path, dict(ADDRESSES[name].posts))):
            assert answer.status_code in (200, 302, 403, 404, 405), (name, answer.status_code)
            assert "Xylophonica" not in text_of(answer), name
            if answer.status_code == 200:
                assert name in ("spaces", "votes-secret", "challenges"), name
            if answer.status_code == 302:
                place = (
                    "/spaces/" if name == "challenges" else "/account/login/"
                )  # public ones are shown there
                assert place in answer["Location"], name
    rest = (
        "spaces", f"spaces/{there.place.space.slug}", f"contributions/{there['idea']}",
        f"questions/{there['question']}", f"challenges/{there.place.challenge.pk}", f"polls/{there['poll']}",
    )  # fmt: skip
    for path in ("/", "/en/", "/en/overview/", *(f"/api/v1/{one}" for one in rest)):
        assert "Xylophonica" not in text_of(client.get(path)), path
    assert changed(before) == []


def hide_all(there: World) -> None:
    why = api.Why("personal", "It tells where somebody lives.", False)
    for thing in (
        m.Comment.objects.get(pk=there["comment"]),
        m.Picture.objects.get(pk=there["picture"]),
        m.Contribution.objects.get(pk=there["idea"]),
        m.Contribution.objects.get(pk=there["built"]),
        m.Interpellation.objects.get(pk=there["question"]),
        *m.Comment.objects.filter(hidden=False),
    ):
        thing.refresh_from_db()
        if not thing.hidden:
            api.hide(there.place.alix, thing, why, when=there.place.at)


def test_what_is_hidden_is_read_nowhere_but_by_whoever_wrote_it() -> None:
    there = world(place_made, text="plain", body="Plain.")
    m.Contribution.objects.filter(pk__in=[there["idea"], there["built"]]).update(
        title="Xylo title", body="Xylo body"
    )
    m.Comment.objects.update(body="Xylo comment")
    m.Interpellation.objects.update(title="Xylo question", body="Xylo")
    m.Edit.objects.update(title="Xylo edit", body="Xylo")
    m.Picture.objects.update(alt="Xylo picture")
    found = {name for name, path in told(there) if "Xylo" in text_of(as_(None).get(path))}
    assert {"idea", "interpellation", "comment", "space", "ideas"} <= found, (
        "nothing to hide: this would find nothing"
    )
    hide_all(there)
    made = there.place
    leaks = set()
    for who in (None, made.dani, made.remi):
        client = as_(who)
        for name, path in told(there):
            answer = client.get(path)
            assert answer.status_code < 500, name
            text = text_of(answer)
            if who is made.remi and name in TO_ANSWER:
                continue
            leaks |= {(name, text[at.start() - 60 : at.end() + 20]) for at in re.finditer("Xylo", text)}
    assert leaks == set(), "\n".join(f"{name}: {text!r}" for name, text in sorted(leaks))
    for path in (
        "spaces/{slug}/contributions", "contributions/{idea}", "questions/{question}", "spaces/{slug}/questions",
        "contributions/{idea}/comments", "challenges/{main}/contributions",
    ):  # fmt: skip
        asked = path.format(
            slug=made.space.slug, main=made.challenge.pk, idea=there["idea"], question=there["question"]
        )
        assert b"Xylo" not in as_(None).get(f"/api/v1/{asked}").content, path
    mine = as_(made.anna)
    assert b"Xylo body" in mine.get(dict(told(there))["idea"]).content
    assert b"Xylo question" in mine.get(dict(told(there))["interpellation"]).content
    assert b"Why, and what you can do" in mine.get(dict(told(there))["idea"]).content


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that somebody tries to reach, and does not."""
    tried: list[Any] = []

    def refuse(self: Any, address: Any, *_: Any) -> None:
        tried.append(address)
        raise OSError("no network in here")

    def look(*address: Any, **_: Any) -> None:
        tried.append(address)
        raise OSError("no names in here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", look)
    monkeypatch.setattr(socket, "gethostbyname", look)
    return tried


def test_nothing_that_anybody_writes_is_fetched(offline: list[Any]) -> None:
    links = "https://evil.example/a ![x](http://169.254.169.254/latest/) [x](http://127.0.0.1:5432/) <https://evil.example>"
    there = world(place_made, text="http://evil.example/", body=links)
    for who in (None, there.place.anna, there.place.alix):
        client = as_(who)
        for _name, path in told(there):
            client.get(path)
    client = as_(there.place.anna)
    idea = reverse("idea-comment", args=[there["idea"]])
    assert client.post(idea, {"body": f"Another one. {links}"}).status_code == 302
    with pytest.raises(OSError, match="no network"):
        socket.socket().connect(("127.0.0.1", 9))
    assert offline == [("127.0.0.1", 9)], "only the test itself tried"
