"""Files that people give others to work with: what comes in is what it says, and goes out to be saved only."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from estime.cocreation.files.errors import (
    ArchiveRefused,
    FileBroken,
    FileGone,
    FileTooLarge,
    FileUnknown,
    FilmTellsPlace,
)
from estime.cocreation.files.names import file_name_clean
from estime.cocreation.files.taking import (
    attachment_take,
    file_headers,
    file_path,
    file_take,
    files_sweep,
    kinds_taken,
)
from estime.cocreation.pictures.errors import PictureUnknown
from estime.cocreation.pictures.taking import PictureTaken, picture_path
from estime.kernel.home import files_dir


def zipped(*entries: tuple[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
STL = b"binary".ljust(80, b"\x00") + struct.pack("<I", 2) + b"\x01" * 100
STEP = b"ISO-10303-21;\nHEADER;\nENDSEC;\nEND-ISO-10303-21;\n"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x05xxxxx\xff\xfb\x90\x00" + b"\x00" * 400
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 100
HONEST = {
    "plan.pdf": PDF,
    "tout.zip": zipped(("index.html", b"<p>x</p>"), ("a/b.txt", b"x" * 10_000)),
    "gourde.STL": STL,
    "texte.stl": b"solid a\nfacet normal 0 0 1\nendfacet\nendsolid a\n",
    "pièce.step": STEP,
    "mesures.csv": "a;b\né;2\n".encode("cp1252"),
    "lisez-moi.txt": "é\n".encode(),
    "notes.md": b"# A\n",
    "voix.mp3": MP3,
    "film.mp4": MP4,
}


@pytest.mark.parametrize("name", HONEST)
def test_what_is_honest_is_kept_as_it_is(name):
    told = file_take(io.BytesIO(HONEST[name]), name)
    assert file_path(told.sha256).read_bytes() == HONEST[name]
    assert (told.bytes, told.name) == (len(HONEST[name]), name.replace("STL", "stl"))
    assert file_take(io.BytesIO(HONEST[name]), "another." + name.rpartition(".")[2]).sha256 == told.sha256
    assert len([path for path in files_dir().rglob("*") if path.is_file()]) == 1


def refused(content: bytes, name: str) -> Exception:
    with pytest.raises((FileUnknown, FileBroken, ArchiveRefused, FileTooLarge, FilmTellsPlace)) as told:
        file_take(io.BytesIO(content), name)
    assert told.value.message
    assert told.value.todo
    assert [path for path in files_dir().rglob("*") if path.is_file()] == []
    return told.value


def test_every_kind_has_content_of_its_own():
    """Each honest file under every other ending is refused; but a text is a text, whether it is called .txt or .csv."""
    assert {ending(name) for name in HONEST} >= set(kinds_taken()) - {"stp", "m4v", "m4a"}
    alike = [{"step", "stp"}, {"mp4", "m4v", "m4a"}]
    for name, content in HONEST.items():
        for other in set(kinds_taken()) - {ending(name)}:
            if {other, ending(name)} in alike or {other, ending(name)} <= alike[1]:
                continue
            if other in ("csv", "txt", "md") and b"\x00" not in content and not content.startswith(b"PK"):
                continue
            assert isinstance(refused(content, f"x.{other}"), FileUnknown), (name, other)


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", b"MZ" + b"\x00" * 100),
        ("plan.pdf.exe", PDF),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.svg", b"<svg onload=alert(1)>"),
        ("x", PDF),
        ("x.pdf", b"<html>%PDF-1.7 %%EOF"),
        ("x.pdf", PDF[:20]),
        ("x.txt", b"MZ\x90\x00" + b"\x00" * 100),
        ("x.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("x.csv", b"\x1b[31mred;1\n"),
        ("x.md", b""),
        ("x.zip", b"PK\x03\x04" + b"\x00" * 100),
        ("x.zip", b"PK\x05\x06" + b"\x00" * 18),
        ("x.stl", STL[:-1]),
        ("x.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x05xxxxx<html>"),
        ("x.txt", b"GIF89a\x01\x00"),
    ],
)
def test_what_is_not_what_it_says(name, content):
    assert isinstance(refused(content, name), FileUnknown | FileBroken)


def raw_zip(
    names: list[bytes], size: int = 10, flags: int = 0, offset: int | None = None, mode: int = 0
) -> bytes:
    """A zip written by hand, whose list may say anything."""
    body, listed, at, packed = [], [], 0, b"0123456789"
    for name in names:
        fixed = struct.pack("<HHHHHIII", 20, flags, 0, 0, 33, zlib.crc32(packed), len(packed), size)
        here = at if offset is None else offset
        if offset is None or not body:
            body.append(b"PK\x03\x04" + fixed + struct.pack("<HH", len(name), 0) + name + packed)
            at += len(body[-1])
        place = struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, mode << 16, here)
        listed.append(b"PK\x01\x02" + struct.pack("<H", 20) + fixed + place + name)
    count, length = len(names) & 0xFFFF, sum(map(len, listed))
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, length, at, 0)
    return b"".join([*body, *listed, end])


ARCHIVES = {
    "bomb": zipped(("zeros.csv", b"\x00" * 70_000_000)),
    "bomb by its own word": raw_zip([b"a.txt"], size=3 << 30),
    "overlap": raw_zip([b"a.txt", b"b.txt", b"c.txt"], offset=0),
    "entries": raw_zip([b"%d" % number for number in range(5_001)]),
    "entries that lie": raw_zip([b"%d" % number for number in range(70_000)]),
    "path": zipped(("../../etc/cron.d/x", b"x")),
    "path of another system": zipped(("..\\..\\x.txt", b"x")),
    "path from the root": zipped(("/etc/passwd", b"x")),
    "path of a drive": zipped(("C:\\x.txt", b"x")),
    "nested": zipped(("inner.zip", zipped(("a", b"a")))),
    "nested otherwise": zipped(("a/b.tar.GZ", b"x")),
    "program": zipped(("setup.EXE", b"x")),
    "program called otherwise": zipped(("photo.jpg.scr ", b"x")),
    "locked": raw_zip([b"a.txt"], flags=1),
    "link": raw_zip([b"a.txt"], mode=0o120777),
    "zip64": raw_zip([b"a.txt"])[:-22] + b"PK\x06\x07" + b"\x00" * 16 + raw_zip([b"a.txt"])[-22:],
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_zips_that_would_harm_whoever_unpacks_them(name, monkeypatch):
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *_: pytest.fail("unpacked"))
    told = refused(ARCHIVES[name], "x.zip")
    assert isinstance(told, ArchiveRefused)
    assert told.data["why"] == name.split()[0]


def test_a_zip_written_by_hand_that_is_honest_is_taken():
    """So that the ones above are refused for what is wrong with them, and not for how they were written."""
    assert file_take(io.BytesIO(raw_zip([b"a.txt", b"b/c.txt"])), "x.zip")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_zip_is_refused_or_whole(data):
    content = bytearray(HONEST["tout.zip"])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(FileUnknown, FileBroken, ArchiveRefused):
        file_take(io.BytesIO(bytes(content)), "x.zip")


def test_a_film_that_says_where_it_was_made():
    place = b"\xa9xyz\x00\x12\x15\xc7+48.8566+002.3522/"
    assert isinstance(refused(MP4 + b"x" * 262_100 + place + b"x" * 100, "x.mp4"), FilmTellsPlace)
    assert file_take(io.BytesIO(MP4 + b"\xa9xyz of something else"), "x.mp4")


def test_a_picture_is_made_anew_as_every_picture_is():
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", comment=b"secret")
    told = attachment_take(io.BytesIO(out.getvalue()), "Photo.JPG")
    assert isinstance(told, PictureTaken)
    assert b"secret" not in picture_path(told.sha256).read_bytes()
    assert not files_dir().exists() or not any(files_dir().iterdir())
    with pytest.raises(PictureUnknown):
        attachment_take(io.BytesIO(PDF), "x.png")
    refused(out.getvalue(), "x.txt")
    assert attachment_take(io.BytesIO(PDF), "x.pdf")


def test_too_large_and_gone():
    with pytest.raises(FileTooLarge):
        file_take(io.BytesIO(PDF), "x.pdf", most=10)
    told = file_take(io.BytesIO(PDF), "x.pdf", most=len(PDF))
    assert files_sweep(lambda digests: set()) == 0
    file_path(told.sha256).unlink()
    for name in (told.sha256, "../secret", ""):
        with pytest.raises(FileGone):
            file_path(name)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\plan.PDF", "plan.pdf"),
        ("a\u202efdp.exe", "a fdp.exe"),
        ("a\x00b\r\nc.txt", "a b c.txt"),
        ("  ..  .txt", "txt"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("con.txt", "_con.txt"),
        ('a"; filename="b.exe.txt', "a_; filename=_b.exe.txt"),
        ("é" * 300 + ".pdf", None),
        ("🧢" * 200 + ".pdf", None),
        ("noël\u00a0d’été.pdf", "noël d’été.pdf"),
    ],
)
def test_names(told, shown):
    clean = file_name_clean(told)
    assert shown is None or clean == shown
    assert len(clean) <= 100
    assert len(clean.encode()) <= 255


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=150))
def test_any_name_can_be_shown_and_saved(told):
    clean = file_name_clean(told, ending="pdf")
    assert clean.endswith(".pdf")
    assert not set(clean) & set('/\\<>:"|?*\r\n\x00\u202e')
    assert clean == file_name_clean(clean)
    header = file_headers(told, "application/pdf", "0" * 64)["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert "\n" not in header


def test_a_browser_makes_nothing_of_it():
    headers = file_headers("x.txt", "text/html", "0" * 64)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == 'attachment; filename="x.txt"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"].startswith("private")
    assert file_headers("x.txt", "text/plain; charset=utf-8", "0" * 64)["Content-Type"].startswith(
        "text/plain"
    )
