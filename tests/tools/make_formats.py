"""
Make tests/pictures/formats/: one tiny picture in every variant of BMP and TIFF, every orientation in every format that
carries one, and animated PNGs that don't begin with their default picture; with the pixels that each must decode to.

    /tmp/golden/bin/python tests/tools/make_formats.py            # write (venv: see make_golden.py)
    /tmp/golden/bin/python tests/tools/make_formats.py --check    # exit 1 when a file would change

The pixels are those that went in, by the formats' specifications, and Pillow must read the same out of the file; what
it reads otherwise, or not at all, stands in OTHERWISE with the reason. Where something is lost on the way (JPEG) or
Pillow's way is the definition, they are Pillow's.
"""

import argparse
import io
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from formats import bmp, tiff, turned

HERE = Path(__file__).resolve().parents[1] / "pictures" / "formats"

# What Pillow makes of these is not what they say.
OTHERWISE = {
    "os2-short-24.bmp": "a header that it doesn't know",
    "info-16-444.bmp": "masks that it doesn't know",
    "info-32-rgb.bmp": "masks that it doesn't know",
    "info-32-ten-bits.bmp": "masks that it doesn't know",
    "v2-32-rgb.bmp": "masks that it doesn't know",
    "grey-16.tif": "everything above 255 becomes white",
    "grey-16-big-endian.tif": "everything above 255 becomes white",
    "grey-32.tif": "everything above 255 becomes white",
    "grey-float-unit.tif": "0 to 1 is black to nearly black",
    "grey-float-16.tif": "floating point of 16 bits is not read",
    "rgb-float-unit-big-endian.tif": "floating point in colour is not read",
    "rgb-big-endian-big.tif": "BigTIFF in this byte order is taken for TIFF",
    "animation-default-outside-rgb.png": "the default picture, which is no part of the animation",
    "animation-default-outside-rgba.png": "the same",
    "animation-default-outside-rgba-part.png": "the same",
    "animation-default-outside-grey.png": "the same",
    "animation-default-outside-rgb-16.png": "the same",
}

# What is not read, there: it must be refused with a sentence.
REFUSED: dict[str, list[str]] = {}


def everything() -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    pixels: dict[str, str] = {}
    rows = []
    variants = [(f"{name}.bmp", *rest) for name, *rest in bmp.variants()]
    variants += [(f"{name}.tif", *rest) for name, *rest in tiff.variants()]
    variants += [*turned.orientations(), *turned.animations()]
    for name, data, expected, tolerance in variants:
        expected = checked(name, data, expected, tolerance)
        assert name not in files, name
        files[name] = data
        height, width, _ = expected.shape
        key = pixels.setdefault(f"{width} {height} {expected.tobytes().hex()}", f"p{len(pixels)}")
        rows.append({"file": name, "pixels": key, "tolerance": tolerance, "refused": REFUSED.get(name, [])})
    shown = {key: dict(zip(("width", "height", "rgba"), text.split())) for text, key in pixels.items()}
    for one in shown.values():
        one["width"], one["height"] = int(one["width"]), int(one["height"])
    lists = [
        '"pixels": {\n  ' + ",\n  ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in shown.items()) + "\n }",
        '"files": [\n  ' + ",\n  ".join(json.dumps(row) for row in rows) + "\n ]",
    ]
    files["expected.json"] = ("{\n " + ",\n ".join(lists) + "\n}\n").encode()
    return files


def checked(name: str, data: bytes, expected: np.ndarray | None, tolerance: int) -> np.ndarray:
    """The pixels, once Pillow agrees."""
    try:
        theirs = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGBA"))
        off = "" if expected is None else difference(theirs, expected, tolerance)
    except Exception as error:  # whatever a decoder throws
        theirs, off = None, f"refused: {error}"
    if bool(off) != (name in OTHERWISE):
        raise SystemExit(f"{name}: Pillow's is {off or 'the same, though OTHERWISE says it is not'}")
    return theirs if expected is None else expected


def difference(theirs: np.ndarray, ours: np.ndarray, tolerance: int) -> str:
    if theirs.shape != ours.shape:
        return f"of another size, {theirs.shape}"
    # What is wholly transparent has no colour.
    seen = np.where(ours[..., 3:] == 0, 0, 1)
    most = int(np.abs(theirs.astype(int) * seen - ours.astype(int) * seen).max())
    return f"off by {most}" if most > tolerance else ""


def main() -> int:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file would change")
    check = a.parse_args().check
    files = everything()
    there = {path.name for path in HERE.glob("*")} if HERE.is_dir() else set()
    changed = [name for name, data in files.items() if name not in there or (HERE / name).read_bytes() != data]
    stale = sorted(there - files.keys())
    for name in changed + stale:
        print(f"{name}: {'is stale' if name in stale else 'differs' if name in there else 'is missing'}")
        if not check:
            HERE.mkdir(parents=True, exist_ok=True)
            (HERE / name).unlink() if name in stale else (HERE / name).write_bytes(files[name])
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes, {len(changed) + len(stale)} changed")
    return 1 if check and changed + stale else 0


if __name__ == "__main__":
    sys.exit(main())
