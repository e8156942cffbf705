"""JSON Lines of any shape, by a mapping file (or by the obvious names of the first object's keys)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from estime.channels.headers import ACT_NAMES, acts_mapping, folded
from estime.channels.mapping import Mapping
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, attempt, reject
from estime.channels.source import Source
from estime.channels.translate import Translator, columns_used, path_getter
from estime.ledger.drafts import Reject


def sniff(peek: Peek) -> int:
    """Perhaps, when lines are JSON objects whose keys name an author and a time."""
    if peek.first_object is None:
        return 0
    names = {folded(key) for key in peek.first_object}
    return int(bool(names & set(ACT_NAMES["actor"]) and names & set(ACT_NAMES["published"])))


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every line as the mapping says."""
    translator: Translator | None = None
    for item in objects(source):
        if isinstance(item, Reject):
            yield item
            continue
        number, found = item
        if translator is None:
            source.found["columns"] = list(found)
            translator = translator_for(options, list(found), acts_mapping)
        yield from attempt(number, found, translator.translate)


def objects(source: Source) -> Iterator[tuple[int, dict[str, Any]] | Reject]:
    """Every line as a JSON object; empty lines are passed over."""
    for item in source.single().text_lines():
        if isinstance(item, Reject):
            yield item
            continue
        number, line = item
        if not line.strip():
            continue
        try:
            found = orjson.loads(line)
        except ValueError as error:
            reason = f"The line is not one JSON object: {str(error).split(':')[0]}."
            yield reject(number, "bad-json", reason, line)
            continue
        if isinstance(found, dict):
            yield number, found
        else:
            yield reject(number, "bad-json", "The line is JSON, but not an object in braces.", line)


def translator_for(
    options: ReadOptions, keys: Sequence[str], suggested: Callable[[Sequence[str]], Mapping]
) -> Translator:
    """A translator of objects, by the user's mapping or else by the one their keys suggest."""
    mapping = options.mapping or suggested(keys)
    used = {path.split(".")[0] for path in columns_used(mapping)} | columns_used(mapping)
    keep = mapping.extra

    def extra_of(row: Any) -> dict[str, object]:
        if keep == "drop":
            return {}
        names = (k for k in row if k not in used) if keep == "keep" else (k for k in row if k in keep)
        return {name: row[name] for name in names if row[name] is not None}

    return Translator(mapping, options, path_getter, lambda row: row, extra_of)
