"""What scikit-learn, SciPy, PyTorch and the papers' formulas make of a few examples.

Vectors are whole numbers, which JSON and f32 hold exactly; whoever reads them makes them unit vectors. As CLIP's they lie in a cone, and
words in another one than pictures.
"""

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid

EPOCHS = 20
TRAINED = {"alpha": 1.0, "beta": 5.5}


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def case(seed, dim, counts, tests, scale, turned=False):
    """`counts`: examples a class. `turned`: every class has the first one's vectors with their numbers moved on, so that all means are
    equally long."""
    random = np.random.default_rng(seed)
    classes = len(counts)
    centres = random.standard_normal((classes, dim))
    pictures, texts = np.ones(dim), np.linspace(-1.5, 2, dim)
    labels, test_labels = np.repeat(np.arange(classes), counts), np.arange(tests) % classes
    vectors = pictures + centres[labels] + 1.6 * random.standard_normal((len(labels), dim))
    if turned:
        each = dim // classes
        centres = np.stack([np.roll(centres[0], each * label) for label in range(classes)])
        vectors = np.concatenate([np.roll(vectors[: counts[0]], each * label, axis=1) for label in range(classes)])
    test = pictures + centres[test_labels] + 1.6 * random.standard_normal((tests, dim))
    words = texts + 0.5 * centres + 0.4 * random.standard_normal((classes, dim))
    order = random.permutation(len(labels))
    whole = [np.round(64 * rows).astype(int) for rows in (vectors[order], test, words)]
    return {
        "dim": dim,
        "classes": classes,
        "logit_scale": scale,
        "labels": labels[order],
        "test_labels": test_labels,
        **dict(zip(("vectors", "test", "words"), whole)),
    }


def cases():
    return {
        "four, twelve of each": case(21, 32, [12] * 4, 200, 20.0),
        "three, from three to twenty-five": case(22, 16, [3, 9, 25], 200, 60.0),
        "four, whose means are equally long": case(23, 32, [8] * 4, 60, 100.0, turned=True),
    }


def from_words(train, labels, zero_shot, c):
    """V of src/probe.rs."""
    truth = np.eye(len(zero_shot))[labels]

    def objective(numbers):
        v = numbers.reshape(zero_shot.shape)
        logs = log_softmax(train @ (zero_shot + v).T, axis=1)
        loss = -np.mean(np.sum(truth * logs, axis=1)) + np.sum(v**2) / (2 * c * len(labels))
        gradient = (np.exp(logs) - truth).T @ train / len(labels) + v / (c * len(labels))
        return loss, gradient.ravel()

    options = {"ftol": 1e-16, "gtol": 1e-11, "maxiter": 20000, "maxfun": 40000}
    found = minimize(objective, np.zeros(zero_shot.size), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(zero_shot.shape)


def probes(train, labels, test):
    for c in (0.1, 1.0, 100.0):
        fitted = LogisticRegression(C=c, solver="lbfgs", tol=1e-8, max_iter=10000).fit(train, labels)
        yield {"strength": c, "probabilities": fitted.predict_proba(test).ravel()}


def probes_from_words(train, labels, test, zero_shot):
    for c in (0.1, 1.0, 100.0):
        v = from_words(train, labels, zero_shot, c)
        for a in (0.5, 1.0):
            yield {"strength": c, "ensemble": a, "logits": (test @ (zero_shot + a * v).T).ravel()}


def nearest(train, labels, test, scale, turned):
    """scikit-learn doesn't make centroids unit vectors. So it is given the means' directions; and the examples themselves, where all
    means are equally long and the nearest mean is that of the nearest direction."""
    classes = np.unique(labels)
    means = unit(np.stack([train[labels == label].mean(axis=0) for label in classes]))
    # Two about each mean: scikit-learn wants to see some deviation.
    directions = NearestCentroid().fit(np.concatenate([means + 0.01, means - 0.01]), np.tile(classes, 2))
    return {
        "logits": (scale * test @ means.T).ravel(),
        "directions": directions.predict(test),
        "centroids": NearestCentroid().fit(train, labels).predict(test) if turned else None,
    }


def cache(affinities, labels, classes, alpha, beta):
    return alpha * np.exp(-beta * (1 - affinities)) @ np.eye(classes)[labels]


def trained_keys(train, labels, zero_shot):
    """As the authors' `run_tip_adapter_F`, in f64; with up to 256 examples an epoch is one batch."""
    x, truth = torch.from_numpy(train), torch.from_numpy(labels)
    values = torch.nn.functional.one_hot(truth, len(zero_shot)).double()
    logits = x @ torch.from_numpy(zero_shot).T
    adapter = torch.nn.Linear(x.shape[1], len(x), bias=False).double()
    adapter.weight = torch.nn.Parameter(x.clone())
    optimizer = torch.optim.AdamW(adapter.parameters(), lr=1e-3, eps=1e-4, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        near = ((-1) * (TRAINED["beta"] - TRAINED["beta"] * adapter(x))).exp() @ values
        loss = torch.nn.functional.cross_entropy(logits + near * TRAINED["alpha"], truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    return adapter.weight.detach().numpy()


def tip_adapters(train, labels, test, zero_shot):
    """With the words, and without any; then with trained keys, which know nothing of the α and β that follow."""
    for words in (True, False):
        base = zero_shot if words else np.zeros_like(zero_shot)
        keys = trained_keys(train, labels, base)
        for alpha, beta, trained in ((1.0, 5.5, False), (3.0, 10.0, False), (3.0, 10.0, True)):
            near = cache(test @ (keys if trained else train).T, labels, len(base), alpha, beta)
            logits = (test @ base.T + near).ravel()
            setting = {"words": words, "alpha": alpha, "beta": beta, "keys": keys.ravel() if trained else None}
            yield {**setting, "logits": logits}


def methods():
    made = []
    for name, given in cases().items():
        train, test, words = (unit(given[key]) for key in ("vectors", "test", "words"))
        labels, scale = given["labels"], given["logit_scale"]
        zero_shot = scale * words
        found = {
            "probe": list(probes(train, labels, test)),
            "probe_from_words": list(probes_from_words(train, labels, test, zero_shot)),
            "nearest_mean": nearest(train, labels, test, scale, "equally long" in name),
            "tip_adapter": list(tip_adapters(train, labels, test, zero_shot)),
        }
        flat = {key: np.ravel(value) if isinstance(value, np.ndarray) else value for key, value in given.items()}
        made.append(rounded({"name": name, **flat, **found}))
    return {"cases": made}


def rounded(value):
    """Arrays as lists, to what the tests compare."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return np.round(value, 6).tolist() if isinstance(value, np.ndarray) else value
