"""
Put the figures of a model into its card.

python tools/pocket/card.py --model RUN/words --run RUN/out/run.json --figures trained.json --quantised q8_0.json \\
    --card models/pocket/MODEL_CARD.md

Rewrites what stands between `<!-- facts -->`, `<!-- figures -->` or `<!-- samples -->` and the next `<!-- end -->`; the rest
of the card is left as it is.
"""

import argparse
import json
import re
import struct

# Rows of data.load that are trained on: 187,477 less the 76 that overlap.py left out.
TRAINING_PICTURES = 187_401

# evaluate.py's names -> the card's.
NAMES = {
    "caltech101": "Caltech-101",
    "cifar10": "CIFAR-10",
    "clothing": "clothing",
    "flowers": "flowers",
    "grocery": "grocery",
    "hcaptcha": "hCaptcha pictures",
    "intel": "Intel scenes",
    "natural": "natural images",
    "tinyimagenet": "Tiny ImageNet (32 px)",
    "super (held-out)": "12 super-categories, all held-out sets",
    "external, trained classes": "external: classes that were trained",
    "external, super": "external: 12 super-categories",
    "external, super, classes never trained": "external: 12 super-categories, classes never trained",
    "external, all 1000 names": "external: all 1,000 ImageNet names",
    "coco caption -> picture": "COCO: which picture has this caption",
}


def parameters(path):
    """How many numbers a safetensors file holds, from its header."""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
    total = 0
    for name, tensor in header.items():
        if name != "__metadata__":
            n = 1
            for side in tensor["shape"]:
                n *= side
            total += n
    return total


def facts(model, run):
    c = json.load(open(model + "/config.json"))
    v, t = c["vision_config"], c["text_config"]
    passes = run["steps_done"] * run["batch"] / TRAINING_PICTURES
    device = "a CUDA GPU" if run["device"] == "cuda" else "the CPU"
    out = [
        f"A Hugging Face `CLIPModel` with {parameters(model + '/model.safetensors') / 1e6:.2f} million parameters. Image tower: "
        f"{v['image_size']} × {v['image_size']} pixels in patches of {v['patch_size']}, width {v['hidden_size']}, "
        f"{v['num_hidden_layers']} layers, {v['num_attention_heads']} heads. Text tower: width {t['hidden_size']}, "
        f"{t['num_hidden_layers']} layers, {t['num_attention_heads']} heads, {t['max_position_embeddings']} tokens, a byte-level "
        f"BPE of {t['vocab_size']:,} entries. Embedding: {c['projection_dim']} numbers.",
        "Trained from random weights, with no pretrained part anywhere, in three steps.",
        f"1. **A teacher** (`teacher.py`): a ResNet-18 for {v['image_size']}-pixel pictures, one logit a concept, half of every batch "
        f"mixed (mixup, cutmix), {60 * run['teacher_minutes']:.0f} seconds on {device}. It is thrown away afterwards.\n"
        f"2. **The student** (`train.py`): contrastive loss on wordings of concepts and super-categories, and the teacher's "
        f"distribution over all concepts (temperature {run['kd_t']:g}) on the same pictures, {run['mix']:.0%} of them mixed, where only "
        f"the teacher knows the answer; {run['steps_done']:,} steps of {run['batch']:,} pictures (about {passes:.0f} passes over the "
        f"training set) in {run['seconds']:.0f} seconds; Muon for the layers' matrices and AdamW for the rest, cosine schedule, averaged "
        f"weights (EMA {run['ema']}), {run['soft']:.0%} of the pictures softened so that sharpness tells no set; seed {run['seed']}. The "
        f"schedule follows the clock, so a run doesn't repeat to the bit.\n"
        f"3. **Words** (`embed.py`, `words.py`; on the CPU, {run['words']['minutes']:g} minutes, {run['words']['steps']} steps): the image "
        f"tower is frozen. Everyday synonyms join the concepts' names, and WordNet's concrete nouns that no picture shows are "
        f"negatives for every picture that is not of their nearest trained category, and lie near that category's vector. A tenth of "
        f"the nouns was kept out: with 20 of these beside the true labels, {run['words']['kept_out'].replace(' -> ', ' % before and ')} % "
        f"after were right (mean of nine held-out sets). Logit scale {run['words']['logit_scale']:g}, fitted on the same pictures.",
    ]
    return "\n\n".join(out)


def figures(exact, quantised):
    head = (
        "| test | pictures | classes | chance % | top-1 % | top-5 % | per class % | ECE % | top-1 % as bundled |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    rows = []
    for key, row in exact.items():
        cells = [NAMES[key], f"{row['n']:,}", f"{row['classes']:,}"]
        cells += [f"{row[k]:.1f}" if k in row else "" for k in ("chance", "top1", "top5", "per_class", "ece")]
        cells.append(f"{quantised[key]['top1']:.1f}")
        rows.append("| " + " | ".join(cells) + " |")
    return head + "\n".join(rows)


def samples(shown):
    right = sum(s["best"][0][0] == s["right"] for s in shown.values())
    among = sum(s["right"] in [label for label, _ in s["best"]] for s in shown.values())
    rows = [
        f"| {name} | {s['right']} | " + ", ".join(f"{label} {p:.2f}" for label, p in s["best"]) + " |"
        for name, s in shown.items()
    ]
    return (
        f"Ordinary photographs, sharp and not from its training sets, against 40 everyday labels: {right} of {len(shown)} right, "
        f"{among} with the right label among the first three.\n\n| picture | right label | its first three |\n|---|---|---|\n"
        + "\n".join(rows)
    )


def put(card, name, text):
    """The card with the block `name` replaced."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    new, n = pattern.subn(lambda m: m.group(1) + text + "\n" + m.group(2), card)
    if n != 1:
        raise SystemExit(f"the card has {n} blocks <!-- {name} --> … <!-- end -->, expected one")
    return new


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--model", required=True, help="Hugging Face folder")
    a.add_argument("--run", required=True, help="run.json of train.py")
    a.add_argument("--figures", required=True, help="evaluate.py --samples --json")
    a.add_argument("--quantised", required=True, help="evaluate.py --q8_0 --json")
    a.add_argument("--card", required=True)
    args = a.parse_args()
    exact, quantised = json.load(open(args.figures)), json.load(open(args.quantised))
    card = open(args.card, encoding="utf-8").read()
    card = put(card, "facts", facts(args.model, json.load(open(args.run))))
    card = put(card, "figures", figures(exact["figures"], quantised["figures"]))
    card = put(card, "samples", samples(exact["samples"]))
    open(args.card, "w", encoding="utf-8").write(card)


if __name__ == "__main__":
    main()
