"""The worker that `estime serve` runs beside the server: started again if it falls, gone when the server goes."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds before a worker that ended by itself is started again: twice as long each time that it ends soon."""
PATIENCE = 15.0
"""Seconds that a worker has to end when it is told to: it gives its job ten."""
WATCH = 1.0

_LOG = logging.getLogger("estime.serve")


class Beside:
    """One `estime work` as a child process, for as long as it is wanted."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """At once, and without waiting: the server stops at the same time. May be called by a signal."""
        self._stopping.set()
        if (process := self._process) is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ends the worker; its job is done or given back."""
        self.ask_to_stop()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE)
        if (process := self._process) is not None and process.poll() is None:
            process.kill()
            process.wait()

    def _keep(self) -> None:
        words = [sys.executable, "-m", "estime", "work", "--parent", str(os.getpid())]
        pause = PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            self._process = subprocess.Popen(words)
            if self._stopping.is_set():  # told while it was being started
                self._process.send_signal(signal.SIGTERM)
            code = self._process.wait()
            if not self._stopping.is_set():
                pause = PAUSE if time.monotonic() - began > LONGEST_PAUSE else pause
                fields = {"code": code, "pause": pause}
                _LOG.error("the worker ended by itself; starting it again", extra={"fields": fields})
                self._stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)


def end_with_parent(end: Callable[[], None]) -> None:
    """Watch, in a thread, that whoever started this process is still there; call `end` when it is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        end()

    threading.Thread(target=watch, daemon=True).start()
