"""A mapping file: which column or JSON path fills which field of an act.

Written in YAML, checked by pydantic; every complaint names the field and, where YAML gives it, the line.
What each field means is in docs/channels.md; commented examples are in the folder `mappings`.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from estime.channels.errors import MappingInvalid, TimezoneUnknown
from estime.channels.moments import zone_named

TARGETS = (
    "source_id", "actor", "type", "published", "object_id", "object_type", "in_reply_to", "context",
    "content", "lang", "value", "unit", "incentive", "on_behalf_of",
)  # fmt: skip
_OBSERVATION_TARGETS = ("object_id", "object_type", "observed", "published")


class FieldSpec(BaseModel):
    """Where the value of one field comes from.

    One of: `column` (its name, or a path such as user.name in JSON), `columns` joined by `join`, `template`
    with {column} in it, `constant`. Then `map` replaces values (written as in the file), `default` fills
    gaps, and `prefix` is put in front of what is not empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    columns: tuple[str, ...] = ()
    join: str = " "
    template: str | None = None
    constant: str | float | None = None
    map: dict[str, str] | None = None
    default: str | float | None = None
    prefix: str = ""

    @field_validator("constant", "default", mode="before")
    @classmethod
    def _scalar(cls, value: object) -> object:
        return str(value) if isinstance(value, bool | int) else value

    @field_validator("map", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        if isinstance(value, dict):
            return {_yaml_text(key): _yaml_text(item) for key, item in value.items()}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> "FieldSpec":
        given = [
            self.column is not None,
            bool(self.columns),
            self.template is not None,
            self.constant is not None,
        ]
        if sum(given) != 1:
            raise ValueError("say exactly one of: column, columns, template, constant")
        return self


def _yaml_text(value: object) -> str:
    """YAML reads yes/no and numbers as such; in a mapping they are the texts of cells."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def spec_of(value: object) -> object:
    """A bare text is short for {column: text}."""
    if isinstance(value, str):
        return {"column": value}
    if isinstance(value, list):
        return {"columns": value}
    return value


class Mapping(BaseModel):
    """How the rows of one kind of file become acts, observations, or both.

    fields: of the act; without `actor` a row is no act, only observations.
    observations: metric to column, each about the row's object.
    channel_observations: metric to column, about the channel as a whole (followers).
    observation: of the observations: object_id, object_type, observed, published where they differ from the
    act's.
    extra: "keep" every other column in the act's extra, "drop" them, or a list of those to keep.
    id_from: columns that make the id of a row when the file has none; left out, all columns do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["csv", "parquet", "jsonl", "insights", "audience"] | None = None
    timezone: str | None = None
    date_format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] = "."
    fields: dict[str, FieldSpec] = {}
    observations: dict[str, FieldSpec] = {}
    channel_observations: dict[str, FieldSpec] = {}
    observation: dict[str, FieldSpec] = {}
    extra: Literal["keep", "drop"] | tuple[str, ...] = "keep"
    id_from: tuple[str, ...] = ()

    @field_validator("fields", "observations", "channel_observations", "observation", mode="before")
    @classmethod
    def _specs(cls, value: object) -> object:
        return {key: spec_of(item) for key, item in value.items()} if isinstance(value, dict) else value

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
    def _known_targets(self) -> "Mapping":
        for name, given, known in (
            ("fields", self.fields, TARGETS),
            ("observation", self.observation, _OBSERVATION_TARGETS),
        ):
            wrong = sorted(set(given) - set(known))
            if wrong:
                raise ValueError(f"{name}: “{wrong[0]}” is no field; the fields are {', '.join(known)}")
        if self.fields and not {"actor", "published"} <= set(self.fields):
            raise ValueError("fields: an act needs at least actor and published")
        if not (self.fields or self.observations or self.channel_observations):
            raise ValueError("say at least one of: fields, observations, channel_observations")
        return self


def shipped() -> dict[str, Path]:
    """The mapping files that come with Estime, by name."""
    folder = Path(str(files("estime.channels"))) / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def mapping_load(path: str | Path) -> Mapping:
    """Read a mapping file, or one that is shipped, by its name."""
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
    return mapping_parse(text, file.name)


def mapping_parse(text: str, name: str = "mapping") -> Mapping:
    """Check a mapping written in YAML."""
    return yaml_checked(text, name, Mapping, "docs/channels.md")


Checked = TypeVar("Checked", bound=BaseModel)


def yaml_checked(text: str, name: str, model: type[Checked], page: str) -> Checked:
    """YAML as this model; `page` explains its fields. A complaint names its line."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        loaded: Any = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise MappingInvalid(
            f"“{name}”{where} is not YAML: {getattr(error, 'problem', None) or error}.",
            todo="Mind the spaces at the beginning of the line, and a space after each colon.",
        ) from error
    if not isinstance(loaded, dict):
        raise MappingInvalid(f"“{name}” is empty or not a mapping.", todo="Start from a shipped example.")
    try:
        return model.model_validate(loaded)
    except ValidationError as error:
        raise MappingInvalid(
            f"“{name}”: " + "; ".join(_complaint(node, dict(e)) for e in error.errors()[:5]) + ".",
            todo=f"{page} explains every field of a mapping.",
        ) from error


def _complaint(node: yaml.Node | None, error: dict[str, Any]) -> str:
    place = [str(part) for part in error["loc"]]
    line = _line_of(node, place)
    where = f"line {line}, " if line and place else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}{'.'.join(place)}: {message}" if place else message


def _line_of(node: yaml.Node | None, place: list[str]) -> int | None:
    """The line where the deepest part of the place that exists is written."""
    line = None
    for part in place:
        if not isinstance(node, yaml.MappingNode):
            break
        for key, value in node.value:
            if key.value == part:
                line, node = key.start_mark.line + 1, value
                break
        else:
            break
    return line
