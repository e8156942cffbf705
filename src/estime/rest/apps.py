"""The app of the part: one small table, and something to check at start."""

from importlib import import_module

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "estime.rest"

    def ready(self) -> None:
        import_module("estime.rest.checks")
