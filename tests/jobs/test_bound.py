"""What the settings bind is there, in code and in words."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from estime.jobs.handlers import handler_of, kinds
from estime.jobs.wording import KINDS


@pytest.mark.parametrize("kind", kinds())
def test_every_handler_imports(kind):
    assert callable(handler_of(kind))


@pytest.mark.parametrize("kind", list(settings.ESTIME_SCHEDULE))
def test_every_schedule_can_be_asked(kind):
    assert kind in settings.ESTIME_JOBS
    when = settings.ESTIME_SCHEDULE[kind]
    assert callable(import_string(when)) if isinstance(when, str) else when > 0


def test_every_kind_has_words():
    assert set(KINDS) == set(kinds())


def test_the_desk_knows_of_failed_jobs():
    assert "estime.jobs.api.failed_debts" in settings.ESTIME_DEBTS
