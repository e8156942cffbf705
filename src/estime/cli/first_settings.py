"""The first estime.toml: what was given as flags, what is asked on a terminal, and the file that comes of it."""

import json
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from estime.cli.output import say

T = TypeVar("T")
MODES: Final = ("local", "production")
LANGUAGES: Final = ("fr", "en")
_CHANNEL = re.compile(r"[A-Za-z0-9_-]{1,64}")

HEAD = """\
# What this installation knows of itself and its brand. Every key is described in docs/settings.md; the settings page
# changes most of them too. A line that begins with # shows what holds as long as nothing is said.
"""


@dataclass(frozen=True)
class Answers:
    """What is known so far; "" and () are unanswered."""

    brand: str = ""
    accounts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    address: str = ""
    timezone: str = ""
    mode: str = ""

    def given(self) -> list[str]:
        """The names of what was answered."""
        return [name for name, value in vars(self).items() if value]


def checked(answers: Answers) -> Answers:
    """The answers in the form they are written in. Raises `typer.BadParameter`, naming the flag."""
    return replace(
        answers,
        brand=_brand(answers.brand),
        accounts=tuple(_account(told) for told in answers.accounts),
        languages=_languages(answers.languages),
        address=_address(answers.address),
        timezone=_timezone(answers.timezone),
        mode=_mode(answers.mode),
    )


def asked(answers: Answers) -> Answers:
    """The same, with what is missing asked on the terminal."""
    say("Estime asks for a few things. Enter takes what stands in brackets; all of it can be changed later.")
    mode = answers.mode or _ask(
        "Who will use it: only you on this machine (local), or others too (production)?", "local", _mode
    )
    brand = answers.brand or _ask("The brand's name, as pages show it", "Estime", _brand)
    address = answers.address
    if not address and mode == "production":
        address = _ask("The address people will type, such as https://estime.example.org", None, _address)
    languages = answers.languages or _ask(
        "Languages of the pages, the first one first", "fr, en", lambda told: _languages((told,))
    )
    timezone = answers.timezone or _ask("Time zone of the brand", zone_here(), _timezone)
    accounts = answers.accounts or _asked_accounts()
    return Answers(brand, accounts, languages, address, timezone, mode)


def _asked_accounts() -> tuple[str, ...]:
    say("The brand's own accounts, one a line as channel:handle, such as forum:our-team. Empty: no more.")
    found: list[str] = []
    while told := _ask("Account", "", lambda told: _account(told) if told else ""):
        found.append(told)
    return tuple(found)


def _ask(question: str, default: str | None, read: Callable[[str], T]) -> T:
    while True:
        told = typer.prompt(question, default=default, err=True, show_default=bool(default))
        try:
            return read(str(told).strip())
        except typer.BadParameter as error:
            say(str(error.message))


def settings_text(answers: Answers) -> str:
    """estime.toml with these answers; what was not answered stands there as a comment."""
    accounts = [_told_account(told) for told in answers.accounts]
    listed = "[\n" + "".join(f"  {one},\n" for one in accounts) + "]" if accounts else ""
    lines = [
        HEAD,
        "[site]",
        "# local: this machine only. production: for everybody, behind TLS (docs/running.md).",
        _line("mode", answers.mode, "local"),
        "# The address that people type. Links in mails begin with it.",
        _line("address", answers.address, "https://estime.example.org"),
        "# The first one is shown when the browser wants none of them.",
        _line("languages", list(answers.languages), ["fr", "en"]),
        "",
        "[brand]",
        _line("name", answers.brand or "Estime", ""),
        _line("timezone", answers.timezone, "UTC"),
        "# The brand's own accounts: left out of member figures; their answers count as the brand's.",
        f"accounts = {listed}" if listed else '# accounts = [{ channel = "forum", handle = "brand-team" }]',
        "",
        "[measures]",
        "# half_life_days = 28",
        "",
    ]
    return "\n".join(lines)


def _line(key: str, value: str | list[str], example: str | list[str]) -> str:
    """JSON texts and lists of them are valid TOML, escapes included."""
    return f"{key} = {_toml(value)}" if value else f"# {key} = {_toml(example)}"


def _toml(value: str | list[str]) -> str:
    # TOML knows no surrogate pairs, and no DEL in a text.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _told_account(told: str) -> str:
    channel, _, handle = told.partition(":")
    return f"{{ channel = {_toml(channel)}, handle = {_toml(handle)} }}"


def keys_in(text: str) -> set[str]:
    """The keys that a file sets, with dots: to say which flags came too late."""
    told = tomllib.loads(text)
    return {f"{part}.{key}" for part, keys in told.items() if isinstance(keys, dict) for key in keys}


def zone_here() -> str:
    """The zone that this machine keeps, if it says so by a name."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named:
        parts = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
        named = parts[2]
    try:
        return _timezone(named) if named else "UTC"
    except typer.BadParameter:
        return "UTC"


def _brand(told: str) -> str:
    if not told.isprintable():
        raise typer.BadParameter("A name is one line of printable characters.", param_hint="--brand")
    return told


def _account(told: str) -> str:
    channel, colon, handle = (part.strip() for part in told.partition(":"))
    if not (colon and handle and _CHANNEL.fullmatch(channel) and handle.isprintable()):
        raise typer.BadParameter(
            f"“{told}” is no account: write channel:handle, such as forum:our-team.", param_hint="--account"
        )
    return f"{channel}:{handle}"


def _languages(told: tuple[str, ...]) -> tuple[str, ...]:
    named = [part.strip().lower() for one in told for part in one.split(",") if part.strip()]
    if len(set(named)) < len(named) or not set(named) <= set(LANGUAGES):
        raise typer.BadParameter("Name fr, en or both, each once.", param_hint="--language")
    return tuple(named)


def _address(told: str) -> str:
    address = told.rstrip("/")
    if address and not re.fullmatch(r"https?://[^/\s?#@]+", address):
        raise typer.BadParameter(
            "An address is https:// and a host, such as https://estime.example.org.", param_hint="--address"
        )
    return address


def _timezone(told: str) -> str:
    try:
        if told:
            ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise typer.BadParameter(
            f"There is no time zone “{told}”: write it like Europe/Paris.", param_hint="--timezone"
        ) from error
    return told


def _mode(told: str) -> str:
    if told and told not in MODES:
        raise typer.BadParameter("The mode is local or production.", param_hint="--mode")
    return told
