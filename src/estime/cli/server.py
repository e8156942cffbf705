"""The server's processes: begun again when they fall, given up when they fall again and again.

Granian's own loop ends the server when one process falls twice within five seconds, loses a fall that comes while it
sees to another, and takes a process that fell before a stop for a failed stop. Ours looks at the processes themselves.
"""

import logging
import signal
import time
from collections import deque
from contextlib import suppress
from typing import Any, Final

from granian.constants import Interfaces as Interfaces
from granian.server.mp import MPServer

FALLS: Final = 10
"""How often each process may fall within the window before the server is given up."""
WINDOW: Final = 60.0
PAUSES = (0.0, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before fallen processes are begun again: at once at first, then later and later."""
LOOK: Final = 1.0

_LOG = logging.getLogger("estime.serve")


class Server(MPServer):
    """Granian with processes that stay. `gave_up` tells, after `serve`, whether it ended because they would not."""

    gave_up = False

    def _serve(self, spawn_target: Any, target_loader: Any) -> None:
        granian: Any = self  # its methods have no types
        hangup = signal.getsignal(signal.SIGHUP)
        granian.startup(spawn_target, target_loader)
        # A terminal that goes away ends the server like Ctrl-C, unless it was begun with nohup.
        signal.signal(
            signal.SIGHUP, signal.SIG_IGN if hangup is signal.SIG_IGN else self.signal_handler_interrupt
        )
        self._serve_loop(spawn_target, target_loader)
        with suppress(SystemExit):  # counts every fall there ever was; `gave_up` is what matters
            granian.shutdown()

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        falls: deque[float] = deque()
        while self._undisturbed(LOOK):
            processes: list[Any] = self.wrks
            fallen = [one.idx for one in processes if not one.is_alive()]
            if not fallen:
                continue
            now = time.monotonic()
            falls.extend([now] * len(fallen))
            while falls[0] < now - WINDOW:
                falls.popleft()
            rounds = len(falls) // self.workers
            _LOG.error("a process of the server fell", extra={"fields": {"falls": len(falls)}})
            if rounds > FALLS:
                self.gave_up = True
                return
            if self._undisturbed(PAUSES[min(rounds, len(PAUSES) - 1)], whole=True):
                self._respawn_workers(fallen, spawn_target, target_loader)

    def _undisturbed(self, seconds: float, *, whole: bool = False) -> bool:
        """Wait until something happens, or for the whole time; False once the server is to stop."""
        end = time.monotonic() + seconds
        while not self.interrupt_signal and (left := end - time.monotonic()) > 0:
            if self.main_loop_interrupt.wait(left):
                self.main_loop_interrupt.clear()
                if not whole:
                    break
        return not self.interrupt_signal
