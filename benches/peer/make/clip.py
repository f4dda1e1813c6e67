"""A CLIP checkpoint in Hugging Face's layout: the true shapes, the true tokenizer, random weights.

    clip.py OUT/clip-vit-base-patch32 …        (or …-patch16)

Speed depends on the shapes and not on the values, and nothing has to be downloaded from a model hub. The
vocabulary is OpenAI's, out of the `open_clip_torch` wheel.
"""

import gzip
import importlib.util
import json
import re
import sys
from pathlib import Path

import torch
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizerFast

# The word and patch sizes of openai/clip-vit-base-patch32; ids as in its config.json.
TEXT = dict(
    vocab_size=49408, hidden_size=512, intermediate_size=2048, num_hidden_layers=12, num_attention_heads=8,
    max_position_embeddings=77, hidden_act="quick_gelu", projection_dim=512, bos_token_id=0, eos_token_id=2,
    pad_token_id=1,
)  # fmt: skip
VISION = dict(
    hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, image_size=224,
    hidden_act="quick_gelu", projection_dim=512,
)  # fmt: skip
MERGES = 49152 - 256 - 2


def make(out: Path) -> None:
    torch.manual_seed(0)
    patch = int(re.search(r"patch(\d+)$", out.name).group(1))
    config = CLIPConfig(text_config=TEXT, vision_config=VISION | {"patch_size": patch}, projection_dim=512)
    model = CLIPModel(config).eval()
    with torch.no_grad():
        # Zero biases and unit gains are what an exporter's simplifier would drop from the graph.
        for name, weights in model.named_parameters():
            if name.endswith("bias"):
                weights.normal_(0, 0.1)
            elif "norm" in name and name.endswith("weight"):
                weights.copy_(1 + 0.1 * torch.randn_like(weights))
    model.save_pretrained(out)
    save_tokenizer(out)
    CLIPImageProcessor(size=224, crop_size=224, resample=3).save_pretrained(out)


def save_tokenizer(out: Path) -> None:
    package = Path(importlib.util.find_spec("open_clip").origin).parent
    lines = gzip.open(package / "bpe_simple_vocab_16e6.txt.gz").read().decode().split("\n")
    merges = lines[1 : MERGES + 1]
    letters = byte_letters()
    tokens = letters + [letter + "</w>" for letter in letters]
    tokens += ["".join(merge.split()) for merge in merges] + ["<|startoftext|>", "<|endoftext|>"]
    assert len(tokens) == TEXT["vocab_size"], len(tokens)
    (out / "vocab.json").write_text(json.dumps({token: id for id, token in enumerate(tokens)}))
    (out / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
    files = dict(vocab_file=str(out / "vocab.json"), merges_file=str(out / "merges.txt"))
    CLIPTokenizerFast(**files, model_max_length=77).save_pretrained(out)


def byte_letters() -> list[str]:
    """A printable letter for each byte, in the order of CLIP's vocabulary: printable bytes first."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(others))]


for folder in sys.argv[1:]:
    make(Path(folder))
