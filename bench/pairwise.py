"""Pairwise voting on the wiki surveys of data/pairs: held-out prediction, choice of the prior, speed.

`python bench/pairwise.py [FOLDER]` trains on the first 80 % of each survey's valid votes in time, scores the last
20 %, and prints log-loss and accuracy against two baselines, with paired bootstrap intervals over voters (sessions).
The width of the prior is chosen on the other surveys (leave one survey out). What it printed stands in
docs/methods/pairwise.md.
"""

import csv
import sys
import time
from pathlib import Path

import numpy as np

from estime.cocreation.tally.pairwise import PRIOR_SD, bradley_terry, comparisons, strengths
from estime.cocreation.tally.pairwise_next import answered, next_pair, pair_state

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "pairs"
WIDTHS = (0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0)
REPLICATES = 4000


def survey(path):
    """Votes in time: (better, worse, session) as arrays, and how many ideas."""
    with open(path, newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Valid"] == "TRUE"]
    rows.sort(key=lambda row: (row["Created at"], int(row["Vote ID"])))
    number = {}
    for row in rows:
        for side in ("Winner ID", "Loser ID"):
            number.setdefault(row[side], len(number))
    better = np.array([number[row["Winner ID"]] for row in rows])
    worse = np.array([number[row["Loser ID"]] for row in rows])
    session = np.unique([row["Session ID"] for row in rows], return_inverse=True)[1]
    return better, worse, session, len(number)


def predictions(better, worse, ideas, cut, width):
    """P(what happened) for each held-out vote: Bradley–Terry, win rates, a coin."""
    s = strengths(comparisons(better[:cut], worse[:cut], ideas), width)
    model = 1 / (1 + np.exp(s[worse[cut:]] - s[better[cut:]]))
    won = np.bincount(better[:cut], minlength=ideas) + 1.0
    rate = won / (won + np.bincount(worse[:cut], minlength=ideas) + 1.0)
    return {
        "Bradley–Terry": model,
        "win rates": rate[better[cut:]] / (rate[better[cut:]] + rate[worse[cut:]]),
        "coin": np.full(len(model), 0.5),
    }


def loss(p):
    return -np.log(p)


def right(p):
    return np.where(np.isclose(p, 0.5), 0.5, p > 0.5)


def interval(values, session, rng):
    """Mean and 95 % bootstrap interval, drawing voters; none for fewer than three voters."""
    if len(set(session)) < 3:
        return f"{values.mean():.3f}"
    names, row = np.unique(session, return_inverse=True)
    total, n = np.bincount(row, values), np.bincount(row)
    drawn = rng.integers(len(names), size=(REPLICATES, len(names)))
    means = total[drawn].sum(1) / n[drawn].sum(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def held_out(surveys):
    by_width = {
        name: [
            loss(predictions(b, w, n, int(0.8 * len(b)), width)["Bradley–Terry"]).mean() for width in WIDTHS
        ]
        for name, (b, w, _, n) in surveys.items()
    }
    votes = {name: 0.2 * len(values[0]) for name, values in surveys.items()}
    print("log-loss by width of the prior (standard deviation)")
    print("survey".ljust(20), *(f"{width:7}" for width in WIDTHS))
    for name, losses in by_width.items():
        print(name.ljust(20), *(f"{value:7.4f}" for value in losses))
    print()
    print(
        "survey, held-out votes (voters), prior chosen on the others | log-loss, accuracy, log-loss minus ours"
    )
    pooled = {}
    for name, (b, w, session, n) in surveys.items():
        others = [other for other in surveys if other != name]
        weight = np.array([votes[other] for other in others])
        table = np.array([by_width[other] for other in others])
        width = WIDTHS[int((weight @ table).argmin())]
        cut = int(0.8 * len(b))
        told = predictions(b, w, n, cut, width)
        report(f"{name}, {len(b) - cut} ({len(set(session[cut:]))}), {width}", told, session[cut:])
        offset = 1_000_000 * len(pooled.get("session", []))
        pooled.setdefault("session", []).append(session[cut:] + offset)
        for method, p in told.items():
            pooled.setdefault(method, []).append(p)
    session = np.concatenate(pooled.pop("session"))
    told = {method: np.concatenate(p) for method, p in pooled.items()}
    report(f"all, {len(session)} ({len(set(session))})", told, session)
    told = {
        method: np.concatenate(
            [predictions(b, w, n, int(0.8 * len(b)), PRIOR_SD)[method] for b, w, _, n in surveys.values()]
        )
        for method in told
    }
    report(f"all, with the default prior {PRIOR_SD}", told, session)


def report(title, told, session):
    print(title)
    ours = loss(told["Bradley–Terry"])
    for method, p in told.items():
        rng = np.random.default_rng(0)
        less = interval(loss(p) - ours, session, rng) if method != "Bradley–Terry" else ""
        print(
            "   ",
            method.ljust(14),
            interval(loss(p), session, rng),
            " ",
            interval(right(p), session, rng),
            " ",
            less,
        )


def adaptive(ideas=40, answers=600, worlds=20):
    """Does the chosen pair teach more than a random one? Correlation of found and true strengths, made-up worlds."""
    print(
        f"\nmade-up worlds: {ideas} ideas, {answers} answers, {worlds} worlds; rank correlation with the truth"
    )
    from scipy.stats import spearmanr

    found = {"chosen": [], "random": []}
    for world in range(worlds):
        truth = np.random.default_rng(world).normal(0, 1, ideas)
        for how in found:
            rng = np.random.default_rng([world, 1])
            state, better, worse = pair_state(comparisons([], [], ideas)), [], []
            for _ in range(answers):
                i, j = next_pair(state, [], rng) if how == "chosen" else rng.choice(ideas, 2, replace=False)
                i, j = (i, j) if rng.random() < 1 / (1 + np.exp(truth[j] - truth[i])) else (j, i)
                better.append(i)
                worse.append(j)
                state = answered(state, i, j) if how == "chosen" else state
            s = strengths(comparisons(better, worse, ideas))
            found[how].append((spearmanr(s, truth)[0], np.sqrt(((s - truth + truth.mean()) ** 2).mean())))
    for how, values in found.items():
        mean, sd = np.mean(values, 0), np.std(values, 0) / np.sqrt(worlds)
        print(
            f"   {how}: rank correlation {mean[0]:.3f} ± {1.96 * sd[0]:.3f}, error of log-odds {mean[1]:.3f} ± {1.96 * sd[1]:.3f}"
        )


def newcomers(ideas=30, late=10, before=600, after=100, worlds=20):
    """Ideas that join late: how well are they known soon after?"""
    print(f"\n{late} ideas join {ideas} others after {before} answers; {after} answers later")
    found = {"chosen": [], "random": []}
    everybody = ideas + late
    for world in range(worlds):
        truth = np.random.default_rng(world).normal(0, 1, everybody)
        for how in found:
            rng = np.random.default_rng([world, 2])
            first = rng.integers(0, ideas, before)
            second = (first + rng.integers(1, ideas, before)) % ideas
            won = rng.random(before) < 1 / (1 + np.exp(truth[second] - truth[first]))
            better, worse = list(np.where(won, first, second)), list(np.where(won, second, first))
            state = pair_state(comparisons(better, worse, everybody))
            for _ in range(after):
                i, j = (
                    next_pair(state, [], rng) if how == "chosen" else rng.choice(everybody, 2, replace=False)
                )
                i, j = (i, j) if rng.random() < 1 / (1 + np.exp(truth[j] - truth[i])) else (j, i)
                better.append(i)
                worse.append(j)
                state = answered(state, i, j)
            s = strengths(comparisons(better, worse, everybody))
            error = np.sqrt(((s - truth + truth.mean())[ideas:] ** 2).mean())
            met = np.bincount(better + worse, minlength=everybody)[ideas:].mean()
            found[how].append((error, met))
    for how, values in found.items():
        mean, sd = np.mean(values, 0), np.std(values, 0) / np.sqrt(worlds)
        print(
            f"   {how}: error of their log-odds {mean[0]:.3f} ± {1.96 * sd[0]:.3f}, each compared {mean[1]:.1f} times"
        )


def speed(ideas=500, answers=20_000):
    rng = np.random.default_rng(0)
    first = rng.integers(0, ideas, answers)
    second = (first + rng.integers(1, ideas, answers)) % ideas
    print(f"\nspeed, {ideas} ideas, {answers} answers")
    counted = comparisons(first, second, ideas)
    for name, call in {
        "bradley_terry": lambda: bradley_terry(counted),
        "strengths": lambda: strengths(counted),
        "pair_state": lambda: pair_state(counted),
    }.items():
        begun = time.perf_counter()
        call()
        print(f"   {name}: {1000 * (time.perf_counter() - begun):.0f} ms")
    state = pair_state(counted)
    times = []
    for _ in range(200):
        begun = time.perf_counter()
        pair = next_pair(state, [(1, 2), (5, 9)], rng)
        times.append(time.perf_counter() - begun)
        state = answered(state, *pair)
    print(
        f"   next_pair right after an answer: median {1000 * np.median(times):.2f} ms, worst {1000 * max(times):.2f} ms"
    )


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    files = sorted(folder.glob("*_votes.csv"))
    surveys = {path.stem.removeprefix("wikisurvey_").removesuffix("_votes"): survey(path) for path in files}
    for name, (b, _, session, n) in surveys.items():
        print(f"{name}: {len(b)} valid votes of {len(set(session))} voters on {n} ideas")
    held_out(surveys)
    adaptive()
    newcomers()
    speed()


if __name__ == "__main__":
    main()
