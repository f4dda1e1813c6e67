"""
The other layouts that CLIPs come in: some of the models of models/ again, with the same numbers under other names.

Each is checked by somebody else's reader before it is believed: the shards by transformers, OpenCLIP's names by open_clip
(whose model, filled with them, must compute what CLIPModel does), clip.cpp's file by the `gguf` package.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import open_clip
import torch
from gguf import GGUFReader, GGUFWriter
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import CLIPModel

from .models import TINY, Tiny, normalised

# layouts/<folder> holds models/<model>.
MODELS = {"sharded": "quick-gelu-p32", "open-clip": "b-32", "clip-cpp": "b-16"}


def make(folder: Path) -> None:
    shutil.rmtree(folder / "layouts", ignore_errors=True)
    for name, write in {"sharded": sharded, "open-clip": open_clip_folder, "clip-cpp": clip_cpp}.items():
        tiny = next(t for t in TINY if t.name == MODELS[name])
        target = folder / "layouts" / name
        target.mkdir(parents=True)
        write(target, folder / "models" / tiny.name, tiny)


def sharded(target: Path, source: Path, tiny: Tiny) -> None:
    """As transformers cuts a model that is too long for one file: three files, and the index that says what is where."""
    model = CLIPModel.from_pretrained(source, dtype=tiny.dtype)
    model.save_pretrained(target, max_shard_size="70KB")
    (target / "generation_config.json").unlink(missing_ok=True)
    for name in ("config.json", "preprocessor_config.json", "tokenizer.json"):
        shutil.copy(source / name, target)
    assert 2 <= len(list(target.glob("*.safetensors"))) <= 4, sorted(target.iterdir())
    found = CLIPModel.from_pretrained(target, dtype=tiny.dtype).state_dict()
    assert all(torch.equal(found[k], v) for k, v in load_file(source / "model.safetensors").items())


def open_clip_names(weights: dict[str, torch.Tensor], layers: dict[str, int]) -> dict[str, torch.Tensor]:
    """HF's tensors as OpenCLIP has them: queries, keys and values in one matrix, projections transposed."""
    out = {
        "logit_scale": weights["logit_scale"],
        "positional_embedding": weights["text_model.embeddings.position_embedding.weight"],
        "token_embedding.weight": weights["text_model.embeddings.token_embedding.weight"],
        "text_projection": weights["text_projection.weight"].T,
        "visual.class_embedding": weights["vision_model.embeddings.class_embedding"],
        "visual.positional_embedding": weights["vision_model.embeddings.position_embedding.weight"],
        "visual.conv1.weight": weights["vision_model.embeddings.patch_embedding.weight"],
        "visual.proj": weights["visual_projection.weight"].T,
    }
    parts = {"self_attn.out_proj": "attn.out_proj", "layer_norm1": "ln_1", "layer_norm2": "ln_2"}
    parts |= {"mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj"}
    for kind in ("weight", "bias"):
        out[f"ln_final.{kind}"] = weights[f"text_model.final_layer_norm.{kind}"]
        out[f"visual.ln_pre.{kind}"] = weights[f"vision_model.pre_layrnorm.{kind}"]
        out[f"visual.ln_post.{kind}"] = weights[f"vision_model.post_layernorm.{kind}"]
        for tower, prefix in (("text_model", ""), ("vision_model", "visual.")):
            for layer in range(layers[tower]):
                there = f"{prefix}transformer.resblocks.{layer}"
                here = f"{tower}.encoder.layers.{layer}"
                qkv = [weights[f"{here}.self_attn.{x}_proj.{kind}"] for x in "qkv"]
                out[f"{there}.attn.in_proj_{kind}"] = torch.cat(qkv)
                out |= {f"{there}.{new}.{kind}": weights[f"{here}.{old}.{kind}"] for old, new in parts.items()}
    return {name: tensor.contiguous() for name, tensor in out.items()}


def open_clip_config(tiny: Tiny) -> dict:
    """open_clip_config.json, as `open_clip.push_to_hf_hub` writes it."""
    assert tiny.vision.act == tiny.text.act and tiny.vision.act in ("gelu", "quick_gelu")
    config = {
        "embed_dim": tiny.projection,
        "vision_cfg": {
            "image_size": tiny.image,
            "layers": tiny.vision.layers,
            "width": tiny.vision.width,
            "patch_size": tiny.patch,
        },
        "text_cfg": {
            "context_length": tiny.context,
            "vocab_size": 0,
            "width": tiny.text.width,
            "heads": tiny.text.heads,
            "layers": tiny.text.layers,
        },
    }
    # What is OpenCLIP's default isn't in published configurations.
    for key, tower in (("vision_cfg", tiny.vision), ("text_cfg", tiny.text)):
        if tower.mlp != 4 * tower.width:
            config[key]["mlp_ratio"] = tower.mlp / tower.width
    if tiny.vision.width != 64 * tiny.vision.heads:
        config["vision_cfg"]["head_width"] = tiny.vision.width // tiny.vision.heads
    if tiny.vision.act == "quick_gelu":
        config["quick_gelu"] = True
    return {"model_cfg": config, "preprocess_cfg": {"mean": list(tiny.mean), "std": list(tiny.std)}}


def open_clip_folder(target: Path, source: Path, tiny: Tiny) -> None:
    """OpenCLIP's files alone: its configuration and names, and the tokenizer as vocab.json and merges.txt."""
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.model.save(str(target))
    config = open_clip_config(tiny)
    config["model_cfg"]["text_cfg"]["vocab_size"] = tokenizer.get_vocab_size()
    (target / "open_clip_config.json").write_text(json.dumps(config, indent=4) + "\n")
    weights = load_file(source / "model.safetensors")
    layers = {"text_model": tiny.text.layers, "vision_model": tiny.vision.layers}
    renamed = open_clip_names(weights, layers)
    save_file(renamed, target / "open_clip_model.safetensors")

    model = open_clip.CLIP(**config["model_cfg"]).eval()
    model.load_state_dict({k: v.float() for k, v in load_file(target / "open_clip_model.safetensors").items()})
    golden = json.loads((source / "golden.json").read_text())["texts"]
    expected = load_file(source / "golden.safetensors")
    ids = torch.zeros(len(golden), tiny.context, dtype=torch.long)
    for row, text in zip(ids, golden):
        row[: len(text["ids"])] = torch.tensor(text["ids"])
    with torch.no_grad():
        images = model.encode_image(normalised(expected["pixels"].numpy(), tiny), normalize=True)
        texts = model.encode_text(ids, normalize=True)
    for found, name in ((images, "image_embeds"), (texts, "text_embeds")):
        far = (found - expected[name]).abs().max().item()
        assert far < 1e-5, f"open_clip's {name} differ by {far}"


def clip_cpp_name(name: str) -> str:
    """HF's name of a tensor as clip.cpp has it. Its ffn_down is the first of the two layers."""
    if name in ("visual_projection.weight", "text_projection.weight"):
        return name
    for old, new in (
        ("text_model.final_layer_norm", "t.post_ln"),
        ("vision_model.pre_layrnorm", "v.pre_ln"),
        ("vision_model.post_layernorm", "v.post_ln"),
        ("text_model.", "t."),
        ("vision_model.", "v."),
        ("embeddings.class_embedding", "class_embd"),
        ("embeddings.patch_embedding", "patch_embd"),
        ("embeddings.position_embedding", "position_embd"),
        ("embeddings.token_embedding", "token_embd"),
        ("encoder.layers.", "blk."),
        ("self_attn.out_proj", "attn_out"),
        *((f"self_attn.{x}_proj", f"attn_{x}") for x in "qkv"),
        ("layer_norm", "ln"),
        ("mlp.fc1", "ffn_down"),
        ("mlp.fc2", "ffn_up"),
    ):
        name = name.replace(old, new)
    return name


def clip_cpp(target: Path, source: Path, tiny: Tiny) -> None:
    """clip.cpp's file: no logit scale, no merges, no JSON; matrices and the convolution in f16."""
    vocabulary = Tokenizer.from_file(str(source / "tokenizer.json")).get_vocab()
    path = target / "clip-cpp-f16.gguf"
    writer = GGUFWriter(path, "clip")
    writer.add_bool("clip.has_text_encoder", True)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_file_type(1)
    writer.add_name(tiny.name)
    writer.add_description("two-tower CLIP model")
    for key, tower in (("text", tiny.text), ("vision", tiny.vision)):
        writer.add_uint32(f"clip.{key}.embedding_length", tower.width)
        writer.add_uint32(f"clip.{key}.feed_forward_length", tower.mlp)
        writer.add_uint32(f"clip.{key}.projection_dim", tiny.projection)
        writer.add_uint32(f"clip.{key}.attention.head_count", tower.heads)
        writer.add_float32(f"clip.{key}.attention.layer_norm_epsilon", tower.eps)
        writer.add_uint32(f"clip.{key}.block_count", tower.layers)
    writer.add_uint32("clip.text.context_length", tiny.context)
    writer.add_token_list(sorted(vocabulary, key=vocabulary.get))
    writer.add_uint32("clip.vision.image_size", tiny.image)
    writer.add_uint32("clip.vision.patch_size", tiny.patch)
    writer.add_array("clip.vision.image_mean", list(tiny.mean))
    writer.add_array("clip.vision.image_std", list(tiny.std))
    writer.add_bool("clip.use_gelu", tiny.vision.act == "gelu")
    stored = {}
    for name, tensor in sorted(load_file(source / "model.safetensors").items()):
        if name != "logit_scale":
            half = name.endswith(".weight") and tensor.ndim in (2, 4)
            stored[clip_cpp_name(name)] = tensor.numpy().astype(np.float16 if half else np.float32)
    for name, array in stored.items():
        writer.add_tensor(name, array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    read = {tensor.name: tensor for tensor in GGUFReader(path).tensors}
    assert read.keys() == stored.keys()
    assert all((read[k].data.reshape(v.shape) == v).all() for k, v in stored.items())
