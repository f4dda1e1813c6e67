"""
Make a model of a published CLIP's true size with random weights, as a Hugging Face folder in f32.

    python tests/tools/full_model.py b-32 FOLDER

`cargo xtask golden --full` calls it. The tokenizer is the published one, from the open_clip_torch package; the weights are those that
CLIP's training begins with, as transformers draws them, and norms and biases vary, so that no tensor is idle. (The small goldens'
weights are larger, for exactness: through many layers errors grow with them far more than in a trained model.)
"""

import argparse
import json
import math
from dataclasses import replace
from pathlib import Path

import open_clip
import torch
from safetensors.torch import save_file
from transformers import CLIPModel

from golden.models import TINY, Tiny, Tower, config_json, config_of, preprocessor_of
from golden.tokenizer import openai_tokenizer

SMALL = {tiny.name: tiny for tiny in TINY}
# The published configurations; what is not said here is as in the small golden of the same name.
FULL = {
    "b-32": replace(SMALL["b-32"], image=224, patch=32, vision=Tower(768, 12, 12, 3072, "quick_gelu"),
                    text=Tower(512, 8, 12, 2048, "quick_gelu"), projection=512),
    "b-16": replace(SMALL["b-16"], image=224, patch=16, vision=Tower(768, 12, 12, 3072, "quick_gelu"),
                    text=Tower(512, 8, 12, 2048, "quick_gelu"), projection=512),
    "l-14": replace(SMALL["l-14"], image=224, patch=14, vision=Tower(1024, 16, 24, 4096, "gelu"),
                    text=Tower(768, 12, 12, 3072, "gelu"), projection=768),
    "h-14": replace(SMALL["h-14"], image=224, patch=14, vision=Tower(1280, 16, 32, 5120, "gelu"),
                    text=Tower(1024, 16, 24, 4096, "gelu"), projection=1024),
}  # fmt: skip


def make(tiny: Tiny, folder: Path) -> None:
    tokenizer = openai_tokenizer(Path(open_clip.__file__).parent / "bpe_simple_vocab_16e6.txt.gz")
    config = config_of(tiny, len(tokenizer), tokenizer.bos_token_id, tokenizer.eos_token_id)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config_json(config, tiny), indent=1) + "\n")
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor_of(tiny), indent=1) + "\n")
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    (folder / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str(pretty=False) + "\n")
    torch.manual_seed(tiny.seed)
    model = CLIPModel(config)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if "norm" in name:
                p.add_(0.1 * torch.randn(p.shape))
            elif name.endswith("bias"):
                p.copy_(0.02 * torch.randn(p.shape))
            elif name == "logit_scale":
                p.fill_(tiny.logit_scale)
    weights = {name: tensor for name, tensor in model.state_dict().items() if "position_ids" not in name}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    print(
        f"{folder}: {sum(t.numel() for t in weights.values())} parameters, logit scale {math.exp(tiny.logit_scale):.0f}"
    )


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("name", choices=FULL)
    a.add_argument("folder", type=Path)
    args = a.parse_args()
    make(FULL[args.name], args.folder)


if __name__ == "__main__":
    main()
