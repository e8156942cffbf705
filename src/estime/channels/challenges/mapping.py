"""A mapping file for a challenge: which columns of which table say what. In YAML; docs/challenges-in-and-out.md.

Commented examples are in the folder `mappings`. A complaint names the field and its line.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from estime.channels.errors import MappingInvalid, TimezoneUnknown
from estime.channels.mapping import FieldSpec, spec_of, yaml_checked
from estime.channels.moments import zone_named

Kind = Literal["contributions", "comments", "supports", "options", "votes"]
FIELDS: dict[str, tuple[str, ...]] = {
    "contributions": ("id", "title", "at", "author", "name", "body", "kind", "lang", "supports", "withdrawn"),
    "comments": ("id", "body", "at", "author", "name", "contribution", "answers", "intent", "lang"),
    "supports": ("author", "contribution", "at", "name"),
    "options": ("id", "title", "at", "author", "name", "cost", "hidden"),
    "votes": ("author", "option", "at", "mark", "against", "id", "name"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "contributions": ("id", "title", "at"),
    "comments": ("id", "body", "at"),
    "supports": ("author", "contribution", "at"),
    "options": ("id", "title"),
    "votes": ("author", "option", "at"),
}
METHODS = Literal["", "approval", "score", "ranked", "pairwise", "budget", "groups"]


class Table(BaseModel):
    """One kind of rows. `file`: which file of a folder, such as "*comments*.csv"; any, where the source is one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: Kind
    file: str = "*"
    fields: dict[str, FieldSpec]

    @field_validator("fields", mode="before")
    @classmethod
    def _specs(cls, value: object) -> object:
        return {key: spec_of(item) for key, item in value.items()} if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _known(self) -> "Table":
        wrong = sorted(set(self.fields) - set(FIELDS[self.rows]))
        if wrong:
            raise ValueError(
                f"fields: {self.rows} have no field “{wrong[0]}”; they have {', '.join(FIELDS[self.rows])}"
            )
        missing = [name for name in NEEDED[self.rows] if name not in self.fields]
        if missing:
            raise ValueError(f"fields: {self.rows} need {', '.join(missing)}")
        return self


class ChallengeMapping(BaseModel):
    """How the tables of a source become a challenge.

    `source`: what it is called in the ledger; left out, the file's name. `html`: texts are HTML. `method`: how the
    votes of a table of votes were cast, with its `parameters`. `timezone` and what follows: as in a mapping of acts;
    `date_format` may be a list, tried in turn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = ""
    title: str = ""
    text: str = ""
    known: str = ""
    lang: str = ""
    method: METHODS = ""
    parameters: dict[str, Any] = {}
    html: bool = False
    timezone: str | None = None
    date_format: str | tuple[str, ...] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    tables: tuple[Table, ...]

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                zone_named(value)
            except TimezoneUnknown as error:
                raise ValueError(f"{error} {error.todo}") from None
        return value

    @model_validator(mode="after")
    def _votes_have_a_method(self) -> "ChallengeMapping":
        kinds = {table.rows for table in self.tables}
        if not self.tables:
            raise ValueError("tables: name at least one")
        if kinds & {"votes", "options"} and not self.method:
            raise ValueError("method: say how people voted, for there are tables of votes or options")
        if self.method and "votes" not in kinds:
            raise ValueError("tables: a method needs a table of votes")
        return self


def shipped() -> dict[str, Path]:
    """The mapping files of challenges that come with Estime, by name."""
    folder = Path(str(files("estime.channels.challenges"))) / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def challenge_mapping_load(path: str | Path) -> ChallengeMapping:
    """Read a mapping file of a challenge, or a shipped one by its name. Raises `MappingInvalid`."""
    file = Path(path)
    if not file.is_file() and str(path) in shipped():
        file = shipped()[str(path)]
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise MappingInvalid(
            f"The mapping “{file.name}” cannot be read: {getattr(error, 'strerror', None) or error}.",
            todo=f"Give the path of a YAML file, or one of: {', '.join(shipped())}.",
        ) from error
    return yaml_checked(text, file.name, ChallengeMapping, "docs/challenges-in-and-out.md")


def challenge_mapping_read(told: str) -> ChallengeMapping:
    """A mapping that was sent: its YAML, or the name of a shipped one. Never a path. Raises `MappingInvalid`."""
    known = shipped().get(told.strip())
    if known is not None:
        return challenge_mapping_load(known)
    return yaml_checked(told, "mapping", ChallengeMapping, "docs/challenges-in-and-out.md")
