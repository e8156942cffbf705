"""Charts drawn at refresh time, so that no page ever draws one."""

from django.db import models


class Chart(models.Model):
    """One chart of one edition, for pages. `digest` says what it was drawn from."""

    edition_id = models.BigIntegerField()
    scope = models.CharField(max_length=200)
    section = models.CharField(max_length=50)
    lang = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    svg = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("edition_id", "scope", "lang", "section"), name="readouts_chart_one_per_place"
            ),
        )
        indexes = (models.Index(fields=("digest",), name="readouts_chart_digest"),)

    def __str__(self) -> str:
        return f"{self.scope}/{self.section} ({self.lang}, edition {self.edition_id})"


class Picture(models.Model):
    """A chart that stands alone, as PNG: once somebody wanted it, until the next edition. `digest`: of its SVG."""

    digest = models.CharField(max_length=64, primary_key=True)
    png = models.BinaryField()

    def __str__(self) -> str:
        return self.digest
