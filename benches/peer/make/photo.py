"""photo.jpg: 1024 × 768, smooth shapes with hard edges and grain, so that a JPEG decoder has a photograph's work.

    photo.py OUT
"""

import sys

import numpy as np
from PIL import Image, ImageFilter

WIDTH, HEIGHT = 1024, 768


def photo() -> Image.Image:
    random = np.random.default_rng(1)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red = 128 + 90 * np.sin(x / 97 + y / 201)
    green = 128 + 80 * np.sin(x / 53 - y / 77 + 1)
    blue = 128 + 70 * np.cos(y / 61)
    pixels = np.stack([red, green, blue], axis=-1)
    for _ in range(40):
        centre_x, centre_y = random.integers(0, WIDTH), random.integers(0, HEIGHT)
        radius = random.integers(20, 160)
        disc = (x - centre_x) ** 2 + (y - centre_y) ** 2 < radius**2
        pixels[disc] = 0.4 * pixels[disc] + 0.6 * random.integers(0, 255, 3)
    pixels += random.normal(0, 9, pixels.shape)
    picture = Image.fromarray(pixels.clip(0, 255).astype("uint8"))
    return picture.filter(ImageFilter.GaussianBlur(0.7))


photo().save(sys.argv[1], quality=88)
