"""The Django app of the part `channels`."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Ways in: files of many formats, translated to acts and observations."""

    name = "estime.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"
