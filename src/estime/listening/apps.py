from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ListeningConfig(AppConfig):
    name = "estime.listening"
    label = "listening"
    verbose_name = "Listening"

    def ready(self) -> None:
        # A migration that rebuilds a table drops its triggers without a word, so they are put back each time.
        post_migrate.connect(_reinstall_guards, sender=self, dispatch_uid="listening-guards")


def _reinstall_guards(using: str, **_: Any) -> None:
    from estime.listening.survey_guards import survey_guards_install

    survey_guards_install(using)
