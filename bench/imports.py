"""`estime import` of a million acts against the bare minimum, on SQLite and PostgreSQL, side by side.

`python bench/imports.py [ACTS]`; PostgreSQL is measured if ESTIME_TEST_POSTGRESQL names a server.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUNDS = 3


def write_file(path: Path, acts: int) -> None:
    """Acts as JSON Lines of Activity Streams 2.0, from the made-up community."""
    import orjson
    import synthetic

    with path.open("wb") as out:
        for batch in synthetic.batches(acts, acts // 20):
            for _, act in batch:
                made = {"id": act.object_id, "type": act.object_type} if act.object_type else act.object_id
                if act.object_type:
                    made |= {
                        "content": act.content or "",
                        **({"inReplyTo": act.in_reply_to} if act.in_reply_to else {}),
                    }
                told = {"id": act.source_id, "type": act.type, "actor": act.actor, "object": made}
                out.write(orjson.dumps(told | {"published": act.published}) + b"\n")


def timed(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def server(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["ESTIME_TEST_POSTGRESQL"], autocommit=True) as link:
        link.execute(statement)


def one_round(file: Path, kind: str, scratch: Path) -> tuple[float, float]:
    """Seconds of the bare minimum and of Estime, one after the other."""
    tag = secrets.token_hex(4)
    environment = {**os.environ, "ESTIME_HOME": str(scratch / f"home-{tag}"), "PYTHONPATH": str(HERE)}
    environment.pop("ESTIME_DATABASE_URL", None)
    target = f"sqlite:{scratch / f'bare-{tag}.sqlite3'}"
    if kind == "postgresql":
        base = os.environ["ESTIME_TEST_POSTGRESQL"].rsplit("/", 1)[0]
        for name in (f"bare_{tag}", f"estime_{tag}"):
            server(f"CREATE DATABASE {name}")
        target, environment["ESTIME_DATABASE_URL"] = f"{base}/bare_{tag}", f"{base}/estime_{tag}"
    subprocess.run([sys.executable, "-m", "estime", "init"], env=environment, check=True, capture_output=True)
    bare = timed([sys.executable, str(HERE / "bare_import.py"), str(file), target], environment)
    ours = timed(
        [sys.executable, "-m", "estime", "import", str(file), "--channel", "c", "--as", "as2"], environment
    )
    if kind == "postgresql":
        for name in (f"bare_{tag}", f"estime_{tag}"):
            server(f"DROP DATABASE {name} WITH (FORCE)")
    return bare, ours


def main(acts: int) -> list[tuple[str, float, float]]:
    """(database, seconds bare, seconds ours), the best of each side."""
    sys.path.insert(0, str(HERE))
    kinds = ["sqlite"] + (["postgresql"] if os.environ.get("ESTIME_TEST_POSTGRESQL") else [])
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "acts.jsonl"
        write_file(file, acts)
        for kind in kinds:
            rounds = [one_round(file, kind, Path(scratch)) for _ in range(ROUNDS)]
            bare, ours = min(r[0] for r in rounds), min(r[1] for r in rounds)
            ratios = ", ".join(f"{b / o:.2f}" for b, o in rounds)
            print(
                f"import {acts:,} acts, {kind}: bare {bare:.1f} s, estime {ours:.1f} s, speed {bare / ours:.2f} ({ratios})"
            )
            found.append((kind, bare, ours))
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
