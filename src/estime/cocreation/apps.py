from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CocreationConfig(AppConfig):
    name = "estime.cocreation"
    label = "cocreation"
    verbose_name = "Co-creation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A migration that rebuilds a table drops its triggers without a word, so they are put back each time.
        post_migrate.connect(_reinstall_guards, sender=self, dispatch_uid="cocreation-guards")


def _reinstall_guards(using: str, **_: Any) -> None:
    from estime.cocreation.guards import guards_install

    guards_install(using)
