"""Estime's settings with addresses and jobs for tests."""

from jobs.bound_settings import *  # noqa: F403

ROOT_URLCONF = "cli.slow_urls"
