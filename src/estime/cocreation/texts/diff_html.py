"""A difference as a page shows it: `<del>` and `<ins>`, said in words to whoever does not see them.

Everything is escaped here; nothing else is trusted. Long stretches that stayed are folded into one line that opens.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation.texts.diff_signs import readable
from estime.cocreation.texts.diffs import Block, Difference, Run

AROUND: Final = 1
"""Paragraphs that stayed and are shown before and after a change; more than two in a row beyond them are folded."""
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\(picture:[0-9a-fA-F-]{36}\)")
_MENTION = re.compile(r"@\[([^\[\]\n]{1,80})\]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")


def difference_html(found: Difference) -> SafeString:
    """The title's difference, if it has one, as a paragraph of its own, and the text's."""
    parts: list[str] = []
    if any(run.how != "same" for run in found.title):
        parts.append(f'<p class="diff-title">{_runs(found.title)}</p>')
    last = len(found.blocks)
    at = 0
    for stayed, group in groupby(found.blocks, key=lambda block: block.kind == "same"):
        blocks = list(group)
        whole = at == 0 and len(blocks) == last
        parts += (
            _folded(blocks, at > 0, at + len(blocks) < last) if stayed and not whole else map(_block, blocks)
        )
        at += len(blocks)
    told = "".join(f"{part}\n" for part in parts if part)
    return mark_safe(f'<div class="diff">\n{told}</div>')  # noqa: S308  every letter is escaped below


def _folded(blocks: list[Block], after_change: bool, before_change: bool) -> Iterator[str]:
    """Paragraphs that stayed: those beside a change are shown, the others open on demand."""
    first = AROUND if after_change else 0
    last = len(blocks) - (AROUND if before_change else 0)
    if last - first <= 2:
        yield from map(_block, blocks)
        return
    yield from map(_block, blocks[:first])
    number = last - first
    words = ngettext("%(number)s paragraph as before", "%(number)s paragraphs as before", number)
    inner = "\n".join(map(_block, blocks[first:last]))
    yield f"<details><summary>{escape(words % {'number': number})}</summary>\n{inner}\n</details>"
    yield from map(_block, blocks[last:])


def _block(block: Block) -> str:
    if not "".join(run.text for run in block.runs).strip():
        return ""
    if block.kind == "moved-away":
        told = escape(_("A paragraph moved from here."))
        return f'<p class="diff-moved"><a href="#moved-{block.pair}">{told}</a></p>'
    if block.kind == "moved-here":
        told = escape(_("Moved here:"))
        text = _letters("".join(run.text for run in readable(block.runs)).strip())
        return f'<p class="diff-moved" id="moved-{block.pair}"><span class="hint">{told}</span> {text}</p>'
    runs = readable(block.runs)
    if block.kind == "changed" and not any(run.how != "same" and run.text.strip() for run in runs):
        return f'<p>{_runs(runs)} <span class="hint">{escape(_("[only its look changed]"))}</span></p>'
    return f"<p>{_runs(runs)}</p>"


def _runs(runs: Sequence[Run]) -> str:
    ends = len("".join(run.text for run in runs).rstrip())
    parts, at = [], 0
    for run in runs:
        parts.append(_run(Run(run.how, run.text[: max(0, ends - at)])))
        at += len(run.text)
    return "".join(parts)


def _run(run: Run) -> str:
    if run.how == "same" or not run.text.strip():
        return "" if run.how == "gone" else _letters(run.text)
    words = (
        (_("removed:"), _("end of what was removed"))
        if run.how == "gone"
        else (_("added:"), _("end of what was added"))
    )
    before, after = (f'<span class="unseen"> {escape(word)} </span>' for word in words)
    tag = "del" if run.how == "gone" else "ins"
    return f"<{tag}>{before}{_letters(run.text)}{after}</{tag}>"


def _letters(text: str) -> str:
    """Letters as a page shows them, without numbers that name a picture."""
    seen = _MENTION.sub(r"@\1", _PICTURE.sub(_picture, _UNSEEN.sub("", text)))
    return escape(seen).replace("\n", "<br>")


def _picture(found: re.Match[str]) -> str:
    alt = found.group(1).strip()
    return _("[picture: %(what)s]") % {"what": alt} if alt else _("[picture]")
