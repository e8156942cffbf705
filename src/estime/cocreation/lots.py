"""Drawing lots so that anybody can draw again."""

import hashlib


def drawn(seed: int, numbers: list[int]) -> list[int]:
    """Options in the order in which the seed draws them: anybody can draw again (docs/voting.md)."""
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())
