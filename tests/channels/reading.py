"""Reading sources in tests."""

import hashlib
import os
from pathlib import Path

from processes import need

from estime.channels import registry
from estime.channels.options import ReadOptions
from estime.channels.rows import Row
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject


class Rows(list[Row]):
    """What a reader yielded, sorted by kind."""

    @property
    def acts(self) -> list[ActDraft]:
        return [r[1] for r in self if not isinstance(r, Reject) and isinstance(r[1], ActDraft)]

    @property
    def observations(self) -> list[ObservationDraft]:
        return [r[1] for r in self if not isinstance(r, Reject) and isinstance(r[1], ObservationDraft)]

    @property
    def rejects(self) -> list[Reject]:
        return [r for r in self if isinstance(r, Reject)]

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(r.line, r.code) for r in self.rejects]


def read_rows(path: Path, form: str | None = None, options: ReadOptions | None = None) -> Rows:
    """Read a path as the import would, format guessed when left out."""
    options = options or ReadOptions()
    chosen = registry.named(form) if form else registry.guess(path, options)
    return Rows(registry.read(path, chosen, options))


REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ESTIME_SHARED", REPOSITORY.parent / "shared")) / "data"


def sample(name: str, sha256: str | None = None) -> Path:
    """A path of the shared real data, or the test is skipped."""
    path = SHARED / name
    need(
        path.exists(),
        f"the sample {name} is not in {SHARED}; set ESTIME_SHARED to the folder that holds data/",
    )
    if sha256 is not None:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256, (
            f"{name} is not the sample that was measured"
        )
    return path
