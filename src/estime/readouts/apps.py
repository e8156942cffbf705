from django.apps import AppConfig


class ReadoutsConfig(AppConfig):
    name = "estime.readouts"
    label = "readouts"
    verbose_name = "Readouts"
    default_auto_field = "django.db.models.BigAutoField"
