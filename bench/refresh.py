"""Refresh: all figures against the same written by hand in SQL, cost per act from 1 M to 10 M, and an increment.

`python bench/refresh.py [ACTS]` makes two made-up ledgers (a tenth of ACTS, and ACTS; minutes the first time) in
ESTIME_BENCH (default /tmp/estime-bench), where they stay for the next run: what is measured is a copy, since increments
left in the last days of a ledger make each later one dearer.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCH = Path(os.environ.get("ESTIME_BENCH", "/tmp/estime-bench"))


def ledger(acts: int) -> Path:
    """The ESTIME_HOME of a made-up ledger of this size."""
    home = BENCH / f"{acts}"
    if not (home / "filled").exists():
        environment = {**os.environ, "ESTIME_HOME": str(home)}
        subprocess.run([sys.executable, "-m", "estime", "init"], env=environment, check=True)
        subprocess.run(
            [sys.executable, str(HERE / "synthetic.py"), str(acts), str(acts // 20)],
            env=environment,
            check=True,
        )
        (home / "filled").touch()
    return home


def measured(acts: int) -> dict[str, float]:
    """Run the measurement of a copy of one ledger in a process of its own."""
    filled = ledger(acts)
    with tempfile.TemporaryDirectory(dir=BENCH) as folder:
        home = shutil.copytree(filled, Path(folder) / "home")
        environment = {
            **os.environ,
            "ESTIME_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "estime.config.settings",
        }
        done = subprocess.run(
            [sys.executable, __file__, "--measure"],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return dict(
        (k, float(v)) for k, v in (line.split("=") for line in done.stdout.splitlines() if "=" in line)
    )


def by_hand(files: list[str], as_of: int) -> float:
    import duckdb

    link = duckdb.connect(config={"threads": 2})
    link.execute("SET preserve_insertion_order = false")
    begun = time.perf_counter()
    link.execute(f"CREATE VIEW acts AS SELECT * FROM read_parquet({files})")
    script = "\n".join(
        line for line in (HERE / "by_hand.sql").read_text().splitlines() if not line.startswith("--")
    )
    for statement in script.replace("$asof", str(as_of)).split(";"):
        if statement.strip():
            link.execute(statement).fetchall()
    return time.perf_counter() - begun


def measure() -> None:
    """Print name=value lines for the installation of ESTIME_HOME."""
    sys.path.insert(0, str(HERE))
    import django

    django.setup()
    import synthetic

    from estime.engagement import api
    from estime.kernel.lake import Lake
    from estime.ledger import api as acts

    now = synthetic.START + timedelta(days=synthetic.DAYS + 1)
    marks: dict[str, float] = {}

    def refresh(name: str, whole: bool) -> None:
        begun = time.perf_counter()
        api.refresh(whole=whole, now=now, progress=lambda step: marks.__setitem__(step, time.perf_counter()))
        print(f"{name}={time.perf_counter() - begun:.2f}")
        print(f"{name}_figures={time.perf_counter() - marks['figures']:.2f}", flush=True)

    print(f"acts={acts.count()}")
    refresh("whole", True)
    print(f"memory_mb={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
    files = Lake(api.lake_url()).files("acts")
    print(f"hand={min(by_hand(files, int(now.timestamp())) for _ in range(2)):.2f}")
    refresh("again", True)
    print(f"hand_again={by_hand(Lake(api.lake_url()).files('acts'), int(now.timestamp())):.2f}")
    for number in range(3):
        synthetic.fill(10_000, int(acts.count() // 20), first=acts.count())
        refresh(f"increment{number}", False)


def main(acts: int) -> None:
    """Print the table of docs/performance.md."""
    for size in (acts // 10, acts):
        found = measured(size)
        held = found["acts"]
        figures = min(found["whole_figures"], found["again_figures"])
        hand = min(found["hand"], found["hand_again"])
        whole = min(found["whole"], found["again"])
        increment = sorted(found[f"increment{n}"] for n in range(3))[1]
        print(
            f"{held:,.0f} acts: whole {whole:.1f} s ({whole / held * 1e6:.2f} µs per act), figures {figures:.1f} s, by hand"
            f" {hand:.1f} s, ratio {figures / hand:.2f}; increment of 10,000: {increment:.2f} s ="
            f" {increment / whole * 100:.1f} % of the whole; peak memory {found['memory_mb']:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
