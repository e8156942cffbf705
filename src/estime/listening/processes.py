"""Reading very many texts on more than one processor. No Django, and no text is written anywhere on the way.

Each process is a child with a pipe of its own: whoever asks may be killed, and the pipe's end is what ends the child. A
child that falls (memory) ends the reading by `ReadingStopped`; nothing that was read before is lost by it.

What a child does is the function it was sent first (`Work`): it has to be one that can be pickled, as what it is given
with every portion and what it answers.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeVar

from estime.kernel.errors import EstimeError

MANY: Final = 4_000
"""From so many texts on a second process is worth its start, which takes a second or two."""
PORTION: Final = 2_000
MOST: Final = 2

Told = TypeVar("Told")
Work = Callable[..., Told]
"""Reads some texts; what comes beside them is told in lists as well."""


class ReadingStopped(EstimeError):
    """A process that was reading texts was ended from outside."""

    code = "reading-stopped"
    exit_code = 3


class Readers(Generic[Told]):
    """Reads portions of texts: in this process, or in children that wait for them."""

    def __init__(
        self, work: Work[Told], children: "Sequence[_Child[Told]]", threads: ThreadPoolExecutor | None
    ) -> None:
        self._work, self._threads = work, threads
        self._free: SimpleQueue[_Child[Told]] = SimpleQueue()
        for child in children:
            self._free.put(child)

    def submit(self, *portion: Sequence[Any]) -> Future[Told]:
        """Begin to read a portion. Without children it is read before this returns."""
        if self._threads is not None:
            return self._threads.submit(self._ask, portion)
        done: Future[Told] = Future()
        done.set_result(self._work(*portion))
        return done

    def _ask(self, portion: Sequence[Sequence[Any]]) -> Told:
        child = self._free.get()
        try:
            return child.ask(portion)
        finally:
            self._free.put(child)


@contextmanager
def readers(work: Work[Told], processes: int = 1) -> Iterator[Readers[Told]]:
    """Readers for as long as the body runs; with one process, this one does the work."""
    if processes < 2:
        yield Readers(work, (), None)
        return
    children: list[_Child[Told]] = []
    threads = ThreadPoolExecutor(processes)
    try:
        for _ in range(processes):
            children.append(_Child(work))
        yield Readers(work, children, threads)
    finally:
        for child in children:
            child.end()  # whoever waits for one is told so
        threads.shutdown(cancel_futures=True)
        for child in children:
            child.close()


def processors() -> int:
    """How many processes are of use here: the processors that this one may run on, `MOST` at most."""
    return min(MOST, len(os.sched_getaffinity(0)))


class _Child(Generic[Told]):
    """One process that reads what it is sent."""

    def __init__(self, work: Work[Told]) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "estime.listening.processes", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        self._pipe.send(work)

    def ask(self, portion: Sequence[Sequence[Any]]) -> Told:
        try:
            self._pipe.send(portion)
            fell, answer = self._pipe.recv()
        except (EOFError, OSError):
            raise ReadingStopped(
                "A process that reads texts was ended, perhaps because memory ran out.",
                todo="Run the same again: it goes on from where it was.",
            ) from None
        if fell:
            raise answer
        told: Told = answer
        return told

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()

    def close(self) -> None:
        self._pipe.close()


def serve(pipe: Connection) -> None:
    """Read what comes through the pipe until it is closed."""
    try:
        work: Work[object] = pipe.recv()
        while True:
            portion = pipe.recv()
            try:
                answer: tuple[bool, object] = (False, work(*portion))
            except Exception as error:  # told to whoever asked, and raised there
                answer = (True, error)
            pipe.send(answer)
    except (EOFError, OSError):
        return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks
    serve(Connection(int(sys.argv[1])))
