"""How fast texts are read, what loading costs, how large the model is: `python bench/affect.py`.

Texts: the tweets of shared/data where they are, else two sentences again and again. Two processes, as a server with two
processors has.
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


def _read(part: list[str]) -> int:
    return len(read_arrays(part).lang)


def loading() -> float:
    """Seconds of a fresh process from the import to the first reading, without the start of Python."""
    program = (
        "import time; s = time.perf_counter()\n"
        "from estime.listening.affect.reading import read\n"
        "read(['bonjour à tous']); print(time.perf_counter() - s)"
    )
    return min(
        float(
            subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        )
        for _ in range(3)
    )


def main() -> None:
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    given = texts()
    size = len(files("estime.listening.affect").joinpath("model.npz").read_bytes())
    print(f"model {size / 1e6:.1f} MB, first reading after {loading():.2f} s")
    _read(given[:2000])
    started = time.perf_counter()
    _read(given[:10_000])
    print(f"one process: {10_000 / (time.perf_counter() - started):,.0f} texts/s")
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_read, [given[:1000]] * PROCESSES))
        started = time.perf_counter()
        done = sum(pool.map(_read, [given[at : at + 2000] for at in range(0, COUNT, 2000)]))
        print(f"{PROCESSES} processes: {done / (time.perf_counter() - started):,.0f} texts/s")


if __name__ == "__main__":
    main()
