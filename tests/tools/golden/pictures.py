"""The pictures of the preprocessing goldens: made by formula, except the photographs, which are cut out of a sample."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

SAMPLE = Path(__file__).resolve().parents[2] / "pictures" / "photos" / "chelsea.jpg"


def png(width: int, height: int, depth: int, colour: int, deflated: bytes) -> bytes:
    """A PNG around compressed rows. `colour`: 0 grey, 2 RGB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", deflated) + chunk(b"IEND", b"")


def png16(pixels: np.ndarray) -> bytes:
    """A 16-bit RGB PNG, which Pillow cannot write. pixels: uint16 [H, W, 3]."""
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    return png(pixels.shape[1], pixels.shape[0], 16, 2, zlib.compress(rows, 9))


def waves(width: int, height: int, channels: int, seed: int) -> np.ndarray:
    """Smooth, coloured, without symmetry: uint8 [H, W, channels]."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    out = np.zeros((height, width, channels))
    for c in range(channels):
        for _ in range(4):
            fx, fy, phase = rng.uniform(-0.25, 0.25, 2).tolist() + [rng.uniform(0, 6.28)]
            out[..., c] += np.sin(fx * x + fy * y + phase)
    return np.round((out - out.min()) / max(float(np.ptp(out)), 1e-9) * 255).astype(np.uint8)


def noise(width: int, height: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def large() -> Image.Image:
    """3000 × 2000 in 16 colours: rings cut by slanted stripes. Large to decode, small as a file."""
    y, x = np.mgrid[0:2000, 0:3000]
    ring = (np.hypot(x - 1130, y - 870) // 160).astype(np.int64)
    stripe = (x + 2 * y) // 700
    picture = Image.fromarray(((ring + 5 * stripe) % 16).astype(np.uint8), "P")
    picture.putpalette([(37 * i * (k + 3) + 60 * k) % 256 for i in range(16) for k in range(3)])
    return picture


def make_all(folder: Path) -> list[str]:
    """Write every picture as PNG into `folder`; their names in order."""
    folder.mkdir(parents=True, exist_ok=True)
    cat = Image.open(SAMPLE).convert("RGB")
    pictures: dict[str, Image.Image] = {
        "photo-landscape": cat.resize((180, 120), Image.Resampling.LANCZOS),
        "photo-portrait": cat.crop((120, 20, 290, 275)).resize((100, 150), Image.Resampling.LANCZOS),
        "one-pixel": Image.new("RGB", (1, 1), (201, 77, 3)),
        "tall-1x400": Image.fromarray(waves(1, 400, 3, 1)),
        "tall-1x4000": Image.fromarray(waves(1, 4000, 3, 2)),
        "wide-4000x1": Image.fromarray(waves(4000, 1, 3, 3)),
        "tiny-5x3": Image.fromarray(noise(5, 3, 4)),
        "grey": Image.fromarray(waves(90, 70, 1, 5)[..., 0], "L"),
        "grey-alpha": Image.fromarray(waves(64, 50, 2, 6), "LA"),
        "grey-16": Image.fromarray(waves(61, 40, 1, 7)[..., 0].astype(np.uint16) * 257),
        "bilevel": Image.fromarray(waves(75, 58, 1, 8)[..., 0]).convert("1"),
        "rgba-partial": Image.fromarray(waves(70, 52, 4, 9), "RGBA"),
        "rgba-clear": Image.fromarray(np.dstack((noise(40, 40, 10), np.zeros((40, 40), np.uint8))), "RGBA"),
        "exact-32": Image.fromarray(waves(32, 32, 3, 11)),
        "odd-33x47": Image.fromarray(waves(33, 47, 3, 12)),
        "odd-47x33": Image.fromarray(waves(47, 33, 3, 13)),
        "checkerboard": Image.fromarray(((np.indices((67, 101)).sum(0) % 2) * 255).astype(np.uint8), "L"),
        "noise": Image.fromarray(noise(64, 48, 14)),
        "gradient": Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (40, 1)), "L"),
        "panorama": Image.fromarray(waves(400, 20, 3, 15)),
        "large-3000x2000": large(),
    }
    palette = Image.fromarray(waves(60, 60, 3, 16)).quantize(12, Image.Quantize.MEDIANCUT)
    for name, picture in pictures.items():
        picture.save(folder / f"{name}.png", optimize=True)
    palette.save(folder / "palette-transparent.png", optimize=True, transparency=bytes([0, 90, 255, 180]))
    # Every 16-bit value is 257 × an 8-bit one: rounding and dropping the low byte then agree.
    (folder / "rgb-16.png").write_bytes(png16(waves(48, 64, 3, 17).astype(np.uint16) * 257))
    return sorted([*pictures, "palette-transparent", "rgb-16"])


def on_white(picture: Image.Image) -> Image.Image:
    """
    What the model is shown of a picture: 8-bit RGB, transparency laid over white before anything else,
    round((c·a + 255·(255 − a)) / 255) per channel. (Hugging Face drops the alpha channel and shows what is beneath.)
    """
    if picture.mode.startswith("I"):
        picture = Image.fromarray(np.round(np.asarray(picture) / 257).astype(np.uint8), "L")
    if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info:
        rgba = np.asarray(picture.convert("RGBA")).astype(np.int64)
        c, a = rgba[..., :3], rgba[..., 3:]
        return Image.fromarray(((2 * (c * a + 255 * (255 - a)) + 255) // 510).astype(np.uint8), "RGB")
    return picture.convert("RGB")
