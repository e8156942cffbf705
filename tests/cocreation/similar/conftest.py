"""An installation on each database in turn, with the tables of the index."""

from pathlib import Path

import pytest
from cocreation.similar.tables import tables_make


@pytest.fixture
def index(installed: Path) -> None:
    """An empty index that may really commit."""
    tables_make()
