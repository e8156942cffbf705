"""Every relative link of the docs leads to a file that is there, and to a heading that is there."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:\A|\n\n)(?: {4}.*\n?|\n)+")
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\[\]]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)


def prose(page: Path) -> str:
    """What is not code."""
    return CODE.sub("code", INDENTED.sub("\n\n", FENCED.sub("", page.read_text("utf-8"))))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors that forges make of a page's headings; a heading that comes again gets -1, -2 …"""
    found: dict[str, int] = {}
    for heading in HEADING.findall(FENCED.sub("", page.read_text("utf-8"))):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        again = found.get(slug, 0)
        found[slug] = again + 1
        if again:
            found[f"{slug}-{again}"] = 1
    return frozenset(found)


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    found = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        inside = there.is_relative_to(ROOT) and there.exists()
        if not inside or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            found.append(target)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_the_index_lists_every_page() -> None:
    """Pages of folders with an index of their own are listed there."""
    for index in [ROOT / "docs" / "README.md", *(ROOT / "docs").glob("*/README.md")]:
        told = {target.partition("#")[0] for target in LINK.findall(prose(index))}
        for page in index.parent.glob("*.md"):
            assert page == index or page.name in told, f"{page.name} is not in {index.relative_to(ROOT)}"


def test_broken_links_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "b.md").write_text("# Two words, `code`\n\n# Two words, `code`\n")
    page = tmp_path / "a.md"
    page.write_text(
        "[a](b.md) [b](b.md#two-words-code) [c](b.md#two-words-code-1) [d](https://x.org) `[e](no.md)`\n\n"
        "    [f](no.md)\n\n[g](no.md) ![h](no.png) [i](b.md#no) [j](../x.md)\n"
    )
    assert broken(page) == ["no.md", "no.png", "b.md#no", "../x.md"]
