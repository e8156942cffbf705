"""Who changed which setting, when, from what to what."""

from django.db import models

from estime.kernel.clock import now


class SettingsChange(models.Model):
    """One key of estime.toml that was changed from the settings page or by a command."""

    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=now)
    key = models.CharField(max_length=100)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.key} at {self.at}"
