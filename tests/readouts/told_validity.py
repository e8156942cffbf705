"""A validity report for the tests of readouts, pages and REST: what `estime validate --json` says of a club."""

from typing import Any

MADE = "2026-01-05T08:00:00+00:00"


def bounded(value: float, half: float = 0.02) -> dict[str, float | None]:
    return {"value": value, "low": round(value - half, 4), "high": round(value + half, 4)}


def scores(auc: float, brier: float, auc_lead: float = 0.0, brier_lead: float = 0.0) -> dict[str, Any]:
    return {
        "auc": bounded(auc),
        "brier": bounded(brier, 0.005),
        "auc_lead": bounded(auc_lead, 0.004),
        "brier_lead": bounded(brier_lead, 0.001),
    }


def cut(day: str, n: int, came: int, said: float) -> dict[str, Any]:
    told = {"day": day, "cut": 20_000, "n": n, "came": came, "said": said, "chance": said / 2}
    return told | {"auc": 0.83, "brier": 0.12, "rfm_auc": 0.82, "rfm_brier": 0.125}


def group(name: str, people: int, expected: float) -> dict[str, Any]:
    return {"name": name, "people": people, "expected": expected, "low": expected - 5, "high": expected + 5}


def measured(affect: float = 0.0, rfm: float = 0.01, placebo: float = -0.02) -> dict[str, Any]:
    """`affect`, `rfm`, `placebo`: the AUC leads over the model without affect, over RFM, over feelings dealt out."""
    durability = {name: value for name, value in scores(0.83, 0.12).items() if "lead" not in name}
    parts = [("overall", 900, 200), ("little", 300, 20), ("middling", 300, 50), ("much", 300, 130)]
    cells = [group("attached_active", 40, 25.0), group("unknown", 210, 65.0)]
    return {
        "scope": "club", "as_of": "2026-01-04T12:00:00+00:00", "made_at": MADE, "within_days": 90,
        "active_within_days": 180, "people": 900, "known_until": "2026-01-04", "outcome": "measured", "few": False,
        "n": 900, "persons": 400, "prevalence": 0.22, "durability": durability,
        "baselines": {
            "prevalence": scores(0.48, 0.17, 0.35), "like_count": scores(0.55, 0.17, 0.28),
            "frequency": scores(0.76, 0.14, 0.07), "recency": scores(0.75, 0.145, 0.08),
            "rfm": scores(0.82, 0.125, rfm), "bg_nbd": scores(0.81, 0.127, 0.02),
        },
        "ablations": {
            "without_rhythm": scores(0.80, 0.13, 0.03), "without_affect": scores(0.83, 0.12, affect),
            "rhythm_only": scores(0.82, 0.121, 0.005), "affect_alone": scores(0.67, 0.17, 0.16),
            "affect_dealt": scores(0.69, 0.17, 0.14), "without_tone": scores(0.83, 0.12),
            "with_season": scores(0.83, 0.12),
        },
        "heard": {"texts": 12_000, "tone": 9_000, "toward": 800, "people_toward": 300},
        "placebo": scores(0.69, 0.17, placebo), "toward": scores(0.83, 0.12),
        "calibration": {"slope": 0.98, "slope_low": 0.9, "slope_high": 1.06, "intercept": -0.05,
                        "intercept_low": -0.2, "intercept_high": 0.1, "bins": [
            {"n": 450, "said": 0.1, "came": 0.11, "low": 0.08, "high": 0.14},
            {"n": 450, "said": 0.34, "came": 0.33, "low": 0.28, "high": 0.38},
        ]},
        "cuts": [cut("2025-07-08", 450, 98, 101.0), cut("2025-10-06", 4, 1, 1.2)],
        "affect": [
            {"name": name, "n": n, "came": came, "without": scores(0.83, 0.12, affect)} for name, n, came in parts
        ],
        "skipped": ["2025-04-09"],
        "expected": {
            "outcome": "told", "tested": True, "people": 250, "expected": 90.0, "low": 70.0, "high": 110.0,
            "by_channel": [], "by_cell": cells, "fewest": 10,
        },
    }  # fmt: skip


def too_short() -> dict[str, Any]:
    return {
        "scope": "club", "as_of": "2026-01-04T12:00:00+00:00", "made_at": MADE, "people": 30, "outcome": "too_short",
        "reason": "too_few_cuts", "closed_cuts": 1, "needed_cuts": 3, "n": 12, "came": 2,
        "expected": {"outcome": "too_short", "reason": "no_closed_window", "needed_cuts": 3},
    }  # fmt: skip
