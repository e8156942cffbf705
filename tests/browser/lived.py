"""Lives in the browser: a window for each person, a clock that is moved on, pages looked at on the way."""

import os
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from browser.lived_words import WORDS
from browser.looking import AXE, axe, facts, foreign
from browser.place import Place, Visit

SHOTS = os.environ.get("ESTIME_LIVED_SHOTS", "")
"""A folder in which each page that is looked at leaves its picture: to be looked at by people."""

_AXE = f"{AXE.read_text()}; void 0" if AXE.is_file() else ""

LAID_OUT_WIDE = (
    "challenge-for-its-lead", "write", "idea-discussed", "idea-brought-together", "vote", "result", "answers",
    "idea-taken-up", "outcome", "challenge-over",
)  # fmt: skip
"""Pages that look otherwise where there is room: for what depends on that, axe sees them in the second run too."""


class Life:
    """One run: a language, a width and a scheme. `words`: what people write in it."""

    def __init__(self, place: Place, visit: Visit, lang: str, *, width: int, scheme: str) -> None:
        self.place, self.lang, self.words = place, lang, WORDS[lang]
        self._visit, self._look = visit, {"width": width, "scheme": scheme}
        self.first = lang == "fr"
        self._windows: dict[str, Any] = {}
        self.wrong: list[str] = []
        self.seen: list[str] = []

    def page(self, who: str = "") -> Any:
        """The window of somebody; of a stranger where nobody is named."""
        if who not in self._windows:
            login = f"{who}-{self.lang}" if who else ""
            self._windows[who] = self._visit.page(login, locale=self.lang, **self._look)
        return self._windows[who]

    def at(self, path: str, who: str = "") -> "Window":
        """Somebody opens an address."""
        window = Window(self, who)
        window.page.goto(f"/{self.lang}/{path}")
        return window

    def here(self, who: str) -> "Window":
        """Somebody where they are."""
        return Window(self, who)

    def said(self, text: str, **values: object) -> str:
        """A sentence of ours in the language of this run."""
        with translation.override(self.lang):
            return gettext(text) % values if values else gettext(text)

    def said_in(self, context: str, text: str) -> str:
        with translation.override(self.lang):
            return pgettext(context, text)

    def many(self, one: str, more: str, number: int) -> str:
        with translation.override(self.lang):
            return ngettext(one, more, number)

    def day(self, ahead: int) -> str:
        """A day of the calendar, as a form for days takes it."""
        return (self.today + timedelta(days=ahead)).isoformat()

    @cached_property
    def today(self) -> date:
        """The day on which this run began."""
        return datetime.fromisoformat(self.place.ask("/lived/now").body.decode()).date()

    def later(self, days: int) -> None:
        """Time goes by, and jobs have their turn."""
        answer = self.place.ask(f"/lived/later?days={days}")
        assert answer.status == 200, answer.body


class Window:
    """What somebody does on a page: by the words that they read there."""

    def __init__(self, life: Life, who: str) -> None:
        self.life, self.who, self.page = life, who, life.page(who)

    def field(self, label: str) -> Any:
        return self.page.get_by_label(self.life.said(label), exact=True)

    def write(self, label: str, text: str) -> "Window":
        self.field(label).fill(text)
        return self

    def choose(self, label: str, option: str) -> "Window":
        self.field(label).select_option(label=self.life.said(option))
        return self

    def tick(self, words: str, *, exact: bool = False) -> "Window":
        """A box or one of several, by words that stand beside it, which are pressed as people do."""
        said = self.life.said(words)
        self.page.locator("label.choice").get_by_text(said, exact=exact).first.click()
        return self

    def unfold(self, words: str) -> "Window":
        details = self.page.locator(
            "details", has=self.page.locator("summary", has_text=self.life.said(words))
        ).last
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        return self

    def press(self, words: str, *, inside: Any = None, context: str = "") -> "Window":
        """A button of a form; the next page is there when this returns."""
        said = self.life.said_in(context, words) if context else self.life.said(words)
        return self._leads_on((inside or self.page).get_by_role("button", name=said).first)

    def follow(self, words: str, *, inside: Any = None, exact: bool = False) -> "Window":
        """A link, by its words or by somebody's."""
        link = (inside or self.page.locator("main")).get_by_role(
            "link", name=self.life.said(words), exact=exact
        )
        return self._leads_on(link.first)

    def _leads_on(self, wanted: Any) -> "Window":
        with self.page.expect_navigation(wait_until="load"):
            wanted.click()
        return self

    def reads(self, *sentences: str) -> "Window":
        """Each of these stands on the page, for people to see."""
        for sentence in sentences:
            self.page.locator("main").get_by_text(sentence).first.wait_for(state="visible")
        return self

    def says(self, text: str, **values: object) -> "Window":
        """The same for a sentence of ours."""
        return self.reads(self.life.said(text, **values))

    def lacks(self, sentence: str) -> "Window":
        assert self.page.locator("main").get_by_text(sentence).count() == 0, sentence
        return self

    @property
    def path(self) -> str:
        """Where this is, without its language."""
        return (
            self.page.url.removeprefix(self.life.place.address)
            .partition("/")[2]
            .partition("/")[2]
            .partition("#")[0]
        )

    def look(self, name: str, *, rules: bool = True) -> "Window":
        """axe once, width, language; the picture where it is wanted. Without `rules`: what is no page of ours."""
        assert name not in self.life.seen, f"{name} was looked at before"
        self.life.seen.append(name)
        if SHOTS:
            width = self.page.viewport_size["width"]
            number = len(self.life.seen)
            self.page.screenshot(
                path=Path(SHOTS) / f"{self.life.lang}-{width}-{number:02}-{name}.png", full_page=True
            )
        if not rules:
            return self
        told = facts(self.page)
        wrong = [f"lang is {told['lang']!r}"] * (told["lang"] != self.life.lang)
        wrong += [f"{told['wide']} px wider than the screen"] * (told["wide"] > 0)
        wrong += [f"too small to touch: {html}" for html in told["small"]]
        wrong += [
            f"not in the language of the page: {words!r}" for words in foreign(told["words"], self.life.lang)
        ]
        if self.life.first or name in LAID_OUT_WIDE:
            self.page.evaluate(_AXE)
            wrong += [f"axe: {found}" for found in axe(self.page, visual=not self.life.first)]
        # That a form was refused (422) is said on the page; the browser says it too.
        wrong += [f"the browser says: {line}" for line in self.page.complaints if " 422 " not in line]
        self.page.complaints.clear()
        self.life.wrong += [f"{name}: {line}" for line in wrong]
        return self
