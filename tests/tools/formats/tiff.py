"""TIFF in every depth, layout and compression: what Pillow writes, and what it doesn't by TIFF 6.0 and BigTIFF."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from . import scene

SHORT, LONG, LONG8 = 3, 4, 16
SIZE = {SHORT: 2, LONG: 4, LONG8: 8}
WHITE_IS_ZERO, BLACK_IS_ZERO, COLOURS, PALETTE, CMYK, YCBCR = 0, 1, 2, 3, 5, 6


def file(width: int, height: int, chunks: list[bytes], tags: dict[int, list[int]], *, order: str = "<", big: bool = False) -> bytes:
    """Strips, or tiles where `tags` has their size. The directory stands at the end."""
    offset, field, count, kind = ("Q", 8, "Q", LONG8) if big else ("I", 4, "H", LONG)
    start = 16 if big else 8
    body, places = b"", []
    for chunk in chunks:
        places.append(start + len(body))
        body += chunk + bytes(len(chunk) % 2)
    tiled = 322 in tags
    tags = {256: [width], 257: [height]} | tags
    tags |= {324 if tiled else 273: places, 325 if tiled else 279: [len(chunk) for chunk in chunks]}
    if not tiled:
        tags.setdefault(278, [height])
    entries = b""
    values_at = start + len(body)
    for tag, values in sorted(tags.items()):
        type = kind if tag in (273, 324) else LONG if max(values) > 0xFFFF else SHORT
        data = struct.pack(f"{order}{len(values)}{ {SHORT: 'H', LONG: 'I', LONG8: 'Q'}[type] }", *values)
        if len(data) > field:
            body += data + bytes(len(data) % 2)
            data = struct.pack(order + offset, values_at)
            values_at = start + len(body)
        entries += struct.pack(order + "HH" + offset, tag, type, len(values)) + data.ljust(field, b"\0")
    directory = struct.pack(order + count, len(tags)) + entries + struct.pack(order + offset, 0)
    mark = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    mark += struct.pack(order + "HH", 8, 0) if big else b""
    return mark + struct.pack(order + offset, start + len(body)) + body + directory


def by_pillow(picture: Image.Image, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, "TIFF", **options)
    return out.getvalue()


def bits_of(values: np.ndarray, bits: int) -> bytes:
    return b"".join(
        np.packbits(np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :].ravel()).tobytes() for row in values
    )


def written(values: np.ndarray, photometric: int, *, order: str = "<", big: bool = False, **more: list[int]) -> bytes:
    """One strip of an array, height × width [× samples], with `t338=[2]` for tag 338."""
    samples = 1 if values.ndim == 2 else values.shape[2]
    kind = values.dtype
    bits = 8 * kind.itemsize
    tags = {258: [bits] * samples, 259: [1], 262: [photometric], 277: [samples], 339: [3 if kind.kind == "f" else 1] * samples}
    tags |= {int(name[1:]): value for name, value in more.items()}
    data = values.astype(kind.newbyteorder(order)).tobytes()
    return file(scene.WIDTH, scene.HEIGHT, [data], tags, order=order, big=big)


def variants() -> Iterator[tuple[str, bytes, np.ndarray, int]]:
    """Name, file, pixels, and how far a decoder may be off."""
    w, h = scene.WIDTH, scene.HEIGHT
    colour, grey, alpha = scene.colour(), scene.grey(), scene.alpha()
    plain, greys = scene.rgba(colour), scene.rgba(grey)
    rgb = Image.fromarray(colour)
    for name, compression in [("raw", None), ("lzw", "tiff_lzw"), ("deflate", "tiff_adobe_deflate"), ("packbits", "packbits")]:
        yield f"rgb-{name}", by_pillow(rgb, compression=compression), plain, 0
    yield "rgb-lzw-predictor", by_pillow(rgb, compression="tiff_lzw", tiffinfo={317: 2}), plain, 0
    other = Image.new("RGB", (w, h), (255, 0, 255))
    yield "rgb-pages", by_pillow(rgb, save_all=True, append_images=[other]), plain, 0
    yield "rgb-big", by_pillow(rgb, big_tiff=True), plain, 0
    yield "grey-raw", by_pillow(Image.fromarray(grey)), greys, 0
    yield "grey-alpha-lzw", by_pillow(Image.fromarray(np.dstack([grey, alpha])), compression="tiff_lzw"), scene.rgba(grey, alpha), 0
    yield "rgba-deflate", by_pillow(Image.fromarray(scene.rgba(colour, alpha)), compression="tiff_deflate"), scene.rgba(colour, alpha), 0
    palette = Image.fromarray(scene.places(16))
    palette.putpalette(scene.PALETTE.tobytes())
    yield "palette-8", by_pillow(palette), scene.indexed(16), 0
    black = Image.fromarray(scene.places(2) * 255).convert("1", dither=Image.Dither.NONE)
    bilevel = scene.rgba(scene.places(2) * 255)
    yield "bilevel-raw", by_pillow(black), bilevel, 0
    yield "bilevel-group4", by_pillow(black, compression="group4"), bilevel, 0
    inks = Image.merge("CMYK", [*rgb.split(), Image.fromarray(grey // 3)])
    yield "cmyk", by_pillow(inks), np.asarray(inks.convert("RGBA")), 0
    smooth = rgb.resize((32, 24), Image.Resampling.BILINEAR)
    yield "rgb-jpeg", by_pillow(smooth, compression="jpeg", quality=95), None, 4
    yield "ycbcr-jpeg", by_pillow(smooth.convert("YCbCr"), compression="jpeg", quality=95), None, 4
    ramp = np.arange(w * h).reshape(h, w)
    sixteen = (ramp * 65_535 // (w * h - 1)).astype(np.uint16)
    yield "grey-16", by_pillow(Image.fromarray(sixteen)), scene.rgba((sixteen >> 8).astype(np.uint8)), 0
    yield "grey-16-big-endian", written(sixteen, BLACK_IS_ZERO, order=">"), scene.rgba((sixteen >> 8).astype(np.uint8)), 0
    yield "rgb-16", written(colour.astype(np.uint16) * 257, COLOURS), plain, 0
    with_alpha = scene.rgba(colour, alpha)
    yield "rgba-16", written(with_alpha.astype(np.uint16) * 257, COLOURS, t338=[2]), with_alpha, 0
    yield "rgbx", written(with_alpha, COLOURS, t338=[0]), plain, 0
    associated = scene.rgba((colour.astype(np.uint16) * alpha[..., None] // 255).astype(np.uint8), alpha)
    yield "rgba-associated", written(associated, COLOURS, t338=[1]), None, 0
    yield "grey-32", written(sixteen.astype(np.uint32) * 65_537, BLACK_IS_ZERO), scene.rgba((sixteen >> 8).astype(np.uint8)), 0
    yield "grey-float", by_pillow(Image.fromarray(ramp.astype(np.float32) * 2.0 + 0.75)), None, 0
    unit = (grey / np.float32(255)).astype(np.float32)
    yield "grey-float-unit", written(unit, BLACK_IS_ZERO), greys, 0
    yield "grey-float-16", written(unit.astype(np.float16), BLACK_IS_ZERO), greys, 1
    yield "rgb-float-unit-big-endian", written((colour / np.float32(255)).astype(np.float32), COLOURS, order=">"), plain, 0
    yield "white-is-zero-8", written(255 - grey, WHITE_IS_ZERO), greys, 0
    yield "rgb-big-endian-big", written(colour, COLOURS, order=">", big=True), plain, 0

    def of_bits(values: np.ndarray, bits: int, photometric: int, **more: list[int]) -> bytes:
        tags = {258: [bits], 259: [1], 262: [photometric], 277: [1]} | {int(name[1:]): value for name, value in more.items()}
        return file(w, h, [bits_of(values, bits)], tags)

    yield "white-is-zero-1", of_bits(1 - scene.places(2), 1, WHITE_IS_ZERO), bilevel, 0
    yield "grey-2", of_bits(scene.places(4), 2, BLACK_IS_ZERO), scene.rgba(scene.places(4) * 85), 0
    yield "grey-4", of_bits(scene.places(16), 4, BLACK_IS_ZERO), scene.rgba(scene.places(16) * 17), 0
    for bits in (1, 2, 4):
        table = [int(colour) * 257 for colour in scene.PALETTE[: 1 << bits].T.ravel()]
        yield f"palette-{bits}", of_bits(scene.places(1 << bits), bits, PALETTE, t320=table), scene.indexed(1 << bits), 0

    tags = {258: [8] * 3, 259: [1], 262: [COLOURS], 277: [3], 284: [2]}
    yield "rgb-planar", file(w, h, [colour[..., i].tobytes() for i in range(3)], tags), plain, 0
    tags = {258: [8] * 3, 259: [1], 262: [COLOURS], 277: [3], 278: [4]}
    yield "rgb-strips", file(w, h, [colour[y : y + 4].tobytes() for y in range(0, h, 4)], tags), plain, 0
    padded = np.zeros((16, 16, 3), np.uint8)
    padded[:h, :w] = colour
    tags = {258: [8] * 3, 259: [8], 262: [COLOURS], 277: [3], 322: [16], 323: [16]}
    yield "rgb-tiled", file(w, h, [zlib.compress(padded.tobytes())], tags), plain, 0
