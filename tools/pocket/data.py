"""The packed shards that prepare.py writes, as arrays."""

import glob
import io
import json
import lzma
import multiprocessing as mp
import os

import numpy as np
from PIL import Image

COLUMNS = ("cid", "set", "test", "extra", "px")
CHUNK = 1500


def decode(job):
    """(bytes of some JPEGs, their offsets, size) -> uint8 [n, size, size, 3]."""
    data, offsets, size = job
    x = np.empty((len(offsets) - 1, size, size, 3), np.uint8)
    for i in range(len(x)):
        picture = Image.open(io.BytesIO(data[offsets[i] : offsets[i + 1]])).convert("RGB")
        x[i] = np.asarray(picture if picture.size == (size, size) else picture.resize((size, size), Image.BICUBIC))
    return x


def load(shards, size, cache=None, exclude=True):
    """load_all without the rows that overlap.py found in the external test as well."""
    table, d = load_all(shards, size, cache)
    overlap = shards + "/exclude.json"
    if exclude and os.path.exists(overlap):
        keep = np.ones(len(d["cid"]), bool)
        keep[json.load(open(overlap))["rows"]] = False
        d = {name: v[keep] for name, v in d.items()}
    return table, d


def load_all(shards, size, cache=None):
    """
    -> table.json and a dictionary of arrays over all rows: x, uint8 [N, size, size, 3] (bicubic from the 64- or 32-pixel
    originals); cid, the concept (-1: captioned); set; test, held out; extra, the caption or external row; px, the original side.
    With `cache`, decoding is done once and kept there.
    """
    table = json.load(open(shards + "/table.json"))
    kept = cache and f"{cache}/x{size}.npz"
    if kept and os.path.exists(kept):
        return table, dict(np.load(kept))
    out = {k: [] for k in ("x", *COLUMNS)}
    with mp.get_context("fork").Pool(os.cpu_count()) as pool:
        for shard in sorted(glob.glob(shards + "/shard_*.npz.xz")):
            z = np.load(io.BytesIO(lzma.open(shard).read()))
            off, data = z["off"], z["data"]
            n = len(off) - 1
            jobs = []
            for a in range(0, n, CHUNK):
                b = min(a + CHUNK, n)
                jobs.append((data[off[a] : off[b]].tobytes(), off[a : b + 1] - off[a], size))
            out["x"] += pool.map(decode, jobs)
            for k in COLUMNS:
                out[k].append(z[k])
    d = {k: np.concatenate(v) for k, v in out.items()}
    if kept:
        os.makedirs(cache, exist_ok=True)
        np.savez(kept, **d)
    return table, d
