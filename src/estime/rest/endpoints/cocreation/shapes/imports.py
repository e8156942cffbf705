"""Challenges that are brought in: what came of a file."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema


class RowRefused(Schema):
    """A row of the source that could not be used. It is mended there, and the source sent again."""

    line: int = Field(description="Its line; 0 where it has none.")
    code: str
    reason: str


class WhyNot(Schema):
    """Why nothing of a file could be used."""

    code: str
    message: str
    todo: str


class Brought(Schema):
    """What `estime challenge import --json` tells."""

    challenge: int | None = Field(description="Its number; null where a dry run found none yet.")
    fresh: bool = Field(description="It was not here before.")
    title: str
    channel: str
    format: str
    file_name: str
    status: Literal["done", "partial", "dry-run"] = Field(description="Partial: rows were refused.")
    new: int = Field(description="Acts and things that came in.")
    known: int = Field(description="Those that were here already.")
    erased: int = Field(description="Left out: their authors had them erased.")
    rejected: int
    counts: dict[str, int] = Field(description="What stands in the challenge now, by kind.")
    notes: list[str] = Field(description="What was left out on purpose.")
    seconds: float
    first_rejects: list[RowRefused] = Field(description="The first ten rows that were refused.")


class ChallengeImport(Schema):
    """A file on its way in."""

    id: str
    status: Literal["waiting", "running", "done", "partial", "dry-run", "failed"]
    file_name: str
    bytes: int
    dry_run: bool
    at: datetime
    result: Brought | None = Field(description="Null as long as it waits or runs, and if it failed.")
    error: WhyNot | None = Field(description="Why it failed: nothing of it was kept.")


class RowsRefused(Schema):
    """One page of the rows that were refused."""

    rejects: list[RowRefused]
    next: str | None
