"""What an import tells its caller."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from estime.ledger.drafts import Reject


@dataclass
class ImportResult:
    """Numbers of one import. `rows` = new + known + erased + rejected, acts and observations together.

    types: how many of each kind came that were not refused: an activity type ("Create"), its object in brackets
    when it is a Vote, or "observation: likes". status: as in `Import.Status`; a dry run says "dry-run".
    """

    channel: str
    format: str
    file_name: str
    id: UUID | None = None
    status: str = "running"
    message: str = ""
    rows: int = 0
    new: int = 0
    known: int = 0
    erased: int = 0
    rejected: int = 0
    types: Counter[str] = field(default_factory=Counter)
    first_rejects: list[Reject] = field(default_factory=list)
    rejects_path: Path | None = None
    seconds: float = 0.0

    @property
    def inside(self) -> int:
        """Rows that are safely in the ledger, now or from before."""
        return self.new + self.known
