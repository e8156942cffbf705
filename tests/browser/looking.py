"""What a page is looked at for. Each function returns what is wrong, in words; nothing wrong is an empty list."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests" / "web" / "node_modules" / "axe-core" / "axe.min.js"
LOCALE = ROOT / "src" / "estime" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGETS = "button, .button, summary, .tabs a, .pages a, .choice, select, header.top a, .colophon a"
LARGE = 43.9

FACTS = """([targets, large]) => {
  const root = document.documentElement
  document.querySelectorAll('details').forEach(one => { one.open = true })
  const seen = one => one.checkVisibility({visibilityProperty: true})
  const small = [...document.querySelectorAll(targets)].filter(seen).filter(one => {
    const box = one.getBoundingClientRect(); return box.height && box.height < large
  })
  const words = document.body.cloneNode(true)
  words.querySelectorAll(`[lang]:not([lang="${root.lang}"]), script, style`).forEach(one => one.remove())
  const told = ['title', 'alt', 'placeholder', 'aria-label', 'value', 'data-copied', 'data-failed']
    .flatMap(name => [...words.querySelectorAll(`[${name}]:not(input:not([type=submit]))`)]
      .map(one => one.getAttribute(name)))
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id)
  return {
    lang: root.lang, title: document.title, wide: root.scrollWidth - root.clientWidth,
    h1: [...document.querySelectorAll('h1')].filter(seen).map(one => one.textContent.trim()),
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    small: small.map(one => one.outerHTML.slice(0, 120)),
    words: [document.title, words.textContent, ...told].join(' ⏎ ').replace(/\\s+/g, ' ')
  }
}"""


def facts(page: Any) -> dict[str, Any]:
    """Everything a page tells of itself in one question; what can be unfolded is unfolded first."""
    return dict(page.evaluate(FACTS, [TARGETS, LARGE]))


VISUAL = [
    "color-contrast",
    "link-in-text-block",
    "target-size",
    "scrollable-region-focusable",
    "label",
    "region",
]
"""What depends on how a page is laid out and coloured; the rest is in its markup, which does not change with that."""


def axe(page: Any, *, visual: bool = False) -> list[str]:
    """What axe finds: rules and the beginning of each element. The page was opened with axe in it."""
    only = {"type": "rule", "values": VISUAL} if visual else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], elementRef: false})", only
    )
    return [f"{one['id']}: {node['html'][:140]}" for one in found["violations"] for node in one["nodes"]]


def _texts(told: Any) -> tuple[str, ...]:
    """One text, or those of a plural; none for the head of the catalogue."""
    return tuple(told) if isinstance(told, tuple | list) else (told,) if told else ()


@cache
def phrases() -> dict[str, dict[str, re.Pattern[str]]]:
    """By language: sentences of the other language that have no business on a page, and what finds them."""
    with LOCALE.open("rb") as told:
        catalogue = read_po(told, locale="fr")
    pairs = [
        pair
        for message in catalogue
        for pair in zip(_texts(message.id), _texts(message.string), strict=False)
    ]
    found: dict[str, dict[str, re.Pattern[str]]] = {"fr": {}, "en": {}}
    all_french = " ".join(target for _source, target in pairs)
    all_english = " ".join(source for source, _target in pairs)
    for source, target in pairs:
        for lang, text, other in (("fr", source, all_french), ("en", target, all_english)):
            piece = max(re.split(r"%\(\w+\)[sd]|%%|<[^>]*>", text), key=len).strip(" .,:;!?\u00a0")
            if len(piece) >= 12 and " " in piece and piece not in other:
                words = re.sub(r"\s+", " ", piece)
                found[lang][words] = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return found


def foreign(words: str, lang: str) -> list[str]:
    """Sentences of the catalogue that stand on a page in the other language, and what no template filled in."""
    unfilled = re.findall(r"%\(\w+\)[sd]|\{\{|\{%|\bNone\b(?! of)", words)
    return unfilled + [
        piece for piece, pattern in phrases()[lang].items() if piece in words and pattern.search(words)
    ]


REACHABLE = """() => {
  const seen = one => one.checkVisibility({visibilityProperty: true}) && !one.closest('[inert]')
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  const wanted = all.filter(one => !one.matches(':disabled') && one.tabIndex >= 0 && seen(one))
  const key = one => one.type === 'radio' ? `radio ${one.form?.action} ${one.name}` : all.indexOf(one)
  window.walked = {missing: new Map(wanted.map(one => [key(one), one.outerHTML.slice(0, 120)])), first: null,
    unseen: [], stops: 0, wanted: wanted.length, jumps: all.filter(one => one.tabIndex > 0).length}
  document.activeElement?.blur()
  addEventListener('focusin', event => {
    const one = event.target, told = getComputedStyle(one), walked = window.walked
    walked.first ??= one.className
    walked.stops += 1
    walked.missing.delete(key(one))
    const ring = Number.parseFloat(told.outlineWidth) >= 2 && !['none', 'hidden'].includes(told.outlineStyle)
    if (!ring) walked.unseen.push(one.outerHTML.slice(0, 120))
  })
  return wanted.length
}"""
WALKED = "() => ({...window.walked, missing: [...window.walked.missing.values()]})"


def walk(page: Any) -> list[str]:
    """Tab through the whole page: the skip link first, every control once, each with a ring, and out at the end."""
    keys, presses = page.context.new_cdp_session(page), page.evaluate(REACHABLE) + 2
    tab = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    for _round in range(6):  # a date has four stops of its own
        for _press in range(presses):
            keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **tab})
        walked = page.evaluate(WALKED)
        if not walked["missing"]:
            break
        presses = 2 * len(walked["missing"]) + 8
    keys.detach()
    wrong = [f"not reached by Tab: {html}" for html in walked["missing"]]
    wrong += [f"focus is not seen: {html}" for html in walked["unseen"]]
    if walked["first"] != "skip":
        wrong.append(f"the first stop is not the skip link but {walked['first']!r}")
    if walked["jumps"]:
        wrong.append("a positive tabindex makes focus jump")
    return wrong


READ = """() => {
  document.querySelectorAll('details').forEach(one => { one.open = true })
  const buttons = [...document.querySelectorAll('main button:not([hidden])')]
  buttons.forEach(one => { one.hidden = true })
  const words = document.querySelector('main').innerText.replace(/\\s+/g, ' ').trim()
  buttons.forEach(one => { one.hidden = false })
  return words
}"""


def read(page: Any) -> str:
    """What somebody reads on a page, with and without JavaScript; buttons that only work with it are left out."""
    return str(page.evaluate(READ))
