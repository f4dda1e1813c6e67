"""
Make tests/pictures/: one small picture for every kind that must work, and ten files that must fail with a clear message.

    /tmp/golden/bin/python tests/tools/make_pictures.py            # write (venv: see make_golden.py)
    /tmp/golden/bin/python tests/tools/make_pictures.py --check    # exit 1 when a file would change

Every good picture shows the same scene, 96 × 64: a cat, and a coloured square in each corner (red, green / blue, yellow), so that a
test sees at once whether it stands upright and has its colours. expected.json says what each must decode to.
"""

import argparse
import io
import json
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from golden.pictures import png, png16, waves

HERE = Path(__file__).resolve().parents[1] / "pictures"
WIDTH, HEIGHT, CORNER = 96, 64, 24
RED, GREEN, BLUE, YELLOW = (220, 30, 40), (30, 160, 60), (30, 60, 200), (240, 200, 30)
CORNERS = [RED, GREEN, BLUE, YELLOW]


def scene() -> Image.Image:
    """The scene, upright."""
    picture = (
        Image.open(HERE / "photos" / "chelsea.jpg").convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    )
    for i, colour in enumerate(CORNERS):
        x, y = (WIDTH - CORNER) * (i % 2), (HEIGHT - CORNER) * (i // 2)
        picture.paste(colour, (x, y, x + CORNER, y + CORNER))
    return picture


def save(picture: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def exif(orientation: int) -> Image.Exif:
    tag = Image.Exif()
    tag[0x0112] = orientation
    return tag


# How the stored pixels of an EXIF orientation follow from the upright picture.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def oriented(orientation: int) -> bytes:
    """A JPEG whose EXIF tag turns its pixels upright."""
    how = STORED[orientation]
    stored = scene() if how is None else scene().transpose(how)
    return save(stored, "JPEG", quality=90, subsampling=0, exif=exif(orientation))


def svg(size: str) -> bytes:
    """The corners alone, as a drawing. `size`: width and height attributes, or nothing."""
    rects = [
        f'<rect x="{(WIDTH - CORNER) * (i % 2)}" y="{(HEIGHT - CORNER) * (i // 2)}" width="{CORNER}" height="{CORNER}" fill="rgb{c}"/>'
        for i, c in enumerate(CORNERS)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}viewBox="0 0 {WIDTH} {HEIGHT}">\n  '
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n  ' + "\n  ".join(rects) + "\n</svg>\n"
    ).encode()


def hostile_svg() -> bytes:
    """A drawing with a script and a link out: it may be drawn or refused, but nothing may run or be fetched."""
    inner = svg(f'width="{WIDTH}" height="{HEIGHT}" ').decode().replace("</svg>\n", "")
    script = "<script>document.title = 'script ran'; fetch('https://example.org/')</script>\n"
    return (
        inner + "  " + script + '  <image href="https://example.org/picture.png" width="9" height="9"/>\n</svg>\n'
    ).encode()


def see_through() -> Image.Image:
    """The corners opaque, the rest wholly transparent over black: on white it must come out white."""
    rgba = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    for i, colour in enumerate(CORNERS):
        x, y = (WIDTH - CORNER) * (i % 2), (HEIGHT - CORNER) * (i // 2)
        rgba.paste((*colour, 255), (x, y, x + CORNER, y + CORNER))
    return rgba


def animation() -> tuple[Image.Image, dict]:
    """First frame: the scene. Then plain magenta, which nobody should see."""
    other = Image.new("RGB", (WIDTH, HEIGHT), (255, 0, 255))
    return scene(), {"save_all": True, "append_images": [other, other], "duration": 100, "loop": 0}


def good() -> dict[str, tuple[bytes, dict]]:
    """name → (bytes, what it must decode to)."""
    picture = scene()
    first, frames = animation()
    grey = [[round(0.299 * r + 0.587 * g + 0.114 * b)] * 3 for r, g, b in CORNERS]

    def like(tolerance: int, **more) -> dict:
        return {
            "width": WIDTH,
            "height": HEIGHT,
            "corners": CORNERS,
            "centre": None,
            "tolerance": tolerance,
            "browser_only": False,
        } | more

    def plain(width: int, height: int, **more) -> dict:
        return like(0, width=width, height=height, corners=None, **more)

    sixteen = np.asarray(picture).astype(np.uint16) * 257
    white = [255, 255, 255]
    files = {f"exif-{n}.jpg": (oriented(n), like(8)) for n in STORED}
    files |= {
        "progressive.jpg": (save(picture, "JPEG", quality=90, progressive=True), like(12)),
        "grey.jpg": (save(picture.convert("L"), "JPEG", quality=90), like(8, corners=grey)),
        "cmyk.jpg": (save(picture.convert("CMYK"), "JPEG", quality=90), like(12)),
        "jpeg-named.png": (save(picture, "JPEG", quality=90, subsampling=0), like(8)),
        "rgb.png": (save(picture, "PNG", optimize=True), like(0)),
        "rgb-16.png": (png16(sixteen), like(1)),
        "grey-16.png": (
            save(Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257), "PNG"),
            like(2, corners=grey),
        ),
        "palette.png": (save(picture.quantize(64, Image.Quantize.MEDIANCUT), "PNG", optimize=True), like(12)),
        "alpha.png": (save(see_through(), "PNG", optimize=True), like(0, centre=white)),
        "alpha.webp": (save(see_through(), "WEBP", lossless=True), like(0, centre=white)),
        "one-pixel.png": (save(Image.new("RGB", (1, 1), RED), "PNG"), plain(1, 1, centre=RED)),
        "tall-1x4000.png": (save(Image.fromarray(waves(1, 4000, 3, 2)), "PNG", optimize=True), plain(1, 4000)),
        "wide-4000x1.png": (save(Image.fromarray(waves(4000, 1, 3, 3)), "PNG", optimize=True), plain(4000, 1)),
        "animated.gif": (save(first, "GIF", **frames), like(24)),
        "animated.webp": (save(first, "WEBP", lossless=True, **frames), like(0)),
        "animated.png": (save(first, "PNG", **frames), like(0)),
        "picture.webp": (save(picture, "WEBP", quality=90), like(12)),
        "picture.bmp": (save(picture, "BMP"), like(0)),
        "picture.avif": (
            save(picture, "AVIF", quality=90, subsampling="4:4:4", max_threads=1),
            like(12, browser_only=True),
        ),
        "sized.svg": (svg(f'width="{WIDTH}" height="{HEIGHT}" '), like(2, centre=white, browser_only=True)),
        # Without width and height a drawing has a shape but no size: which one is the reader's choice.
        "unsized.svg": (svg(""), like(2, width=None, height=None, centre=white, browser_only=True)),
    }
    return files


def bad() -> dict[str, tuple[bytes, str]]:
    """The ten bad files: name → (bytes, what is wrong)."""
    jpeg = oriented(1)
    corrupt = bytearray(save(scene(), "PNG", optimize=True))
    at = corrupt.index(b"IDAT") + 4
    middle = at + (len(corrupt) - at) // 3
    corrupt[middle : middle + 600] = np.random.default_rng(7).integers(0, 256, 600, dtype=np.uint8).tobytes()
    html = b"<!doctype html>\n<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("readme.txt", (2020, 1, 1, 0, 0, 0)), "This is an archive, not a picture.\n" * 4)
    return {
        "empty.jpg": (b"", "no bytes at all"),
        "text.jpg": (b"This is a text file that somebody renamed.\n" * 5, "a text file"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "a JPEG that ends half way"),
        "corrupt.png": (bytes(corrupt), "a PNG with garbage in the middle of its data; the checksum is wrong"),
        "bomb.png": (
            bomb(20_000),
            "a valid PNG of 20,000 × 20,000 pixels in a file of 50 kB; decoded it would take 1.6 GB",
        ),
        "zero-size.png": (png(0, 0, 8, 0, b""), "a PNG whose header says 0 × 0"),
        "random.webp": (np.random.default_rng(8).integers(0, 256, 700, dtype=np.uint8).tobytes(), "random bytes"),
        "page.png": (html, "a web page saved under a picture's name"),
        "truncated.gif": (save(scene(), "GIF")[:9], "a GIF that ends inside its header"),
        "archive.jpg": (archive.getvalue(), "a zip archive"),
    }


def bomb(side: int) -> bytes:
    """side × side black pixels, one bit each."""
    pack = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    return png(side, side, 1, 0, b"".join(pack.compress(row) for _ in range(side)) + pack.flush())


README = """# Pictures for the tests

`tests/tools/make_pictures.py` makes everything here but `photos/` (see `photos/CREDITS.md`); `--check` says what would change.

Every good picture shows the same scene, {width} × {height}: a cat with a {corner} × {corner} square of one colour in each corner,
and every one must come out upright and in colour. What each must decode to is in `expected.json`:
`{{ good: [{{ file, width, height, corners, centre, tolerance, browser_only }}], bad: [{{ file, what }}] }}`.

- `width`, `height`: of the upright picture. Null: the reader's choice.
- `corners`: RGB in the middle of the top left, top right, bottom left and bottom right square (12 pixels in from both edges), after
  transparency has been laid over white, within `tolerance` per channel. Null: not checked.
- `centre`: the same for the pixel in the middle.
- `browser_only`: the `image` crate, as the native tools use it, doesn't read it.

| file | bytes | what must come out |
|---|---|---|
{good}
| `hostile.svg` | {hostile} | has a script and a link to another site: drawn or refused, but nothing runs and nothing is fetched |

## bad/: ten files that must fail with a clear message, and leave the others alone

| file | bytes | what it is |
|---|---|---|
{bad}
"""

NOTES = {
    "exif-": "EXIF orientation {}: turned upright",
    "progressive.jpg": "progressive JPEG, halved colour resolution",
    "grey.jpg": "grey JPEG: the corners in grey",
    "cmyk.jpg": "four-channel JPEG, as the decoder turns it into RGB",
    "jpeg-named.png": "a JPEG under a wrong name: contents count, names don't",
    "rgb.png": "the scene, exactly",
    "rgb-16.png": "16 bits per channel, multiples of 257",
    "grey-16.png": "16-bit grey, multiples of 257",
    "palette.png": "64 colours",
    "alpha.png": "transparent between the corners: white there",
    "alpha.webp": "the same as WebP",
    "one-pixel.png": "1 × 1, red",
    "tall-1x4000.png": "1 × 4000",
    "wide-4000x1.png": "4000 × 1",
    "animated.gif": "the first of three frames; the others are magenta",
    "animated.webp": "the first of three frames",
    "animated.png": "the first of three frames",
    "picture.webp": "lossy WebP",
    "picture.bmp": "BMP",
    "picture.avif": "AVIF",
    "sized.svg": "a drawing with width and height",
    "unsized.svg": "a drawing with a viewBox only",
}


def note(name: str) -> str:
    return NOTES["exif-"].format(name[5]) if name.startswith("exif-") else NOTES[name]


def everything() -> dict[str, bytes]:
    """Every file below tests/pictures/ that this script owns."""
    fine, broken, hostile = good(), bad(), hostile_svg()
    files = {name: data for name, (data, _) in fine.items()} | {"hostile.svg": hostile}
    files |= {f"bad/{name}": data for name, (data, _) in broken.items()}
    rows = {
        "good": [{"file": name, **what} for name, (_, what) in fine.items()],
        "bad": [{"file": f"bad/{name}", "what": what} for name, (_, what) in broken.items()],
    }
    lines = [
        f' "{key}": [\n  ' + ",\n  ".join(json.dumps(row) for row in value) + "\n ]" for key, value in rows.items()
    ]
    files["expected.json"] = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    files["README.md"] = README.format(
        width=WIDTH,
        height=HEIGHT,
        corner=CORNER,
        hostile=len(hostile),
        good="\n".join(f"| `{name}` | {len(data):,} | {note(name)} |" for name, (data, _) in fine.items()),
        bad="\n".join(f"| `{name}` | {len(data):,} | {what} |" for name, (data, what) in broken.items()),
    ).encode()
    return files


def main() -> int:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file would change")
    check = a.parse_args().check
    files = everything()
    changed = [name for name, data in files.items() if not (HERE / name).exists() or (HERE / name).read_bytes() != data]
    for name in changed:
        print(f"{name}: {'differs' if (HERE / name).exists() else 'is missing'}, {len(files[name]):,} bytes made now")
        if not check:
            (HERE / name).parent.mkdir(parents=True, exist_ok=True)
            (HERE / name).write_bytes(files[name])
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes, {len(changed)} changed")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
