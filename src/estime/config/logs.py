"""Logs without personal data (docs/monitoring.md).

What people do reaches a program as values: addresses, texts, handles, tokens. So no value reaches the log by way of a
sentence: a record is written as its template, never with its arguments put in, and a foreign library's sentence, which
may have been put together already, is withheld. What a record has to say it says in `extra={"fields": {…}}`, whose
names and values are ours. Of an error the type and the lines of code are kept, never its message.
"""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import PurePath
from typing import Any, Final

import orjson

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered."""

FORMATS: Final = ("json", "plain")
OUR_OWN: Final = ("estime", "_granian")
"""Loggers whose templates are sentences of ours, or say nothing of requests (the server's own start and stop)."""
FOREIGN: Final = {
    "django.request": "a request could not be answered",
    "django.security": "a request was refused as unsafe",
}
WITHHELD: Final = "(words withheld)"
FRAMES: Final = 30
LONGEST: Final = 200


def event(record: logging.LogRecord) -> str:
    """What a record says, without values: the template of our own, or of whoever keeps arguments apart."""
    for name, words in FOREIGN.items():
        if record.name.startswith(name):
            return words
    ours = record.name.partition(".")[0] in OUR_OWN
    if not isinstance(record.msg, str) or not (ours or record.args):
        return WITHHELD
    return record.msg[:LONGEST]


def error_of(error: BaseException) -> dict[str, Any]:
    """Type and place of an error, and of what caused it: code, no values."""
    told: dict[str, Any] = {"type": _type(error), "frames": frames_of(error)}
    cause = error.__cause__ or error.__context__
    chain: list[str] = []
    while cause is not None and len(chain) < 5:
        chain.append(f"{_type(cause)} at {(frames_of(cause) or ['?'])[-1]}")
        cause = cause.__cause__ or cause.__context__
    if chain:
        told["after"] = chain
    return told


def frames_of(error: BaseException) -> list[str]:
    """Where it happened, outermost first: file, line and function."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a record adds, cut to what a log may hold."""
    told = getattr(record, "fields", None)
    if not isinstance(told, Mapping):
        return {}
    return {str(name): _plain(value) for name, value in told.items()}


class JsonLines(logging.Formatter):
    """One JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": f"{_utc(record.created)}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event(record),
        }
        if request := REQUEST.get():
            line["request"] = request
        line.update(fields_of(record))
        if (error := _error(record)) is not None:
            line["error"] = error_of(error)
        return orjson.dumps(line, default=str).decode()


class PlainLines(logging.Formatter):
    """For a person at a terminal; the frames of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        told = [time.strftime("%H:%M:%S", time.localtime(record.created)), record.levelname.lower()]
        told += [event(record), *(f"{name}={value}" for name, value in fields_of(record).items())]
        if request := REQUEST.get():
            told.append(f"request={request}")
        if (error := _error(record)) is None:
            return " ".join(told)
        lines = [f"  {frame}" for frame in frames_of(error)]
        return "\n".join([" ".join([*told, f"error={_type(error)}"]), *lines])


def logging_config(told: str, *, debug: bool = False) -> dict[str, Any]:
    """Django's LOGGING. `told` is ESTIME_LOG: without it (a command that ends by itself) only warnings are written.

    With ESTIME_DEBUG=1 everything is written as it comes, with messages and values: never where others can reach it.
    """
    if debug:
        formatter: dict[str, Any] = {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    else:
        formatter = {"()": JsonLines if told == "json" else PlainLines}
        logging.raiseExceptions = False  # a record that cannot be written would be printed with its arguments
    if told and not debug:
        log_uncaught()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "estime": {"level": "INFO" if told else "WARNING"},
            # Its handlers mail and print what was asked; each request has a line of its own (config/middleware.py).
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }


def log_uncaught() -> None:
    """What nobody catches, in this thread or another, goes to the log and not to the terminal with its message."""

    def told(kind: type[BaseException], error: BaseException | None, _trace: object) -> None:
        if error is not None and not issubclass(kind, KeyboardInterrupt):
            logging.getLogger("estime").critical("a process ends by an error", exc_info=error)

    def told_of_a_thread(ended: Any) -> None:
        if ended.exc_value is not None and not issubclass(ended.exc_type, SystemExit):
            logging.getLogger("estime").error("a thread ended by an error", exc_info=ended.exc_value)

    sys.excepthook = told
    threading.excepthook = told_of_a_thread


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def _type(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _short(path: str) -> str:
    """From the package on: where it is installed says nothing, and a home folder is a name."""
    parts = PurePath(path).parts
    for mark in ("site-packages", "src"):
        if mark in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(mark) :])
    return "/".join(parts[-3:])


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value[:FRAMES]]
    return str(value)[:LONGEST]


def _utc(created: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(created))
