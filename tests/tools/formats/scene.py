"""The small picture that all variants show, in the depths that they have."""

import numpy as np

# Odd sides: rows are padded in most formats.
WIDTH, HEIGHT = 13, 9
PALETTE = np.array(
    [
        (0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255),
        (128, 128, 128), (64, 0, 0), (0, 64, 0), (0, 0, 64), (200, 100, 50), (50, 200, 100), (100, 50, 200), (10, 20, 30),
    ],
    np.uint8,
)  # fmt: skip


def places(colours: int) -> np.ndarray:
    """Places in the palette: runs of all lengths, nothing symmetric."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return ((x // (1 + y % 3) + 2 * y + (x > 7) * 3) % colours).astype(np.uint8)


def indexed(colours: int) -> np.ndarray:
    return rgba(PALETTE[places(colours)])


def colour() -> np.ndarray:
    """RGB with every channel going another way."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x * 31 + y * 57) % 256], -1).astype(np.uint8)


def alpha() -> np.ndarray:
    """From clear to opaque, with both ends."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return ((x + 2 * y) * 255 // (WIDTH + 2 * HEIGHT - 3)).astype(np.uint8)


def grey() -> np.ndarray:
    return colour()[..., 0] // 2 + colour()[..., 1] // 2


def rgba(rgb: np.ndarray, a: np.ndarray | int = 255) -> np.ndarray:
    """RGB or grey with an alpha channel."""
    rgb = rgb if rgb.ndim == 3 else np.repeat(rgb[..., None], 3, -1)
    return np.dstack([rgb, np.broadcast_to(np.asarray(a, np.uint8), rgb.shape[:2])])
