"""Fixtures of the people tests: quick passwords, mail kept in memory."""

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _quick(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
