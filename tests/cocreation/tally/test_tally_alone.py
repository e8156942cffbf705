"""The counting stands alone: no Django, no scikit-learn, no database; and the examples of its docstrings are true."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import estime.cocreation.tally as package

OURS = "approval ballots counting duels equal_shares fragility methods resampling schulze schulze_close shares_run"
MODULES = [*OURS.split(), "formats.cells", "formats.columns", "formats.pabulib"]
ASK = """
import sys
import estime.cocreation.tally.{}
print(sorted({{name.split(".")[0] for name in sys.modules}} & {{"django", "sklearn", "pandas", "pyarrow", "duckdb"}}))
"""


def test_importing_it_loads_no_django_and_no_scikit_learn() -> None:
    for name in ("reading", "duels", "groups.told"):
        done = subprocess.run(
            [sys.executable, "-c", ASK.format(name)], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]", name


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(f"{package.__name__}.{name}")
    failed, tried = doctest.testmod(module)
    assert not failed
    assert tried or name in ("counting",)


def test_every_module_with_an_example_is_looked_at() -> None:
    """Modules of opinion groups and pairwise have tests of their own."""
    theirs = ("groups", "pairwise")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        name = found.name.removeprefix(f"{package.__name__}.")
        if not found.ispkg and not name.startswith(theirs) and name not in MODULES:
            module = importlib.import_module(found.name)
            assert not any(test.examples for test in doctest.DocTestFinder().find(module)), name
