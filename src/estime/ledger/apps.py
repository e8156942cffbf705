from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "estime.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The index is a view of the ledger, so its tables are kept apart from models.py.
        from estime.ledger.search import models  # noqa: F401  where Django finds them

        # A migration that rebuilds a table drops its triggers without a word, so they are put back each time.
        post_migrate.connect(_reinstall_guards, sender=self, dispatch_uid="ledger-guards")


def _reinstall_guards(using: str, **_: Any) -> None:
    from estime.ledger.guards import install_guards

    install_guards(using)
