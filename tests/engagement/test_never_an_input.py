"""Nothing computed about a person decides anything about them: a walk through imports, tables and foreign keys."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

import estime

SOURCE = Path(estime.__file__).parent
DECIDING = ("kernel", "ledger", "jobs", "people", "contact", "cocreation", "channels", "listening")
"""Parts that decide who may do what, who is answered first, what is moderated, or that could pass it on."""
ABOUT_PEOPLE = ("engagement_place", "engagement_contested", "engagement_objection")
READINGS = "listening_reading"
MAY_READ = {
    "web/views/person_place.py", "web/views/me_place.py", "web/views/map.py", "web/place_words.py",
    "rest/endpoints/place.py",
}  # fmt: skip
"""Who tells people of a place: pages and endpoints, which decide nothing."""


def modules(part: str) -> list[Path]:
    return sorted((SOURCE / part).rglob("*.py"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


@pytest.mark.parametrize("part", DECIDING)
def test_no_part_that_decides_imports_engagement(part: str) -> None:
    for path in modules(part):
        above = ("estime.engagement",) if part == "listening" else ("estime.engagement", "estime.listening")
        assert not [name for name in imported(path) if name.startswith(above)], path


SINGLE = {"durability_fit", "durability_rows", "foreseen", "Foreseen", "panel_of"}
"""What knows how likely one person is to stay."""
FORESEES = ("engagement/measures/durability", "engagement/measures/validity", "engagement/tables/durability",
            "engagement/tables/foresee", "engagement/actions/validate")  # fmt: skip


def test_nobodys_own_durability_leaves_the_step_that_sums_it_up() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(FORESEES):
            used = {one.rsplit(".", 1)[-1] for one in imported(path)}
            assert not used & SINGLE, name


def test_what_is_kept_of_durability_has_no_column_for_a_person() -> None:
    fields = {field.name for field in apps.get_model("engagement", "ValidityReport")._meta.get_fields()}
    assert fields == {"scope", "made_at", "told", "drawn", "stale"}


def test_no_sql_outside_of_engagement_names_what_is_about_people() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        text = path.read_text()
        if not name.startswith("engagement/") and name != "cli/archive_database.py":
            assert not [table for table in ABOUT_PEOPLE if table in text], name
        if not name.startswith("listening/") and name != "cli/archive_database.py":
            assert READINGS not in text, name


def test_no_foreign_key_leads_to_or_from_what_is_about_people() -> None:
    about = {*ABOUT_PEOPLE, READINGS}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if other is not None:
                assert not about & {model._meta.db_table, other._meta.db_table}, (model, field)


def test_only_pages_that_tell_it_ask_for_a_place() -> None:
    for part in ("web", "rest", "cli", "readouts"):
        for path in modules(part):
            used = {
                node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)
            }
            if used & {"person_place", "person_texts", "weightiest"}:
                name = path.relative_to(SOURCE).as_posix()
                assert name in MAY_READ or name == "web/acts_urls.py", name
