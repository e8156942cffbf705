"""Protects reading on several processors: none of the processes outlives whoever asked, however that one ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from processes import ROOT

READS_WITHOUT_END = """
import os, itertools
from pathlib import Path
from estime.listening.affect import many
many.CHUNK = many.FEW = 50
found = many.read_many(itertools.repeat("Quelle belle surprise !"), processes=2)
next(found)
print(Path(f"/proc/self/task/{os.getpid()}/children").read_text(), flush=True)
for _ in found:
    pass
"""
PATIENCE = 15.0


def alive(process: str) -> bool:
    """A zombie has ended: only nobody has asked for it yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_reader_leaves_no_process_behind() -> None:
    """SIGKILL in the middle of `estime affect`: nothing of it goes on computing or waiting."""
    asking = subprocess.Popen(
        [sys.executable, "-c", READS_WITHOUT_END],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert asking.stdout is not None
    children = asking.stdout.readline().split()
    assert len(children) == 2
    assert all(map(alive, children))
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    until = time.monotonic() + PATIENCE
    while any(map(alive, children)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(alive, children))
    asking.stdout.close()
