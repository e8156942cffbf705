from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "estime.web"
    label = "web"
    verbose_name = "Web"

    def ready(self) -> None:
        from estime.web import checks  # noqa: F401  registers the check of the brand's colours
