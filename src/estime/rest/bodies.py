"""Reading what is sent: bounded before and after unpacking, whatever the headers promise."""

import json
import zlib
from typing import Any

import orjson
from django.http import HttpRequest, UnreadablePostError

from estime.rest.errors import BodyTooLarge, BodyUnreadable, LengthNeeded, MediaTypeUnknown

_PIECE = 64 * 1024
_MOST_MEMBERS = 1_000


def body_read(request: HttpRequest, limit: int) -> bytes:
    """The body, unpacked if it comes as gzip. Raises what is wrong with it."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise MediaTypeUnknown("Bodies are read plain or as gzip.", todo="Leave Content-Encoding out.")
    told = request.headers.get("Content-Length", "")
    if not told:
        raise LengthNeeded(
            "The body does not say how long it is, and was not read.", todo="Send the header Content-Length."
        )
    try:
        if int(told) > limit:
            raise _too_large(limit)
    except ValueError:
        raise BodyUnreadable("Content-Length is no number.", todo="Send it right.") from None
    try:
        raw = request.read(limit + 1)
    except (UnreadablePostError, OSError) as error:
        raise BodyUnreadable("The body was cut short.", todo="Send it again: nothing was kept.") from error
    if len(raw) > limit:
        raise _too_large(limit)
    return _unpacked(raw, limit) if coding.endswith("gzip") and raw else raw


def _unpacked(raw: bytes, limit: int) -> bytes:
    """Never holds more than the limit, however much a small body would become. Gzip may be several members in a row."""
    parts: list[bytes] = []
    room, at = limit + 1, 0
    for _ in range(_MOST_MEMBERS):
        machine = zlib.decompressobj(wbits=31)
        while not machine.eof and at < len(raw):
            piece, at = raw[at : at + _PIECE], at + _PIECE
            parts.append(_inflated(machine, piece, room))
            room -= len(parts[-1])
            if room <= 0:
                raise _too_large(limit)
        if not machine.eof:
            raise BodyUnreadable("The gzip body was cut short.", todo="Send it again: nothing was kept.")
        at = min(at, len(raw)) - len(machine.unused_data)
        if at >= len(raw):
            return b"".join(parts)
    raise BodyUnreadable("The gzip body is in too many pieces.", todo="Pack it in one.")


def _inflated(machine: "zlib._Decompress", piece: bytes, room: int) -> bytes:
    try:
        return machine.decompress(piece, room)
    except zlib.error as error:
        raise BodyUnreadable("The body is not gzip.", todo="Send it plain, or pack it again.") from error


def json_read(raw: bytes) -> Any:
    """The JSON of a body. Raises `BodyUnreadable`.

    Half a character (a lone surrogate) in one text is that text’s fault: the rest of the body can be read.
    """
    try:
        return orjson.loads(raw)
    except ValueError as error:
        if b"\\ud" not in raw.lower():
            raise _not_json(str(error)) from error
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _not_json(str(error)) from error


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _not_json(told: str) -> BodyUnreadable:
    return BodyUnreadable(f"The body is not JSON ({told[:120]}).", todo="Send JSON in UTF-8.")


def lines_of(raw: bytes) -> list[Any]:
    """The lines of NDJSON that hold something."""
    return [line for line in raw.split(b"\n") if line.strip()]


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"A body of more than {limit:,} bytes is not taken.", todo="Send it in parts.")
