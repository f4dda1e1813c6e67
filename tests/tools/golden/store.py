"""Writing goldens, and comparing freshly made ones with those that are committed."""

import json
import math
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import load_file, save_file

# Floats may differ by this much between machines (thread counts, instruction sets); everything else is exact.
TOLERANCE = 2e-6


def write_json(path: Path, value) -> None:
    """One line a list item at the first two levels, so that a diff names the case that changed."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def short(v):
        return json.dumps(v, ensure_ascii=True, separators=(", ", ": "))

    if isinstance(value, dict):
        rows = []
        for key, v in value.items():
            if isinstance(v, list) and v and isinstance(v[0], (dict, list)):
                rows.append(f"{short(key)}: [\n  " + ",\n  ".join(short(x) for x in v) + "\n ]")
            else:
                rows.append(f"{short(key)}: {short(v)}")
        text = "{\n " + ",\n ".join(rows) + "\n}\n"
    else:
        text = short(value) + "\n"
    path.write_text(text)


def write_tensors(path: Path, tensors: dict[str, np.ndarray]) -> None:
    """A safetensors file of contiguous arrays, in sorted order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}, path)


def differences(fresh: Path, committed: Path) -> list[str]:
    """Sentences: what differs between two folders of goldens. Empty: nothing beyond the tolerance."""
    names = {str(p.relative_to(root)) for root in (fresh, committed) for p in root.rglob("*") if p.is_file()}
    out = []
    for name in sorted(names):
        a, b = fresh / name, committed / name
        if not b.exists():
            out.append(f"{name}: made now, but not committed")
        elif not a.exists():
            out.append(f"{name}: committed, but not made any more")
        elif a.read_bytes() != b.read_bytes():
            out += [f"{name}: {what}" for what in compare(a, b)]
    return out


def compare(a: Path, b: Path) -> list[str]:
    """What differs in content between two files of the same kind."""
    if a.suffix == ".json":
        return compare_json(json.loads(a.read_text()), json.loads(b.read_text()), "")
    if a.suffix == ".safetensors":
        return compare_tensors(raw_tensors(a), raw_tensors(b))
    if a.suffix == ".png":
        x, y = (np.asarray(Image.open(p)) for p in (a, b))
        return [] if x.shape == y.shape and (x == y).all() else ["the pixels differ"]
    return ["the bytes differ"]


def compare_json(a, b, at: str) -> list[str]:
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            return [f"{at}: keys {sorted(a.keys() ^ b.keys())} are on one side only"]
        return [d for k in a for d in compare_json(a[k], b[k], f"{at}.{k}")]
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return [f"{at}: {len(a)} items made now, {len(b)} committed"]
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in compare_json(x, y, f"{at}[{i}]")]
    if isinstance(a, float) and isinstance(b, float):
        return (
            [] if math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) else [f"{at}: {a} made now, {b} committed"]
        )
    return [] if a == b else [f"{at}: {a!r} made now, {b!r} committed"]


def raw_tensors(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a file; bf16, which numpy lacks, as its bits."""
    try:
        return load_file(path)
    except (KeyError, TypeError, ValueError, AttributeError):
        from safetensors.torch import load_file as load_torch

        return {k: v.float().numpy() for k, v in load_torch(path).items()}


def compare_tensors(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> list[str]:
    out = [f"tensor {k} is on one side only" for k in sorted(a.keys() ^ b.keys())]
    for k in sorted(a.keys() & b.keys()):
        x, y = a[k], b[k]
        if x.shape != y.shape or x.dtype != y.dtype:
            out.append(f"tensor {k}: {x.dtype}{x.shape} made now, {y.dtype}{y.shape} committed")
            continue
        far = float(np.abs(x.astype(np.float64) - y.astype(np.float64)).max(initial=0.0))
        size = 1.0 + float(np.abs(y.astype(np.float64)).max(initial=0.0)) if x.dtype.kind == "f" else 0.0
        if far > TOLERANCE * size:
            out.append(f"tensor {k}: the largest difference is {far:g}")
    return out
