"""A Hugging Face folder -> the same at half precision, which halves its size.

python tools/pocket/export.py --model RUN/out/hf --to RUN/out/hf16
"""

import argparse
import os
import shutil

import torch
from transformers import CLIPModel


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--model", required=True)
    a.add_argument("--to", required=True)
    args = a.parse_args()
    os.makedirs(args.to, exist_ok=True)
    model = CLIPModel.from_pretrained(args.model, dtype=torch.float32)
    for name in os.listdir(args.model):
        if name not in ("model.safetensors", "config.json"):
            shutil.copy(f"{args.model}/{name}", args.to)
    model.half().save_pretrained(args.to)
    sizes = [os.path.getsize(f"{folder}/model.safetensors") for folder in (args.model, args.to)]
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {sizes[0]:,} bytes -> {sizes[1]:,} bytes")


if __name__ == "__main__":
    main()
