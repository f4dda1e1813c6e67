"""Every orientation in every format that can carry one, and animations that don't begin with the default picture."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from . import scene, tiff


def exif(orientation: int, order: str) -> bytes:
    """EXIF with one tag, in either byte order."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(bits: int, colour: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", scene.WIDTH, scene.HEIGHT, bits, colour, 0, 0, 0))


def deflated(pixels: np.ndarray) -> bytes:
    big_endian = pixels.astype(pixels.dtype.newbyteorder(">"))
    return zlib.compress(b"".join(b"\0" + row.tobytes() for row in big_endian), 9)


def save(picture: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def orientations() -> Iterator[tuple[str, bytes, np.ndarray, int]]:
    colour = scene.colour()
    rgb = Image.fromarray(colour)
    smooth = rgb.resize((32, 24), Image.Resampling.BILINEAR)
    for n in range(1, 9):
        tag = exif(n, "<" if n % 2 else ">")
        png = header(8, 2), chunk(b"IDAT", deflated(colour)), chunk(b"IEND", b"")
        files = {
            f"orientation-{n}.jpg": save(smooth, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0" + tag),
            f"orientation-{n}.webp": save(rgb, "WEBP", lossless=True, exif=tag),
            f"orientation-{n}.tif": tiff.written(colour, tiff.COLOURS, order="<" if n % 2 else ">", t274=[n]),
            f"orientation-{n}-before.png": png[0] + chunk(b"eXIf", tag) + png[1] + png[2],
            f"orientation-{n}-behind.png": png[0] + png[1] + chunk(b"eXIf", tag) + png[2],
        }
        for name, data in files.items():
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
            yield name, data, np.asarray(upright.convert("RGBA")), 4 if name.endswith("jpg") else 0
    # A number that means nothing.
    plain = scene.rgba(colour)
    yield "orientation-9.webp", save(rgb, "WEBP", lossless=True, exif=exif(9, "<")), plain, 0


def animations() -> Iterator[tuple[str, bytes, np.ndarray, int]]:
    """A red default picture, then a first frame that counts, then a blue one."""
    w, h = scene.WIDTH, scene.HEIGHT
    colour, alpha = scene.colour(), scene.alpha()
    see_through = scene.rgba(np.where(alpha[..., None] == 0, 0, colour), alpha)
    part = np.zeros_like(see_through)
    part[2:7, 3:12] = see_through[2:7, 3:12]
    red, blue = (np.broadcast_to(np.array(c, np.uint8), (h, w, 3)) for c in [(255, 0, 0), (0, 0, 255)])
    cases = [
        ("rgb", 8, 2, red, colour, (0, 0), scene.rgba(colour)),
        ("rgba", 8, 6, scene.rgba(red), see_through, (0, 0), see_through),
        ("rgba-part", 8, 6, scene.rgba(red), see_through[2:7, 3:12], (3, 2), part),
        ("grey", 8, 0, red[..., 0], scene.grey(), (0, 0), scene.rgba(scene.grey())),
        ("rgb-16", 16, 2, red.astype(np.uint16) * 257, colour.astype(np.uint16) * 257, (0, 0), scene.rgba(colour)),
    ]
    for name, bits, kind, default, first, (x, y), expected in cases:
        second = np.array(blue[..., :1] if kind == 0 else blue if kind == 2 else scene.rgba(blue))
        second = second[..., 0] if kind == 0 else second
        second = second.astype(np.uint16) * 257 if bits == 16 else second

        def control(number: int, frame: np.ndarray, left: int, top: int) -> bytes:
            return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, frame.shape[1], frame.shape[0], left, top, 1, 10, 0, 0))

        yield (
            f"animation-default-outside-{name}.png",
            header(bits, kind)
            + chunk(b"acTL", struct.pack(">II", 2, 0))
            + chunk(b"IDAT", deflated(default))
            + control(0, first, x, y)
            + chunk(b"fdAT", struct.pack(">I", 1) + deflated(first))
            + control(2, second, 0, 0)
            + chunk(b"fdAT", struct.pack(">I", 3) + deflated(second))
            + chunk(b"IEND", b""),
            expected,
            0 if bits == 8 else 1,
        )
