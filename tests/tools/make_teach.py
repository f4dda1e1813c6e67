"""The golden files of crates/teach: what well-known libraries make of the same numbers.

    python tests/tools/make_teach.py            # write tests/golden/teach/
    python tests/tools/make_teach.py --check    # make them anew and compare

With the versions in requirements.txt. Logits are multiples of 1/256, which f32 and JSON hold exactly.
"""

import argparse
import json
import math
import warnings
from pathlib import Path

import numpy as np
from cleanlab.count import get_confident_thresholds
from cleanlab.filter import find_label_issues
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, logsumexp, softmax
from scipy.stats import binomtest, bootstrap
from sklearn import metrics

from teach.methods import methods

GOLDEN = Path(__file__).parents[1] / "golden" / "teach"


def exact(numbers):
    return np.round(np.asarray(numbers) * 256) / 256


def case(seed, counts, strength, noise=1.0, offsets=None, flipped=0.0, step=None):
    """`counts`: examples a class; the logits are `strength` times noise, with 1 more at the true class."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts)
    random.shuffle(labels)
    logits = noise * random.standard_normal((len(labels), len(counts)))
    logits[np.arange(len(labels)), labels] += 1
    logits = strength * logits + (0 if offsets is None else np.asarray(offsets))
    if step:
        logits = np.round(logits / step) * step
    wrong = random.random(len(labels)) < flipped
    labels = np.where(wrong, random.integers(0, len(counts), len(labels)), labels)
    return exact(logits), labels


def cases():
    return {
        "two, balanced": case(1, [60, 60], 4),
        "two, one of them rare": case(2, [90, 10], 1, noise=0.8),
        "three, far too sure": case(3, [40, 30, 30], 12, noise=0.6),
        "three, not sure enough, some mislabelled": case(4, [50, 60, 40], 4, noise=0.2, flipped=0.1),
        "ten, each class with a bias": case(
            5, [30] * 10, 5, noise=0.5, offsets=np.linspace(-2, 3, 10)
        ),
        "ten, down to a single example": case(6, [60, 50, 40, 30, 20, 10, 5, 3, 2, 1], 6, noise=0.5, flipped=0.05),
        "three, ties": case(7, [15, 15, 15], 2, step=1.0),
        "three, perfect": case(8, [12, 12, 12], 4, noise=0.1),
        "four, one of them without examples": case(9, [25, 25, 25, 0], 3),
        "two, always wrong": (exact([[3, 0], [2.5, 1], [0, 4], [1, 1.5]]), np.array([1, 1, 0, 0])),
        "two, perfect with three examples": (exact([[2, 0], [0, 1], [3, 1]]), np.array([0, 1, 0])),
    }


def least(function):
    """Over log T, by a grid and Brent's bounded search between its best point's neighbours."""
    bounds = math.log(1e-3), math.log(1e3)
    grid = np.linspace(*bounds, 401)
    best = grid[np.argmin([function(point) for point in grid])]
    step = grid[1] - grid[0]
    around = max(best - step, bounds[0]), min(best + step, bounds[1])
    found = minimize_scalar(function, bounds=around, method="bounded", options={"xatol": 1e-10})
    return math.exp(found.x)


def temperature(logits, labels):
    own = logits[np.arange(len(labels)), labels]
    targets = np.eye(logits.shape[1])[labels]
    if np.all(own == logits.max(axis=1)):
        share = 1 / (len(labels) + 2)
        others = np.where(targets == 1, -np.inf, logits)
        targets = (1 - share) * targets + share * np.eye(logits.shape[1])[others.argmax(axis=1)]
    return least(lambda log_t: -np.mean(np.sum(targets * log_softmax(logits / math.exp(log_t), axis=1), axis=1)))


def marked(logits, marks):
    """`marks`: [example, class, is]."""
    spread = math.log(2)

    def objective(log_t):
        scaled = logits * math.exp(-log_t)
        loss = 0.0
        for example, label, right in marks:
            own = scaled[example, label]
            rest = own if right else logsumexp(np.delete(scaled[example], label))
            loss += logsumexp(scaled[example]) - rest
        return loss + log_t**2 / (2 * spread**2)

    return least(objective)


def vector_scaling(logits, labels, t):
    classes = logits.shape[1]
    counts = np.bincount(labels, minlength=classes)
    if len(labels) < 20 * classes or counts.min() < 5:
        return None

    def objective(numbers):
        v, b = np.split(numbers, 2)
        logs = log_softmax(logits / t * v + b, axis=1)
        wrong = np.exp(logs) - np.eye(classes)[labels]
        gradient = np.concatenate([np.sum(wrong * logits / t, axis=0) + v - 1, np.sum(wrong, axis=0) + b])
        loss = -logs[np.arange(len(labels)), labels].sum()
        return loss + 0.5 * (np.sum((v - 1) ** 2) + np.sum(b**2)), gradient

    start = np.concatenate([np.ones(classes), np.zeros(classes)])
    found = minimize(objective, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 2000})
    v, b = np.split(found.x, 2)
    return {"scale": list(v / t), "bias": list(b)}


def calibration(logits, labels, folds):
    """Each kind's held-out log loss, the chosen one last."""
    losses = {"asIs": log_loss(softmax(logits, axis=1), labels)}
    parts = {"temperature": np.zeros_like(logits), "vector": np.zeros_like(logits)}
    for fold in np.unique(folds):
        out, rest = folds == fold, folds != fold
        t = temperature(logits[rest], labels[rest])
        parts["temperature"][out] = logits[out] / t
        vector = vector_scaling(logits[rest], labels[rest], t)
        if vector and "vector" in parts:
            parts["vector"][out] = logits[out] * vector["scale"] + vector["bias"]
        else:
            parts.pop("vector", None)
    for kind, calibrated in parts.items():
        losses[kind] = log_loss(softmax(calibrated, axis=1), labels)
    return {"losses": losses, "kind": min(losses, key=losses.get)}


def log_loss(probabilities, labels):
    return metrics.log_loss(labels, probabilities, labels=np.arange(probabilities.shape[1]))


def bins_of(confidence):
    """An edge is the lower bin's, and so is 1e-9 above it in units of bins: 1/3 is an edge."""
    return np.clip(np.ceil(confidence * 15 - 1e-9).astype(int), 1, 15) - 1


def ece(confidence, correct):
    bins = bins_of(confidence)
    return sum(abs(np.sum((confidence - correct)[bins == b])) for b in range(15)) / len(confidence)


def reliability(probabilities, labels):
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = bins_of(confidence)
    rows = [(int(np.sum(bins == b)), bins == b) for b in range(15)]
    interval = bootstrap(
        (confidence, correct.astype(float)),
        ece,
        paired=True,
        vectorized=False,
        method="percentile",
        n_resamples=5000,
        rng=np.random.default_rng(0),
    ).confidence_interval
    classes = np.arange(probabilities.shape[1])
    return {
        "bins": [[n, confidence[at].mean() if n else 0, correct[at].mean() if n else 0] for n, at in rows],
        "ece": ece(confidence, correct),
        "interval": [interval.low, interval.high],
        "brier": metrics.brier_score_loss(labels, probabilities, labels=classes, scale_by_half=False),
        "log_loss": log_loss(probabilities, labels),
        "accuracy": metrics.accuracy_score(labels, probabilities.argmax(axis=1)),
    }


def quality(logits, probabilities, labels):
    answers = logits.argmax(axis=1)
    classes = np.arange(logits.shape[1])
    matrix = metrics.confusion_matrix(labels, answers, labels=classes)
    precision, recall, f1, counts = metrics.precision_recall_fscore_support(
        labels, answers, labels=classes, zero_division=np.nan
    )
    interval = binomtest(int(np.trace(matrix)), len(labels)).proportion_ci(method="wilson")
    top = np.sort(probabilities, axis=1)
    margins = top[:, -1] - top[:, -2]
    right = np.diagonal(matrix)
    needs = (1 - (right + 1) / (counts + 2)) / (counts + 1)
    return {
        "cells": [[int(t), int(a), int(matrix[t, a])] for t, a in np.argwhere(matrix)],
        "precision": [None if np.isnan(x) else x for x in precision],
        "recall": [None if np.isnan(x) else x for x in recall],
        "f1": [None if np.isnan(x) else x for x in f1],
        "interval": [interval.low, interval.high],
        "balanced": metrics.balanced_accuracy_score(labels, answers),
        "margins": list(np.sort(margins)[:10]),
        "needs": [int(c) for c in np.argsort(-needs, kind="stable")],
    }


def mistakes(probabilities, labels):
    found = find_label_issues(
        labels,
        probabilities,
        filter_by="confident_learning",
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    confident = probabilities >= get_confident_thresholds(labels, probabilities) - 1e-6
    likely = np.where(confident.sum(axis=1) > 1, probabilities.argmax(axis=1), confident.argmax(axis=1))
    return [[int(i), int(labels[i]), int(likely[i]), probabilities[i, labels[i]]] for i in found]


def open_set(logits, labels, background):
    known, unknown = logsumexp(logits, axis=1), logsumexp(background, axis=1)
    correct = logits.argmax(axis=1) == labels
    truth = np.repeat([1, 0], [len(known), len(unknown)])
    scores = np.concatenate([known, unknown])
    refused, accepted, lines = metrics.roc_curve(truth, scores, drop_intermediate=False)
    allowed = np.flatnonzero(accepted >= 0.9)
    j = (accepted - refused)[allowed]
    best = allowed[np.flatnonzero(j >= j.max() - 1e-12)[-1]]
    kept = [known >= line for line in np.unique(known)[::-1]]
    line = np.quantile(known, 0.05)
    return {
        "energy": list(known),
        "energy_at_2": list(2 * logsumexp(logits[:20] / 2, axis=1)),
        "auroc": metrics.roc_auc_score(truth, scores),
        "auroc_max_logit": metrics.roc_auc_score(truth, np.concatenate([logits.max(axis=1), background.max(axis=1)])),
        "curve": [[np.mean(k), 1 - correct[k].mean()] for k in kept],
        "line": {"least": lines[best], "coverage": accepted[best], "refused": 1 - refused[best]},
        "line_alone": [line, np.mean(known >= line), 1 - correct[known >= line].mean()],
    }


def judge():
    made = []
    for number, (name, (logits, labels)) in enumerate(cases().items()):
        random = np.random.default_rng(100 + number)
        probabilities = softmax(logits, axis=1)
        folds = np.arange(len(labels)) % 5
        marks = [
            [int(i), int(logits[i].argmax()), bool(logits[i].argmax() == labels[i])]
            for i in random.permutation(len(labels))[:12]
        ]
        background = exact(random.standard_normal((40, logits.shape[1])) * np.std(logits))
        t = temperature(logits, labels)
        made.append(
            {
                "name": name,
                "classes": logits.shape[1],
                "labels": labels.tolist(),
                "logits": logits.ravel().tolist(),
                "temperature": t,
                "marks": marks,
                "marked": marked(logits, marks),
                "vector": vector_scaling(logits, labels, t),
                "calibration": calibration(logits, labels, folds),
                "reliability": reliability(probabilities, labels),
                "quality": quality(logits, probabilities, labels),
                "mistakes": mistakes(probabilities, labels),
                "background": background.ravel().tolist(),
                "open_set": open_set(logits, labels, background),
            }
        )
    points = [[8, 0.61], [16, 0.7], [32, 0.78], [64, 0.85], [128, 0.87]]
    slope, height = np.polyfit(*np.log([[n, 1 - accuracy] for n, accuracy in points]).T, 1)
    return {"cases": made, "curve": {"points": points, "a": math.exp(height), "b": -slope}}


PARTS = {"judge.json": judge, "methods.json": methods}


def plain(value):
    """NumPy's numbers as Python's, to ten digits."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    value = value.item() if isinstance(value, np.generic) else value
    return float(f"{value:.10g}") if isinstance(value, float) else value


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
