"""One undisturbed life of an installation: what every interrupted one is compared with."""

from pathlib import Path

import pytest
from story import Told, chapters, configuration, live, write_files


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A folder with an installation that is empty (`home`) and the files of the story (`files`)."""
    folder = tmp_path_factory.mktemp("faults")
    write_files(folder / "files")
    home = folder / "home"
    home.mkdir(mode=0o700)
    (home / "estime.sqlite3").write_bytes(sqlite_template.read_bytes())
    (home / "secret").write_text("5e" * 32)
    (home / "secret").chmod(0o600)
    (home / "estime.toml").write_text(configuration())
    return folder


@pytest.fixture(scope="session")
def undisturbed(begun: Path) -> list[Told]:
    """Every chapter in turn, each from a copy of where the one before ended."""
    return live(begun, chapters(begun / "files"))
