"""BMP in every depth, header, order and compression: [MS-WMF] 2.2.2.9, “Bitmap Header Types”, and OS/2's two headers."""

import struct
from collections.abc import Iterator

import numpy as np

from . import scene

RGB, RLE8, RLE4, BITFIELDS = 0, 1, 2, 3
NONE = (0, 0, 0, 0)


def file(
    width: int,
    height: int,
    bits: int,
    pixels: bytes,
    *,
    header: int = 40,
    palette: np.ndarray | None = None,
    compression: int = RGB,
    masks: tuple[int, int, int, int] = NONE,
    gap: int = 0,
) -> bytes:
    """`height` negative: from the top down. `masks`: red, green, blue, alpha. `gap`: bytes before the pixels."""
    colours = 0 if palette is None else len(palette)
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(pixels), 2835, 2835, colours, 0)
        # From version 2 on the masks are part of the header, from version 3 on that of alpha, too.
        info = (info + (struct.pack("<4I", *masks) if header >= 52 and header != 64 else b"")).ljust(header, b"\0")[:header]
        if header == 108 or header == 124:
            info = info[:56] + b"BGRs" + info[60:]
    if compression == BITFIELDS and header == 40:
        info += struct.pack("<3I", *masks[:3])
    if palette is not None:
        table = palette[:, ::-1] if header == 12 else np.pad(palette[:, ::-1], ((0, 0), (0, 1)))
        info += np.ascontiguousarray(table).astype(np.uint8).tobytes()
    info += bytes(gap)
    offset = 14 + len(info)
    return struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset) + info + pixels


def rows(values: np.ndarray, bits: int, *, top_down: bool = False) -> bytes:
    """Numbers of so many bits, rows padded to four bytes, the last row first."""
    out = []
    for row in values if top_down else values[::-1]:
        if bits < 8:
            row = np.packbits(np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :].ravel()).tobytes()
        else:
            row = b"".join(int(value).to_bytes(bits // 8, "little") for value in row)
        out.append(row + bytes(-len(row) % 4))
    return b"".join(out)


def bgr(rgb: np.ndarray) -> np.ndarray:
    r, g, b = (rgb[..., i].astype(np.uint32) for i in range(3))
    return r << 16 | g << 8 | b


def packed(channels: np.ndarray, masks: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """8-bit channels in the bits of `masks`, and what is left of them: round(255 · value / most)."""
    values = np.zeros(channels.shape[:2], np.uint32)
    kept = np.zeros_like(channels)
    for i, mask in enumerate(masks):
        if mask == 0:
            continue
        shift = (mask & -mask).bit_length() - 1
        most = mask >> shift
        value = np.round(channels[..., i] / 255 * most).astype(np.uint64)
        values |= (value << np.uint64(shift)).astype(np.uint32)
        kept[..., i] = np.round(value / most * 255)
    return values, kept


def rle(places: np.ndarray, bits: int) -> bytes:
    """Runs, and stretches where nothing repeats, to the end of the bitmap."""
    out = bytearray()
    for row in places[::-1]:
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x]:
                run += 1
            rest = len(row) - x
            if run == 1 and rest >= 3:
                count = min(rest, 5)
                stretch = bytes(row[x : x + count])
                if bits == 4:
                    pairs = stretch + bytes(count % 2)
                    stretch = bytes(a << 4 | b for a, b in zip(pairs[::2], pairs[1::2]))
                out += bytes([0, count]) + stretch + bytes(len(stretch) % 2)
                x += count
            else:
                out += bytes([run, row[x] if bits == 8 else row[x] << 4 | row[x]])
                x += run
        out += bytes([0, 0])
    return bytes(out[:-2] + bytes([0, 1]))


def variants() -> Iterator[tuple[str, bytes, np.ndarray, int]]:
    """Name, file, pixels, and how far a decoder may be off."""
    w, h = scene.WIDTH, scene.HEIGHT
    colour = scene.colour()
    plain = scene.rgba(colour)
    for bits in (1, 4, 8):
        colours = min(1 << bits, 16)
        places, palette, pixels = scene.places(colours), scene.PALETTE[:colours], scene.indexed(colours)
        full = np.zeros((1 << bits, 3), np.uint8)
        full[:colours] = palette
        # The first header has no count of colours: the table is always full.
        yield f"core-{bits}", file(w, h, bits, rows(places, bits), header=12, palette=full), pixels, 0
        yield f"info-{bits}", file(w, h, bits, rows(places, bits), palette=palette), pixels, 0
        top = rows(places, bits, top_down=True)
        yield f"info-{bits}-top-down", file(w, -h, bits, top, palette=palette), pixels, 0
    few = scene.places(5)
    yield "info-8-five-colours", file(w, h, 8, rows(few, 8), palette=scene.PALETTE[:5], gap=7), scene.indexed(5), 0

    numbers = bgr(colour)
    yield "core-24", file(w, h, 24, rows(numbers, 24), header=12), plain, 0
    for header in (40, 52, 56, 64, 108, 124):
        name = {40: "info", 52: "v2", 56: "v3", 64: "os2", 108: "v4", 124: "v5"}[header]
        yield f"{name}-24", file(w, h, 24, rows(numbers, 24), header=header), plain, 0
    yield "os2-short-24", file(w, h, 24, rows(numbers, 24), header=16), plain, 0
    yield "info-24-top-down", file(w, -h, 24, rows(numbers, 24, top_down=True)), plain, 0
    yield "info-32", file(w, h, 32, rows(numbers, 32)), plain, 0
    yield "info-32-top-down", file(w, -h, 32, rows(numbers, 32, top_down=True)), plain, 0

    five = (0x7C00, 0x3E0, 0x1F, 0)
    values, kept = packed(plain, five)
    kept[..., 3] = 255
    yield "info-16", file(w, h, 16, rows(values, 16)), kept, 4
    yield "info-16-top-down", file(w, -h, 16, rows(values, 16, top_down=True)), kept, 4
    for name, bits, masks, header, tolerance in [
        ("info-16-565", 16, (0xF800, 0x7E0, 0x1F, 0), 40, 4),
        ("v4-16-565", 16, (0xF800, 0x7E0, 0x1F, 0), 108, 4),
        ("info-16-444", 16, (0xF00, 0xF0, 0xF, 0), 40, 4),
        ("info-32-rgb", 32, (0xFF, 0xFF00, 0xFF0000, 0), 40, 0),
        ("info-32-shifted", 32, (0xFF000000, 0xFF0000, 0xFF00, 0), 40, 0),
        ("info-32-ten-bits", 32, (0x3FF00000, 0xFFC00, 0x3FF, 0), 40, 1),
        ("v2-32-rgb", 32, (0xFF, 0xFF00, 0xFF0000, 0), 52, 0),
    ]:
        values, kept = packed(plain, masks)
        kept[..., 3] = 255
        packed_rows = rows(values, bits)
        yield name, file(w, h, bits, packed_rows, header=header, compression=BITFIELDS, masks=masks), kept, tolerance
    # Where alpha is 0 the colour can't be told after a canvas: it is left out.
    see_through = scene.rgba(np.where(scene.alpha()[..., None] == 0, 0, colour), scene.alpha())
    for name, header in [("v3-32-alpha", 56), ("v4-32-alpha", 108), ("v5-32-alpha", 124)]:
        masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
        values, kept = packed(see_through, masks)
        yield name, file(w, h, 32, rows(values, 32), header=header, compression=BITFIELDS, masks=masks), kept, 2

    for bits, method in ((8, RLE8), (4, RLE4)):
        places, pixels = scene.places(16), scene.indexed(16)
        data = rle(places, bits)
        yield f"info-rle{bits}", file(w, h, bits, data, palette=scene.PALETTE, compression=method), pixels, 0
        yield f"os2-rle{bits}", file(w, h, bits, data, header=64, palette=scene.PALETTE, compression=method), pixels, 0
        if bits == 8:
            yield "v5-rle8", file(w, h, bits, data, header=124, palette=scene.PALETTE, compression=method), pixels, 0
