"""Counting work instead of seconds: the same on every machine."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest


@pytest.fixture
def steps() -> Callable[..., int]:
    """`steps(function, *arguments)`: how many lines of Python and calls of C it took."""

    def counted(function: Callable[..., Any], *arguments: Any) -> int:
        number = 0

        def count(_frame: FrameType, _event: str, _told: Any) -> None:
            nonlocal number
            number += 1

        sys.setprofile(count)
        try:
            function(*arguments)
        finally:
            sys.setprofile(None)
        return number

    return counted
