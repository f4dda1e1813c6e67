"""The golden files of crates/organise's tags and rules: what SciPy and NumPy make of the same numbers.

    python tests/tools/make_organise.py            # write tests/golden/organise/tagging/
    python tests/tools/make_organise.py --check    # make them anew and compare

With the versions in requirements.txt. Vectors are multiples of 1/256, which f32 and JSON hold exactly.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, logsumexp, softmax

GOLDEN = Path(__file__).parents[1] / "golden" / "organise" / "tagging"
PRIOR = 1.5


def exact(numbers):
    return (np.round(np.asarray(numbers) * 256) / 256).tolist()


def centres():
    """The maximum of the posterior, by a method that knows no derivative."""
    random = np.random.default_rng(1)
    cases = []
    for count in (0, 1, 1, 2, 3, 5, 10, 40, 200):
        scores = np.asarray(exact(random.normal(1, 2, count)))
        right = random.random(count) < expit(scores - random.normal())
        first = float(exact(random.normal()))

        def loss(centre):
            return (centre - first) ** 2 / (2 * PRIOR**2) - np.sum(np.where(right, log_expit(scores - centre), log_expit(centre - scores)))

        found = minimize_scalar(loss, bounds=(first - 500, first + 500), method="bounded", options={"xatol": 1e-10})
        cases.append({"first": first, "scores": scores.tolist(), "right": right.tolist(), "centre": float(found.x)})
    return cases


def cuts():
    """Every cut is tried."""
    random = np.random.default_rng(2)
    cases = []
    for count, step in ((0, 0), (1, 0), (20, 0), (200, 0), (200, 8), (1000, 16)):
        probabilities = random.beta(1, 2, count)
        if step:
            probabilities = np.round(probabilities * step) / step
        probabilities = np.asarray(exact(probabilities))
        for aim in (0.0, 0.3, 0.5, 0.8, 0.95, 1.0):
            ways = [(probabilities[probabilities >= least].mean(), least) for least in np.unique(probabilities)]
            good = [(least, mean, int((probabilities >= least).sum())) for mean, least in ways if mean >= aim - 1e-12]
            cases.append({"probabilities": probabilities.tolist(), "aim": aim, "cut": list(map(float, min(good))) if good else None})
    return cases


def unit(random, count, width):
    rows = random.standard_normal((count, width))
    return np.asarray(exact(rows / np.linalg.norm(rows, axis=1, keepdims=True)))


def rules():
    random = np.random.default_rng(3)
    cases = []
    for pictures, labels, against, scale in ((4, 1, 1, 20.5), (5, 3, 17, 100.0), (3, 6, 2, 1.0)):
        p, l, a = unit(random, pictures, 24), unit(random, labels, 24), unit(random, against, 24)
        with_, without = scale * p @ l.T, scale * p @ a.T
        shares = softmax(with_, axis=1)
        cases.append({
            "pictures": p.ravel().tolist(), "labels": l.ravel().tolist(), "against": a.ravel().tolist(), "width": 24, "scale": scale,
            "scores": (logsumexp(with_, axis=1) - logsumexp(without, axis=1)).tolist(),
            "best": with_.argmax(1).tolist(), "rival": without.argmax(1).tolist(), "shares": shares.max(1).tolist(),
        })
    return cases


def backgrounds():
    random = np.random.default_rng(4)
    cases = []
    for words, pictures in ((5, 301), (40, 64), (3, 8), (2, 1)):
        w, p = unit(random, words, 16), unit(random, pictures, 16)
        cosines = w @ p.T
        # Of an even number of them the upper one of the two.
        upper = lambda numbers: np.sort(numbers)[len(numbers) // 2] if len(numbers) else 0.0
        middle = np.array([upper(row) for row in cosines])
        own = np.array([1.4826 * upper(m - row[row < m]) for m, row in zip(middle, cosines)])
        spread = np.sqrt((pictures * own**2 + 20 * np.mean(own**2)) / (pictures + 20))
        spread = np.maximum(spread, 1e-6)
        z = ((cosines - middle[:, None]) / spread[:, None]).T
        r = (z - z.mean(1, keepdims=True)) / np.maximum(z.std(1, keepdims=True), 1e-6)
        cases.append({
            "words": w.ravel().tolist(), "pictures": p.ravel().tolist(), "width": 16, "middle": middle.tolist(), "spread": spread.tolist(),
            "z": z[:3].ravel().tolist(), "r": r[:3].ravel().tolist(),
        })
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    GOLDEN.mkdir(parents=True, exist_ok=True)
    rounded = lambda x: round(x, 12) if isinstance(x, float) else [rounded(y) for y in x] if isinstance(x, list) else {k: rounded(y) for k, y in x.items()} if isinstance(x, dict) else x
    for name, cases in (("centres", centres()), ("cuts", cuts()), ("rules", rules()), ("backgrounds", backgrounds())):
        text = json.dumps({"cases": rounded(cases)}) + "\n"
        path = GOLDEN / f"{name}.json"
        if check and path.read_text() != text:
            raise SystemExit(f"{path} differs")
        if not check:
            path.write_text(text)


if __name__ == "__main__":
    main()
