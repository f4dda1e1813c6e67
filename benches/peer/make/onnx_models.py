"""CHECKPOINT → OUT as transformers.js reads it: OUT/onnx/{vision,text}_model_quantized.onnx and the configs.

    onnx_models.py CHECKPOINT OUT

Eight bits as the users of transformers.js get them from its conversion script: dynamic quantisation of all
integer operators' weights, uint8 per channel with reduced range.
"""

import shutil
import sys
from pathlib import Path

import onnx
import onnxslim
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from towers import ImageTower, TextTower

OPSET = 14


def export(tower: torch.nn.Module, stem: str, example: torch.Tensor, names: tuple[str, str], dynamic: dict) -> None:
    input, output = names
    exact, quantised = folder / f"{stem}.onnx", folder / f"{stem}_quantized.onnx"
    torch.onnx.export(
        tower, (example,), exact, input_names=[input], output_names=[output],
        dynamic_axes={input: dynamic, output: {0: "batch"}}, opset_version=OPSET, do_constant_folding=True,
    )  # fmt: skip
    onnx.save(onnxslim.slim(str(exact)), exact)
    quantize_dynamic(
        exact, quantised, per_channel=True, reduce_range=True, weight_type=QuantType.QUInt8,
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
    )  # fmt: skip
    exact.unlink()


checkpoint, out = map(Path, sys.argv[1:])
folder = out / "onnx"
folder.mkdir(parents=True, exist_ok=True)
pixels = torch.randn(2, 3, 224, 224)
export(ImageTower(checkpoint), "vision_model", pixels, ("pixel_values", "image_embeds"), {0: "batch"})
ids = torch.randint(300, 40000, (2, 9))
export(TextTower(checkpoint), "text_model", ids, ("input_ids", "text_embeds"), {0: "batch", 1: "sequence"})
for file in [*checkpoint.glob("*.json"), *checkpoint.glob("*.txt")]:
    shutil.copy(file, out)
