"""The Markdown of our own definition pages as HTML: headings, paragraphs, lists, tables, code, links.

Everything is escaped first; nothing else of Markdown is understood.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\w)[*_]([^*_\s][^*_]*)[*_](?!\w)"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\[([^\]]+)\]\(([a-z0-9_]+)\.md\)"), r'<a href="../\2/">\1</a>'),
)


def prose_html(text: str) -> SafeString:
    return mark_safe("\n".join(_blocks(text)))  # noqa: S308  escaped piece by piece below


def _blocks(text: str) -> Iterator[str]:
    for number, piece in enumerate(re.split(r"^```.*$\n?", text, flags=re.MULTILINE)):
        if number % 2:
            yield f'<pre tabindex="0">{escape(piece.rstrip())}</pre>'
            continue
        for block in re.split(r"\n\s*\n", piece.strip("\n")):
            yield from _block(block.rstrip())


def _block(block: str) -> Iterator[str]:
    lines = block.split("\n")
    heading = re.match(r"(#{1,4}) (.+)", lines[0])
    if heading:
        level = len(heading.group(1))
        yield f"<h{level}>{_inline(heading.group(2))}</h{level}>"
        if lines[1:]:
            yield from _block("\n".join(lines[1:]))
    elif lines[0].startswith("|") and len(lines) > 1:
        yield _table(lines)
    elif re.match(r"[-*] |\d+\. ", lines[0]):
        items = re.split(r"\n(?=[-*] |\d+\. )", block)
        tag = "ul" if lines[0][0] in "-*" else "ol"
        told = "".join(f"<li>{_inline(re.sub(r'^([-*]|[0-9]+[.]) ', '', item))}</li>" for item in items)
        yield f"<{tag}>{told}</{tag}>"
    elif lines[0].startswith("    "):
        yield f'<pre tabindex="0">{escape(block)}</pre>'
    elif block.strip():
        yield f"<p>{_inline(block)}</p>"


def _table(lines: list[str]) -> str:
    rows = [[_inline(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[2:])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{table}</div>'


def _inline(text: str) -> str:
    told = str(escape(text))
    for pattern, replacement in INLINE:
        told = pattern.sub(replacement, told)
    return told
