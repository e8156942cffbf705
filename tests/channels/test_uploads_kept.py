"""Files brought through the page outlive nothing: how long they are kept is said in the settings, and strays go too."""

import os
from datetime import timedelta

import pytest

from estime.channels import api
from estime.channels.models import Upload
from estime.kernel import clock
from estime.kernel.home import home, uploads_dir


@pytest.fixture
def upload(db, django_user_model, _home):
    by = django_user_model.objects.create(email="lea@maison-gourde.fr")
    (uploads_dir() / "kept").write_text("x")
    return Upload.objects.create(by=by, file_name="a.csv", kept_as="kept", size=1, digest="0" * 64)


def aged(upload, **ago) -> None:
    Upload.objects.filter(pk=upload.pk).update(at=clock.now() - timedelta(**ago))


@pytest.mark.parametrize(("said", "days"), [("", 7), ("[privacy]\nkeep_uploads_days = 2\n", 2)])
def test_kept_for_as_long_as_the_settings_say(upload, said, days):
    (home() / "estime.toml").write_text(said)
    aged(upload, days=days, minutes=-5)
    assert not api.uploads_stale()
    aged(upload, days=days, minutes=5)
    assert api.uploads_stale()
    assert api.uploads_sweep(clock.now()) == 1
    assert list(uploads_dir().iterdir()) == []


def test_a_stray_of_a_kill_makes_the_job_due_by_itself(upload):
    """Else it would stay until somebody brings the next file."""
    stray = uploads_dir() / "aa.part"
    stray.write_bytes(b"half")
    assert not api.uploads_stale()
    os.utime(stray, (0, 0))
    assert api.uploads_stale()
    assert api.uploads_sweep(clock.now()) == 1
    assert not api.uploads_stale()
    assert (uploads_dir() / upload.kept_as).exists()


def test_what_is_kept_is_told_oldest_first(upload):
    Upload.objects.create(
        by=upload.by, file_name="b.csv", kept_as="gone", size=1, digest="1" * 64, state="gone"
    )
    assert [(one.path.name, one.at) for one in api.uploads_kept()] == [("kept", upload.at)]
