from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "estime.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A migration that rebuilds a table drops its triggers without a word, so they are put back each time.
        post_migrate.connect(_reinstall_guards, sender=self, dispatch_uid="people-guards")


def _reinstall_guards(using: str, **_: Any) -> None:
    from estime.people.guards import guards_install

    guards_install(using)
