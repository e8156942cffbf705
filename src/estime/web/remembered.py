"""What was computed for a page, kept in the process for as long as all that it was computed from stands."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any


class Remembered:
    """A bounded memory. `of` names what an entry was computed from: another `of` computes it anew."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._entries: OrderedDict[object, tuple[object, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: object, of: object, make: Callable[[], Any]) -> Any:
        """The entry of this name; made if there is none, or it was computed from something else."""
        with self._lock:
            known = self._entries.get(name)
            if known is not None and known[0] == of:
                self._entries.move_to_end(name)
                return known[1]
        made = make()
        with self._lock:
            self._entries[name] = (of, made)
            self._entries.move_to_end(name)
            while len(self._entries) > self._kept:
                self._entries.popitem(last=False)
        return made
