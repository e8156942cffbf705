"""A zip that is damaged or made to harm is told in words, however it is damaged; what breaks a reader is in the log."""

import errno
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.channels import chunks, errors
from estime.channels import jobs as channel_jobs
from estime.channels.models import Upload
from estime.kernel.errors import EstimeError


def packed(method: int) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        archive.writestr("a.csv", "id,author,date\n" + "1,x,2024-01-01\n" * 200)
        archive.writestr("sub/b.json", "[]" * 50)
    return whole.getvalue()


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
WHOLE = {method: packed(method) for method in METHODS}


def read(path) -> int:
    with chunks.zip_opened(path) as archive:
        names = archive.namelist()
    return sum(len(piece) for name in names for piece in chunks.content(path, name, chunks.Meter()))


@settings(max_examples=150, deadline=None)
@given(method=st.sampled_from(METHODS), data=st.data())
def test_whatever_is_wrong_with_a_zip_is_told(method, data, tmp_path_factory):
    raw = bytearray(WHOLE[method])
    places = st.one_of(st.integers(0, len(raw) - 1), st.integers(len(raw) - 200, len(raw) - 1))
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        raw[place] = data.draw(st.sampled_from((0, 1, 0x80, 0xFF)))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(raw)
    try:
        read(path)
    except EstimeError as error:
        assert error.code in ("source-truncated", "source-unreadable")
        assert error.todo


def test_a_zip_with_a_password_says_so(tmp_path):
    raw = bytearray(WHOLE[zipfile.ZIP_STORED])
    for head in (b"PK\x03\x04", b"PK\x01\x02"):
        raw[raw.index(head) + (6 if head.endswith(b"\x04") else 8)] |= 1
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(errors.SourceUnreadable, match="encrypted") as told:
        read(tmp_path / "a.zip")
    assert "password" in told.value.todo


@pytest.fixture
def upload(db, django_user_model, _home):
    by = django_user_model.objects.create(email="lea@maison-gourde.fr")
    folder = _home / "uploads"
    folder.mkdir(parents=True)
    (folder / "kept").write_text("x")
    return Upload.objects.create(by=by, file_name="a.csv", kept_as="kept", size=1, digest="0" * 64)


def look(upload, monkeypatch, error: Exception) -> object:
    def breaks(*_):
        raise error

    monkeypatch.setattr(channel_jobs, "preview_of", breaks)
    channel_jobs.preview_job({"upload": str(upload.pk), "options": {}}, lambda done, total: None)
    upload.refresh_from_db()
    return upload.preview


def test_a_reader_that_breaks_is_in_the_log_with_its_place(upload, monkeypatch, caplog):
    told = look(upload, monkeypatch, RecursionError("canary"))
    assert told["error"]["code"] == "unexpected"
    assert "canary" not in str(told)
    (line,) = [record for record in caplog.records if record.name == "estime.channels"]
    assert line.exc_info[0] is RecursionError
    assert line.fields == {"upload": str(upload.pk)}


def test_a_machine_that_fails_is_not_taken_for_a_bad_file(upload, monkeypatch):
    with pytest.raises(OSError, match="no space"):
        look(upload, monkeypatch, OSError(errno.ENOSPC, "no space"))
    upload.refresh_from_db()
    assert upload.preview is None
