"""The tables of docs/validity.md: `python bench/validity.py`, some minutes; `--tables` writes them from what was found.

Each community comes into a fresh installation by `estime init`, `estime import` and `estime refresh`; then `estime
validate --json` runs as it is, nothing set, nothing chosen. What it said is kept in bench/validity.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
FOUND: Final = ROOT / "bench" / "validity.json"
PAGE: Final = ROOT / "docs" / "validity.md"
SAMPLES: Final = ROOT / "src" / "estime" / "cli" / "samples"
FORUM: Final = ROOT.parent / "shared" / "data" / "community" / "slicer_forum_2017_2020.jsonl.gz"
BEGINS, ENDS = "<!-- tables: bench/validity.py -->", "<!-- end of tables -->"
VOLATILE: Final = ("made_at",)
BASELINES: Final = ("rfm", "bg_nbd", "frequency", "recency", "like_count", "prevalence")


class Community(NamedTuple):
    channel: str
    title: str
    path: Path


def communities() -> list[Community]:
    """The forum, where the shared data are; Slack and Polis as they are shipped."""
    told = tomllib.loads((SAMPLES / "manifest.toml").read_text())["samples"]
    found = [Community("forum", "Forum of a free software product", FORUM)] if FORUM.exists() else []
    return found + [
        Community(each["channel"], each["title"], SAMPLES / each["path"])
        for each in told
        if each["format"] in ("slack", "polis")
    ]


def measured(community: Community) -> dict[str, Any]:
    """What `estime validate --json` says of one community, in an installation of its own."""
    with tempfile.TemporaryDirectory() as home:
        channel = ("--channel", community.channel)
        for words in (("init",), ("import", str(community.path), *channel), ("refresh",)):
            _estime(home, *words)
        told: dict[str, Any] = json.loads(_estime(home, "validate", "--json", "--lang", "en", *channel))
    return {name: value for name, value in told.items() if name not in VOLATILE}


def _estime(home: str, *words: str) -> str:
    environment = {**os.environ, "ESTIME_HOME": home}
    command = [sys.executable, "-m", "estime", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode > 1:  # 1: some rows were refused
        raise SystemExit(f"estime {' '.join(words)}: {done.stderr}")
    return done.stdout


def tables(found: Mapping[str, Any]) -> str:
    """All results as Markdown."""
    return "\n\n".join(_community(each["title"], each["told"]) for each in found.values())


def _community(title: str, told: Mapping[str, Any]) -> str:
    said = " ".join(told["words"])
    if told["outcome"] != "measured":
        return f"### {title}\n\n> {said}"
    head = f"### {title}\n\n> {said}\n\n{_facts(told)}"
    return "\n\n".join(filter(None, (head, _models(told), _affect(told), _cuts(told))))


def _facts(told: Mapping[str, Any]) -> str:
    calibration = told["calibration"]
    return (
        f"{told['n']:,} predictions about {told['persons']:,} people at {len(told['cuts'])} cuts; "
        f"{told['prevalence']:.3f} came; slope {calibration['slope']:.2f}, intercept {calibration['intercept']:.2f}."
    )


def _models(told: Mapping[str, Any]) -> str:
    each = {"**durability**": told["durability"]}
    each |= {name: told["baselines"][name] for name in BASELINES if name in told["baselines"]}
    each |= told["ablations"]
    rows = ["| | AUC | Brier | AUC lead of durability | Brier lead |", "|---|---|---|---|---|"]
    for name, scores in each.items():
        leads = (_number(scores.get(lead), 4, "+") for lead in ("auc_lead", "brier_lead"))
        cells = (name.replace("_", " "), _number(scores["auc"], 3), _number(scores["brier"], 4), *leads)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _affect(told: Mapping[str, Any]) -> str:
    if not told["affect"]:
        return "No text was read clearly enough: nothing is said of affect."
    rows = ["| what affect adds | n | came | AUC gained | Brier gained |", "|---|---|---|---|---|"]
    for each in told["affect"]:
        gained = (_number(each["without"].get(lead), 4, "+") for lead in ("auc_lead", "brier_lead"))
        rows.append(f"| {each['name']} | {each['n']:,} | {each['came']:,} | {' | '.join(gained)} |")
    return "\n".join(rows)


def _cuts(told: Mapping[str, Any]) -> str:
    rows = ["| cut | asked about | came | expected | AUC | Brier | RFM AUC | RFM Brier |", "|---" * 8 + "|"]
    for each in told["cuts"]:
        scores = (
            "–" if each[of] is None else f"{each[of]:.3f}" for of in ("auc", "brier", "rfm_auc", "rfm_brier")
        )
        rows.append(
            f"| {each['day']} | {each['n']} | {each['came']} | {each['said']:.0f} | {' | '.join(scores)} |"
        )
    return "\n".join(rows)


def _number(told: Mapping[str, float | None] | None, digits: int, sign: str = "") -> str:
    if told is None:
        return ""
    if told["value"] is None:
        return "–"
    ends = (
        "" if told["low"] is None else f" [{told['low']:{sign}.{digits}f}, {told['high']:{sign}.{digits}f}]"
    )
    return f"{told['value']:{sign}.{digits}f}{ends}".replace("-", "−")


def page_with(text: str, found: Mapping[str, Any]) -> str:
    """The page with its tables written anew between their marks."""
    before, rest = text.split(BEGINS)
    return f"{before}{BEGINS}\n\n{tables(found)}\n\n{ENDS}{rest.split(ENDS)[1]}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tables", action="store_true", help="write the tables from bench/validity.json")
    if not asked.parse_args().tables:
        found = {each.channel: {"title": each.title, "told": measured(each)} for each in communities()}
        FOUND.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page_with(PAGE.read_text(), json.loads(FOUND.read_text())))


if __name__ == "__main__":
    main()
