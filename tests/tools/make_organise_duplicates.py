"""The golden files of crates/organise's duplicates: what well-known libraries make of the same pictures.

    python tests/tools/make_organise_duplicates.py            # write tests/golden/organise/duplicates/
    python tests/tools/make_organise_duplicates.py --check    # make them anew and compare

With the versions in requirements.txt, and ImageHash 4.3.2.
"""

import argparse
import io
import json
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image
from scipy import ndimage

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "organise" / "duplicates"
SHARP = 256
NOISE, FULL, BLOCK = 4.0, 16.0, 0.6


def pictures():
    """Small pictures of the repository's photographs, and a few numbers' worth of noise."""
    sizes = {"bee": (96, 76), "cat": (64, 51), "coffee": (60, 40), "dandelion": (40, 70), "moose": (33, 17)}
    for name, size in sizes.items():
        yield name, Image.open(ROOT / f"assets/samples/{name}.jpg").convert("RGB").resize(size, Image.Resampling.LANCZOS)
    noise = np.random.default_rng(1).integers(0, 256, (24, 24, 3), np.uint8)
    yield "noise", Image.fromarray(noise).resize((48, 48), Image.Resampling.BICUBIC)


def area_means(values, left, top, width, height, across, down, fine):
    """Means over cells whose corners lie on `fine`ths of a pixel: each pixel is cut into fine × fine."""
    rows, columns = values.shape
    cut = np.kron(values, np.ones((fine, fine)))
    xs = np.round((left + width * np.arange(across + 1) / across) * columns * fine, 6)
    ys = np.round((top + height * np.arange(down + 1) / down) * rows * fine, 6)
    assert (xs % 1 == 0).all() and (ys % 1 == 0).all(), (xs, ys)
    xs, ys = xs.astype(int), ys.astype(int)
    return [cut[y0:y1, x0:x1].mean() for y0, y1 in zip(ys, ys[1:]) for x0, x1 in zip(xs, xs[1:])]


def look(name, picture):
    # `convert("L")` is BT.601; sharpness is Var(Δg) / Var(g) of the inner pixels.
    grey = picture.convert("L")
    factor = SHARP / max(grey.size)
    large = grey.resize([max(1, round(side * factor)) for side in grey.size], Image.Resampling.BILINEAR)
    large = np.asarray(large, dtype=float)
    sharpness = ndimage.laplace(large)[1:-1, 1:-1].var() / large[1:-1, 1:-1].var()
    rgb = np.asarray(picture, dtype=float).mean(axis=(0, 1))
    matrix = np.array([[-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    values = np.asarray(grey, dtype=float)
    return {
        "picture": f"{name}.png",
        "dhash": "".join("01"[bit] for bit in imagehash.dhash(picture).hash.astype(int).ravel()),
        "sharpness": sharpness,
        "grey": area_means(values, 0, 0, 1, 1, 4, 4, 4),
        "colours": list(matrix @ rgb),
    }


def cells():
    random = np.random.default_rng(2)
    for rows, columns, part, across, down, fine in [
        (6, 8, (0, 0, 1, 1), 4, 3, 1),
        (6, 8, (0, 0, 1, 1), 16, 16, 8),
        (16, 24, (0.125, 0.25, 0.75, 0.5), 8, 8, 4),
        (16, 16, (3.5 / 16, 1.25 / 16, 12 / 16, 14 / 16), 8, 16, 8),
        (1, 1, (0, 0, 1, 1), 2, 2, 2),
    ]:
        values = random.integers(0, 256, (rows, columns)).astype(float)
        yield {
            "columns": columns, "part": part, "across": across, "down": down, "values": values.ravel().tolist(),
            "cells": area_means(values, *part, across, down, fine),
        }


def correlation(a, b):
    covariance = np.cov(a.ravel(), b.ravel(), bias=True)
    within = np.sqrt((covariance[0, 0] + NOISE) * (covariance[1, 1] + NOISE))
    return covariance[0, 1] / within, np.sqrt(covariance[0, 0] * covariance[1, 1])


def agreements():
    """Of 16 × 16 cells: blocks of 4 × 4, every 2, each by min(σ_a σ_b, 16²)."""
    random = np.random.default_rng(3)
    base = ndimage.gaussian_filter(random.standard_normal((16, 16)) * 120, 1)
    over = base.copy()
    over[9:15, 8:15] = random.integers(-100, 100, (6, 7))
    flat = base.copy()
    flat[:8] = 3
    for a, b in [
        (base, base),
        (base, 0.4 * base + 30),
        (base, -base),
        (base, over),
        (base, base + 12 * random.standard_normal(base.shape)),
        (flat, base),
        (base, ndimage.gaussian_filter(random.standard_normal((16, 16)) * 120, 1)),
        (np.zeros((16, 16)), base),
    ]:
        a, b = np.round(a, 2), np.round(b, 2)
        found = [
            correlation(a[y : y + 4, x : x + 4], b[y : y + 4, x : x + 4])
            for y in range(0, 13, 2) for x in range(0, 13, 2)
        ]
        weights = np.array([min(spread, FULL**2) for _, spread in found])
        each = np.array([one for one, _ in found])
        whole = weights.sum()
        blocks = weights @ each / whole if whole > 0 else 0
        share = weights @ (each >= BLOCK) / whole if whole > 0 else 0
        order = np.argsort(each, kind="stable")
        median = each[order][np.searchsorted(weights[order].cumsum(), whole / 2)] if whole > 0 else 0
        found = [correlation(a, b)[0], blocks, median, share]
        yield {"a": a.ravel().tolist(), "b": b.ravel().tolist(), "agreement": found}


def files():
    made = {}
    looks = []
    for name, picture in pictures():
        file = io.BytesIO()
        picture.save(file, "PNG", optimize=True)
        made[f"{name}.png"] = file.getvalue()
        looks.append(look(name, picture))
    golden = {"looks": looks, "cells": list(cells()), "agreements": list(agreements())}
    made["golden.json"] = (json.dumps(golden) + "\n").encode()
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    differs = []
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        path = GOLDEN / name
        if not path.exists() or path.read_bytes() != content:
            differs.append(name)
            if not check:
                path.write_bytes(content)
    print("differs: " + ", ".join(differs) if differs else "nothing differs")
    raise SystemExit(1 if check and differs else 0)


if __name__ == "__main__":
    main()
