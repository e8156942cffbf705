"""How fast texts are read, what loading costs, how large the model is: `python bench/affect.py`.

Texts: the tweets of shared/data where they are, else two sentences again and again. Two processes, as a server with two
processors has. On a busy machine, the figures by a processor's own time are the ones to believe.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from pathlib import Path

from estime.listening.affect.reading import read_arrays

COUNT = 40_000
PROCESSES = 2


def texts() -> list[str]:
    shared = Path(os.environ.get("ESTIME_SHARED", "shared")) / "data/affect/tweets"
    found = [
        line
        for path in sorted(shared.rglob("train_text.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    found = found or [
        "Merci beaucoup pour cette belle idée, je l'attendais depuis longtemps !",
        "I am not happy with the delay at all",
    ]
    return (found * (COUNT // len(found) + 1))[:COUNT]


def _read(part: list[str]) -> tuple[int, float]:
    """How many were read, and the seconds of a processor that it took."""
    started = time.process_time()
    return len(read_arrays(part).lang), time.process_time() - started


def loading() -> tuple[float, float]:
    """Seconds of a fresh process from the import to the first reading, without the start of Python: by the clock, and
    of a processor. The best of three.
    """
    program = (
        "import time; s, c = time.perf_counter(), time.process_time()\n"
        "from estime.listening.affect.reading import read\n"
        "read(['bonjour à tous']); print(time.perf_counter() - s, time.process_time() - c)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        for _ in range(3)
    ]
    clock, processor = zip(*(map(float, run.split()) for run in runs), strict=True)
    return min(clock), min(processor)


def _told(name: str, done: list[tuple[int, float]], clock: float) -> None:
    texts, processor = map(sum, zip(*done, strict=True))
    print(f"{name}: {texts / clock:,.0f} texts/s; {texts / processor:,.0f} a second of one processor")


def main() -> None:
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    given = texts()
    size = len(files("estime.listening.affect").joinpath("model.npz").read_bytes())
    clock, processor = loading()
    print(f"model {size / 1e6:.1f} MB, first reading after {clock:.2f} s ({processor:.2f} s of a processor)")
    _read(given[:2000])
    started = time.perf_counter()
    done = [_read(given[:10_000])]
    _told("one process", done, time.perf_counter() - started)
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_read, [given[:1000]] * PROCESSES))
        started = time.perf_counter()
        done = list(pool.map(_read, [given[at : at + 2000] for at in range(0, COUNT, 2000)]))
        _told(f"{PROCESSES} processes", done, time.perf_counter() - started)


if __name__ == "__main__":
    main()
