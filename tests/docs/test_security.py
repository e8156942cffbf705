"""The threat model names tests: each of them is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text())))


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_that_the_threat_model_names_is_there(path, name):
    assert name in functions(path)


def test_every_defence_names_a_test():
    text = (ROOT / "docs" / "security.md").read_text()
    defences = text.partition("## What is done against each")[2].partition("## What is not covered")[0]
    rows = [
        line for line in defences.splitlines() if line.startswith("| ") and not line.startswith("| attack")
    ]
    assert len(rows) > 20
    assert [row for row in rows if "`tests/" not in row] == []
