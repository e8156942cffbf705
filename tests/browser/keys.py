"""Using a page with the keyboard alone, as somebody does who has nothing else."""

from typing import Any

FOCUSED = "one => one === document.activeElement"
SECONDS_A_KEY, SECONDS_A_PAGE = 0.4, 5.0
"""How long a person takes who is neither quick nor slow (Card, Moran and Newell 1983): a key; finding one's way on a
page that has just come."""


class Keyboard:
    """Presses keys, and counts what they would have cost a person."""

    def __init__(self, page: Any) -> None:
        self.page, self.keys, self.pages = page, 0, 0
        page.on("framenavigated", self._came)

    def _came(self, frame: object) -> None:
        self.pages += frame == self.page.main_frame

    @property
    def seconds(self) -> float:
        """What all of it takes a person."""
        return self.keys * SECONDS_A_KEY + self.pages * SECONDS_A_PAGE

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def reach(self, wanted: Any, *, most: int = 400) -> None:
        """Tab until it has the focus."""
        wanted.wait_for()
        for _step in range(most):
            if wanted.evaluate(FOCUSED):
                return
            self.press("Tab")
        raise AssertionError(f"{most} times Tab did not reach {wanted}")

    def past_the_menu(self) -> None:
        """The skip link stands first on every page."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip"
        self.press("Enter")

    def do(self, wanted: Any, key: str = "Enter") -> None:
        """Tab to a link or a button, and press it."""
        self.reach(wanted)
        self.press(key)

    def write(self, field: Any, text: str) -> None:
        """Tab to a field, found by its label, and write into it instead of what is there."""
        self.reach(self.page.get_by_label(field, exact=True) if isinstance(field, str) else field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.keys += len(text) + 1

    def choose(self, label: str, option: str) -> None:
        """Tab to a list, and type the beginning of what is wanted."""
        wanted = self.page.get_by_label(label, exact=True)
        self.reach(wanted)
        self.page.keyboard.type(option)
        self.keys += len(option)
        assert wanted.evaluate("one => one.selectedOptions[0].textContent").startswith(option)

    def button(self, name: str) -> None:
        """Tab to a button, and press it."""
        self.do(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        """Tab to a link, and follow it."""
        self.do(self.page.get_by_role("link", name=name, exact=True))
