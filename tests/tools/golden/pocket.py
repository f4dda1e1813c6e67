"""Goldens of pocket: the sample pictures against some labels, with the weights as they are and as the Q8_0 bundle holds them."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import AutoTokenizer, CLIPModel

from .models import embeddings
from .pictures import on_white
from .preprocess import processor
from .store import write_json, write_tensors

SAMPLES = Path(__file__).resolve().parents[3] / "assets" / "samples"

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
        "labels": ["café", "猫 🐱", "", "it's <b>&amp;</b> 2024", "a very long label " * 30],
    },
    {"name": "one", "template": "a photo of a {}.", "labels": ["cat"]},
]


def q8_0(weights: torch.Tensor) -> torch.Tensor:
    """
    What is left of a matrix after GGUF's Q8_0: per block of 32 along a row, d = max|x| / 127, q = round(x / d)
    (halves away from zero), x' = q · f16(d). Tensors that are not matrices of whole blocks stay f32.
    """
    if weights.ndim != 2 or weights.shape[1] % 32:
        return weights
    x = weights.numpy().astype(np.float32).reshape(-1, 32)
    d = (np.abs(x).max(1, keepdims=True) / np.float32(127)).astype(np.float32)
    inverse = np.divide(np.float32(1), d, out=np.zeros_like(d), where=d != 0)
    scaled = (x * inverse).astype(np.float64)
    q = np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.float32)
    return torch.from_numpy((q * d.astype(np.float16).astype(np.float32)).reshape(weights.shape))


def make(folder: Path, pocket: Path) -> None:
    """pocket/golden.json and pocket/golden.safetensors, from pocket as a Hugging Face folder."""
    names = [s["file"] for s in json.loads((SAMPLES / "index.json").read_text())]
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
            with torch.no_grad():
                for p in model.parameters():
                    p.copy_(q8_0(p.detach()))
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
