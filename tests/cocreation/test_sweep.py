"""What was brought and never shown goes after a month; what anything still shows stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from estime.cocreation.models import Draft, Picture
from estime.cocreation.sweep_jobs import FORGOTTEN, sweep_job
from estime.kernel import clock

Made = Callable[..., Any]


def picture(place: Any, published: bool, days: int) -> Picture:
    return Picture.objects.create(
        id=uuid4(), owner=place.anna, space=place.space, sha256="0" * 64, width=1, height=1, size=1,
        published=published, at=clock.now() - timedelta(days=days),
    )  # fmt: skip


def test_only_what_nobody_published_or_still_writes_with_goes(db: None, place: Made) -> None:
    here = place()
    old = FORGOTTEN.days + 1
    gone, young, shown, written = (
        picture(here, published, days)
        for published, days in ((False, old), (False, 1), (True, old), (False, old))
    )
    Draft.objects.create(
        id=uuid4(), member=here.anna, space=here.space, kind="idea", body=f"![](picture:{written.pk})",
        at=here.at, changed=here.at,
    )  # fmt: skip
    sweep_job({}, lambda *_told: None)
    assert set(Picture.objects.values_list("pk", flat=True)) == {young.pk, shown.pk, written.pk}
    assert not Picture.objects.filter(pk=gone.pk).exists()
