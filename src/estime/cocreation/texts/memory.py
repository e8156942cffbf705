"""What was made of texts, kept in the process as long as they are shown often."""

from collections import OrderedDict
from threading import Lock


class Memory:
    """The texts shown last and what was made of them, up to so many characters: long texts push more out."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> str | None:
        with self._lock:
            if text not in self._kept:
                return None
            self._kept.move_to_end(text)
            return self._kept[text]

    def put(self, text: str, made: str) -> str:
        with self._lock:
            if text not in self._kept and len(text) + len(made) <= self._most // 10:
                self._kept[text] = made
                self._held += len(text) + len(made)
            while self._held > self._most:
                gone, was = self._kept.popitem(last=False)
                self._held -= len(gone) + len(was)
        return made
