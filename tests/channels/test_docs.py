"""What the pages for users say is so."""

import re
from datetime import UTC, datetime

import pytest
from channels.reading import REPOSITORY, read_rows

from estime.channels import errors, registry
from estime.channels.headers import ACT_NAMES, folded
from estime.channels.mapping import TARGETS, Mapping, mapping_parse, shipped
from estime.channels.options import ReadOptions
from estime.kernel.errors import EstimeError

DOCS = REPOSITORY / "docs"
SOURCE = REPOSITORY / "src" / "estime" / "channels"


def explained():
    return set(re.findall(r"^\| `([a-z0-9-]+)` \|", (DOCS / "errors.md").read_text(), re.MULTILINE))


def test_every_error_is_explained():
    codes = {e.code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, EstimeError)}
    assert codes - {"error"} <= explained()


def test_every_reject_is_explained():
    told = re.compile(r"""(?:Untranslatable|reject|_broken)\(\s*(?:[^"()]+,\s*)*?"([a-z]+(?:-[a-z]+)+)",""")
    codes = {code for path in SOURCE.rglob("*.py") for code in told.findall(path.read_text())}
    assert {"bad-json", "time-without-zone", "line-too-long", "missing-field"} <= codes
    assert codes <= explained()


@pytest.mark.parametrize("word", [*registry.FORMATS, *shipped(), *TARGETS, *Mapping.model_fields])
def test_formats_mappings_and_fields_are_documented(word):
    assert f"`{word}`" in (DOCS / "channels.md").read_text()


def block(page, first):
    """The indented block of a page that begins with this line."""
    lines = (DOCS / page).read_text().splitlines()
    start = lines.index(f"    {first}")
    end = next((n for n in range(start, len(lines)) if not lines[n].startswith("    ")), len(lines))
    return "\n".join(line[4:] for line in lines[start:end]) + "\n"


def test_the_first_csv(write):
    rows = read_rows(write("avis.csv", block("your-own-csv.md", "auteur,date,texte,réponse à,id")))
    assert [(a.source_id, a.actor, a.in_reply_to) for a in rows.acts] == [
        ("1", "ana", None),
        ("2", "bob", "1"),
    ]


def test_the_mapping(write):
    mapping = mapping_parse(block("your-own-csv.md", "timezone: Europe/Paris"))
    path = write("avis.csv", ["Nom du client;Jour;Heure;Votre avis;Étoiles", "Ana;31/05/2024;18:30;Bien;4"])
    (act,) = read_rows(path, options=ReadOptions(mapping=mapping)).acts
    assert (act.actor, act.content, act.value, act.unit) == ("Ana", "Bien", 4, "étoiles")
    assert act.published == datetime(2024, 5, 31, 16, 30, tzinfo=UTC)


def test_the_followers(write):
    path = write("abonnes.csv", block("your-own-csv.md", "jour,abonnés"))
    (seen,) = read_rows(path, options=ReadOptions(timezone="Europe/Paris")).observations
    assert seen.value == 12480


def test_the_activity(write):
    text = block(
        "channels.md", '{"id": "a1", "type": "Create", "actor": "ana", "published": "2024-05-01T10:00:00Z",'
    )
    (act,) = read_rows(write("a.jsonl", text.replace("\n", ""))).acts
    assert (act.object_id, act.content, act.in_reply_to, act.context) == ("n1", "Bonjour", "n0", "room")


def test_the_names_of_columns_that_the_page_lists_are_understood():
    known = {folded(name) for names in ACT_NAMES.values() for name in names} | {"heure"}
    lines = (DOCS / "your-own-csv.md").read_text().splitlines()
    rows = [line.split("|")[2] for line in lines if line.startswith("| ") and "understood" not in line]
    words = [re.split(r"[;:.]", row)[0] for row in rows]
    listed = {folded(w) for row in words for part in row.split("·") for w in part.split(",")}
    assert listed - known - {""} == set()
