"""Fixtures of the channel tests."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str | Iterable[str]], Path]:
    """Write a file below the test's folder; a list of texts is one line each."""

    def _write(name: str, content: bytes | str | Iterable[str]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes | str):
            content = "".join(f"{line}\n" for line in content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write
