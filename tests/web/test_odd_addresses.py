"""Addresses and forms written by hand: whatever stands in them, the answer is a page and never an error of ours."""

from pathlib import Path

import pytest
from contact.forum import brand
from django.urls import reverse
from web.pages import client_of

from estime.channels.models import Import
from estime.kernel import clock

pytestmark = pytest.mark.django_db

ODD = ("²", "٣", "9" * 17, "9" * 5000, "-1", "1e400", "nan", "\x00", "🙂", "١" * 12)


@pytest.fixture
def home(_home: Path) -> Path:
    return _home


def test_places_to_go_on_from(home: Path) -> None:
    brand(home, "forum")
    record = Import.objects.create(channel="forum", file_name="f.csv", format="csv", started=clock.now())
    record.codes = {"bad-time": [1, 0]}
    record.rejected = 1
    record.save()
    admin = client_of("administrator")
    for odd in ODD:
        for path, fields in (
            (reverse("import", args=[record.pk]), {"code": "bad-time", "from": odd}),
            ("/en/settings/changes/", {"before": odd}),
            ("/en/acts/", {"account": odd}),
            ("/en/acts/", {"before": f"{odd}-{odd}", "since": odd, "until": odd}),
            ("/en/to-keep/settled/", {"before": f"{odd}~{odd}"}),
            ("/en/to-keep/archives/", {"after": f"{odd}~{odd}"}),
            ("/en/to-keep/archives/", {"after": f"-62135596800~{odd}"}),
            ("/en/to-keep/", {"after": f"{odd}~question~{odd}"}),
            ("/en/jobs/", {"before": odd}),
        ):
            assert admin.get(path, fields).status_code == 200, (path, odd[:20])


def test_a_number_of_days_is_not_read_by_its_beginning(home: Path) -> None:
    admin = client_of("administrator")
    for odd in ("0000000019999", "²", "9" * 5000):
        sent = admin.post(
            "/en/settings/", {"name": "B", "timezone": "UTC", "languages": "en", "answer_within_days": odd}
        )
        assert sent.status_code == 422
        assert "A whole number from 1 to 365." in sent.content.decode()
