"""The hand-written words, as the reader carries them: entries of (key, role, weight, emotions), and stems
of groups.
"""

from typing import Any

from sources import HERE, fields

from estime.listening.affect.cleaning import cleaned, folded
from estime.listening.affect.lexicon import EMOTIONS, Lexicon, assembled, entry_key, tokens

# Operators that mean something else more often than not, once they stand alone: French "plus" (more), "ps",
# figures.
AMBIGUOUS = {"plus", "ps", "0", "zero"}


def lexicon_entries(language: str) -> dict[str, Any]:
    """What `model.npz` holds of one language's words. Operators win over words, faces over both."""
    entries: dict[str, list[Any]] = {}
    for written, weight, *named in fields(HERE / f"words.{language}.tsv"):
        _add(entries, written, "", weight, named)
    for written, role, weight, *_ in fields(HERE / f"operators.{language}.tsv"):
        if role != "negator" or entry_key(written) not in AMBIGUOUS:
            _add(entries, written, role, weight, [])
    for written, weight, *named in fields(HERE / "emoji.tsv"):
        _add(entries, written, "face", weight, named)
    return {"entries": [entries[key] for key in sorted(entries)], "groups": _groups(language)}


def lexicon(written: dict[str, Any]) -> Lexicon:
    """The lexicon that the reader will make of it."""
    return assembled(
        ((key, role, weight, tuple(told)) for key, role, weight, told in written["entries"]),
        written["groups"],
    )


def _add(entries: dict[str, list[Any]], written: str, role: str, weight: str, named: list[str]) -> None:
    key = entry_key(written)
    told = named[0].split(",") if named else []
    if key:
        entries[key] = [key, role, float(weight), [EMOTIONS.index(name) for name in told if name in EMOTIONS]]


def _groups(language: str) -> dict[str, list[str]]:
    groups = {}
    for line in (HERE / f"groups.{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, stems = line.partition(":")
            groups[name] = [_stem(stem) for stem in stems.split()]
    return groups


def _stem(written: str) -> str:
    """ "word*" is how a word begins, "a_b" an expression, anything else a whole word ("=word")."""
    if "_" in written:
        return "_".join(tokens(folded(cleaned(written.replace("_", " ")))))
    if written.endswith("*") and len(written) > 1:
        return folded(cleaned(written[:-1]))
    return "=" + folded(cleaned(written))
