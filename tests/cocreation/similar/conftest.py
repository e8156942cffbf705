"""An index on each database in turn, emptied before each test."""

import pytest
from cocreation.similar.tables import TABLES


@pytest.fixture
def index(shared: str) -> None:
    """An empty index that may really commit."""
    for model in TABLES:
        model._default_manager.all().delete()
