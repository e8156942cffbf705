"""What leads owe in bringing together: proposals that wait for them, and contests without an answer."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from estime.cocreation.models import Author, Contest, Merge, MergePart
from estime.cocreation.together import IN_FORCE, SILENT
from estime.kernel.configuration import configuration

DECIDED_WITHIN = timedelta(days=7)
"""After the authors' time is over."""
_BRANDS = Q(head__challenge=None) | Q(head__challenge__by_brand=True, head__challenge__cancelled=None)


def _answering(side: str) -> Exists:
    """Whether a side has an author who can sign in."""
    of = Q(contribution=OuterRef(side)) | Q(contribution__together=OuterRef(side))
    return Exists(Author.objects.filter(of, accepted__isnull=False, left=None, member__user__is_active=True))


def proposals_waiting(now: datetime) -> QuerySet[Merge]:
    """Proposals on which a side has been silent for long, or has nobody left who could answer. `due`: by when.

    Those of a challenge that a member opened are that member's to decide.
    """
    unanswerable = MergePart.objects.filter(~_answering("contribution"), merge=OuterRef("pk"))
    return Merge.objects.filter(
        _BRANDS, Q(at__lte=now - SILENT) | ~_answering("head") | Exists(unanswerable), state="proposed"
    ).annotate(due=ExpressionWrapper(F("at") + SILENT + DECIDED_WITHIN, output_field=DateTimeField()))


def contests_open() -> QuerySet[Contest]:
    """What authors say against a merge in force, without an answer. `due`: by when one is owed."""
    within = timedelta(days=configuration().cocreation.answer_within_days)
    brands = Q(merge__head__challenge=None) | Q(
        merge__head__challenge__by_brand=True, merge__head__challenge__cancelled=None
    )
    return Contest.objects.filter(brands, answered=None, merge__state__in=IN_FORCE).annotate(
        due=ExpressionWrapper(F("at") + within, output_field=DateTimeField())
    )
