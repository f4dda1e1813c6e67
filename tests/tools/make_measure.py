"""The golden files of crates/measure: what well-known libraries make of the same numbers.

    python tests/tools/make_measure.py            # write tests/golden/measure/
    python tests/tools/make_measure.py --check    # make them anew and compare

With the versions in requirements.txt. Logits and cosines are multiples of 1/256, which f32 and JSON hold exactly.
"""

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.special import erfc, log_softmax, softmax
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

GOLDEN = Path(__file__).parents[1] / "golden" / "measure"
RESAMPLES = 9999


def exact(numbers):
    return np.round(np.asarray(numbers) * 256) / 256


def bootstrap(samples, statistic, method="percentile", vectorized=False):
    found = stats.bootstrap(
        samples, statistic, paired=True, vectorized=vectorized, method=method,
        n_resamples=RESAMPLES if vectorized else 2000, rng=np.random.default_rng(0),
    ).confidence_interval
    return [found.low, found.high]


def mean_interval(numbers, method="percentile"):
    return bootstrap((numbers,), np.mean, method, vectorized=True)


# Evaluation


def case(seed, counts, strength, noise=1.0, step=None):
    """`counts`: pictures a class; the logits are `strength` times noise, with 1 more at the true class."""
    random = np.random.default_rng(seed)
    truths = np.repeat(np.arange(len(counts)), counts)
    random.shuffle(truths)
    logits = noise * random.standard_normal((len(truths), len(counts)))
    logits[np.arange(len(truths)), truths] += 1
    logits = strength * logits
    return exact(np.round(logits / step) * step if step else logits), truths


def cases():
    perfect, truths = case(5, [9, 9, 9, 9, 9, 9], 4, noise=0.05)
    return {
        "two": case(1, [60, 40], 3, noise=0.8),
        "two, ties": case(2, [20, 20], 2, step=1.0),
        "three": case(3, [30, 40, 10], 3, noise=0.7),
        "twelve, two of them without pictures": case(4, [20, 9, 0, 14, 3, 30, 1, 0, 25, 8, 12, 6], 4, noise=0.7),
        "twelve, ties": case(6, [8] * 12, 2, step=1.0),
        "six, far apart": case(7, [10] * 6, 40, noise=0.6),
        "six, perfect": (perfect, truths),
        "six, all wrong": (perfect, (truths + 1) % 6),
        "seven, all equal": (np.zeros((21, 7)), np.repeat(np.arange(7), 3)),
    }


def order(logits):
    """Of equal classes the later one first, as `top_k_accuracy_score` sorts them."""
    return np.argsort(logits, axis=1, kind="stable")[:, ::-1]


def top_k(logits, truths, k):
    # A third class that nothing is taken for keeps scikit-learn from treating two as a binary score.
    padded = np.hstack([logits, np.full((len(logits), 1), -1e9)])
    return metrics.top_k_accuracy_score(truths, padded, k=k, labels=np.arange(padded.shape[1]))


def average_precision(scores, truths, label):
    return metrics.average_precision_score(truths == label, scores[:, label]) if np.any(truths == label) else np.nan


def mean_average_precision(scores, truths):
    return np.nanmean([average_precision(scores, truths, label) for label in range(scores.shape[1])])


def log_probabilities(logits):
    """The order of the probabilities, also of those that f64 rounds to 1; to ten digits, so that equal logits in another order
    give the same."""
    below = logits - logits.max(axis=1, keepdims=True)
    rest = np.sort(np.exp(below), axis=1)[:, :-1].sum(axis=1, keepdims=True)
    logs = below - np.log1p(rest)
    return np.array([float(f"{log:.10g}") for log in logs.ravel()]).reshape(logs.shape)


def evaluation(logits, truths):
    classes = np.arange(logits.shape[1])
    scores = log_probabilities(logits)
    places = order(logits)
    answers, top = places[:, 0], min(5, len(classes))
    ranks = np.argmax(places == truths[:, None], axis=1)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truths, answers, labels=classes, zero_division=np.nan
    )
    matrix = metrics.confusion_matrix(truths, answers, labels=classes)
    right = [(ranks < k).astype(float) for k in (1, top)]
    found = {"classes": len(classes), "truths": truths, "logits": logits.ravel()}
    found["ranks"], found["answers"], found["top"] = ranks, answers, places[:, :top].ravel()
    found["probability"] = softmax(logits, axis=1).max(axis=1)
    for name, k, right in zip(("top1", "top5"), (1, top), right):
        varied = right.min() < right.max()
        found[name] = {
            "share": top_k(logits, truths, k),
            "wilson": proportion_confint(int(right.sum()), len(right), method="wilson"),
            "percentile": mean_interval(right) if varied else [right[0], right[0]],
            "bca": mean_interval(right, "BCa") if varied else [right[0], right[0]],
        }
    found["precision"], found["recall"], found["f1"], found["counts"] = precision, recall, f1, np.bincount(truths, minlength=len(classes))
    found["cells"] = [[t, a, matrix[t, a]] for t, a in np.argwhere(matrix)]
    found["balanced"] = metrics.balanced_accuracy_score(truths, answers)
    found["average_precision"] = [average_precision(scores, truths, label) for label in classes]
    found["map"] = mean_average_precision(scores, truths)
    places = np.arange(len(truths))
    found["map_interval"] = bootstrap(
        (places,), lambda drawn: mean_average_precision(scores[drawn], truths[drawn]), "basic"
    )
    found["log_loss"] = -np.mean(log_softmax(logits, axis=1)[places, truths])
    found["brier"] = metrics.brier_score_loss(truths, softmax(logits, axis=1), labels=classes, scale_by_half=False)
    found["confidence"] = np.mean(softmax(logits, axis=1).max(axis=1))
    return found


def evaluations():
    return {"cases": [{"name": name, **evaluation(*case)} for name, case in cases().items()]}


# Comparison


def newcombe(a, b, c, d):
    """Method 10 of Newcombe (1998), no library has it: over statsmodels' Wilson intervals."""
    n = a + b + c + d
    p1, p2 = (a + b) / n, (a + c) / n
    (l1, u1), (l2, u2) = (proportion_confint(k, n, method="wilson") for k in (a + b, a + c))
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    q = a * d - b * c
    q = max(q - n / 2, 0) if q > 0 else q
    phi = q / np.sqrt(margins) if margins else 0.0
    low = np.sqrt(max((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2, 0))
    high = np.sqrt(max((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2, 0))
    return [p1 - p2 - low, p1 - p2 + high]


def comparison(a, b, c, d):
    exact_form = b + c < 25
    test = mcnemar([[a, b], [c, d]], exact=exact_form, correction=True)
    differences = np.repeat([0.0, 1.0, -1.0, 0.0], [a, b, c, d])
    varied = b + c > 0
    return {
        "cells": [a, b, c, d],
        "exact": exact_form,
        "statistic": test.statistic,
        "p": test.pvalue,
        "interval": newcombe(a, b, c, d),
        "percentile": mean_interval(differences) if varied else [0.0, 0.0],
    }


def comparisons():
    tables = [
        (36, 12, 2, 0), (20, 1, 9, 13), (50, 0, 0, 10), (10, 3, 3, 4), (100, 12, 12, 76), (100, 12, 13, 75),
        (100, 30, 12, 58), (300, 20, 60, 120), (5, 24, 0, 0), (5, 25, 0, 0), (0, 0, 40, 0), (0, 7, 5, 0), (1, 0, 1, 0),
        (1500, 180, 120, 200), (0, 40, 30, 0),
    ]
    lists = [[0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.9], [0.05], [1.0, 0.0, 0.5, 0.5, 0.011, 0.0125]]
    return {
        "cases": [comparison(*table) for table in tables],
        "holm": [{"p": p, "adjusted": multipletests(p, method="holm")[1]} for p in lists],
    }


# Distributions and two samples


def two_samples():
    random = np.random.default_rng(11)
    normal = random.standard_normal
    samples = {
        "alike": (normal(40), normal(101)),
        "moved": (normal(60) + 0.7, normal(101)),
        "wider": (2.5 * normal(80), normal(101)),
        "as many": (normal(50), normal(50) + 0.4),
        "nothing in common": (normal(30) + 20, normal(101)),
        "ties": (np.round(normal(45)), np.round(normal(70) + 0.3)),
        "all equal": (np.zeros(12), np.zeros(9)),
        "one": (normal(1), normal(7)),
        "a far tail": (normal(400) + 1, normal(101)),
    }
    made = []
    for name, (one, other) in samples.items():
        one, other = exact(one), exact(other)
        found = stats.ks_2samp(one, other, method="exact")
        made.append({
            "name": name, "one": one, "other": other, "d": found.statistic, "p": found.pvalue,
            "wasserstein": stats.wasserstein_distance(one, other),
        })
    points = [0.0, 0.01, 0.3, 1.0, 2.0, 2.49, 2.5, 3.0, 5.0, 8.0]
    tails = [[t, nu, 2 * stats.t.sf(t, nu)] for t in (0.0, 0.1, 1.0, 2.5, 12.0) for nu in (1, 2, 5, 30, 199, 50000)]
    quantiles = [[p, nu, stats.t.isf(p / 2, nu)] for p in (0.5, 0.05, 0.001) for nu in (1, 2, 5, 30, 199, 50000)]
    return {"cases": made, "erfc": [[x, erfc(x)] for x in points], "t": tails, "quantiles": quantiles}


# Domain and templates


def statistics(labels, neutral, scale):
    ordered = np.sort(labels, axis=1)
    p = softmax(scale * labels, axis=1)
    entropy = stats.entropy(p, axis=1)
    found = {
        "bestCosine": ordered[:, -1],
        "margin": ordered[:, -1] - ordered[:, -2],
        "entropy": entropy,
        "normalisedEntropy": entropy / np.log(labels.shape[1]),
    }
    if neutral is not None:
        found["bestLessNeutral"] = ordered[:, -1] - neutral.max(axis=1)
    return found


def pictures(random, count, classes, captions, strength):
    labels = 0.15 + 0.02 * random.standard_normal((count, classes))
    labels[np.arange(count), random.integers(0, classes, count)] += strength
    neutral = 0.15 + 0.02 * random.standard_normal((count, captions)) if captions else None
    return exact(labels), None if neutral is None else exact(neutral)


def domain():
    made = []
    for number, (name, count, classes, captions, strength, scale) in enumerate([
        ("usual", 90, 8, 3, 0.08, 100), ("less sure", 60, 8, 3, 0.03, 100), ("two classes, no captions", 33, 2, 0, 0.05, 50),
    ]):
        random = np.random.default_rng(20 + number)
        known, usual_neutral = pictures(random, 300, classes, captions, 0.08)
        labels, neutral = pictures(random, count, classes, captions, strength)
        reference, found = statistics(known, usual_neutral, scale), statistics(labels, neutral, scale)
        compared = {}
        for statistic, numbers in found.items():
            quantiles = np.quantile(reference[statistic], (np.arange(101) + 0.5) / 101).astype(np.float32)
            quantiles = quantiles.astype(np.float64)
            test = stats.ks_2samp(numbers, quantiles, method="exact")
            d = lambda drawn: stats.ks_2samp(drawn, quantiles, method="asymp").statistic
            compared[statistic] = {
                "quantiles": quantiles, "quartiles": np.quantile(numbers, [0.25, 0.5, 0.75]),
                "place": stats.percentileofscore(quantiles, np.median(numbers), kind="mean") / 100,
                "d": test.statistic, "p": test.pvalue,
                "wasserstein": stats.wasserstein_distance(numbers, quantiles),
                "basic": bootstrap((numbers,), d, "basic"),
            }
        empty = np.array([])
        made.append({
            "name": name, "classes": classes, "captions": captions, "scale": scale,
            "known": known.ravel(), "known_neutral": empty if neutral is None else usual_neutral.ravel(),
            "labels": labels.ravel(), "neutral": empty if neutral is None else neutral.ravel(),
            "statistics": compared,
        })
    return {"cases": made}


def information(logits):
    """Of `pictures × views × classes` logits: mean entropy, marginal entropy."""
    p = softmax(logits, axis=2)
    entropies = stats.entropy(p, axis=2)
    kept = max(1, int(0.1 * logits.shape[1]))
    confident = np.argsort(entropies, axis=1, kind="stable")[:, :kept]
    p = np.take_along_axis(p, confident[:, :, None], axis=1).mean(axis=1)
    return p, [stats.entropy(p, axis=1).mean(), stats.entropy(p.mean(axis=0))]


def templates():
    made = []
    for name, count, views, classes, strengths in [
        ("one view", 60, 1, 5, [3, 4, 1, 3]), ("twenty views", 30, 20, 4, [2, 2.5]), ("two classes", 25, 1, 2, [1, 1]),
    ]:
        random = np.random.default_rng(40 + views + classes)
        truths = random.integers(0, classes, count)
        all_logits = []
        for strength in strengths:
            logits = random.standard_normal((count, views, classes))
            logits[np.arange(count), :, truths] += strength
            all_logits.append(exact(logits))
        seen = [information(logits) for logits in all_logits]
        present = seen[0][0]

        def difference(p):
            def of(drawn):
                score = lambda p: stats.entropy(p[drawn].mean(axis=0)) - stats.entropy(p[drawn], axis=1).mean()
                return score(p) - score(present)
            return of

        intervals = [bootstrap((np.arange(count),), difference(p)) for p, _ in seen[1:]]
        made.append({
            "name": name, "views": views, "classes": classes, "logits": [logits.ravel() for logits in all_logits],
            "entropies": [entropies for _, entropies in seen], "intervals": intervals,
        })
    return {"cases": made}


# Bias


def shifts():
    random = np.random.default_rng(50)
    made = []
    for name, groups, count, attributes in [("two groups", 2, 40, 3), ("three groups", 3, 25, 2), ("two pictures", 2, 2, 1)]:
        scale = 100.0
        base = exact(0.2 + 0.03 * random.standard_normal((groups, count)))
        cosines = base[:, :, None] + 0.02 * random.standard_normal((groups, count, attributes))
        cosines[0, :, 0] += 0.01
        cosines = exact(cosines)
        excess = cosines - base[:, :, None]
        rows = []
        for group in range(1 if groups == 2 else groups):
            shift = scale * (excess[group] - np.delete(excess, group, axis=0).mean(axis=0))
            for attribute in range(attributes):
                s = shift[:, attribute]
                low, high = stats.t.interval(0.95, count - 1, loc=s.mean(), scale=stats.sem(s))
                rows.append({
                    "group": group, "attribute": attribute, "mean": s.mean(), "interval": [low, high],
                    "d": s.mean() / s.std(ddof=1), "p": stats.ttest_1samp(s, 0).pvalue,
                    "towards_a": np.mean(s > 0), "towards_b": np.mean(s < 0), "percentile": mean_interval(s),
                })
        adjusted = multipletests([row["p"] for row in rows], method="holm")[1]
        rows = [{**row, "holm": p} for row, p in zip(rows, adjusted)]
        made.append({
            "name": name, "groups": groups, "attributes": attributes, "scale": scale,
            "cosines": cosines.reshape(groups, -1), "bases": base, "shifts": rows,
        })
    return made


def associations():
    random = np.random.default_rng(60)
    made = []
    for targets, a, b, moved in [(2, 1, 1, 0.0), (4, 3, 2, 0.03), (6, 4, 4, 0.01), (8, 2, 3, 0.05)]:
        cosines = 0.6 + 0.03 * random.standard_normal((2 * targets, a + b))
        cosines[:targets, :a] += moved
        cosines = exact(cosines)
        s = cosines[:, :a].mean(axis=1) - cosines[:, a:].mean(axis=1)
        x, y = s[:targets], s[targets:]
        test = stats.permutation_test(
            (x, y), lambda x, y, axis: x.sum(axis=axis) - y.sum(axis=axis), vectorized=True, n_resamples=np.inf,
            alternative="greater",
        )
        made.append({
            "targets": targets, "a": a, "b": b, "cosines": cosines.ravel(),
            "d": (x.mean() - y.mean()) / s.std(ddof=1), "p": test.pvalue,
        })
    return made


PARTS = {
    "evaluate.json": evaluations,
    "compare.json": comparisons,
    "statistics.json": two_samples,
    "domain.json": domain,
    "templates.json": templates,
    "bias.json": lambda: {"cases": shifts(), "associations": associations()},
}


def plain(value):
    """NumPy's numbers as Python's, to ten digits; what is no number as null."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(inner) for inner in value]
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float):
        return None if np.isnan(value) else float(f"{value:.10g}")
    return value


def differences(at, found, expected, tolerance=2e-6):
    """Where two values of JSON differ; numbers by more than `tolerance` of the greater."""
    if isinstance(expected, dict) and isinstance(found, dict) and found.keys() == expected.keys():
        return [line for key in expected for line in differences(f"{at}/{key}", found[key], expected[key])]
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected))
        return [line for i, (one, other) in pairs for line in differences(f"{at}/{i}", one, other)]
    if isinstance(expected, float) and isinstance(found, (int, float)):
        same = abs(found - expected) <= tolerance * max(1.0, abs(found), abs(expected))
        return [] if same else [f"{at}: {found} instead of {expected}"]
    return [] if found == expected else [f"{at}: {found} instead of {expected}"]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with what lies there")
    check = arguments.parse_args().check
    warnings.filterwarnings("ignore", message=".*(A single label was found|y_pred contains classes not in y_true).*")
    warnings.filterwarnings("ignore", category=UserWarning)
    wrong = []
    for name, make in PARTS.items():
        text = json.dumps(plain(make()), separators=(",", ":"))
        if check:
            wrong += differences(name, json.loads(text), json.loads((GOLDEN / name).read_text()))
        else:
            GOLDEN.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(text + "\n")
    if wrong:
        raise SystemExit("\n".join(wrong))
