"""Read the texts that came in since the last time: killed at any point, nothing is lost and nothing stands twice.

Texts are read outside of any transaction, a window of the ledger at a time, and on as many processors as there are.
What was read and how far is then written in one transaction, which begins by holding the position: if another process
was quicker, or somebody was erased meanwhile, what was read is thrown away and read again. So any number may run at
once.

Once the reader is another one, new texts are read first, then all earlier ones again; their rows stand until then.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from typing import NamedTuple

from django.db import transaction

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.actions.forget import erased_total, forget_erased
from estime.listening.actions.keep import readings_keep
from estime.listening.actions.places import Places
from estime.listening.models import BEGINNING, Followed, Reading
from estime.listening.processes import MANY, PORTION, Readers, processors, readers
from estime.listening.scoring import InstalledReader, Reader, Scores, joined
from estime.listening.targets.listed import targets_installed
from estime.listening.version import model_there

AHEAD = 1
"""So many windows are being read while one is written."""

Progress = Callable[[int, int], None]


class Heard(NamedTuple):
    """What a run did: how many new texts it read, and how many it read again."""

    read: int
    again: int


class Window(NamedTuple):
    """A part of the ledger on its way: its texts, and what will have been read in them."""

    start: ledger.Position
    end: ledger.Position
    texts: list[ledger.Written]
    scores: "list[Future[Scores]]"


class Overtaken(Exception):
    """The position is not where it was, or somebody was erased: begin again from what is stored."""


def listen(*, reader: Reader | None = None, progress: Progress | None = None, processes: int = 0) -> Heard:
    """Bring the readings up to date with the ledger.

    `reader` is the installed one when left out; `processes` as many as are of use. A checkout in which no model was
    trained yet reads nothing.
    """
    if reader is None and not model_there():
        return Heard(0, 0)
    by = reader or InstalledReader(targets_installed(configuration()))
    forget_erased()
    _begin(by.version)
    run = _Run(by, processes or processors(), progress or (lambda done, total: None))
    with run:
        return Heard(run.all(again=False), run.all(again=True))


def _begin(version: str) -> None:
    """Make the row of the position, and see whether earlier texts are to be read again."""
    known = Followed.objects.first()
    if known is None or known.reader != version or known.position[0] > ledger.reading_horizon():
        _begin_anew(version)


@transaction.atomic
def _begin_anew(version: str) -> None:
    followed, made = Followed.objects.select_for_update().get_or_create(
        pk=1, defaults={"reader": version, "erased": erased_total()}
    )
    if made:
        return
    if followed.position[0] > ledger.reading_horizon():  # the ledger came from another server
        Reading.objects.all().delete()
        followed.position = followed.again = followed.until = BEGINNING
        followed.made += 1
        followed.reader = version
    elif followed.reader != version:
        followed.reader = version
        followed.version += 1
        followed.again, followed.until = BEGINNING, followed.position
    followed.save()


class _Run(ExitStack):
    """One run: the processes that it has begun, and how it tells how far it is."""

    def __init__(self, reader: Reader, processes: int, tell: Progress) -> None:
        super().__init__()
        self._reader, self._processes, self._tell = reader, processes, tell
        self._one: Readers[Scores] | None = None
        self._many: Readers[Scores] | None = None

    def all(self, *, again: bool) -> int:
        """Read all that is to be read; returns how many texts."""
        read = 0
        while True:
            followed = Followed.objects.get()
            if followed.reader != self._reader.version:  # another version of Estime is at it
                return read
            try:
                for window in self._windows(followed, again):
                    scores = joined([future.result() for future in window.scores]) if window.texts else None
                    _write(followed, window, scores, again)
                    read += len(window.texts)
                    self._tell(window.end[0], max(window.end[0], ledger.reading_horizon()))
            except Overtaken:
                forget_erased()
                continue
            return read

    def _windows(self, followed: Followed, again: bool) -> Iterator[Window]:
        """What lies ahead of the position, in order, some windows being read already."""
        at, waiting = followed.again if again else followed.position, deque[Window]()
        self._places = Places()
        until = followed.until if again else None
        while True:
            while len(waiting) <= AHEAD and at != until:
                texts, end = ledger.texts_following(at)
                if until is not None and end > until:
                    end = until
                if end == at:
                    break
                waiting.append(Window(at, end, texts, self._submit(texts)))
                at = end
            if not waiting:
                return
            yield waiting.popleft()

    def _submit(self, texts: list[ledger.Written]) -> "list[Future[Scores]]":
        by = self._readers(len(texts))
        portions = (texts[start : start + PORTION] for start in range(0, len(texts), PORTION))
        return [
            by.submit([text.text for text in portion], [self._places.of(text) for text in portion])
            for portion in portions
        ]

    def _readers(self, count: int) -> Readers[Scores]:
        """This process for few texts; more of them from the first window of very many on."""
        if self._many is None and count >= MANY and self._processes > 1:
            self._many = self.enter_context(readers(self._reader.scores, self._processes))
        if self._many is not None:
            return self._many
        if self._one is None:
            self._one = self.enter_context(readers(self._reader.scores))
        return self._one


@transaction.atomic
def _write(known: Followed, window: Window, scores: Scores | None, again: bool) -> None:
    """Keep one window and the position behind it. Raises `Overtaken` if the position is another one by now."""
    followed = Followed.objects.select_for_update().get()
    if window.start != (followed.again if again else followed.position) or followed.version != known.version:
        raise Overtaken
    if (
        not known.erased == followed.erased == erased_total()
    ):  # of somebody who was erased since, nothing may be kept
        raise Overtaken
    if scores is not None:
        followed.step += 1
        readings_keep(window.texts, scores, followed)
    if not again:
        followed.position = window.end
    else:
        followed.again = window.end
        followed.made += window.end == followed.until
    followed.save()
