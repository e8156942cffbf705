"""What tests of challenges from elsewhere start with: a space, and small sources of every format, made by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from handmade import DECIDIM, IDEAS, MADRID, PAIRS, PB, POLIS

from estime.channels.challenges.api import ChallengeImported, challenge_import
from estime.cocreation.models import Space


@pytest.fixture
def space(db: None) -> Space:
    return Space.objects.create(slug="square", title="Square", threshold=25, created=timezone.now())


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Path]:
    """`source("polis")`: the path of a source of that format; `changed(name, old, new)` alters one of its files."""

    def write(name: str, **replaced: tuple[str, str]) -> Path:
        files = {
            "polis": POLIS,
            "pairs": PAIRS,
            "madrid": MADRID,
            "decidim": DECIDIM,
            "pb": PB,
            "ideas": IDEAS,
        }[name]
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for file, text in files.items():
            old, new = replaced.get(file.partition(".")[0].replace("-", "_"), ("", ""))
            (folder / file).write_text(text.replace(old, new) if old else text, encoding="utf-8")
        return folder if len(files) > 1 else folder / next(iter(files))

    return write


@pytest.fixture
def bring(space: Space) -> Callable[..., ChallengeImported]:
    """Bring a path into the space."""

    def run(path: Path, **words: object) -> ChallengeImported:
        return challenge_import(path, space, **words)  # type: ignore[arg-type]

    return run
