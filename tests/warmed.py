"""Asks the program of warm.py for commands; one of it for each process of the tests."""

import atexit
import json
import os
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(__file__).with_name("warm.py")
OF_THE_START = ("PYTHON", "LANG", "LC_", "LD_", "MALLOC", "OPENBLAS", "OMP_")
"""What an interpreter, or a library, looks at only when it begins."""


class Warm(NamedTuple):
    process: subprocess.Popen[bytes]
    socket: socket.socket
    start: dict[str, str]


_ONE: list[Warm] = []
_LOCK = threading.Lock()


def of_the_start(env: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(OF_THE_START)}


def warm(env: dict[str, str]) -> Warm | None:
    """The program, begun when it is wanted first; None where a command must find another start."""
    with _LOCK:
        if not _ONE or _ONE[0].process.poll() is not None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            process = subprocess.Popen(
                [sys.executable, str(PROGRAM)], stdin=theirs, stdout=subprocess.DEVNULL, env=env
            )
            theirs.close()
            _ONE[:] = [Warm(process, ours, of_the_start(env))]
            atexit.register(ours.close)
        return _ONE[0] if _ONE[0].start == of_the_start(env) else None


def run(
    one: Warm, words: tuple[str, ...], env: dict[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` with its output captured."""
    pipes = [os.pipe() for _ in range(3)]
    nothing = os.open(os.devnull, os.O_RDONLY)
    given = [nothing, *(write for _read, write in pipes)]
    _ask(one, "estime", words, env, given)
    for file in given:
        os.close(file)
    try:
        out, err, told = _all_of([read for read, _write in pipes], seconds, words)
    finally:
        for read, _write in pipes:
            os.close(read)
    _pid, status = struct.unpack("ii", told)
    return subprocess.CompletedProcess(
        ["estime", *words], os.waitstatus_to_exitcode(status), _text(out), _text(err)
    )


def _ask(one: Warm, module: str, words: Sequence[str], env: dict[str, str], streams: list[int]) -> None:
    job = json.dumps({"module": module, "words": words, "env": env, "cwd": str(Path.cwd())}).encode()
    with _LOCK:
        socket.send_fds(one.socket, [job], streams)


class Child:
    """A module that runs beside the test in a process of its own, told of as `subprocess.Popen` tells."""

    def __init__(self, one: Warm, words: list[str], env: dict[str, str]) -> None:
        self._words = words
        self._told, tell = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        _ask(one, words[2], words[3:], env, [nothing, 1, 2, tell])
        for file in (nothing, tell):
            os.close(file)
        (self.pid,) = struct.unpack("i", os.read(self._told, 4))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._words, timeout or 0)
            (status,) = struct.unpack("i", os.read(self._told, 4))
            os.close(self._told)
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


def begun(words: list[str], **streams: int) -> "Child | subprocess.Popen[bytes]":
    """As `subprocess.Popen` of `python -m MODULE …` with nothing to read: forked where that may be."""
    assert words[:2] == [sys.executable, "-m"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    one = warm(env)
    return subprocess.Popen(words, **streams) if one is None else Child(one, words, env)


def _text(told: bytes) -> str:
    return told.decode().replace("\r\n", "\n").replace("\r", "\n")


def _all_of(files: list[int], seconds: float, words: tuple[str, ...]) -> list[bytes]:
    """What comes on each until it ends; a command that takes too long is killed."""
    told, end = dict.fromkeys(files, b""), time.monotonic() + seconds
    with selectors.DefaultSelector() as waiting:
        for file in files:
            waiting.register(file, selectors.EVENT_READ)
        while waiting.get_map():
            left = end - time.monotonic()
            if left <= 0:
                os.kill(struct.unpack_from("i", told[files[-1]])[0], signal.SIGKILL)
                raise subprocess.TimeoutExpired(["estime", *words], seconds)
            for key, _events in waiting.select(left):
                piece = os.read(key.fd, 1 << 16)
                told[key.fd] += piece
                if not piece:
                    waiting.unregister(key.fd)
    return [told[file] for file in files]
