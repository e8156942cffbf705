"""Changes inside the text of estime.toml: only what is asked for is touched, so that comments and order stay.

Invariant: what comes out says what stood there before and what was asked for, and nothing else. It is read again and
compared, since a file may be written in ways that nobody thought of.
"""

import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, AoT, Comment, Table, Whitespace

from estime.kernel.configuration import BadConfiguration
from estime.kernel.errors import EstimeError
from estime.kernel.home import FILE_NAME

Changes = dict[str, tuple[Any, Any]]
"""Key to what it was and what it will be; None: not in the file, so that its default holds."""


class ConfigurationTangled(EstimeError):
    """estime.toml is written in a way in which this change cannot be made without touching the rest."""

    code = "configuration-tangled"


class RowUnknown(EstimeError):
    """A list of tables in estime.toml has none of this name."""

    code = "configuration-row-unknown"


class Row(NamedTuple):
    """A change of one table in a list of them: of the one with this `name` (None: of a new one at the end) to `value`
    (None: it is taken out). What is recorded is that one, too."""

    name: str | None
    value: Mapping[str, Any] | None


def edited(text: str, values: Mapping[str, Any]) -> tuple[str, Changes]:
    """The text with these keys changed, and which of them did. A value is plain, None (taken out) or a `Row`.

    Raises `BadConfiguration` for a text that is no TOML, `RowUnknown`, `ConfigurationTangled`.
    """
    document, plain = _parsed(text)
    changes: Changes = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        told = plain.setdefault(section, {})
        if isinstance(value, Row):
            changed = _row(document, told, (section, name), value)
        else:
            changed = _whole(document, told, (section, name), value)
        if changed is not None:
            changes[key] = changed
    out = tomlkit.dumps(document)
    if changes and not _says(out, plain):
        raise ConfigurationTangled(
            f"{FILE_NAME} is written so that {', '.join(changes)} cannot be changed without touching the rest.",
            todo="Change it by hand in the file.",
        )
    return out, changes


def _parsed(text: str) -> tuple[tomlkit.TOMLDocument, dict[str, Any]]:
    try:
        return tomlkit.parse(text), tomllib.loads(text)
    except (TOMLKitError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration(
            f"{FILE_NAME} is not valid TOML: {error}.", todo="Mend the line it names."
        ) from error


def _says(text: str, plain: Mapping[str, Any]) -> bool:
    """Whether a text says this. One that is no TOML is refused later, with a better word (`_check`)."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return True
    return {key: value for key, value in told.items() if value != {}} == {
        key: value for key, value in plain.items() if value != {}
    }


def _whole(
    document: tomlkit.TOMLDocument, told: dict[str, Any], key: tuple[str, str], value: Any
) -> tuple[Any, Any] | None:
    """Set or take out one key. What it was and is; None where that is the same."""
    section, name = key
    before = told.get(name)
    if before == value:
        return None
    if value is None:
        del told[name]
        held = _section(document, section)
        after = _after(held[name]) if isinstance(held[name], Table) else []
        del held[name]
        _leave(held, after)
        return before, None
    told[name] = value
    held = _section(document, section)
    if isinstance(value, Mapping) and isinstance(held.get(name), AbstractTable):
        _update(held[name], value)
    else:
        held[name] = _item(value)
    return before, value


def _row(
    document: tomlkit.TOMLDocument, told: dict[str, Any], key: tuple[str, str], row: Row
) -> tuple[Any, Any] | None:
    """Add, change or take out one table of a list. The list of it before and after, none or one."""
    section, name = key
    known = [each.get("name") for each in told.get(name, ())]
    if row.name is not None and row.name not in known:
        raise RowUnknown(f"{section}.{name} lists no “{row.name}”.", todo="Look at what stands there now.")
    value = None if row.value is None else dict(row.value)
    if row.name is None:
        if value is None:
            return None
        told[name] = [*told.get(name, ()), value]
        _append(_section(document, section), name, value)
        return [], [value]
    place = known.index(row.name)
    before = told[name][place]
    if before == value:
        return None
    rows = _section(document, section)[name]
    if value is not None:
        told[name] = [*told[name][:place], value, *told[name][place + 1 :]]
        _update(rows[place], value)
        return [before], [value]
    told[name] = [*told[name][:place], *told[name][place + 1 :]]
    _take_out(_section(document, section), name, place)
    if not told[name]:
        del told[name]
    return [before], []


def _section(document: tomlkit.TOMLDocument, section: str) -> Any:
    if section not in document:
        document[section] = tomlkit.table()
    return document[section]


def _append(held: Any, name: str, value: dict[str, Any]) -> None:
    """One more at the end, before what people wrote about whatever follows."""
    if name not in held:
        held[name] = tomlkit.aot()
    rows = held[name]
    if not isinstance(rows, AoT):
        rows.append(_item(value))
        return
    table = tomlkit.table()
    _update(table, value)
    if len(rows):
        table.value.body.extend(_after(rows[-1]) or [(None, tomlkit.ws("\n"))])
        rows[-1].value.body.append((None, tomlkit.ws("\n")))
    rows.append(table)


def _take_out(held: Any, name: str, place: int) -> None:
    """Without one of them; what stands after it stays, being about whatever follows."""
    rows = held[name]
    if not isinstance(rows, AoT):
        del rows[place]
    else:
        after = _after(rows[place])
        del rows[place]
        if place:
            rows[place - 1].value.body.extend(after)
        else:
            _leave(held, after)
    if not len(rows):
        del held[name]


def _after(table: Any) -> list[tuple[None, Any]]:
    """Comments and empty lines after the last key of a table, taken out of it."""
    body, after = table.value.body, []
    while body and isinstance(body[-1][1], Comment | Whitespace):
        after.append(body.pop())
    return after[::-1]


def _leave(held: Any, after: list[tuple[None, Any]]) -> None:
    """Keep in a section what stood after something that is gone: before its first list of tables, else at its end."""
    body = getattr(getattr(held, "value", None), "body", [])
    for _, item in body:
        if isinstance(item, AoT) and len(item):
            kept = "".join(one.as_string() for _, one in after).lstrip("\n")
            item[0].trivia.indent = kept + item[0].trivia.indent
            return
    if any(isinstance(item, Comment) for _, item in after):
        tables = [item for _, item in body if isinstance(item, Table)]
        (tables[-1].value.body if tables else body).extend(after)


def _update(table: Any, value: Mapping[str, Any]) -> None:
    """Let a table say this, its other keys and what stands beside them as they were."""
    for key in [key for key in table if key not in value]:
        del table[key]
    for key, inner in value.items():
        if key not in table or _plain(table[key]) != inner:
            table[key] = _item(inner)


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _item(value: Any) -> Any:
    """Lists and tables on one line, as the page of settings shows them; lists of more than three one a line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({name: _item(inner) for name, inner in value.items()})
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array.multiline(len(value) > 3)
    return tomlkit.item(value)
