"""Pictures that mean harm: whatever they do to Pillow ends with a process that could do nothing else."""

import io
import json
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from cocreation.pictures.drawn import SECRET, drawn, gif_larger_than_it_says, png
from PIL import Image

from estime.cocreation.pictures import decoding
from estime.cocreation.pictures.errors import (
    PictureBroken,
    PicturesBusy,
    PictureTooHeavy,
    PictureTooManyPixels,
    PictureUnknown,
)
from estime.cocreation.pictures.taking import picture_path, picture_take
from estime.kernel.errors import EstimeError
from estime.kernel.home import pictures_dir


def refused(content: bytes) -> type[EstimeError]:
    """Why a picture is not taken; nothing of it stays."""
    with pytest.raises(EstimeError) as told:
        picture_take(io.BytesIO(content))
    assert told.value.message
    assert told.value.todo
    assert [path for path in pictures_dir().rglob("*") if path.is_file()] == []
    return type(told.value)


def packed(size: int) -> bytes:
    return zlib.compress(b"\x00" * size, 9)


BOMBS = {
    "a flat white of 10,000 × 10,000": (drawn("PNG", (10_000, 10_000), "L"), PictureTooManyPixels),
    "a size that only the header has": (png(width=60_000, height=60_000), PictureTooManyPixels),
    "a side of four thousand million": (png(width=0xFFFFFFFF, height=1), PictureTooManyPixels),
    "a frame larger than its screen": (gif_larger_than_it_says(), PictureTooManyPixels),
    "texts that unpack to 300 MB": (
        png(*[(b"zTXt", b"k\x00\x00" + packed(60_000_000))] * 5),
        PictureBroken,
    ),
    "an international text that unpacks": (
        png(*[(b"iTXt", b"k\x00\x01\x00\x00\x00" + packed(60_000_000))] * 5),
        PictureBroken,
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name):
    content, why = BOMBS[name]
    assert len(content) < 2_000_000
    before = time.process_time()
    assert refused(content) is why
    assert time.process_time() - before < 1.0, "the server itself worked on it"


def test_a_profile_that_unpacks_to_much_is_left_alone():
    content = png((b"iCCP", b"p\x00\x00" + packed(200_000_000)))
    try:
        picture_take(io.BytesIO(content))
    except PictureBroken:
        return
    assert len(list(pictures_dir().rglob("*.webp"))) == 2


DAMAGED = {
    "cut off": drawn("JPEG", (400, 300))[:2_000],
    "cut off in its head": drawn("PNG")[:20],
    "cut off before its end": drawn("WEBP", (400, 300))[:-30],
    "a head alone": b"\xff\xd8\xff\xe0",
    "nothing in it": png(pixels=b""),
    "pixels that are none": png(pixels=b"no zlib"),
    "zero pixels": png(width=0, height=0),
    "a GIF of one byte more": b"GIF89a\x00",
    "a RIFF of something else": b"RIFF" + struct.pack("<I", 100) + b"WEBPVP8X" + b"\x00" * 50,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_ones_are_told_kindly(name):
    assert refused(DAMAGED[name]) in (PictureBroken, PictureTooManyPixels)


OTHERS = {
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<html><script>alert(1)</script>",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
    "avif": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00",
    "pdf": b"%PDF-1.7\n",
    "tiff": b"II*\x00" + b"\x00" * 100,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "bmp": drawn("BMP"),
    "ico": b"\x00\x00\x01\x00\x01\x00",
    "video": b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_picture_of_ours_is_never_opened(name, monkeypatch):
    """Pillow knows forty formats, some of which start other programs: four may come, known by what they hold."""
    monkeypatch.setattr(decoding, "_run", lambda *_: pytest.fail("opened"))
    assert refused(OTHERS[name]) is PictureUnknown


def test_a_phones_heic_is_told_how_to_come():
    with pytest.raises(PictureUnknown) as told:
        picture_take(io.BytesIO(OTHERS["heic"]))
    assert "HEIC" in told.value.message
    assert "JPEG" in told.value.todo


POLYGLOTS = {
    "html behind a JPEG": drawn("JPEG") + b"<html><script>alert(1)</script>" + SECRET,
    "a zip behind a PNG": drawn("PNG") + b"PK\x03\x04" + SECRET,
    "javascript in a GIF": drawn("GIF", mode="P")[:-1] + b"\x21\xfe\x17" + SECRET + b"\x00\x3b",
    "php in a comment": drawn("JPEG", comment=b"<?php system($_GET[0]); ?>" + SECRET),
    "pdf in a chunk": png((b"tEXt", b"k\x00%PDF-1.7 " + SECRET)),
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_of_a_file_that_is_two_things_only_the_pixels_stay(name):
    told = picture_take(io.BytesIO(POLYGLOTS[name]))
    for size in ("main", "thumb"):
        kept = picture_path(told.sha256, size).read_bytes()
        assert SECRET not in kept
        assert b"<" + b"script" not in kept
        assert kept[:4] == b"RIFF"
        assert struct.unpack("<I", kept[4:8])[0] + 8 == len(kept)


def test_noise_is_refused_whatever_it_is():
    """Bytes changed at random places: taken or refused, and nothing else happens."""
    randomly = random.Random(20)
    for form in ("JPEG", "PNG", "GIF", "WEBP"):
        content = bytearray(drawn(form, mode="P" if form == "GIF" else "RGB"))
        for _ in range(12):
            content[randomly.randrange(12, len(content))] = randomly.randrange(256)
        try:
            picture_take(io.BytesIO(bytes(content)))
        except (PictureBroken, PictureTooManyPixels, PictureTooHeavy):
            continue


def child(script: str, monkeypatch, tmp_path) -> None:
    """As if Pillow had been taken over: what runs in its place is somebody else's."""
    path = tmp_path / "taken_over.py"
    path.write_text(script)
    monkeypatch.setattr(decoding, "_CHILD", path)


ANSWERS = {
    "nothing": "",
    "no answer": "print('hello')",
    "not a picture": "import json; print(json.dumps(dict(width=1,height=1,thumb_width=1,thumb_height=1,main=4,"
    "thumb=4,animated=False))); print('<scr')",
    "an exit code": "raise SystemExit(3)",
    "a signal": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "sizes that are none": "print('{\"width\": 0}')",
    "a list": "print('[1]')",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_that_comes_out_is_believed(name, monkeypatch, tmp_path):
    child(ANSWERS[name], monkeypatch, tmp_path)
    assert refused(drawn("PNG")) in (PictureBroken, PictureTooHeavy)


def test_a_picture_with_something_beside_its_pixels_is_not_kept(monkeypatch, tmp_path):
    """Even from our own process: WebP with metadata, or with bytes behind it, is refused."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", exif=b"Exif\x00\x00" + SECRET)
    bare = io.BytesIO()
    Image.new("RGB", (8, 8)).save(bare, "WEBP")
    for one in (out.getvalue(), bare.getvalue() + b"<script>", bare.getvalue()[:-2]):
        told = {
            "width": 8,
            "height": 8,
            "thumb_width": 8,
            "thumb_height": 8,
            "main": len(one),
            "animated": False,
        }
        answer = json.dumps(told).encode() + b"\n" + one + bare.getvalue()
        with pytest.raises(PictureBroken):
            decoding._made(answer)
    good = bare.getvalue()
    told["main"] = len(good)
    assert decoding._made(json.dumps(told).encode() + b"\n" + good + good).main == good


def test_one_that_never_ends_is_ended(monkeypatch, tmp_path):
    child("import time\ntime.sleep(60)", monkeypatch, tmp_path)
    monkeypatch.setattr(decoding, "SECONDS", 0.5)
    assert refused(drawn("PNG")) is PictureTooHeavy


def test_too_many_at_once_are_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(decoding, "WAIT", 0.05)
    for _ in range(decoding.AT_ONCE):
        assert decoding._ROOM.acquire(timeout=1)
    try:
        assert refused(drawn("PNG")) is PicturesBusy
    finally:
        for _ in range(decoding.AT_ONCE):
            decoding._ROOM.release()
    assert picture_take(io.BytesIO(drawn("PNG")))


PROBE = """
import resource, sys
sys.argv = ["child", "PNG", "64000000", "1600", "480"]
import runpy
told = {{}}
import PIL.Image
def opened(*_, **__):
    told["limits"] = [resource.getrlimit(getattr(resource, name))[1] for name in
        ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_CORE")]
    for name, act in dict(file=lambda: open("/etc/passwd"), socket=lambda: __import__("_socket").socket()).items():
        try: act(); told[name] = "possible"
        except OSError: told[name] = "refused"
    try: bytearray(2 << 30); told["memory"] = "possible"
    except MemoryError: told["memory"] = "refused"
    raise ValueError
PIL.Image.open = opened
import _socket, os, json
told["environment"] = sorted(os.environ)
try: runpy.run_path({path!r}, run_name="__main__")
finally: print(json.dumps(told), file=sys.stderr)
"""


def test_before_it_looks_at_a_byte_it_has_given_up_its_rights():
    script = PROBE.format(path=str(decoding._CHILD))
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], input=drawn("PNG"), capture_output=True, env={}, check=False
    )
    told = json.loads(done.stderr.splitlines()[-1])
    assert (told["file"], told["socket"], told["memory"]) == ("refused", "refused", "refused")
    assert told["limits"] == [1 << 30, 20, 16 << 20, 3, 0, 0]


def test_it_knows_nothing_of_the_server(monkeypatch, tmp_path):
    """No environment (the database's password stands there), no other file that the server has open."""
    monkeypatch.setenv("ESTIME_DATABASE_URL", "postgresql://estime:password@127.0.0.1/estime")
    report = tmp_path / "report"
    child(
        "import json, os\ntold = [dict(os.environ), os.listdir('/proc/self/fd')]\n"
        f"open({str(report)!r}, 'w').write(json.dumps(told))",
        monkeypatch,
        tmp_path,
    )
    with Path(os.devnull).open() as _server_has_it_open:
        refused(drawn("PNG"))
    environment, files = json.loads(report.read_text())
    assert "password" not in json.dumps(environment)
    assert not [name for name in environment if name.startswith("ESTIME")]
    assert len(files) <= 5  # standard ones, the report, and the folder that is being listed


def test_the_limits_hold_the_child_and_not_the_server():
    picture_take(io.BytesIO(drawn("PNG")))
    assert resource.getrlimit(resource.RLIMIT_CPU)[1] == resource.RLIM_INFINITY
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    assert signal.getsignal(signal.SIGXCPU) == signal.SIG_DFL
