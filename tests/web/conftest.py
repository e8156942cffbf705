"""Fixtures of the web tests: stored figures and drawn charts, as a refresh leaves them."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from readouts import told
from web.stored import store

from estime.web import views


@pytest.fixture(autouse=True)
def _fresh_bodies(settings: LazySettings) -> Iterator[None]:
    settings.ALLOWED_HOSTS = ["testserver"]
    views.BODIES.clear()
    yield
    views.BODIES.clear()


@pytest.fixture
def stored(db: None) -> None:
    store(
        (told.scope("*", ""), told.community()),
        (told.scope(), told.community()),
        (told.scope("page", "A brand’s page", archive=True, acts=0), told.brand_page()),
    )
