"""What is there is documented, and what is documented is there: commands, settings, errors, rejects."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import get_args

import pytest
import typer
from pydantic import BaseModel

import estime
from estime.cli.main import app
from estime.kernel.configuration import Configuration
from estime.kernel.errors import EstimeError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "estime"
TOP = typer.main.get_command(app).commands
COMMANDS = {
    name if part is None else f"{name} {part}": command
    for name, whole in TOP.items()
    for part, command in (getattr(whole, "commands", None) or {None: whole}).items()
}
ROW = re.compile(r"^\| (`[^|]+`) \|", re.MULTILINE)


def rows(text: str) -> set[str]:
    """What stands in backquotes in the first column of the tables."""
    return {name for cell in ROW.findall(text) for name in re.findall(r"`([^`]+)`", cell)}


def section(page: str, title: str) -> str:
    """The part of a page below a heading, up to the next one of its rank."""
    rank = title.split()[0]
    _, _, rest = (DOCS / page).read_text().partition(f"\n{title}\n")
    assert rest, f"{page} has no heading “{title}”"
    return re.split(rf"^{rank} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def test_every_command_has_its_section():
    told = re.findall(r"^## estime (.+)$", (DOCS / "cli.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained_and_none_is_gone(name):
    there = set()
    for param in COMMANDS[name].params:
        options = [*param.opts, *param.secondary_opts]
        there |= {param.name.upper()} if param.param_type_name == "argument" else set(options)
    text = section("cli.md", f"## estime {name}")
    assert rows(text) == there - {"--help", "-h"}
    assert f"    estime {name}" in text or f" estime {name}" in text


def test_exit_codes():
    told = {
        int(code) for code in re.findall(r"^\| (\d+) \|", section("cli.md", "## Exit codes"), re.MULTILINE)
    }
    assert told == {0, 1} | {error.exit_code for error in errors()}


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every key of a configuration, with dots; a section is not a key, a list of sections is."""
    for name, field in model.model_fields.items():
        inner = [a for a in (field.annotation, *get_args(field.annotation)) if is_section(a)]
        if not inner or field.annotation not in inner:
            yield prefix + name
        for part in inner:
            yield from keys(part, f"{prefix}{name}.")


def is_section(annotation: object) -> bool:
    return (
        isinstance(annotation, type)
        and not isinstance(annotation, UnionType)
        and issubclass(annotation, BaseModel)
    )


def test_every_key_of_the_configuration():
    assert rows(section("settings.md", "## `estime.toml`")) == set(keys(Configuration))


def test_the_example_of_the_configuration_is_one():
    import tomllib

    text = section("settings.md", "## `estime.toml`")
    example = "\n".join(line[4:] for line in text.splitlines() if line.startswith("    ") or not line)
    assert Configuration.model_validate(tomllib.loads(example)).report.front == "forum"


def test_every_variable_of_the_environment():
    asked = re.compile(r"environ(?:\.get\(|\[|,)\s*[\"\'](ESTIME_\w+)")
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    used = {
        name for file in files if "node_modules" not in file.parts for name in asked.findall(file.read_text())
    }
    assert rows(section("settings.md", "## Environment")) == used


def errors() -> set[type[EstimeError]]:
    """Every error of Estime, wherever it stands."""
    for module in pkgutil.walk_packages(estime.__path__, "estime."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    found, todo = set(), [EstimeError]
    while todo:
        fresh = [error for error in todo.pop().__subclasses__() if error.__module__.startswith("estime.")]
        found.update(fresh)
        todo += fresh
    return found


def test_every_error_with_its_exit_code():
    table = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", section("errors.md", "## Errors"), re.MULTILINE)
    assert len(table) == len(dict(table))
    assert {code: int(end) for code, end in table} == {error.code: error.exit_code for error in errors()}


def test_no_two_errors_share_a_code():
    codes = [error.code for error in errors()]
    assert sorted(codes) == sorted(set(codes))


REFUSERS = {"Untranslatable", "Reject", "reject", "_broken"}
KEBAB = re.compile(r"[a-z]+(-[a-z]+)+")


def refused(tree: ast.AST) -> Iterator[str]:
    """Codes given to what makes a reject, or standing before a sentence, as the ledger's rules tell theirs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", getattr(node.func, "attr", "")) in REFUSERS:
                yield from (
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                )
        elif isinstance(node, ast.FunctionDef) and node.name in REFUSERS:
            yield from (d.value for d in node.args.defaults if isinstance(d, ast.Constant))
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
            first, second = node.elts
            sentence = isinstance(second, ast.JoinedStr | ast.Constant)
            if sentence and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_reject():
    files = [*(SOURCE / "channels").rglob("*.py"), *(SOURCE / "ledger").rglob("*.py")]
    used = {code for file in files for code in refused(ast.parse(file.read_text())) if KEBAB.fullmatch(code)}
    assert {"bad-json", "act-differs", "too-long", "time-without-zone"} <= used
    assert rows(section("errors.md", "## Rejects")) == used
