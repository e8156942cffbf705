"""Erasing somebody reaches the rows of theirs that were refused, also when nothing of theirs ever came in."""

import json
from pathlib import Path

TABLE = "auteur,date,texte\nana,2024-05-31T18:30:00Z,Bonjour\nana,2024-05-31 19:00,Secret\nbob,2024-05-31 20:00,Privé\n"


def test_refused_rows_go_with_whom_they_are_of(estime, _home: Path, tmp_path: Path) -> None:  # noqa: PT019
    estime("init")
    file = tmp_path / "avis.csv"
    file.write_text(TABLE)
    estime("import", str(file), "-c", "avis", code=1)
    told = json.loads(estime("erase", "ana", "-c", "avis", "--yes", "--json").stdout)
    assert (told["accounts"], told["acts"], told["refused_rows"]) == (1, 1, 1)
    (rejects,) = (_home / "rejects").glob("*.jsonl")
    assert "Secret" not in rejects.read_text()
    assert "bob" in rejects.read_text()
    told = json.loads(estime("erase", "bob", "-c", "avis", "--yes", "--json").stdout)
    assert (told["accounts"], told["refused_rows"]) == (0, 1)
    assert "bob" not in rejects.read_text()
    assert estime("erase", "bob", "-c", "avis", "--yes", code=2).stderr.count("[unknown-account]") == 1
