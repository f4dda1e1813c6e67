"""
Which training pictures show the same photograph as one of the external test's?

Normalised correlation of 16×16 grey thumbnails (squashed, and five square crops), within the same class. Writes
SHARDS/exclude.json: the rows, in load order, that data.load then drops, so that the external test stays wholly outside
training. Run once after prepare.py.

python tools/pocket/overlap.py --external EXTERNAL --shards SHARDS [--cache CACHE]
"""

import argparse
import json
import os

import numpy as np
from PIL import Image

import data as D


def thumbnail(picture):
    """Unit vector of the 256 centred grey values."""
    v = np.asarray(picture.convert("L").resize((16, 16), Image.BOX), np.float32).ravel()
    v -= v.mean()
    return v / (np.linalg.norm(v) + 1e-6)


def views(picture):
    """The picture squashed, and square crops from one end to the other."""
    w, h = picture.size
    n = min(w, h)
    corners = [(round(x * (w - n)), round(x * (h - n))) for x in (0, 0.25, 0.5, 0.75, 1)]
    return [picture] + [picture.crop((left, top, left + n, top + n)) for left, top in corners]


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--external", required=True, help="folder of the external test's pictures")
    a.add_argument("--shards", required=True)
    a.add_argument("--cache")
    a.add_argument("--size", type=int, default=48, help="side of the pictures to compare; the bundled model's run used 48")
    a.add_argument("--threshold", type=float, default=0.93)
    args = a.parse_args()
    table, d = D.load(args.shards, args.size, args.cache, exclude=False)
    training = ~d["test"]
    files = {f.split("_")[0]: f for f in os.listdir(args.external) if f.endswith(".JPEG")}
    hits, rows, best = {}, [], []
    for e in table["external"]:
        if e["leaf"] < 0:
            continue
        k = np.where(training & (d["cid"] == e["leaf"]))[0]
        mine = np.stack([thumbnail(Image.fromarray(d["x"][i])) for i in k])
        picture = Image.open(f"{args.external}/{files[e['wnid']]}").convert("L")
        correlation = np.max([mine @ thumbnail(view) for view in views(picture)], 0)
        best.append(float(correlation.max()))
        rows += k[correlation > args.threshold].tolist()
        if best[-1] > args.threshold:
            hits[e["wnid"]] = round(best[-1], 3)
    quantiles = np.quantile(best, [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 1]).round(3).tolist()
    print(f"compared {len(best)}, quantiles {quantiles}, over {args.threshold}: {len(hits)}")
    json.dump(dict(rows=sorted(rows), wnids=hits), open(args.shards + "/exclude.json", "w"))
    print(len(rows), "training pictures left out")


if __name__ == "__main__":
    main()
