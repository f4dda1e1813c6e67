"""Goldens of pocket: the sample pictures against some labels, with the weights as they are and as the Q8_0 bundle holds them."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from PIL import Image
from transformers import AutoTokenizer, CLIPModel

from .models import embeddings
from .pictures import on_white
from .preprocess import processor
from .store import write_json, write_tensors

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "assets" / "samples"
BUNDLE = ROOT / "models" / "pocket"

EVERYDAY = [
    "cat",
    "dog",
    "bird",
    "horse",
    "car",
    "truck",
    "airplane",
    "ship",
    "flower",
    "mountain",
    "building",
    "pizza",
]
SETS = [
    {"name": "everyday", "template": "a photo of a {}.", "labels": EVERYDAY},
    {"name": "bare", "template": "{}", "labels": EVERYDAY},
    {
        "name": "kinds",
        "template": "a photo of a {}",
        "labels": ["animal", "vehicle", "food", "plant", "building", "person"],
    },
    {
        "name": "odd",
        "template": "the {} in {}",
        "labels": ["café", "猫 🐱", "?", "it's <b>&amp;</b> 2024", "a very long label " * 30],
    },
    # The page's own first labels and template, in the pictures' order: the right label of a picture is the one with its number. They were
    # written down from the photographs' titles before the model was asked.
    {
        "name": "samples",
        "template": "a photo of a {}",
        "labels": ["cat", "bee", "fruit", "bridge", "moose", "flower", "cup", "boat"],
    },
    {"name": "one", "template": "a photo of a {}.", "labels": ["cat"]},
]


def packed(bundle: Path) -> dict[str, torch.Tensor]:
    """What is left of the weights in the bundle, as the `gguf` package reads them."""
    pieces = json.loads((bundle / "manifest.json").read_text())["pieces"]
    assert len(pieces) == 1, "the bundle is in several pieces: publish.sh packs it in one"
    tensors = {}
    for tensor in GGUFReader(bundle / pieces[0]["url"]).tensors:
        shape = [int(n) for n in reversed(tensor.shape)]
        tensors[tensor.name] = torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).reshape(shape).copy())
    return tensors


def make(folder: Path, pocket: Path) -> None:
    """pocket/golden.json and pocket/golden.safetensors, from pocket as a Hugging Face folder."""
    names = [s["file"] for s in json.loads((SAMPLES / "index.json").read_text())["samples"]]
    config = json.loads((pocket / "preprocessor_config.json").read_text())
    process = processor(config)
    shown = [on_white(Image.open(SAMPLES / name)) for name in names]
    pixels = [process(p, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0] for p in shown]
    values = torch.from_numpy(np.stack([process(p, return_tensors="np")["pixel_values"][0] for p in shown])).float()

    model = CLIPModel.from_pretrained(pocket, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(pocket)
    context = model.config.text_config.max_position_embeddings
    sets, texts, ids = [], [], []
    for s in SETS:
        prompts = [s["template"].replace("{}", label) for label in s["labels"]]
        sets.append(s | {"first": len(texts)})
        for prompt in prompts:
            cut = len(tokenizer(prompt)["input_ids"]) > context
            ids.append(tokenizer(prompt, truncation=True, max_length=context)["input_ids"])
            texts.append({"text": prompt, "ids": ids[-1], "cut": cut})

    tensors = {"pixels": np.stack([np.moveaxis(p, 0, -1) for p in pixels])}
    for kind in ("f32", "q8_0"):
        if kind == "q8_0":
            stored = packed(BUNDLE)
            with torch.no_grad():
                for name, p in model.named_parameters():
                    p.copy_(stored[name].reshape(p.shape))
        golden = embeddings(model, values, ids)
        for key in ("image_embeds", "text_embeds"):
            tensors[f"{kind}/{key}"] = golden[key].numpy()
        for s in sets:
            logits = golden["logits_per_image"][:, s["first"] : s["first"] + len(s["labels"])]
            tensors[f"{kind}/{s['name']}/logits"] = logits.numpy()
            tensors[f"{kind}/{s['name']}/probabilities"] = logits.softmax(1).numpy()
    weights = hashlib.sha256((pocket / "model.safetensors").read_bytes()).hexdigest()
    about = {
        "weights_sha256": weights,
        "logit_scale": math.exp(model.logit_scale.item()),
        "preprocessor_config": config,
    }
    write_json(folder / "pocket" / "golden.json", about | {"pictures": names, "sets": sets, "texts": texts})
    write_tensors(folder / "pocket" / "golden.safetensors", tensors)
