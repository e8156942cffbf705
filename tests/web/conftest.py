"""Fixtures of the web tests: stored figures and drawn charts, as a refresh leaves them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from readouts import told
from web.stored import store

from estime.web.views import overview


@pytest.fixture(autouse=True)
def _fresh_bodies(settings: LazySettings, _home: Path) -> Iterator[None]:
    settings.ALLOWED_HOSTS = ["testserver"]
    _home.mkdir(mode=0o700, exist_ok=True)
    (_home / "estime.toml").write_text("[privacy]\npublic_overview = true\n")
    overview.BODIES.clear()
    yield
    overview.BODIES.clear()


@pytest.fixture
def stored(db: None) -> None:
    store(
        (told.scope("*", ""), told.community()),
        (told.scope(), told.community()),
        (told.scope("page", "A brand’s page", archive=True, acts=0), told.brand_page()),
    )
