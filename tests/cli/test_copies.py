"""What an erasure does not reach is told: backups that are still there, files that wait to be imported."""

import json
from datetime import timedelta

import pytest
from cli.test_doctor import found

from estime.channels.models import Upload
from estime.cli.copies import LAST
from estime.kernel import clock
from estime.kernel.home import uploads_dir
from estime.people import api as people

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@pytest.fixture
def known(installed, call, forum, tmp_path):
    """An installation with a member, two backups and a file that waits."""
    assert call("import", forum, "-c", "forum").code == 0
    for name in ("a", "b"):
        assert call("backup", tmp_path / f"{name}.tar.gz").code == 0
    user = people.login_make("lea@maison-gourde.fr", people.Role.LEAD, people.Profile(name="Léa"))
    (uploads_dir() / "kept").write_text("x")
    Upload.objects.create(by=user, file_name="a.csv", kept_as="kept", size=1, digest="0" * 64)
    return installed


@only_sqlite
def test_an_erasure_tells_what_it_does_not_reach(known, call, tmp_path):
    told = call("erase", "ana", "-c", "forum", "--yes")
    assert told.code == 0
    for name in ("a.tar.gz", "b.tar.gz", "kept"):
        assert name in told.err
    (tmp_path / "a.tar.gz").unlink()
    told = call("erase", "bob", "-c", "forum", "--yes", "--json").json
    assert told["backups"] == [str(tmp_path / "b.tar.gz")]
    assert told["uploads"] == [str(uploads_dir() / "kept")]


@only_sqlite
def test_the_doctor_tells_until_they_are_gone(known, call, tmp_path):
    assert found()["erased"][2] == ""
    call("erase", "ana", "-c", "forum", "--yes")
    ok, told, todo = found()["erased"]
    assert ok
    assert "2 backups" in told
    assert "1 file" in told
    assert "a.tar.gz" in todo
    assert call("backup", tmp_path / "c.tar.gz").code == 0
    for name in ("a", "b"):
        (tmp_path / f"{name}.tar.gz").unlink()
    (uploads_dir() / "kept").unlink()
    Upload.objects.update(state="gone")
    assert found()["erased"][2] == ""
    stamp = json.loads((known / "last-erasure.json").read_text())
    assert set(stamp) == {"at"}, "nothing of whom was erased may stand there"


@only_sqlite
def test_a_note_that_cannot_be_read_is_no_reason_to_fail(known, call):
    for name in (LAST, "last-erasure.json"):
        (known / name).write_text("nonsense")
    assert call("erase", "ana", "-c", "forum", "--yes").code == 0
    (known / LAST).write_text(json.dumps({"made": (clock.now() - timedelta(days=30)).isoformat()}))
    assert found()["backup"][2]
