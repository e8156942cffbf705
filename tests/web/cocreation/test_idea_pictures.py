"""Pictures in what members write: theirs alone until published, and refused in words where they are none."""

from io import BytesIO
from uuid import uuid4

import pytest
from cocreation.places import Place, place_made
from cocreation.writing import said
from django.test import Client
from PIL import Image

from estime.cocreation.models import Draft, Member, Picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place_made()


def as_(member: Member, **options: object) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    assert member.user is not None
    client.force_login(member.user)
    return client


def png() -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    stream.seek(0)
    stream.name = "lid.png"
    return stream


def test_a_picture_is_its_owners_until_it_is_published(here: Place) -> None:
    client, path = as_(here.anna), f"/en/drafts/{uuid4()}/"
    form = {
        "challenge": here.challenge.pk,
        "saved": "0",
        "kind": "idea",
        "title": "Seen",
        "body": "See.",
    }
    without = client.post(path, {**form, "do": "picture", "picture": png(), "alt": ""})
    assert without.status_code == 422
    assert "See." in without.content.decode()  # nothing that was written is lost
    client.post(path, {**form, "saved": "1", "do": "picture", "picture": png(), "alt": "A teal lid"})
    picture = Picture.objects.get()
    shown_at = f"/en/pictures/{picture.pk}/"
    assert f"![A teal lid](picture:{picture.pk})" in Draft.objects.get().body
    assert client.get(shown_at)["Content-Type"] == "image/webp"
    assert client.get(shown_at)["Cache-Control"].startswith("private")
    for other in (Client(), as_(here.ben), as_(here.lea)):
        assert other.get(shown_at).status_code == 404
    said(
        here, here.ben, here.challenge, f"![mine now](picture:{picture.pk})"
    )  # naming it makes it nobody else's
    assert Client().get(shown_at).status_code == 404
    client.post(
        path,
        {**form, "body": Draft.objects.get().body, "saved": "2", "do": "publish", "agreed": "1", "deal": "1"},
    )
    answer = Client().get(shown_at)
    assert answer.status_code == 200
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert Client().get(shown_at, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    Picture.objects.update(hidden=True)
    assert Client().get(shown_at).status_code == 404


def test_files_that_are_no_pictures_or_too_large_are_refused_in_words(
    here: Place,
) -> None:
    client, path = as_(here.anna), f"/en/drafts/{uuid4()}/"
    form = {
        "challenge": here.challenge.pk,
        "saved": "0",
        "kind": "idea",
        "title": "T",
        "body": "B",
        "alt": "x",
    }
    script = BytesIO(b"<svg onload='alert(1)'></svg>")
    script.name = "x.png"
    refused = client.post(path, {**form, "do": "picture", "picture": script})
    assert refused.status_code == 422
    assert "SVG" in refused.content.decode()
    large = BytesIO(b"\x89PNG" + b"0" * (13 << 20))
    large.name = "x.png"
    assert client.post(path, {**form, "saved": "1", "do": "picture", "picture": large}).status_code == 422
    assert not Picture.objects.exists()
    strict = as_(here.anna, enforce_csrf_checks=True)
    assert strict.post(path, {**form, "picture": png()}).status_code == 403
