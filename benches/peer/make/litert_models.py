"""CHECKPOINT → OUT/ROW.tflite for LiteRT.js, one file a row since its shapes are fixed.

    litert_models.py CHECKPOINT TOKENS OUT

Eight bits as LiteRT has them for transformers: weights int8 per channel, activations quantised as they come
(`dynamic_wi8_afp32`), which is what XNNPACK runs fastest.
"""

import json
import sys
from pathlib import Path

import litert_torch
import torch
from litert_quantizer import quantizer, recipe
from towers import ImageTower, TextTower


def export(tower: torch.nn.Module, row: str, example: torch.Tensor) -> None:
    exact, quantised = out / f"{row}.f32.tflite", out / f"{row}.tflite"
    converted = litert_torch.convert(tower, (example,))
    difference = (torch.tensor(converted(example)) - tower(example)).abs().max().item()
    assert difference < 1e-3, f"{row}: {difference} away from PyTorch"
    converted.export(str(exact))
    work = quantizer.Quantizer(str(exact))
    work.load_quantization_recipe(recipe.dynamic_wi8_afp32())
    quantised.unlink(missing_ok=True)
    work.quantize().export_model(str(quantised))
    exact.unlink()


checkpoint, tokens, out = map(Path, sys.argv[1:])
out.mkdir(parents=True, exist_ok=True)
image_tower, text_tower = ImageTower(checkpoint), TextTower(checkpoint)
for row, pictures in [("image1", 1), ("image8", 8)]:
    export(image_tower, row, torch.randn(pictures, 3, 224, 224))
for row, of_row in json.loads(tokens.read_text()).items():
    export(text_tower, row, torch.tensor(of_row["ids"], dtype=torch.int32).reshape(of_row["shape"]))
