"""The words of a Jinja2 page, wherever they stand in it: Django itself finds them only at the start of `{{ … }}`."""

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import Environment
from jinja2.ext import extract_from_ast

FUNCTIONS = ("_", "gettext", "ngettext", "pgettext")


class Word(NamedTuple):
    """One call of a function of translation; what is not a plain string in it is None."""

    line: int
    function: str
    messages: tuple[str | None, ...]


def words_of(source: str) -> Iterator[Word]:
    """Every text that a page hands to translation."""
    parsed = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source)
    for line, function, messages in extract_from_ast(parsed, FUNCTIONS):
        told = (messages,) if isinstance(messages, str) else messages
        if told and told[0]:
            yield Word(line, function, tuple(each for each in told if isinstance(each, str)))


def as_python(source: str) -> str:
    """The same as calls in Python, each on its line, for xgettext."""
    lines: list[list[str]] = [[] for _line in range(source.count("\n") + 2)]
    for word in words_of(source):
        told = ", ".join(_quoted(message) for message in word.messages if message is not None)
        ending = ", 1" if word.function == "ngettext" else ""
        lines[word.line].append(f"{word.function}({told}{ending})")
    return "\n".join("; ".join(line) for line in lines[1:]) + "\n"


def _quoted(message: str) -> str:
    """As a literal of Python in which spaces that do not break stand as they are: xgettext loses them escaped."""
    return '"' + message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
