"""One page as somebody opens it, in one state."""

from typing import NamedTuple


class Page(NamedTuple):
    """`form`: sent by POST, to see what is answered to it. `once`: what it shows, it shows once."""

    name: str
    path: str
    who: str = "administrator"
    state: str = ""
    status: int = 200
    form: dict[str, str] | None = None

    @property
    def id(self) -> str:
        return f"{self.name}: {self.state}" if self.state else self.name


CHALLENGE = "challenges/{challenges[open]}/"
