"""Preprocessing goldens: what transformers' Pillow-based CLIPImageProcessor makes of each picture under each configuration."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image
from transformers import CLIPImageProcessorPil

from . import pictures
from .store import write_json, write_tensors

OPENAI_MEAN = [0.48145466, 0.4578275, 0.40821073]
OPENAI_STD = [0.26862954, 0.26130258, 0.27577711]

# The field style of the first published CLIP checkpoints: sizes as numbers, no do_rescale, no do_convert_rgb.
OLD = {
    "crop_size": 32,
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "feature_extractor_type": "CLIPFeatureExtractor",
    "image_mean": OPENAI_MEAN,
    "image_std": OPENAI_STD,
    "resample": 3,
    "size": 32,
}


def new(size: dict, crop: int | None, resample: int, **more) -> dict:
    """The field style of today: sizes as dictionaries, every step named."""
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": size,
        "resample": resample,
        "do_center_crop": crop is not None,
        "crop_size": {"height": crop or 224, "width": crop or 224},
        "do_rescale": True,
        "rescale_factor": 0.00392156862745098,
        "do_normalize": True,
        "image_mean": OPENAI_MEAN,
        "image_std": OPENAI_STD,
    } | more


def square(n: int) -> dict:
    return {"height": n, "width": n}


CONFIGS = {
    "old-32": OLD,
    "bicubic-24": new({"shortest_edge": 24}, 24, 3),
    "bilinear-24": new({"shortest_edge": 24}, 24, 2),
    "lanczos-24": new({"shortest_edge": 24}, 24, 1),
    "squashed-28": new(square(28), None, 3),
    "squashed-36-crop-27": new(square(36), 27, 2),
    "crop-smaller": new({"shortest_edge": 37}, 28, 3),
    "crop-larger": new({"shortest_edge": 20}, 27, 3),
    "no-resize": new({"shortest_edge": 224}, 32, 3, do_resize=False),
    "half-mean": new({"shortest_edge": 24}, 24, 3, image_mean=[0.5, 0.5, 0.5], image_std=[0.5, 0.5, 0.5]),
    "no-normalise": new({"shortest_edge": 24}, 24, 3, do_normalize=False),
    "old-224": OLD | {"size": 224, "crop_size": 224},
}

EVERY = ("old-32", "squashed-28")
SOME = (
    "photo-landscape",
    "photo-portrait",
    "tiny-5x3",
    "rgba-partial",
    "checkerboard",
    "noise",
    "odd-33x47",
    "odd-47x33",
)
FLOATS = {
    ("photo-landscape", "old-32"),
    ("rgba-partial", "old-32"),
    ("odd-47x33", "crop-larger"),
    ("photo-portrait", "half-mean"),
    ("photo-portrait", "no-normalise"),
}


def plain(picture: Image.Image, config: dict) -> np.ndarray:
    """Resize and centre crop with Pillow alone: uint8 [H, W, 3]. The second opinion on what transformers does."""
    width, height = picture.size
    size = config["size"]
    size = {"shortest_edge": size} if isinstance(size, int) else size
    crop = config["crop_size"]
    crop = square(crop) if isinstance(crop, int) else crop
    if config["do_resize"]:
        if edge := size.get("shortest_edge"):
            long = int(edge * max(width, height) / min(width, height))
            target = (edge, long) if width <= height else (long, edge)
        else:
            target = (size["width"], size["height"])
        picture = picture.resize(target, Image.Resampling(config["resample"]))
    if config["do_center_crop"]:
        left = (picture.width - crop["width"]) // 2
        top = (picture.height - crop["height"]) // 2
        if left < 0 or top < 0:
            # A crop larger than the picture: black all around, the odd pixel first.
            wide, high = max(crop["width"], picture.width), max(crop["height"], picture.height)
            canvas = Image.new("RGB", (wide, high))
            canvas.paste(picture, (-((picture.width - wide) // 2), -((picture.height - high) // 2)))
            picture, left, top = canvas, (wide - crop["width"]) // 2, (high - crop["height"]) // 2
        picture = picture.crop((left, top, left + crop["width"], top + crop["height"]))
    return np.asarray(picture)


def processor(config: dict) -> CLIPImageProcessorPil:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CLIPImageProcessorPil(**config)


def make(folder: Path) -> None:
    """preprocess/: the pictures, cases.json and expected.safetensors."""
    folder = folder / "preprocess"
    names = pictures.make_all(folder / "pictures")
    cases, tensors = [], {}
    for name in names:
        shown = pictures.on_white(Image.open(folder / "pictures" / f"{name}.png"))
        for key, config in CONFIGS.items():
            if not (key in EVERY or name in SOME and key != "old-224" or (name, key) == ("large-3000x2000", "old-224")):
                continue
            process = processor(config)
            pixels = process(shown, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0]
            pixels = np.moveaxis(pixels, 0, -1)
            assert pixels.dtype == np.uint8
            assert (pixels == plain(shown, config)).all(), f"transformers and Pillow differ: {name}, {key}"
            case = {"picture": name, "config": key, "pixels": f"{name}/{key}", "floats": None}
            tensors[case["pixels"]] = pixels
            if (name, key) in FLOATS:
                case["floats"] = f"{name}/{key}/floats"
                tensors[case["floats"]] = process(shown, return_tensors="np")["pixel_values"][0].astype(np.float32)
            cases.append(case)
    for name, key in FLOATS:
        assert any(c["picture"] == name and c["config"] == key and c["floats"] for c in cases), (name, key)
    configs = [{"name": key, "preprocessor_config": config} for key, config in CONFIGS.items()]
    write_json(folder / "cases.json", {"configs": configs, "cases": cases})
    write_tensors(folder / "expected.safetensors", tensors)
