"""Sources that are broken in every way we know, and what is made of them."""

import gzip
import os
import tracemalloc
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from channels.reading import read_rows

from estime.channels import chunks, errors, registry
from estime.channels.options import ReadOptions
from estime.channels.source import LINE_LIMIT, Source
from estime.ledger.drafts import Reject


def lines(path: Path, encoding: str | None = None) -> list[tuple[int, str] | Reject]:
    return list(Source(path, encoding).text_lines())


def test_lines_are_numbered_and_keep_no_line_feed(write):
    assert lines(write("a", "one\n\nthree")) == [(1, "one"), (2, ""), (3, "three")]


def test_lines_across_pieces(write, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 7)
    text = ["é" * n for n in range(30)]
    assert lines(write("a", text)) == list(enumerate(text, 1))
    packed = write("a.gz", gzip.compress("\n".join(text).encode()))
    assert lines(packed) == list(enumerate(text, 1))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_so_by_their_mark(write, encoding):
    assert lines(write("a", "é1\n€2\n".encode(encoding))) == [(1, "é1"), (2, "€2")]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-be", "cp037"])
def test_encodings_that_the_user_names(write, encoding):
    assert [item[1] for item in lines(write("a", "é1\nà2".encode(encoding)), encoding)] == ["é1", "à2"]


def test_wrong_encoding_is_a_reject_that_names_the_option(write):
    good, bad = lines(write("a", b"ok\nd\xe9j\xe0 vu\n"))
    assert good == (1, "ok")
    assert isinstance(bad, Reject)
    assert (bad.line, bad.code) == (2, "bad-encoding")
    assert "--encoding cp1252" in bad.reason
    assert "Byte 2" in bad.reason


def test_utf16_without_its_mark_is_recognised(write):
    reject = lines(write("a", "abc\n".encode("utf-16-le")))[0]
    assert isinstance(reject, Reject)
    assert "utf-16-le" in reject.reason


def test_half_a_utf16_character_at_the_end(write):
    found = lines(write("a", "abc\nde".encode("utf-16") + b"\x20"))
    assert found[0] == (1, "abc")
    assert isinstance(found[1], Reject)


def test_unknown_encoding(write):
    with pytest.raises(errors.EncodingUnknown):
        lines(write("a", "x"), "klingon")


def test_nul_byte(write):
    found = lines(write("a", b"one\ntw\0o\nthree\n"))
    assert [r.code if isinstance(r, Reject) else r[1] for r in found] == ["one", "nul-byte", "three"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_huge_line_is_skipped_in_constant_memory(tmp_path, packed):
    path = tmp_path / "a.jsonl"
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as stream:
        stream.write(b"one\n")
        for _ in range(40):
            stream.write(b"x" * (1 << 20))
        stream.write(b"\nthree\n")
    tracemalloc.start()
    found = [(r.line, r.code, len(r.raw)) if isinstance(r, Reject) else r for r in Source(path).byte_lines()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [(1, b"one"), (2, "line-too-long", 65536), (3, b"three")]
    assert peak < 3 * LINE_LIMIT


def test_a_huge_line_at_the_end_of_the_file(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one\n" + b"x" * (LINE_LIMIT + 1))
    assert [r.code for r in Source(path).byte_lines() if isinstance(r, Reject)] == ["line-too-long"]


def test_a_line_of_exactly_the_limit_is_read(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * LINE_LIMIT + b"\nb")
    assert [(n, len(line)) for n, line in Source(path).byte_lines()] == [(1, LINE_LIMIT), (2, 1)]


def test_truncated_gzip_delivers_every_whole_line_first(write):
    text = "".join(f"line {n} {os.urandom(4).hex()}\n" for n in range(5000))
    whole = gzip.compress(text.encode())
    found = []
    reading = Source(write("a.gz", whole[: len(whole) // 2])).text_lines()
    with pytest.raises(errors.TruncatedSource) as caught:
        found.extend(reading)
    assert 1000 < len(found) < 5000
    assert [text for _, text in found] == text.split("\n")[: len(found)]
    assert "import it again" in caught.value.todo


def test_damaged_gzip(write):
    whole = bytearray(gzip.compress(os.urandom(100_000)))
    whole[50_000:50_010] = b"\xff" * 10
    with pytest.raises(errors.TruncatedSource):
        list(Source(write("a.gz", bytes(whole))).byte_lines())


def test_several_gzip_members_in_one_file(write):
    assert lines(write("a.gz", gzip.compress(b"one\ntw") + gzip.compress(b"o\nthree") + b"\0\0")) == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


def test_named_gz_but_plain(write):
    with pytest.raises(errors.NotGzip):
        list(Source(write("a.csv.gz", "a,b\n")).byte_lines())


def test_gzip_without_the_name(write):
    assert lines(write("a.csv", gzip.compress(b"one\n"))) == [(1, "one")]


def test_the_only_member_of_a_zip(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", "author,date\nana,2024-01-01T00:00:00Z\n")
    assert [a.actor for a in read_rows(path).acts] == ["ana"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.csv", "x")
    with pytest.raises(errors.ArchiveUnclear):
        read_rows(path, "csv")


def test_cut_zip(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.csv", "x" * 1000)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(errors.TruncatedSource):
        read_rows(path, "csv")


def test_empty_file(write):
    with pytest.raises(errors.SourceEmpty):
        read_rows(write("a.csv", ""))
    with pytest.raises(errors.SourceEmpty):
        read_rows(write("b.csv", gzip.compress(b"")), "csv")
    with pytest.raises(errors.SourceEmpty):
        read_rows(write("c.csv", b"\xef\xbb\xbf"), "csv")


@pytest.mark.parametrize("form", [name for name, f in registry.FORMATS.items()])
def test_missing_file(tmp_path, form):
    with pytest.raises(errors.SourceMissing) as caught:
        read_rows(tmp_path / "nothing.csv", form)
    assert caught.value.todo


@pytest.mark.parametrize("form", ["as2", "csv", "parquet", "jsonl", "insights", "audience"])
def test_folder_instead_of_a_file(tmp_path, form):
    with pytest.raises(errors.SourceIsFolder):
        read_rows(tmp_path, form)


def test_file_instead_of_a_folder(write):
    with pytest.raises(errors.SourceIsFile):
        read_rows(write("a.csv", "a,b\n"), "polis")


def test_a_device_is_no_file():
    with pytest.raises(errors.SourceUnreadable):
        read_rows(Path("/dev/zero"), "csv")


@contextmanager
def not_root():
    """Root may read everything: be somebody else for a while."""
    us = os.geteuid()
    if us == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(us)


def test_unreadable_file(write):
    path = write("a.csv", "a,b\n")
    path.chmod(0)
    with pytest.raises(errors.SourceUnreadable), not_root():
        read_rows(path, "csv")


def test_other_packers_are_named(write):
    with pytest.raises(errors.SourceUnreadable, match="bzip2"):
        read_rows(write("a.bz2", b"BZh91AY"), "csv")


def test_progress_counts_bytes_on_disk(write):
    path = write("a.csv.gz", gzip.compress(b"author,date\n" + b"ana,2024-01-01T00:00:00Z\n" * 1000))
    source = Source(path)
    list(registry.read(path, registry.named("csv"), ReadOptions(), source))
    assert source.meter.done == path.stat().st_size == source.size()
