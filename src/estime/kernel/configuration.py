"""What an installation is told about its brand and its measures: `estime.toml` in ESTIME_HOME.

Every key has a default, so an empty or missing file is a valid one. An unknown key is an error: a typing mistake must
not silently leave a default in place. docs/settings.md describes each key.
"""

import tomllib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from estime.kernel.errors import EstimeError
from estime.kernel.home import FILE_NAME, home
from estime.kernel.names import name_words

MOST_TARGETS = 32_000
"""So many are found in texts as quickly as one (docs/methods/targets.md)."""
MOST_FORMS, LONGEST_FORM = 200, 200
"""How many other names a target may have, and how long each may be."""


class BadConfiguration(EstimeError):
    """estime.toml or the environment cannot be read, or says something that makes no sense."""

    code = "bad-configuration"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrandAccount(_Section):
    """One of the brand's own accounts: left out of member figures."""

    channel: str
    handle: str


class Site(_Section):
    """Where and how this installation is run."""

    mode: Literal["local", "demo", "production"] = "local"
    address: Annotated[str, Field(pattern=r"^(https?://[^/\s]+)?$")] = ""
    languages: Annotated[tuple[Literal["fr", "en"], ...], Field(min_length=1)] = ("fr", "en")
    sign_up: Literal["invited", "open"] = "invited"
    administrators_second_step: bool = False


class Brand(_Section):
    """Who the brand is."""

    name: str = "Estime"
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    timezone: str = "UTC"
    accounts: tuple[BrandAccount, ...] = ()


class Measures(_Section):
    """Parameters of the measures; the defaults and their reasons are in docs/measures/."""

    half_life_days: Annotated[float, Field(gt=0)] = 28.0
    weights: dict[str, Annotated[float, Field(ge=0)]] | None = None
    as_of: Annotated[str, Field(pattern=r"^(auto|now|last)$")] = "auto"
    archive_after_days: Annotated[int, Field(ge=1)] = 90


class Privacy(_Section):
    """What may be shown of people, and why (DESIGN §3)."""

    public_overview: bool = False
    smallest_group: Annotated[int, Field(ge=10)] = 10
    person_affect: bool = False
    purpose: str = ""
    legal_basis: str = ""
    sensitive_topics: bool = False
    keep_uploads_days: Annotated[int, Field(ge=1, le=365)] = 7

    @model_validator(mode="after")
    def _affect_needs_a_reason(self) -> "Privacy":
        if self.person_affect and not (self.purpose.strip() and self.legal_basis.strip()):
            raise ValueError("person_affect needs a purpose and a legal_basis")
        return self


class Contact(_Section):
    """How the brand answers."""

    answer_within_days: Annotated[int, Field(ge=1, le=365)] = 7


class Limits(_Section):
    """How much one member may do, at once or spread; 0 is no limit (docs/moderation.md)."""

    ideas_per_day: Annotated[int, Field(ge=0)] = 40
    rewordings_per_hour: Annotated[int, Field(ge=0)] = 120
    comments_per_hour: Annotated[int, Field(ge=0)] = 120
    supports_per_hour: Annotated[int, Field(ge=0)] = 400
    questions_per_day: Annotated[int, Field(ge=0)] = 12
    joins_per_hour: Annotated[int, Field(ge=0)] = 200
    challenges_per_day: Annotated[int, Field(ge=0)] = 5
    proposals_per_day: Annotated[int, Field(ge=0)] = 60
    votes_per_hour: Annotated[int, Field(ge=0)] = 3_000
    pictures_per_hour: Annotated[int, Field(ge=0)] = 60
    invitations_per_day: Annotated[int, Field(ge=0)] = 60
    reports_per_day: Annotated[int, Field(ge=0)] = 40
    appeals_per_day: Annotated[int, Field(ge=0)] = 20
    young_part: Annotated[int, Field(ge=1, le=100)] = 4
    young_links: Annotated[int, Field(ge=0, le=1000)] = 2
    address_times: Annotated[int, Field(ge=0, le=100_000)] = 20


class Cocreation(_Section):
    """The house rules of co-creation; what a challenge took over when it opened stays as it was."""

    interpellation_supporters: Annotated[int, Field(ge=1, le=100_000)] = 25
    answer_within_days: Annotated[int, Field(ge=1, le=365)] = 14
    objection_days: Annotated[int, Field(ge=0, le=90)] = 14
    member_power: Literal["listen", "answer"] = "answer"
    young_days: Annotated[int, Field(ge=1, le=90)] = 7
    look_alike_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    picture_mb: Annotated[int, Field(ge=1, le=50)] = 12
    file_mb: Annotated[int, Field(ge=1, le=1000)] = 50
    moderate_within_days: Annotated[int, Field(ge=1, le=90)] = 2
    digest_file_days: Annotated[int, Field(ge=1, le=3650)] = 30
    limits: Limits = Limits()


_Form = Annotated[str, Field(max_length=LONGEST_FORM)]


class Target(_Section):
    """Whom or what texts may be about (docs/methods/targets.md). `exact`: forms that count only as they are written."""

    kind: Literal["brand", "product", "third_party"]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_FORM)]
    aliases: Annotated[tuple[_Form, ...], Field(max_length=MOST_FORMS)] = ()
    exact: Annotated[tuple[_Form, ...], Field(max_length=MOST_FORMS)] = ()


class Listening(_Section):
    """What people are asked (docs/asking.md), and whom texts may be about (docs/methods/targets.md)."""

    ask: bool = True
    targets: Annotated[tuple[Target, ...], Field(max_length=MOST_TARGETS)] = ()
    about: dict[str, str] = {}

    @model_validator(mode="after")
    def _each_form_names_one(self) -> "Listening":
        known: dict[tuple[str, ...], Target] = {}
        for target in self.targets:
            exact = {name_words(form) for form in target.exact}
            for form in dict.fromkeys((target.name, *target.aliases, *target.exact)):
                words = name_words(form)
                fewest = 2 if words in exact else 3
                if sum(map(len, words)) < fewest or not any(map(str.isalpha, "".join(words))):
                    raise ValueError(
                        f"“{form}” is too short to be found: use three letters or figures (two in exact)"
                    )
                other = known.setdefault(words, target)
                if other is not target:
                    raise ValueError(
                        f"“{form}” would name both “{other.name}” and “{target.name}”: let one have it"
                    )
        return self


class Report(_Section):
    """What the overview opens with."""

    front: str = "*"


class Rest(_Section):
    """How much one access token, or one address, may ask of the API in a minute; 0 is no limit."""

    reads_per_minute: Annotated[int, Field(ge=0)] = 600
    writes_per_minute: Annotated[int, Field(ge=0)] = 30_000
    failures_per_minute: Annotated[int, Field(ge=0)] = 30
    strangers_per_minute: Annotated[int, Field(ge=0)] = 120


class Segment(_Section):
    """What events of Segment’s libraries mean here: event name to Activity Streams type (docs/segment.md)."""

    events: dict[str, Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+$")]] = {}


class Configuration(_Section):
    """The whole of estime.toml."""

    site: Site = Site()
    brand: Brand = Brand()
    measures: Measures = Measures()
    report: Report = Report()
    privacy: Privacy = Privacy()
    contact: Contact = Contact()
    cocreation: Cocreation = Cocreation()
    listening: Listening = Listening()
    rest: Rest = Rest()
    segment: Segment = Segment()

    @model_validator(mode="after")
    def _channels_are_about_something_listed(self) -> "Configuration":
        ours = {target.name for target in self.listening.targets if target.kind != "third_party"}
        for channel, name in self.listening.about.items():
            if name not in ours | {self.brand.name}:
                raise ValueError(
                    f"listening.about.{channel} is “{name}”, which is neither the brand’s name nor that of a brand or "
                    "product in listening.targets"
                )
        return self


_READ: dict[tuple[object, ...], Configuration] = {}


def configuration() -> Configuration:
    """The installation's configuration; defaults where the file says nothing. Raises `BadConfiguration`.

    The file is read again when it has changed: a page that saves settings and a worker beside it agree at once.
    """
    path = home() / FILE_NAME
    try:
        told = path.stat()
    except OSError:
        return _read()
    key = (str(path), told.st_mtime_ns, told.st_size, told.st_ino)
    known = _READ.get(key)
    if known is None:
        known = _read()
        _READ.clear()
        _READ[key] = known
    return known


def _read() -> Configuration:
    path = home() / FILE_NAME
    try:
        return Configuration.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Configuration()
    except OSError as error:
        raise BadConfiguration(
            f"{FILE_NAME} cannot be read: {error.strerror}.", todo=f"Make {path} readable."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(
            f"{FILE_NAME} is not valid TOML: {error}.", todo="Mend the line it names."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        where = f"{place}: " if place else ""
        raise BadConfiguration(
            f"{FILE_NAME}: {where}{first['msg']}.", todo="See docs/settings.md for what each key takes."
        ) from error
