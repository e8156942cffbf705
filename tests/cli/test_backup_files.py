"""What members brought is in a backup: pictures and files come back whole, under the same hashes."""

import io

import pytest

from estime.cocreation.files.taking import file_path, file_take
from estime.cocreation.pictures.taking import picture_path, picture_take
from estime.kernel.home import home

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415478da63606060000000040001f61738550000000049454e44ae426082"
)


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_pictures_and_files_come_back(installed, another, call, tmp_path):
    picture = picture_take(io.BytesIO(PNG)).sha256
    file = file_take(io.BytesIO(b"a;b\n"), "a.csv").sha256
    paths = [picture_path(picture), picture_path(picture, "thumb"), file_path(file)]
    before = {path.relative_to(home()): path.read_bytes() for path in paths}
    told = call("backup", tmp_path / "b.tar.gz")
    assert told.code == 0, told.err
    fresh = another("sqlite", migrated=False)
    fresh.estime("restore", tmp_path / "b.tar.gz")
    for name, content in before.items():
        assert (fresh.home / name).read_bytes() == content
        assert (fresh.home / name).stat().st_mode & 0o077 == 0
        assert (fresh.home / name.parts[0]).stat().st_mode & 0o077 == 0
