"""What every engine is given, and what it should answer.

    inputs.py CHECKPOINT PHOTO TEXTS OUT

pixels.f32      PHOTO as the image tower sees it: 3 × 224 × 224 numbers, little-endian
tokens.json     row → { shape, ids }: the row's texts as token ids, padded to the longest as transformers.js does
reference.json  row → the embedding of its first picture or text, by PyTorch in f32, of unit length
"""

import json
import sys
from pathlib import Path

import torch
from PIL import Image
from transformers import CLIPImageProcessor, CLIPModel, CLIPTokenizerFast

checkpoint, photo, texts, out = map(Path, sys.argv[1:])
model = CLIPModel.from_pretrained(checkpoint).eval()
tokenizer = CLIPTokenizerFast.from_pretrained(checkpoint)
texts = json.loads(texts.read_text())
prompts = [texts["template"].replace("{}", label) for label in texts["labels"]]
rows = {"labels5": prompts[:5], "labels80": prompts, "captions80": texts["captions"]}


def unit(vectors: torch.Tensor) -> list[float]:
    return torch.nn.functional.normalize(vectors[0], dim=0).tolist()


with torch.no_grad():
    pixels = CLIPImageProcessor.from_pretrained(checkpoint)(Image.open(photo), return_tensors="pt").pixel_values
    image = unit(model.get_image_features(pixels))
    reference = {"image1": image, "image8": image, "jpeg": image}
    tokens = {}
    for row, lines in rows.items():
        ids = tokenizer(lines, padding=True, return_tensors="pt")
        reference[row] = unit(model.get_text_features(**ids))
        tokens[row] = {"shape": list(ids.input_ids.shape), "ids": ids.input_ids.flatten().tolist()}

out.mkdir(exist_ok=True)
(out / "pixels.f32").write_bytes(pixels.numpy().astype("<f4").tobytes())
(out / "tokens.json").write_text(json.dumps(tokens))
(out / "reference.json").write_text(json.dumps(reference))
