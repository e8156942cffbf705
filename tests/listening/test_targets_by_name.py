"""Protects what was kept before targets had names: searches go on meaning what they meant, nothing is told wrongly."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from estime.listening import api
from estime.listening.models import Reading
from estime.people.models import User

LISTED = "".join(
    f'[[listening.targets]]\nkind = "{kind}"\nname = "{name}"\n'
    for kind, name in (("product", "Alto 20"), ("third_party", "Parcelia"), ("product", "Crème d’été"))
)
ASKED = {
    "first": ({"target": "product-1", "polarity": "negative"}, {"target": "product-alto-20", "polarity": "negative"}),
    "third": ({"target": "product-3"}, {"target": "product-creme-d-ete"}),
    "bank": ({"target": "third_party-2"}, {"target": "third_party-parcelia"}),
    "any": ({"target": "product"}, {"target": "product"}),
    "gone": ({"target": "product-9"}, {"target": "product-9"}),
    "other kind": ({"target": "brand-1"}, {"target": "brand-1"}),
    "none": ({"lang": "fr"}, {"lang": "fr"}),
}  # fmt: skip


def migrated(name: str) -> Any:
    executor = MigrationExecutor(connection)
    return executor.migrate([("listening", name)]).apps


def test_places_become_names(installed: Path) -> None:
    (installed / "estime.toml").write_text(LISTED)
    lea = User.objects.create(email="lea@example.org", role="lead", name="Lea")
    old = migrated("0004_searches")
    for name, (asked, _) in ASKED.items():
        old.get_model("listening", "SavedSearch").objects.create(
            owner_id=lea.pk, name=name, asked=asked, alert="each", made=timezone.now(), upto=7
        )
    old.get_model("listening", "TargetsTold").objects.create(
        days=30, mark=1, until=date(2026, 3, 31), made=timezone.now(), figures=[]
    )
    given = dict.fromkeys("seq channel account day lang negative positive felt near version step".split(), 1)
    old.get_model("listening", "Reading").objects.create(
        **{**given, "negative": 0, "positive": 0},
        neutral=1000,
        emotions=b"",
        unclear=False,
        target=2,
        target_id=3,
    )
    migrated("0005_targets_by_name")
    searches = api.searches_listed(lea)
    assert {one.name: one.asked for one in searches} == {name: kept for name, (_, kept) in ASKED.items()}
    assert {one.upto for one in searches} == {7}
    amiss = {one.name for one in searches if api.search_amiss(one)}
    assert amiss == {"gone", "other kind"}
    assert api.targets_told(30) is None
    reading = Reading.objects.get()
    assert api.target_listed(2, reading.target_id) is None, (
        "an old number is no target’s until its text is read again"
    )
    reading.target_id = api.targets_listed()[2].identity
    reading.save()
    reading.refresh_from_db()
    assert api.target_listed(2, reading.target_id) == api.targets_listed()[2]
