"""
What Hugging Face's Python computes with a model: the reference that `cargo xtask verify` holds the engine against.

    python tests/tools/reference.py FOLDER --out TO [--pictures FILE …]

FOLDER is a model in Hugging Face's layout. Into TO go reference.json (texts with their ids, the logit scale, the deviations),
reference.safetensors (pixels u8 [N, S, S, 3], pixel_values, image_embeds, text_embeds, logits_per_image) and the pictures as
Pillow decoded them, 00.png, 01.png …, so that a JPEG decoder's rounding is nobody's fault.
"""

import argparse
import json
import math
import os
import shutil
import time
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from PIL import Image  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from transformers import AutoTokenizer, CLIPModel  # noqa: E402
from transformers.utils import logging  # noqa: E402

from golden.pictures import on_white  # noqa: E402
from golden.preprocess import processor  # noqa: E402
from golden.store import write_json, write_tensors  # noqa: E402

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"

TEXTS = [
    "a photo of a cat",
    "a photo of a dog",
    "a bee on a flower",
    "boats in a harbour",
    "a bridge over a river",
    "a slice of citrus fruit",
    "a cup of coffee on a table",
    "a dandelion in a meadow",
    "a moose in the water",
    "",
    "A PHOTO of the Ünïcödé 😀 猫, and it's 2024!",
    "one small red car and a tree and a house and a dog and a cat and a picture of all these things " * 8,
]


def ids_of(folder: Path, context: int) -> list[dict]:
    """Every text's ids, cut to the context length with EOS kept; the file tokenizer.json, if there is one, must say the same."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    file = folder / "tokenizer.json"
    raw = Tokenizer.from_file(str(file)) if file.exists() else None
    texts = []
    for text in TEXTS:
        ids = tokenizer(text, truncation=True, max_length=context)["input_ids"]
        cut = len(tokenizer(text)["input_ids"]) > context
        if raw is not None:
            raw.no_truncation()
            raw.no_padding()
            found = raw.encode(text).ids
            found = found if len(found) <= context else found[: context - 1] + found[-1:]
            assert found == ids, f"tokenizer.json and transformers differ on {text!r}"
        texts.append({"text": text, "ids": ids, "cut": cut})
    return texts


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("folder", type=Path)
    a.add_argument("--out", type=Path, required=True)
    a.add_argument("--pictures", type=Path, nargs="+", default=sorted(SAMPLES.glob("*.jpg")))
    args = a.parse_args()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    # As the engine is timed: one thread, and the time that it computed.
    torch.set_num_threads(1)
    if not (args.folder / "config.json").exists():
        raise SystemExit(f"{args.folder} has no config.json: transformers cannot read it")

    shutil.rmtree(args.out, ignore_errors=True)
    args.out.mkdir(parents=True)
    shown = []
    for i, path in enumerate(args.pictures):
        shown.append(on_white(Image.open(path)))
        shown[-1].save(args.out / f"{i:02}.png")
    preprocessor = args.folder / "preprocessor_config.json"
    process = processor(json.loads(preprocessor.read_text()) if preprocessor.exists() else {})
    raw = [process(p, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0] for p in shown]
    values = np.stack([process(p, return_tensors="np")["pixel_values"][0] for p in shown]).astype(np.float32)

    model = CLIPModel.from_pretrained(args.folder, dtype=torch.float32, attn_implementation="eager").eval()
    texts = ids_of(args.folder, model.config.text_config.max_position_embeddings)

    def unit(x: torch.Tensor) -> torch.Tensor:
        return x / x.norm(dim=-1, keepdim=True)

    # One picture and one text at a time, each text unpadded, so that no batching or padding rule has a say.
    with torch.no_grad():
        begun = time.process_time()
        images = [model.visual_projection(model.vision_model(torch.from_numpy(v[None])).pooler_output) for v in values]
        image_seconds = (time.process_time() - begun) / len(images)
        begun = time.process_time()
        vectors = [
            model.text_projection(model.text_model(input_ids=torch.tensor([t["ids"]])).pooler_output) for t in texts
        ]
        text_seconds = (time.process_time() - begun) / len(vectors)
        images, vectors = unit(torch.cat(images)), unit(torch.cat(vectors))
        scale = math.exp(model.logit_scale.item())
        logits = scale * images @ vectors.T
    write_tensors(
        args.out / "reference.safetensors",
        {
            "pixels": np.stack([np.moveaxis(p, 0, -1) for p in raw]).astype(np.uint8),
            "pixel_values": values,
            "image_embeds": images.numpy(),
            "text_embeds": vectors.numpy(),
            "logits_per_image": logits.numpy(),
        },
    )
    about = {
        "logit_scale": scale,
        "std": list(map(float, process.image_std)) if process.do_normalize else [1.0, 1.0, 1.0],
        "picture_ms": 1e3 * image_seconds,
        "text_ms": 1e3 * text_seconds,
    }
    write_json(args.out / "reference.json", about | {"texts": texts})


if __name__ == "__main__":
    main()
