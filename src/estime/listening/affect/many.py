"""Reading very many texts on several processors, in order, with little of them in memory at a time."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from typing import Final

from estime.listening.affect.reading import Affect, Readings, read_arrays
from estime.listening.processes import readers

CHUNK: Final = 4_000
FEW: Final = 3 * CHUNK  # fewer texts than this are not worth another process
PROCESSES: Final = 2


def read_many(texts: Iterable[str], processes: int = PROCESSES) -> Iterator[Affect]:
    """What each text feels, in order. Another process is started only for more than `FEW` texts."""
    for readings in read_many_arrays(texts, processes):
        yield from readings


def read_many_arrays(texts: Iterable[str], processes: int = PROCESSES) -> Iterator[Readings]:
    """The same as arrays, `CHUNK` texts at a time."""
    chunks = _chunks(iter(texts))
    first = list(islice(chunks, FEW // CHUNK + 1))
    if len(first) * CHUNK <= FEW or min(processes, os.cpu_count() or 1) < 2:
        yield from map(read_arrays, chain(first, chunks))
        return
    with readers(read_arrays, processes) as by:
        waiting: deque[Future[Readings]] = deque()
        for chunk in chain(first, chunks):
            waiting.append(by.submit(chunk))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _chunks(texts: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(islice(texts, CHUNK)):
        yield chunk
