"""Opinion groups: the Polis exports, leave one conversation out; null conversations; speed.

`python bench/opinion_groups.py [FOLDER]` scores the groups that are found against those which Polis exported (adjusted
Rand index, on whoever both have), with the choices in the method made on the other four conversations; says why
housing is missed; lets conversations without any structure run through it; and measures speed. What it printed stands
in docs/methods/groups.md. `--quick` leaves out all but the scores of the shipped method.
"""

import csv
import resource
import sys
import time
from pathlib import Path

import numpy as np

from estime.cocreation.tally.groups.clusters import adjusted_rand, k_means
from estime.cocreation.tally.groups.projection import positions, project
from estime.cocreation.tally.groups.votes import from_matrix
from estime.cocreation.tally.groups.whole import opinion_groups

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "polis"
RED_DWARF = (0.459, 0.636, 1.000, 0.200, 0.117)
SUBSETS = 12
DEFAULT = "as shipped"


def conversation(folder):
    """Votes (NaN: none), which statements were moderated out, and Polis's group (−1: none)."""
    with open(folder / "participants-votes.csv", newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    with open(folder / "comments.csv", newline="", encoding="utf-8") as lines:
        out = {row["comment-id"] for row in csv.DictReader(lines) if row["moderated"] == "-1"}
    columns = [name for name in rows[0] if name.isdigit()]
    votes = np.array([[float(row[c]) if row[c] else np.nan for c in columns] for row in rows])
    group = np.array([int(row["group-id"]) if row["group-id"] else -1 for row in rows])
    return votes, np.array([c in out for c in columns]), group


def score(found, group):
    both = (found >= 0) & (group >= 0)
    return adjusted_rand(found[both], group[both])


def shipped(votes, out, k=2, least=1):
    table = from_matrix(votes[:, ~out])
    kept = np.flatnonzero(table.cast.sum(1) >= least)
    people = table.taken(kept)
    groups = np.full(len(votes), -1)
    groups[kept] = k_means(positions(people, project(people)), k)[0]
    return groups


def variant(votes, out, *, impute="mean", scale=None, zeroed=False, d=2, weight=None, starts=None):
    """The same pipeline with one step done otherwise, by numpy and scikit-learn."""
    from sklearn.cluster import KMeans
    from sklearn.mixture import GaussianMixture

    x = votes.copy()
    if zeroed:
        x[:, out] = 0
    else:
        x = x[:, ~out]
    cast = ~np.isnan(x)
    own = (~np.isnan(votes[:, ~out])).sum(1)
    kept = own > 0
    x, cast, own = x[kept], cast[kept], own[kept]
    mean = np.where(cast, x, 0).sum(0) / np.maximum(cast.sum(0), 1)
    if impute == "zero":
        filled = np.where(cast, x, 0)
        mean = filled.mean(0)
    elif impute == "pairwise":
        c, o = np.where(cast, x - mean, 0), cast.astype(float)
        loadings = np.linalg.eigh((c.T @ c) / (o.T @ o + 20))[1][:, ::-1][:, :d]
    else:
        filled = np.where(cast, x, mean)
    if impute == "low rank":
        for _ in range(30):
            mean = filled.mean(0)
            u, s, v = np.linalg.svd(filled - mean, full_matrices=False)
            filled = np.where(cast, x, mean + (u[:, :3] * (s[:3] - s[3])) @ v[:3])
    if impute != "pairwise":
        loadings = np.linalg.svd(filled - mean, full_matrices=False)[2][:d].T
    y = np.where(cast, x - mean, 0) @ loadings
    if scale is not None:
        y *= np.sqrt((x.shape[1] + scale) / (cast.sum(1) + scale))[:, None]
    w = {None: None, "votes": own.astype(float), "root": np.sqrt(own)}[weight]
    groups = np.full(len(votes), -1)
    if starts == "mixture":
        groups[kept] = GaussianMixture(2, n_init=10, random_state=0).fit_predict(y)
    elif starts == "one random":
        groups[kept] = KMeans(2, n_init=1, init="random", random_state=0).fit(y, sample_weight=w).labels_
    else:
        groups[kept] = KMeans(2, n_init=20, random_state=0).fit(y, sample_weight=w).labels_
    return groups


VARIANTS = {
    DEFAULT: shipped,
    "at least 4 votes": lambda v, o: shipped(v, o, least=4),
    "at least 7 votes (Polis)": lambda v, o: shipped(v, o, least=7),
    "sparse voters pushed out (Polis)": lambda v, o: variant(v, o, scale=0),
    "the same, damped by 20 votes": lambda v, o: variant(v, o, scale=20),
    "moderated out = 0, pushed out (Polis)": lambda v, o: variant(v, o, scale=0, zeroed=True),
    "missing = pass": lambda v, o: variant(v, o, impute="zero"),
    "missing by low rank": lambda v, o: variant(v, o, impute="low rank"),
    "pairwise covariance": lambda v, o: variant(v, o, impute="pairwise"),
    "1 component": lambda v, o: variant(v, o, d=1),
    "3 components": lambda v, o: variant(v, o, d=3),
    "5 components": lambda v, o: variant(v, o, d=5),
    "10 components": lambda v, o: variant(v, o, d=10),
    "people weigh √votes": lambda v, o: variant(v, o, weight="root"),
    "people weigh their votes": lambda v, o: variant(v, o, weight="votes"),
    "scikit-learn's k-means++, 20 starts": lambda v, o: variant(v, o),
    "k-means from one random start": lambda v, o: variant(v, o, starts="one random"),
    "Gaussian mixture": lambda v, o: variant(v, o, starts="mixture"),
    "3 groups": lambda v, o: shipped(v, o, k=3),
    "4 groups": lambda v, o: shipped(v, o, k=4),
}


def table_of_choices(sets):
    """Each variant on everybody, and on random 80 % of the people, by which choices are made."""
    whole, subsets = {}, {}
    for name, how in VARIANTS.items():
        whole[name], subsets[name] = [], []
        for votes, out, group in sets.values():
            rng = np.random.default_rng(0)
            whole[name].append(score(how(votes, out), group))
            rows = [np.sort(rng.permutation(len(votes))[: int(0.8 * len(votes))]) for _ in range(SUBSETS)]
            subsets[name].append(np.mean([score(how(votes[r], out), group[r]) for r in rows]))
    print("\nadjusted Rand index by choice: everybody (mean) | random 80 % of the people, mean of", SUBSETS)
    for name in VARIANTS:
        line = " ".join(f"{x:6.2f}" for x in whole[name]), " ".join(f"{x:6.2f}" for x in subsets[name])
        print(f"{name:38} {line[0]} ({np.mean(whole[name]):.3f}) | {line[1]} ({np.mean(subsets[name]):.3f})")
    return whole, {name: np.array(values) for name, values in subsets.items()}


def leave_one_out(sets, whole, subsets):
    print(
        "\nleave one conversation out: chosen on the other four (80 % subsets), scored on the fifth (everybody)"
    )
    cautious, greedy = [], []
    for j, name in enumerate(sets):
        others = np.arange(len(sets)) != j
        gain = {v: subsets[v][others] - subsets[DEFAULT][others] for v in VARIANTS}
        best = max(VARIANTS, key=lambda v: gain[v].mean())
        error = gain[best].std(ddof=1) / 2
        kept = best if gain[best].mean() > 2 * error > 0 else DEFAULT
        greedy.append(whole[best][j])
        cautious.append(whole[kept][j])
        print(
            f"   {name:36} cautious: {kept} {cautious[-1]:.3f}; greedy: {best} "
            f"(gain {gain[best].mean():.3f}, standard error {error:.3f}) {greedy[-1]:.3f}"
        )
    print(
        f"   mean: cautious {np.mean(cautious):.3f}, greedy {np.mean(greedy):.3f}, red-dwarf 0.4 {np.mean(RED_DWARF):.3f}"
    )


def shipped_scores(sets):
    print(
        "conversation: ARI, 95 % by drawing people to score [on 80 % of the people, 5 to 95 %]; red-dwarf; chance; verdict"
    )
    means, drawn_means = [], []
    for (name, (votes, out, group)), dwarf in zip(sets.items(), RED_DWARF, strict=True):
        found = opinion_groups(votes[:, ~out])
        rng = np.random.default_rng(0)
        both = np.flatnonzero((found.groups >= 0) & (group >= 0))
        drawn = [score(found.groups[r], group[r]) for r in rng.choice(both, (500, len(both)))]
        rows = [np.sort(rng.permutation(len(votes))[: int(0.8 * len(votes))]) for _ in range(60)]
        part = [score(shipped(votes[r], out), group[r]) for r in rows]
        chance = [score(rng.permutation(found.groups[both]), group[both]) for _ in range(100)]
        means.append(score(found.groups, group))
        drawn_means.append(drawn)
        told = found.stability
        print(
            f"{name}: {means[-1]:.3f} [{np.quantile(drawn, 0.025):.2f}, {np.quantile(drawn, 0.975):.2f}] "
            f"80 %: {np.mean(part):.2f} [{np.quantile(part, 0.05):.2f}, {np.quantile(part, 0.95):.2f}]; {dwarf}; "
            f"{np.mean(chance):.3f} (everybody in one group: 0); k {told.k}, sizes {found.sizes}, "
            f"{len(both)} scored, left out {len(found.left_out)}; "
            f"{'stable' if found.stable else found.reason}: strength "
            f"{ {k: round(v, 2) for k, v in told.strength.items()} }, halves {told.halves:.2f}, "
            f"found again {[round(x, 2) for x in told.found_again]}; unite {int(found.statements.uniting.sum())}, "
            f"divide {int(found.statements.dividing.sum())} of {(~out).sum()}"
        )
    low, high = np.quantile(np.mean(drawn_means, axis=0), (0.025, 0.975))
    print(f"mean {np.mean(means):.3f} [{low:.3f}, {high:.3f}]; red-dwarf {np.mean(RED_DWARF):.3f}")


def optima(sets):
    """How far k-means has one answer: its optima from many random starts, and from where Polis's groups stand."""
    from sklearn.cluster import KMeans
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    print(
        "\noptima of k-means (sum of squares relative to the best: ARI with Polis), and whether votes tell Polis's groups"
    )
    for name, (votes, out, group) in sets.items():
        people = from_matrix(votes[:, ~out])
        y = positions(people, project(people))
        seen = {}
        for seed in range(200):
            km = KMeans(2, n_init=1, init="random", random_state=seed).fit(y)
            seen.setdefault(round(km.inertia_), (km.inertia_, score(km.labels_, group)))
        best = min(seen)
        inside = group >= 0
        start = np.array([y[group == g].mean(0) for g in (0, 1)])
        polis = KMeans(2, init=start, n_init=1).fit(y)
        x = np.nan_to_num(votes[inside][:, ~out])
        told = cross_val_predict(
            LogisticRegression(C=0.1, max_iter=2000, class_weight="balanced"),
            np.hstack([x, ~np.isnan(votes[inside][:, ~out])]),
            group[inside],
            cv=StratifiedKFold(5, shuffle=True, random_state=0),
            method="predict_proba",
        )[:, 1]
        print(
            f"   {name}: "
            + ", ".join(f"{i / seen[best][0]:.3f}: {a:.2f}" for _, (i, a) in sorted(seen.items())[:5])
            + f"; started from Polis's centres {polis.inertia_ / seen[best][0]:.3f}: {score(polis.labels_, group):.2f}"
            + f"; AUC of a supervised model {roc_auc_score(group[inside], told):.2f}"
        )


def nulls(sets, copies=6):
    """Votes shuffled among those who voted on a statement: who voted stays, every opinion goes."""
    print("\nconversations without structure: called stable; statements told to divide; agreement of halves")
    stable = divide = unite = 0
    halves = []
    for votes, out, _ in sets.values():
        for seed in range(copies):
            rng = np.random.default_rng(seed)
            x = votes[:, ~out].copy()
            for j in range(x.shape[1]):
                cast = np.flatnonzero(~np.isnan(x[:, j]))
                x[cast, j] = rng.permutation(x[cast, j])
            found = opinion_groups(x)
            stable += found.stable
            divide += int(found.statements.dividing.sum() > 0)
            unite += int(found.statements.dividing.sum())
            halves.append(found.stability.halves)
    n = copies * len(sets)
    print(
        f"   {n} conversations: {stable} called stable; {divide} with a dividing statement ({unite} statements in all); "
        f"halves agree by {np.mean(halves):.2f}, at most {max(halves):.2f}"
    )


def made_up(people, statements, votes, seed=0):
    """Two camps of unequal size that differ on half of the statements; votes thinly spread."""
    rng = np.random.default_rng(seed)
    camp = rng.random(people) < 0.35
    lean = np.where(np.arange(statements) % 2 == 0, 0.6, 0.0)
    filled = rng.random((people, statements)) < votes / (people * statements)
    chance = 0.5 + 0.5 * lean * np.where(camp[:, None], -1, 1)
    return np.where(filled, np.where(rng.random((people, statements)) < chance, 1.0, -1.0), np.nan), camp


def speed():
    print("\nspeed and memory (two camps made up)")
    for people, statements, votes, resample in (
        (2_000, 200, 120_000, False),
        (2_000, 200, 120_000, True),
        (33_000, 800, 2_000_000, False),
        (33_000, 800, 2_000_000, True),
    ):
        x, camp = made_up(people, statements, votes)
        begun = time.perf_counter()
        found = opinion_groups(x, resample=resample)
        took = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"   {people} × {statements}, {int((~np.isnan(x)).sum())} votes, {'with' if resample else 'without'} resampling: "
            f"{took:.2f} s, peak of the process {peak:.2f} GB, ARI with the camps {score(found.groups, camp.astype(int)):.2f}"
        )


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    folder = Path(arguments[0]) if arguments else FOLDER
    sets = {path.name: conversation(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    if "--speed" not in sys.argv:
        shipped_scores(sets)
    if "--quick" in sys.argv:
        return
    if "--speed" not in sys.argv:
        leave_one_out(sets, *table_of_choices(sets))
        optima(sets)
        nulls(sets)
    speed()


if __name__ == "__main__":
    main()
