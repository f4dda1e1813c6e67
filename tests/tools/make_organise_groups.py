"""The golden files of the groups and the map of crates/organise: what scikit-learn makes of the same vectors.

    python tests/tools/make_organise_groups.py            # write tests/golden/organise/groups/
    python tests/tools/make_organise_groups.py --check    # make them anew and compare

With the versions in requirements.txt. `vectors.i8` holds made-up clustered vectors as bytes, one row after another; both sides divide
each row by its length.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import normalized_mutual_info_score
from sklearn.neighbors import NearestNeighbors

GOLDEN = Path(__file__).parents[1] / "golden" / "organise" / "groups"
ROWS, WIDTH = 1500, 48
KINDS, CLASSES = 6, 18
WARD, PLANE = 160, 300
COUNTS = [1, 2, 3, 5, 8, 18, 40, 100, 159, 160]


def made():
    """Classes of unequal sizes in kinds, each spread in a few directions of its own more than in the rest, and some of no class."""
    random = np.random.default_rng(0)
    kinds = random.standard_normal((KINDS, WIDTH))
    centres = kinds[np.arange(CLASSES) % KINDS] + 0.8 * random.standard_normal((CLASSES, WIDTH))
    shares = random.gamma(2.0, size=CLASSES)
    labels = random.choice(CLASSES, size=ROWS, p=shares / shares.sum())
    own = random.standard_normal((CLASSES, 6, WIDTH))
    spread = np.einsum("nk,nkw->nw", random.standard_normal((ROWS, 6)), own[labels])
    vectors = centres[labels] + 0.25 * spread + 0.45 * random.standard_normal((ROWS, WIDTH))
    vectors[::25] = 1.3 * random.standard_normal((len(vectors[::25]), WIDTH))
    return np.clip(np.round(vectors * 24), -127, 127).astype(np.int8), labels


def unit(numbers):
    vectors = numbers.astype(np.float64)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def ward(vectors):
    vectors = vectors[:WARD]
    whole = AgglomerativeClustering(n_clusters=1, linkage="ward", compute_distances=True).fit(vectors)
    cuts = {}
    for count in COUNTS:
        cuts[count] = AgglomerativeClustering(n_clusters=count, linkage="ward").fit_predict(vectors).tolist()
    return {"rows": WARD, "heights": whole.distances_.tolist(), "cuts": cuts}


def kmeans(vectors, labels):
    cases = []
    for count in [4, 18, 60]:
        found = KMeans(n_clusters=count, n_init=10, random_state=0).fit(vectors)
        cases.append({
            "count": count,
            "inertia": found.inertia_,
            "nmi": normalized_mutual_info_score(labels, found.labels_),
        })
    agglomerated = AgglomerativeClustering(n_clusters=CLASSES, linkage="ward").fit_predict(vectors)
    return {
        "labels": labels.tolist(),
        "cases": cases,
        "ward": {"count": CLASSES, "groups": agglomerated.tolist(), "nmi": normalized_mutual_info_score(labels, agglomerated)},
    }


def pca(vectors):
    found = PCA(n_components=10, svd_solver="full").fit(vectors)
    return {
        "mean": found.mean_.tolist(),
        "variances": found.explained_variance_.tolist(),
        "plane": found.transform(vectors)[:, :2].ravel().tolist(),
        "components": found.components_[:3].ravel().tolist(),
    }


def kept(vectors, plane, k):
    there = NearestNeighbors(n_neighbors=k).fit(vectors).kneighbors(return_distance=False)
    here = NearestNeighbors(n_neighbors=k).fit(plane).kneighbors(return_distance=False)
    return np.mean([len(set(one) & set(other)) / k for one, other in zip(there, here)])


def embedding(vectors):
    plane = PCA(n_components=2, svd_solver="full").fit_transform(vectors[:PLANE]).astype(np.float32)
    few = vectors[:PLANE]
    cases = [
        {"k": k, "trustworthiness": trustworthiness(few, plane, n_neighbors=k), "kept": kept(few, plane, k)}
        for k in [1, 5, 10, 40]
    ]
    tsne = TSNE(init="pca", random_state=0, perplexity=30).fit_transform(vectors)
    return {
        "rows": PLANE,
        "plane": plane.ravel().tolist(),
        "cases": cases,
        "tsne": {"k": 10, "trustworthiness": trustworthiness(vectors, tsne, n_neighbors=10), "kept": kept(vectors, tsne, 10)},
    }


def plain(value):
    """NumPy's numbers as Python's, to eight digits."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    value = value.item() if isinstance(value, np.generic) else value
    return float(f"{value:.8g}") if isinstance(value, float) else value


def differences(at, found, expected, tolerance=1e-5):
    """Where two values of JSON differ; numbers by more than `tolerance` of the greater."""
    if isinstance(expected, dict) and isinstance(found, dict) and found.keys() == expected.keys():
        return [line for key in expected for line in differences(f"{at}/{key}", found[key], expected[key])]
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected))
        return [line for i, (one, other) in pairs for line in differences(f"{at}/{i}", one, other)]
    if isinstance(expected, float) and isinstance(found, (int, float)):
        # t-SNE adds up in another order on another machine, and goes another way.
        tolerance = 0.02 if "/tsne/" in at else tolerance
        same = abs(found - expected) <= tolerance * max(1.0, abs(found), abs(expected))
        return [] if same else [f"{at}: {found} instead of {expected}"]
    return [] if found == expected else [f"{at}: {found} instead of {expected}"]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with what lies there")
    check = arguments.parse_args().check
    numbers, labels = made()
    vectors = unit(numbers)
    parts = {
        "ward.json": ward(vectors),
        "kmeans.json": kmeans(vectors, labels),
        "pca.json": pca(vectors),
        "embedding.json": embedding(vectors),
    }
    wrong = []
    if check and numbers.tobytes() != (GOLDEN / "vectors.i8").read_bytes():
        wrong.append("vectors.i8: other vectors")
    if not check:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / "vectors.i8").write_bytes(numbers.tobytes())
    for name, part in parts.items():
        text = json.dumps(plain(part), separators=(",", ":"))
        if check:
            wrong += differences(name, json.loads(text), json.loads((GOLDEN / name).read_text()))
        else:
            (GOLDEN / name).write_text(text + "\n")
    if wrong:
        raise SystemExit("\n".join(wrong))
