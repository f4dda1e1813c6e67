"""How good groups and the map are, beside scikit-learn's on the same vectors.

    cargo run --release -p held-out -- groups
    cargo run --release -p semblance-organise --example times -- 10000 100000 > times.md
    python tests/tools/judge_groups.py [--folder target/xtask/groups] [--times times.md] [--write docs/groups.md]

With the versions in requirements.txt.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import normalized_mutual_info_score
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 10


def purity(labels, groups):
    return sum(np.bincount(labels[groups == group]).max() for group in np.unique(groups)) / len(labels)


def kept(vectors, points):
    """The mean share of a picture's nearest ones that are its nearest on the map, too."""
    near = lambda x: NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(x).kneighbors(x, return_distance=False)[:, 1:]
    return np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(near(vectors), near(points))])


def timed(work):
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("target/xtask/groups"))
    parser.add_argument("--times", type=Path)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    load = lambda name: np.load(options.folder / f"{name}.npy")
    vectors, labels = load("vectors"), load("labels").astype(int)
    seconds = dict(line.split() for line in (options.folder / "seconds.txt").read_text().split("\n") if line)
    kinds = labels.max() + 1
    lines = [
        "# Groups and the map, beside scikit-learn's",
        "",
        f"Written by `tests/tools/judge_groups.py` after `cargo run --release -p held-out -- groups`: {len(vectors)} of pocket's held-out pictures that are of one of {kinds} kinds (animal, vehicle, food …), all on the same vectors. NMI: normalised mutual information with the kinds; purity: the share of pictures whose kind is their group's most frequent one.",
        "",
        "| groups | by | NMI | purity | seconds |",
        "|--:|---|--:|--:|--:|",
    ]
    for count in (kinds, 60):
        ways = {
            "ours: small clusters, then Ward": (load(f"groups-{count}").astype(int), float(seconds["groups"])),
            "scikit-learn: Ward over all": timed(lambda: AgglomerativeClustering(count, linkage="ward").fit_predict(vectors)),
            "scikit-learn: k-means, best of 10": timed(lambda: KMeans(count, n_init=10, random_state=0).fit_predict(vectors)),
        }
        for name, (groups, took) in ways.items():
            lines.append(f"| {count} | {name} | {normalized_mutual_info_score(labels, groups):.3f} | {purity(labels, groups):.3f} | {took:.1f} |")
    lines += [
        "",
        f"The map: trustworthiness (Venna and Kaski 2001; 1 is best), and the share of the {NEIGHBOURS} nearest pictures that are the nearest on the map, too.",
        "",
        "| map | trustworthiness | neighbours kept | seconds |",
        "|---|--:|--:|--:|",
    ]
    maps = {
        "ours": (load("map"), float(seconds["map"])),
        "scikit-learn: t-SNE": timed(lambda: TSNE(init="pca", random_state=0).fit_transform(vectors)),
        "scikit-learn: two principal components": timed(lambda: PCA(2, random_state=0).fit_transform(vectors)),
    }
    for name, (points, took) in maps.items():
        lines.append(f"| {name} | {trustworthiness(vectors, points, n_neighbors=NEIGHBOURS):.3f} | {kept(vectors, points):.3f} | {took:.1f} |")
    lines += ["", "Ours ran natively on one thread, scikit-learn on all; a shared machine: the seconds say little more than their order."]
    text = "\n".join(lines) + "\n"
    if options.times:
        text += "\n## Times\n\nOn made-up clustered vectors of 512 numbers, one thread (`cargo run --release -p semblance-organise --example times -- 10000 100000`).\n\n" + options.times.read_text()
    print(text)
    if options.write:
        options.write.write_text(text)


if __name__ == "__main__":
    main()
