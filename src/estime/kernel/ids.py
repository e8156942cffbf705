"""Identifiers: time-ordered act ids, and keyed hashes that cannot be turned back without the secret."""

import hashlib
import hmac
import os
import time
from uuid import UUID


def uuid7_hex(count: int, *, at_ms: int | None = None) -> list[str]:
    """`count` UUIDs of version 7 (RFC 9562 §5.7) as 32 hex digits, in rising order.

    The 74 random bits are one random start and then a counter, so that ids made together keep their order.
    """
    ms = int(time.time() * 1000) if at_ms is None else at_ms
    start = int.from_bytes(os.urandom(9), "big") >> 1  # 71 bits: room for the counter to run
    head = f"{ms & 0xFFFFFFFFFFFF:012x}7"
    ids = []
    for number in range(start, start + count):
        ids.append(f"{head}{number >> 62 & 0xFFF:03x}{0x8000000000000000 | number & 0x3FFFFFFFFFFFFFFF:016x}")
    return ids


def uuid7() -> UUID:
    """One UUID of version 7."""
    return UUID(hex=uuid7_hex(1)[0])


def keyed_hash(secret: bytes, *parts: str) -> str:
    """64 hex digits that stand for `parts`: equal for equal parts, and meaningless without `secret`."""
    message = "\0".join(parts).encode("utf-8")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def lake_key(secret: bytes, channel: str, identifier: str) -> int:
    """The 60-bit number that stands for an identifier of a channel in the lake (never negative).

    SHA-256 of secret, channel and identifier, cut to 15 hex digits. Columns of millions are hashed by
    `lake_key_sql`, which gives the same numbers.
    """
    return int(
        hashlib.sha256(secret.hex().encode() + f"{channel}\0{identifier}".encode()).hexdigest()[:15], 16
    )


def lake_key_sql(prefix: str, column: str) -> str:
    """DuckDB SQL for `lake_key` over a column; `prefix` names a parameter or column holding secret and channel."""
    return f"('0x' || left(sha256({prefix} || {column}), 15))::BIGINT"
