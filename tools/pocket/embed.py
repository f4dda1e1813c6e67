"""
Vectors of training and held-out pictures by a trained image tower, for words.py.

python tools/pocket/embed.py --model RUN/out/hf16 --shards SHARDS --cache RUN/cache --out RUN/vectors
"""

import argparse
import json
import os
import time

import numpy as np
import torch
from safetensors.torch import load_file

import data as D
import model as M
from pixels import plain


def load(folder):
    """The model of a Hugging Face folder in f32 -> (model, its weights as they are stored, its configuration)."""
    config = json.load(open(folder + "/config.json"))
    v, t = config["vision_config"], config["text_config"]
    model = M.make(
        size=v["image_size"],
        patch=v["patch_size"],
        width=v["hidden_size"],
        layers=v["num_hidden_layers"],
        heads=v["num_attention_heads"],
        twidth=t["hidden_size"],
        tlayers=t["num_hidden_layers"],
        theads=t["num_attention_heads"],
        proj=config["projection_dim"],
        vocab=t["vocab_size"],
        ctx=t["max_position_embeddings"],
    )
    stored = load_file(folder + "/model.safetensors")
    model.load_state_dict({name: w.float() for name, w in stored.items()}, strict=False)
    return model, stored, config


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--model", required=True, help="Hugging Face folder")
    a.add_argument("--shards", required=True)
    a.add_argument("--cache", help="keep the decoded pictures in this folder")
    a.add_argument("--out", required=True)
    a.add_argument("--each", type=int, default=90, help="training pictures a concept")
    args = a.parse_args()
    model, _, config = load(args.model)
    model.eval()
    size = config["vision_config"]["image_size"]
    table, d = D.load(args.shards, size, args.cache)
    rng = np.random.default_rng(0)
    trained = np.where(~d["test"] & (d["cid"] >= 0))[0]
    held = np.where(d["test"])[0]
    concept, sets = d["cid"][trained], d["set"][held]
    each = [rng.permutation(trained[concept == k])[: args.each] for k in np.unique(concept)]
    train = rng.permutation(np.concatenate(each))
    names = [s for s, name in enumerate(table["sets"]) if name != "external"]
    val = np.concatenate([rng.permutation(held[sets == s])[:250] for s in names])
    os.makedirs(args.out, exist_ok=True)
    for name, rows in (("val", val), ("train", train)):
        out, start = [], time.time()
        with torch.inference_mode():
            for i in range(0, len(rows), 200):
                pixels = plain(torch.from_numpy(d["x"][rows[i : i + 200]]), size)
                out.append(M.encode_image(model, pixels).numpy())
                if i % 4000 == 0:
                    print(name, i, len(rows), f"{time.time()-start:.0f}s", flush=True)
        np.savez(f"{args.out}/emb_{name}.npz", rows=rows, e=np.concatenate(out), cid=d["cid"][rows], set=d["set"][rows])


if __name__ == "__main__":
    main()
