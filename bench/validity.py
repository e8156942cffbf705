"""The tables of docs/validity.md and docs/methods/durability.md: `python bench/validity.py`, ten minutes.

Each community comes into a fresh installation by `estime init`, `estime import` and `estime refresh`; then `estime
validate --json` runs as it is, nothing set, nothing chosen; once the forum comes with its product's names listed.
What it said is kept in bench/validity.json. `--only KEY` measures some of them anew, `--tables` none.
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
METHOD: Final = ROOT / "docs" / "methods" / "durability.md"
SAMPLES: Final = ROOT / "src" / "estime" / "cli" / "samples"
SHARED: Final = ROOT.parent / "shared" / "data"
FORUM: Final = SHARED / "community" / "slicer_forum_2017_2020.jsonl.gz"
CDNOW: Final = SHARED / "purchases" / "CDNOW_sample.txt"
NAMED: Final = ROOT / "bench" / "validity_targets.toml"
BEGINS, ENDS = "<!-- tables: bench/validity.py -->", "<!-- end of tables -->"
VOLATILE: Final = ("made_at",)
BASELINES: Final = ("rfm", "bg_nbd", "frequency", "recency", "like_count", "prevalence")
FELT: Final = ("without_affect", "without_tone", "affect_alone", "affect_dealt")
TARGETS: Final = "forum-targets"


class Community(NamedTuple):
    key: str
    title: str
    path: Path
    settings: str = ""
    """What its estime.toml says besides."""


def communities() -> list[Community]:
    """The forum and the shop, where the shared data are; Slack and Polis as they are shipped."""
    told = tomllib.loads((SAMPLES / "manifest.toml").read_text())["samples"]
    shared = [
        Community("forum", "Forum of a free software product", FORUM),
        Community(TARGETS, "The same forum, its product and parts of it listed", FORUM, NAMED.read_text()),
        Community("cdnow", "Purchases in a shop (CDNOW)", CDNOW),
    ]
    return [each for each in shared if each.path.exists()] + [
        Community(each["channel"], each["title"], SAMPLES / each["path"])
        for each in told
        if each["format"] in ("slack", "polis")
    ]


def measured(community: Community) -> dict[str, Any]:
    """What `estime validate --json` says of one community, in an installation of its own."""
    with tempfile.TemporaryDirectory() as home:
        channel = ("--channel", community.key)
        _estime(home, "init")
        with (Path(home) / "estime.toml").open("a") as settings:
            settings.write(community.settings)
        _estime(home, "import", str(_readable(community.path, Path(home))), *channel)
        _estime(home, "refresh")
        told: dict[str, Any] = json.loads(_estime(home, "validate", "--json", "--lang", "en", *channel))
    return {name: value for name, value in told.items() if name not in VOLATILE}


def _readable(path: Path, folder: Path) -> Path:
    """Purchases as a file that Estime reads: one act each, of somebody who accepts an offer."""
    if path != CDNOW:
        return path
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    lines = [
        f"{number},{who},{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00Z,Accept,{value}"
        for number, (who, _, day, _, value) in enumerate(rows, 1)
    ]
    made = folder / "purchases.csv"
    made.write_text("\n".join(("id,customer,date,type,amount", *lines)) + "\n")
    return made


def _estime(home: str, *words: str) -> str:
    environment = {**os.environ, "ESTIME_HOME": home}
    command = [sys.executable, "-m", "estime", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode > 1:  # 1: some rows were refused
        raise SystemExit(f"estime {' '.join(words)}: {done.stderr}")
    return done.stdout


def tables(found: Mapping[str, Any]) -> str:
    """All results as Markdown."""
    return "\n\n".join(_community(key, each["title"], each["told"]) for key, each in found.items())


def _community(key: str, title: str, told: Mapping[str, Any]) -> str:
    said = " ".join(told["words"])
    if told["outcome"] != "measured":
        return f"### {title}\n\n> {said}"
    head = f"### {title}\n\n> {said}\n\n{_facts(told)}"
    if key == TARGETS:  # all else is what it is without
        return "\n\n".join((head, _models({**told, "baselines": {}}, FELT), _affect(told)))
    return "\n\n".join((head, _models(told, tuple(told["ablations"])), _affect(told), _cuts(told)))


def _facts(told: Mapping[str, Any]) -> str:
    lines, share = told["calibration"], told["prevalence"]
    slope, intercept = (
        _number({"value": lines[name], "low": lines[f"{name}_low"], "high": lines[f"{name}_high"]}, 2)
        for name in ("slope", "intercept")
    )
    came = "how many came is not told of few" if share is None else f"{share:.3f} came"
    return (
        f"{told['n']:,} predictions about {told['persons']:,} people at {len(told['cuts'])} cuts; "
        f"{came}; slope {slope}, intercept {intercept}."
    )


def _models(told: Mapping[str, Any], ablations: tuple[str, ...]) -> str:
    each = {"**durability**": told["durability"]}
    each |= {name: told["baselines"][name] for name in BASELINES if name in told["baselines"]}
    each |= {name: told["ablations"][name] for name in ablations if name in told["ablations"]}
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
        rows.append(f"| {each['name']} | {each['n']:,} | {_count(each['came'])} | {' | '.join(gained)} |")
    others = {"toward": "toward the brand, by itself", "placebo": "alone, over readings dealt out at random"}
    whole = told["affect"][0]
    for name, words in others.items():
        if told[name]:
            gained = (_number(told[name][lead], 4, "+") for lead in ("auc_lead", "brier_lead"))
            rows.append(f"| {words} | {whole['n']:,} | {_count(whole['came'])} | {' | '.join(gained)} |")
    return "\n".join(rows)


def _cuts(told: Mapping[str, Any]) -> str:
    rows = ["| cut | asked about | came | expected | AUC | Brier | RFM AUC | RFM Brier |", "|---" * 8 + "|"]
    for each in told["cuts"]:
        scores = (
            "–" if each[of] is None else f"{each[of]:.3f}" for of in ("auc", "brier", "rfm_auc", "rfm_brier")
        )
        counts = (_count(each[of]) for of in ("n", "came", "said"))
        rows.append(f"| {each['day']} | {' | '.join((*counts, *scores))} |")
    return "\n".join(rows)


def _count(told: float | None) -> str:
    """A count; a dash where few people would be told."""
    return "–" if told is None else f"{told:,.0f}"


def _number(told: Mapping[str, float | None] | None, digits: int, sign: str = "") -> str:
    if told is None:
        return ""
    if told["value"] is None:
        return "–"
    ends = (
        "" if told["low"] is None else f" [{told['low']:{sign}.{digits}f}, {told['high']:{sign}.{digits}f}]"
    )
    return f"{told['value']:{sign}.{digits}f}{ends}".replace("-", "−")


def method_tables(found: Mapping[str, Any]) -> str:
    """The forum by cut, then every community in a row: AUC and Brier beside RFM."""
    cuts = found["forum"]["told"]["cuts"]
    lines = {
        "asked about": [_count(cut["n"]) for cut in cuts],
        "RFM logit": [f"{cut['rfm_auc']:.3f}" for cut in cuts],
        "durability": [f"{cut['auc']:.3f}" for cut in cuts],
    }
    rows = [f"| | {' | '.join(cut['day'] for cut in cuts)} |", "|---" * (len(cuts) + 1) + "|"]
    rows += [f"| {name} | {' | '.join(cells)} |" for name, cells in lines.items()]
    others = ["| | judged | durability AUC / Brier | RFM logit | AUC lead | Brier lead |", "|---" * 6 + "|"]
    others += [_in_a_row(each["title"], each["told"]) for key, each in found.items() if key != TARGETS]
    return "\n".join(rows) + "\n\n" + "\n".join(others)


def _in_a_row(title: str, told: Mapping[str, Any]) -> str:
    if told["outcome"] != "measured":
        return f"| {title} | {told['reason'].replace('_', ' ')}: told so | | | | |"
    rfm = told["baselines"]["rfm"]
    came = "few came" if told["prevalence"] is None else f"{told['prevalence']:.3f} came"
    few = "; too few to say" if told["few"] else ""
    judged = f"{told['n']:,} at {len(told['cuts'])} cuts, {came}{few}"
    both = (
        f"{each['auc']['value']:.3f} / {each['brier']['value']:.4f}" for each in (told["durability"], rfm)
    )
    leads = (_number(rfm[name], 4, "+") for name in ("auc_lead", "brier_lead"))
    return f"| {title} | {judged} | {' | '.join((*both, *leads))} |"


def page_with(text: str, made: str) -> str:
    """A page with its tables written anew between their marks."""
    before, rest = text.split(BEGINS)
    return f"{before}{BEGINS}\n\n{made}\n\n{ENDS}{rest.split(ENDS)[1]}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tables", action="store_true", help="write the tables from bench/validity.json")
    asked.add_argument("--only", nargs="*", default=[], metavar="KEY", help="measure these communities only")
    told = asked.parse_args()
    each = communities()
    found = json.loads(FOUND.read_text())
    if not told.tables:
        wanted = [one for one in each if not told.only or one.key in told.only]
        for one in wanted:
            found[one.key] = {"title": one.title, "told": measured(one)}
            ordered = {key: found[key] for key in [known.key for known in each] if key in found}
            FOUND.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")
            print(one.key, flush=True)
        found = ordered
    for page, made in ((PAGE, tables), (METHOD, method_tables)):
        page.write_text(page_with(page.read_text(), made(found)))


if __name__ == "__main__":
    main()
