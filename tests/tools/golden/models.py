"""Model goldens: small CLIPs with random weights as Hugging Face folders, and what CLIPModel computes with them in f32."""

import json
import math
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel, PreTrainedTokenizerFast

from .explain import heat
from .pictures import noise, waves
from .preprocess import OLD, OPENAI_MEAN, OPENAI_STD, new
from .store import write_json, write_tensors
from .tokenizer import BOS, EOS, synthetic

TEXTS = [
    "a photo of a cat",
    "a photo of the dog",
    "two birds, and it's 2024!",
    "",
    "Ünïcödé 😀 猫",
    "one small red car and a tree and a house and a dog and a cat and a picture of all these things " * 3,
]

# Those that are not blank, and which of them is explained against the others.
WRITTEN = [i for i, text in enumerate(TEXTS) if text.strip()]
EXPLAINED = 1


@dataclass
class Tower:
    width: int
    heads: int
    layers: int
    mlp: int
    act: str
    eps: float = 1e-5


@dataclass
class Tiny:
    """One configuration. `legacy_eos`: eos_token_id is 2 and pooling takes the largest id, as in the first CLIP configs."""

    name: str
    image: int
    patch: int
    vision: Tower
    text: Tower
    projection: int
    context: int
    legacy_eos: bool
    special_first: bool = False
    dtype: torch.dtype = torch.float32
    sparse: bool = False
    old_fields: bool = False
    logit_scale: float = math.log(1 / 0.07)
    merges: int = 24
    mean: tuple[float, ...] = tuple(OPENAI_MEAN)
    std: tuple[float, ...] = tuple(OPENAI_STD)
    seed: int = field(default=0)


HALF = (0.5, 0.5, 0.5)

TINY = [
    Tiny("quick-gelu-p32", 64, 32, Tower(16, 2, 2, 40, "quick_gelu"), Tower(24, 3, 2, 96, "quick_gelu"),
         16, 16, legacy_eos=True, dtype=torch.bfloat16, old_fields=True, seed=1),
    Tiny("gelu-p14", 42, 14, Tower(32, 4, 2, 80, "gelu", 1e-6), Tower(16, 2, 3, 64, "gelu", 1e-6),
         20, 24, legacy_eos=False, special_first=True, seed=2),
    Tiny("gelu-new-p16", 48, 16, Tower(24, 3, 3, 96, "gelu_new"), Tower(40, 5, 1, 100, "gelu_new"),
         32, 12, legacy_eos=False, dtype=torch.float16, logit_scale=3.5, seed=3),
    Tiny("quick-gelu-p8", 32, 8, Tower(32, 1, 2, 64, "quick_gelu"), Tower(24, 2, 2, 64, "quick_gelu"),
         24, 32, legacy_eos=False, sparse=True, merges=40, seed=14),
    Tiny("mixed-p4", 20, 4, Tower(40, 5, 2, 96, "gelu", 1e-3), Tower(16, 4, 2, 48, "quick_gelu", 1e-4),
         8, 77, legacy_eos=True, old_fields=True, logit_scale=2.0, seed=5),
    Tiny("one-patch", 16, 16, Tower(12, 3, 1, 20, "quick_gelu"), Tower(8, 1, 1, 24, "quick_gelu"),
         12, 8, legacy_eos=False, special_first=True, merges=8, logit_scale=math.log(100), seed=26),
    # The published models' structure, scaled down: their grids of patches, heads of 64 (80 in H/14's image tower),
    # activations, context and temperature; OpenAI's use quick_gelu, LAION's gelu, and LAION's L/14 mean and deviation 0.5.
    Tiny("b-32", 56, 8, Tower(64, 1, 2, 128, "gelu"), Tower(64, 1, 2, 128, "gelu"),
         64, 77, legacy_eos=True, dtype=torch.float16, logit_scale=math.log(100), seed=31),
    Tiny("b-16", 56, 4, Tower(64, 1, 2, 128, "quick_gelu"), Tower(64, 1, 2, 128, "quick_gelu"),
         64, 77, legacy_eos=True, dtype=torch.float16, logit_scale=math.log(100), seed=32),
    Tiny("l-14", 112, 7, Tower(128, 2, 2, 128, "gelu"), Tower(64, 1, 1, 128, "gelu"),
         96, 77, legacy_eos=True, dtype=torch.float16, logit_scale=math.log(100), mean=HALF, std=HALF, seed=33),
    Tiny("l-14-336", 96, 4, Tower(64, 1, 2, 128, "quick_gelu"), Tower(64, 1, 1, 128, "quick_gelu"),
         96, 77, legacy_eos=True, dtype=torch.float16, logit_scale=math.log(100), seed=44),
    Tiny("h-14", 80, 5, Tower(160, 2, 2, 160, "gelu"), Tower(64, 1, 2, 128, "gelu"),
         128, 77, legacy_eos=True, dtype=torch.bfloat16, logit_scale=math.log(100), seed=35),
]  # fmt: skip


def config_of(tiny: Tiny, vocabulary: int, bos: int, eos: int) -> CLIPConfig:
    def tower(t: Tower) -> dict:
        return {
            "hidden_size": t.width,
            "num_attention_heads": t.heads,
            "num_hidden_layers": t.layers,
            "intermediate_size": t.mlp,
            "hidden_act": t.act,
            "layer_norm_eps": t.eps,
            "projection_dim": tiny.projection,
        }

    # The first CLIP configs carried BERT's ids for the text tower: bos 0, eos 2, pad 1, whatever the tokenizer says.
    ids = (0, 2, 1) if tiny.legacy_eos else (bos, eos, eos)
    return CLIPConfig(
        projection_dim=tiny.projection,
        logit_scale_init_value=tiny.logit_scale,
        text_config=tower(tiny.text)
        | {"vocab_size": vocabulary, "max_position_embeddings": tiny.context}
        | dict(zip(("bos_token_id", "eos_token_id", "pad_token_id"), ids)),
        vision_config=tower(tiny.vision) | {"image_size": tiny.image, "patch_size": tiny.patch},
    )


def randomise(model: CLIPModel, tiny: Tiny) -> None:
    """Weights large enough that attention is not uniform and every tensor matters, small enough that f32 is exact to 1e-6."""
    generator = torch.Generator().manual_seed(tiny.seed)

    def normal(shape, mean: float, std: float) -> torch.Tensor:
        return mean + std * torch.randn(shape, generator=generator)

    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if name == "logit_scale":
                p.fill_(tiny.logit_scale)
            elif "norm" in name:
                p.copy_(normal(p.shape, 1.0 if name.endswith("weight") else 0.0, 0.2))
            elif name.endswith("bias"):
                p.copy_(normal(p.shape, 0.0, 0.2))
            elif "embedding" in name and "patch" not in name:
                p.copy_(normal(p.shape, 0.0, 0.6))
            else:
                gain = 2.0 if "q_proj" in name or "k_proj" in name else 1.4
                p.copy_(normal(p.shape, 0.0, gain / math.sqrt(p[0].numel())))
            p.copy_(p.to(tiny.dtype).float())


def preprocessor_of(tiny: Tiny) -> dict:
    if tiny.old_fields:
        return OLD | {"size": tiny.image, "crop_size": tiny.image}
    return new({"shortest_edge": tiny.image}, tiny.image, 3, image_mean=tiny.mean, image_std=tiny.std)


def config_json(config: CLIPConfig, tiny: Tiny) -> dict:
    """What config.json says: everything, or (sparse) only what differs from transformers' defaults."""
    if not tiny.sparse:
        whole = config.to_dict()
        whole["architectures"] = ["CLIPModel"]
        return {k: v for k, v in whole.items() if k != "transformers_version"}
    default = CLIPConfig().to_dict()
    whole = config.to_dict()
    out = {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": whole["projection_dim"]}
    for tower in ("text_config", "vision_config"):
        out[tower] = {k: v for k, v in whole[tower].items() if default[tower].get(k) != v}
    return out


def pictures_of(tiny: Tiny) -> np.ndarray:
    """uint8 [4, image, image, 3]: two smooth pictures, noise, white."""
    n = tiny.image
    smooth = [waves(n, n, 3, 100 + tiny.seed), waves(n, n, 3, 200 + tiny.seed)]
    return np.stack([*smooth, noise(n, n, tiny.seed), np.full((n, n, 3), 255, np.uint8)])


def normalised(pixels: np.ndarray, tiny: Tiny) -> torch.Tensor:
    """uint8 [N, H, W, 3] → f32 [N, 3, H, W]: (v / 255 − mean) / std."""
    x = pixels.astype(np.float32) / np.float32(255)
    x = (x - np.array(tiny.mean, np.float32)) / np.array(tiny.std, np.float32)
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)))


def embeddings(model: CLIPModel, pixels: torch.Tensor, ids: list[list[int]]) -> dict[str, torch.Tensor]:
    """What CLIPModel says, each text alone and unpadded, so that no padding rule has a say; the padded batch must agree."""
    with torch.no_grad():
        texts, logits = [], []
        for one in ids:
            out = model(input_ids=torch.tensor([one]), pixel_values=pixels)
            texts.append(out.text_embeds)
            logits.append(out.logits_per_image)
            images = out.image_embeds
        texts, logits = torch.cat(texts), torch.cat(logits, 1)
    return {
        "image_embeds": images,
        "text_embeds": texts,
        "logits_per_image": logits,
        "probabilities": logits.softmax(1),
    }


def make_one(folder: Path, tiny: Tiny) -> None:
    backend = synthetic(tiny.merges, tiny.special_first, tiny.seed)
    bos, eos = backend.token_to_id(BOS), backend.token_to_id(EOS)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token=BOS, eos_token=EOS, unk_token=EOS, pad_token=EOS
    )
    config = config_of(tiny, backend.get_vocab_size(), bos, eos)
    model = CLIPModel(config).eval()
    randomise(model, tiny)

    folder.mkdir(parents=True)
    backend.no_truncation()
    backend.no_padding()
    (folder / "tokenizer.json").write_text(backend.to_str(pretty=False) + "\n")
    (folder / "config.json").write_text(json.dumps(config_json(config, tiny), indent=1) + "\n")
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor_of(tiny), indent=1) + "\n")
    weights = {k: v.to(tiny.dtype).contiguous() for k, v in model.state_dict().items() if "position_ids" not in k}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    # Read back what was written: the goldens belong to the folder, not to what is in memory.
    model = CLIPModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    whole = [tokenizer(text)["input_ids"] for text in TEXTS]
    ids = [tokenizer(text, truncation=True, max_length=tiny.context)["input_ids"] for text in TEXTS]
    pixels = pictures_of(tiny)
    golden = embeddings(model, normalised(pixels, tiny), ids)

    longest = max(map(len, ids))
    with torch.no_grad():
        out = model(
            input_ids=torch.tensor([i + [eos] * (longest - len(i)) for i in ids]), pixel_values=normalised(pixels, tiny)
        )
    assert torch.allclose(out.text_embeds, golden["text_embeds"], atol=1e-5), f"{tiny.name}: padding changes the text"
    check_spread(tiny.name, golden)

    written = golden["text_embeds"][WRITTEN]
    golden |= heat(model, normalised(pixels, tiny), written, EXPLAINED)
    # The paper's ensemble of prompts (section 3.1.4): the mean of unit vectors, made a unit vector.
    golden["ensemble"] = torch.nn.functional.normalize(written.mean(0, keepdim=True), dim=-1)
    tensors = {"pixels": pixels} | {k: v.numpy() for k, v in golden.items()}
    write_tensors(folder / "golden.safetensors", tensors)
    texts = [{"text": t, "ids": i, "cut": len(w) > tiny.context} for t, i, w in zip(TEXTS, ids, whole)]
    write_json(folder / "golden.json", {"logit_scale": math.exp(model.logit_scale.item()), "texts": texts})


def check_spread(name: str, golden: dict[str, torch.Tensor]) -> None:
    """A golden whose embeddings are all alike would pass with a broken model: refuse it."""
    for key in ("image_embeds", "text_embeds"):
        e = golden[key]
        cosine = e @ e.T - 2 * torch.eye(len(e))
        assert cosine.max() < 0.97, f"{name}: two {key} are nearly the same ({cosine.max():.3f})"
    assert golden["logits_per_image"].std() > 0.5, f"{name}: the logits are nearly all equal"


def make(folder: Path) -> None:
    """models/<name>/: config.json, preprocessor_config.json, tokenizer.json, model.safetensors, golden.json, golden.safetensors."""
    shutil.rmtree(folder / "models", ignore_errors=True)
    for tiny in TINY:
        make_one(folder / "models" / tiny.name, tiny)
