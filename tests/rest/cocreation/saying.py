"""Requests made from the schema alone, without chance: for each operation what is right, and what is wrong in each way
that parsing can tell apart. Numbers in addresses are those of things that are there.
"""

import re
from collections.abc import Iterator
from typing import Any

KEY = "0190f3c4-0000-7000-8000-00000000000a"
_FORMATS = {"date-time": "2099-05-01T08:00:00Z", "date": "2099-05-01", "uuid": KEY, "binary": "x"}
_TEXTS = ("a lid of cork", "1", "anna", "2099-05-01", KEY)
_OTHERS: dict[str, Any] = {
    "string": 5,
    "integer": "no",
    "number": "no",
    "boolean": "no",
    "array": "no",
    "object": 5,
}


class Saying:
    """Values of one API's schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._shapes = schema["components"]["schemas"]

    def whole(self, shape: dict[str, Any]) -> dict[str, Any]:
        """A shape without references, and where there are several, the first that says something."""
        while True:
            if "$ref" in shape:
                shape = self._shapes[shape["$ref"].rpartition("/")[2]]
            elif "allOf" in shape:
                shape = {**shape["allOf"][0], **{k: v for k, v in shape.items() if k != "allOf"}}
            elif "anyOf" in shape:
                shape = next(one for one in shape["anyOf"] if one.get("type") != "null")
            else:
                return shape

    def value(self, shape: dict[str, Any], *, needed: bool = False) -> Any:
        """One that fits. `needed`: of objects only what they have to have."""
        shape = self.whole(shape)
        if "const" in shape or "enum" in shape:
            return shape.get("const", shape.get("enum", [None])[0])
        kind = shape.get("type")
        if kind == "object" or "properties" in shape:
            wanted = shape.get("properties", {})
            names = shape.get("required", ()) if needed else wanted
            return {name: self.value(wanted[name], needed=needed) for name in names}
        if kind == "array":
            return [self.value(shape["items"], needed=needed)] * max(1, shape.get("minItems", 0))
        if kind in ("integer", "number"):
            return max(1, shape.get("minimum", 1))
        return True if kind == "boolean" else _text(shape) if kind == "string" else None

    def bodies(self, shape: dict[str, Any]) -> Iterator[tuple[Any, bool]]:
        """Bodies, and whether they are right: all of it; what it has to have; a field too many; each field of another
        kind; nothing.
        """
        full, least = self.value(shape), self.value(shape, needed=True)
        yield full, True
        if least != full:
            yield least, True
        yield {**full, "unheard_of": 1}, False
        wanted = self.whole(shape).get("properties", {})
        yield (
            {name: _OTHERS[self.whole(each).get("type", "string")] for name, each in wanted.items()},
            not wanted,
        )
        yield [full], False


def _text(shape: dict[str, Any]) -> str:
    if shape.get("format") in _FORMATS:
        return _FORMATS[shape["format"]]
    least, most = shape.get("minLength", 0), shape.get("maxLength", 1_000)
    fits = (
        text for text in _TEXTS if least <= len(text) <= most and re.search(shape.get("pattern", ""), text)
    )
    return next(fits, "x" * least)
