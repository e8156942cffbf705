"""Tables point down only, as imports do: import-linter sees no foreign key that names its table in a text."""

import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def levels() -> dict[str, int]:
    """How high each part stands, by the layers that import-linter holds."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in told if contract["type"] == "layers")
    return {
        part.strip().removeprefix("estime."): height
        for height, layer in enumerate(reversed(layers))
        for part in layer.split("|")
    }


def part_of(model: type) -> str:
    return model.__module__.split(".")[1]


def test_every_foreign_key_stays_in_its_part_or_points_down():
    height, seen, wrong = levels(), 0, []
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("estime."):
            continue
        for field in model._meta.get_fields():
            other = field.related_model if field.concrete and field.is_relation else None
            if other is None or not other.__module__.startswith("estime."):
                continue
            seen += 1
            ours, theirs = part_of(model), part_of(other)
            if ours != theirs and height[theirs] >= height[ours]:
                wrong.append(f"{model._meta.label}.{field.name} → {other._meta.label}")
    assert seen > 50
    assert wrong == []
