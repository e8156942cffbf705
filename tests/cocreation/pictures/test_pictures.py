"""What becomes of honest pictures: turned the right way, small enough, without a word of where they were taken."""

import errno
import io
import os
import time

import pytest
from cocreation.pictures.drawn import SECRET, SRGB, XMP, drawn, exif, moving, swapped_profile
from PIL import Image

from estime.cocreation import storage
from estime.cocreation.pictures.errors import PictureBroken, PictureGone, PictureTooLarge
from estime.cocreation.pictures.taking import (
    picture_forget,
    picture_headers,
    picture_path,
    picture_take,
    pictures_sweep,
)
from estime.kernel.errors import StorageFull
from estime.kernel.home import home, pictures_dir


def taken(content: bytes) -> tuple[object, Image.Image]:
    told = picture_take(io.BytesIO(content))
    return told, Image.open(picture_path(told.sha256)).convert("RGB")


def is_near(picture: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(picture.getpixel(at), colour, strict=True))


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "CMYK", {}),
        ("JPEG", "RGB", {"progressive": True}),
        ("PNG", "P", {}),
        ("PNG", "RGBA", {}),
        ("GIF", "P", {}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("MPO", "RGB", {}),
    ],
)
def test_each_kind_is_taken_and_looks_the_same(form, mode, options):
    told, picture = taken(drawn(form, mode=mode, **options))
    assert (told.width, told.height, told.animated) == (60, 40, False)
    assert is_near(picture, (10, 20), RED)
    assert is_near(picture, (50, 20), BLUE)
    for size in ("main", "thumb"):
        assert Image.open(picture_path(told.sha256, size)).format == "WEBP"
    assert picture_path(told.sha256).stat().st_size == told.bytes


def test_grey_and_sixteen_bits():
    deep = io.BytesIO()
    Image.new("I;16", (20, 10), 32_896).save(deep, "PNG")
    _told, picture = taken(deep.getvalue())
    assert is_near(picture, (5, 5), (128, 128, 128))
    taken(drawn("PNG", mode="LA"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_told_of_where_and_by_whom(form):
    """GPS, the camera's name, XMP, colour profile, comments: none is in what is kept, nor is the original anywhere."""
    options = {"exif": exif(), "icc_profile": SRGB}
    options |= {"xmp": XMP} if form != "PNG" else {}
    options |= {"comment": SECRET} if form == "JPEG" else {}
    content = drawn(form, **options)
    assert SECRET in content
    told, _picture = taken(content)
    for path in pictures_dir().rglob("*.webp"):
        kept = path.read_bytes()
        for trace in (SECRET, b"EXIF", b"Exif", b"XMP", b"ICCP", b"xmpmeta", b"VP8X"):
            assert trace not in kept
        with Image.open(path) as again:
            assert dict(again.getexif()) == {}
            assert "icc_profile" not in again.info
    assert len(list(pictures_dir().rglob("*.webp"))) == 2
    assert told.sha256


@pytest.mark.parametrize(
    ("turn", "red"), [(1, (5, 20)), (3, (55, 20)), (6, (20, 5)), (8, (20, 55)), (2, (55, 20))]
)
def test_it_stands_upright(turn, red):
    """What a phone only notes (EXIF’s orientation) is done, because the note goes."""
    told, picture = taken(drawn("JPEG", exif=exif(turn)))
    assert (told.width, told.height) == ((60, 40) if turn < 5 else (40, 60))
    assert is_near(picture, red, RED)


def test_large_ones_become_small():
    told, _picture = taken(drawn("JPEG", (4_000, 1_000)))
    assert (told.width, told.height, told.thumb_width, told.thumb_height) == (1_600, 400, 480, 120)
    with Image.open(picture_path(told.sha256, "thumb")) as thumb:
        assert thumb.size == (480, 120)


def test_colours_of_another_profile_are_made_ours():
    """For this profile red is called blue: its pixels change, as every browser would show them, and it goes."""
    _told, picture = taken(drawn("PNG", icc_profile=swapped_profile()))
    assert is_near(picture, (10, 20), BLUE)
    _told, picture = taken(drawn("JPEG", icc_profile=b"no profile at all" * 100))
    assert is_near(picture, (10, 20), RED)


def test_what_was_hidden_behind_transparency_is_gone():
    hidden = Image.new("RGBA", (60, 40), (255, 0, 0, 0))
    out = io.BytesIO()
    hidden.save(out, "PNG")
    _told, picture = taken(out.getvalue())
    assert is_near(picture, (30, 20), (255, 255, 255))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_moving_pictures_the_first_frame_is_kept(form):
    told, picture = taken(moving(form))
    assert told.animated
    assert is_near(picture, (20, 15), (0, 0, 0))


def test_the_same_picture_is_kept_once():
    one = picture_take(io.BytesIO(drawn("PNG")))
    two = picture_take(io.BytesIO(drawn("PNG")))
    assert one == two
    assert len(list(pictures_dir().rglob("*.webp"))) == 2
    assert list(pictures_dir().glob(".part-*")) == []


def test_only_the_owner_may_read_them():
    told = picture_take(io.BytesIO(drawn("PNG")))
    assert picture_path(told.sha256).stat().st_mode & 0o077 == 0
    assert pictures_dir().stat().st_mode & 0o077 == 0


def test_forgotten_is_gone():
    told = picture_take(io.BytesIO(drawn("PNG")))
    assert picture_forget(told.sha256)
    assert not picture_forget(told.sha256)
    with pytest.raises(PictureGone):
        picture_path(told.sha256)
    assert list(pictures_dir().rglob("*.webp")) == []


@pytest.mark.parametrize("name", ["../../secret", "0" * 63, "A" * 64, "0" * 64, "", "0" * 64 + "/.."])
def test_no_name_leads_elsewhere(name):
    with pytest.raises(PictureGone):
        picture_path(name)


def test_what_nobody_refers_to_goes_a_day_later():
    kept, young, old = (picture_take(io.BytesIO(drawn("PNG", (10 + number, 10)))) for number in range(3))
    (pictures_dir() / ".part-left").write_bytes(b"half")
    long_ago = time.time() - 2 * storage.YOUNG
    for path in [*pictures_dir().rglob("*"), pictures_dir() / ".part-left"]:
        if path.is_file() and young.sha256[2:] not in path.name:
            os.utime(path, (long_ago, long_ago))
    asked: list[str] = []

    def known(digests: list[str]) -> set[str]:
        asked.extend(digests)
        return {kept.sha256}

    assert pictures_sweep(known) == 3
    assert sorted(asked) == sorted([kept.sha256, old.sha256])
    assert picture_path(kept.sha256)
    assert picture_path(young.sha256)
    with pytest.raises(PictureGone):
        picture_path(old.sha256)


def test_brought_again_it_is_young_again():
    told = picture_take(io.BytesIO(drawn("PNG")))
    for size in ("main", "thumb"):
        os.utime(picture_path(told.sha256, size), (0, 0))
    picture_take(io.BytesIO(drawn("PNG")))
    assert pictures_sweep(lambda digests: set()) == 0
    assert picture_path(told.sha256, "thumb")


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_nothing_half_written(where, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    place, name = {
        "write": (storage.Part, "write"), "fsync": (storage.os, "fsync"), "replace": (storage.Path, "replace"),
    }[where]  # fmt: skip
    with monkeypatch.context() as patched, pytest.raises(StorageFull) as told:
        patched.setattr(place, name, full)
        picture_take(io.BytesIO(drawn("PNG")))
    assert told.value.todo
    assert [path for path in pictures_dir().rglob("*") if path.is_file()] == []


def test_one_byte_too_many():
    content = drawn("PNG")
    assert picture_take(io.BytesIO(content), most=len(content))
    with pytest.raises(PictureTooLarge):
        picture_take(io.BytesIO(content), most=len(content) - 1)


def test_of_what_is_far_too_large_no_more_is_read_than_says_so():
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            assert 0 < size <= storage.PIECE
            self.given += size
            return b"\xff" * size

    stream = Endless()
    with pytest.raises(PictureTooLarge):
        picture_take(stream, most=1 << 20)
    assert stream.given == (1 << 20) + 1
    assert list(pictures_dir().rglob("*")) == []


def test_the_limit_is_the_settings():
    home().mkdir(exist_ok=True)
    (home() / "estime.toml").write_text("[cocreation]\npicture_mb = 1\n")
    with pytest.raises(PictureTooLarge, match="1 MiB"):
        picture_take(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * (1 << 20)))


def test_an_empty_one():
    with pytest.raises(PictureBroken):
        picture_take(io.BytesIO(b""))


def test_what_a_browser_is_told():
    headers = picture_headers("0" * 64, public=False)
    assert headers["Content-Type"] == "image/webp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"].startswith("private")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert picture_headers("0" * 64, public=True)["Cache-Control"].startswith("public")
