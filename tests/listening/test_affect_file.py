"""`estime affect FILE --json`: every file has a clear outcome, one line of JSON for each text, in order."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from estime.cli.main import app
from estime.kernel.errors import EstimeError

FIELDS = ["lang", "polarity", "emotions", "unclear"]


def told(path: Path, *options: str) -> list[dict[str, Any]]:
    found = CliRunner().invoke(app, ["affect", str(path), "--json", *options])
    assert found.exit_code == 0, found.output
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_hard_input_has_a_line_each(tmp_path: Path) -> None:
    texts = [
        "",
        "😍🎉",
        "merci beaucoup " * 70_000,
        "אני אוהב את זה מאוד, תודה רבה",
        "Merci à tous спасибо большое за всё, дорогие друзья мои",
        "\x00\x01\x07\x1b[31m",
        "<p>Quelle <b>belle</b> id&eacute;e, merci !</p><script>alert(1)</script>",
        "\u202eJe ne suis pas contente du tout de ce produit\u202c",
    ]
    path = tmp_path / "hard.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    empty, faces, long, hebrew, mixed, control, markup, turned = lines = told(path)
    assert [list(line) for line in lines] == [FIELDS] * len(texts)
    assert [line["lang"] for line in lines] == ["und", "und", "fr", "other", "other", "und", "fr", "fr"]
    assert [line["unclear"] for line in (empty, hebrew, mixed, control)] == [True] * 4
    assert faces["polarity"]["positive"] > 0.5
    assert long["polarity"]["positive"] > 0.5
    assert markup["polarity"]["positive"] > 0.5
    assert turned["polarity"]["negative"] > 0.5


def test_ten_thousand_copies_are_told_alike(tmp_path: Path) -> None:
    path = tmp_path / "copies.txt"
    path.write_text("Quelle belle surprise !\n" * 10_000, encoding="utf-8")
    found = CliRunner().invoke(app, ["affect", str(path), "--json"])
    lines = found.stdout.splitlines()
    assert len(lines) == 10_000
    assert len(set(lines)) == 1


@pytest.mark.parametrize("content", ["", "text\n"])
def test_a_file_without_texts_gives_no_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / f"none{'.csv' if content else '.txt'}"
    path.write_text(content, encoding="utf-8")
    assert told(path) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.csv", None, "affect-file-unreadable"),
        ("empty.csv", b"", "affect-column-missing"),
        ("body.csv", b"id,body\n1,x\n", "affect-column-missing"),
        ("latin.txt", b"d\xe9j\xe0 vu\n", "affect-file-unreadable"),
        ("broken.jsonl", b'{"text": "a"}\n{"te\n', "affect-file-unreadable"),
        ("number.jsonl", b"12\n", "affect-column-missing"),
        ("zip.csv", b"PK\x03\x04\xff\xfe\x00", "affect-file-unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    found = CliRunner().invoke(app, ["affect", str(path), "--json"])
    assert isinstance(found.exception, EstimeError)
    assert found.exception.code == code
    assert found.exception.todo
