"""Zero-shot figures on the held-out sets.

python tools/pocket/evaluate.py --model RUN/out/hf --shards SHARDS --cache RUN/cache --samples --json RUN/out/figures.json
"""

import argparse
import json

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer, CLIPModel

import captions as K
import data as D
import model as M
from pixels import plain

EVERYDAY = (
    "dog,cat,bird,fish,elephant,lion,giraffe,horse,frog,spider,butterfly,snake,car,truck,bus,train,motorcycle,bicycle,"
    "airplane,boat,pizza,banana,orange,mushroom,flower,chair,table,shoe,bridge,mountain,beach,building,person,teddy bear,"
    "guitar,piano,clock,bottle,computer,shirt"
).split(",")
# Pictures of the external test that --samples shows, by their names there, and which of EVERYDAY is right.
SHOWN = {
    "golden retriever": "dog",
    "tabby": "cat",
    "African elephant": "elephant",
    "school bus": "bus",
    "pizza": "pizza",
    "teddy": "teddy bear",
    "banana": "banana",
    "lion": "lion",
    "sports car": "car",
    "acoustic guitar": "guitar",
    "king penguin": "bird",
    "suspension bridge": "bridge",
    "airliner": "airplane",
    "seashore": "beach",
}


def calibration_error(p, right, bins=15):
    """Expected calibration error: |accuracy - confidence| over equal bins of confidence, weighted by their share."""
    confidence = p.max(1)
    error = 0.0
    for i in range(bins):
        s = (confidence > i / bins) & (confidence <= (i + 1) / bins)
        if s.any():
            error += s.mean() * abs(right[s].mean() - confidence[s].mean())
    return float(error)


def q8_0(model):
    """Weights as the GGUF bundle holds them: blocks of 32 along a row, one f16 scale each; other tensors as they are."""
    with torch.no_grad():
        for p in model.parameters():
            if p.ndim == 2 and p.shape[1] % 32 == 0:
                x = p.reshape(-1, 32)
                d = x.abs().amax(1, keepdim=True) / 127
                q = torch.where(d > 0, x / d, torch.zeros_like(x)).round()
                p.copy_((q * d.half().float()).reshape(p.shape))


class Figures:
    """The held-out rows, their embeddings and the figures of these. Whoever inherits says how texts are embedded."""

    def __init__(self, table, rows, scale):
        """rows: data.load's arrays, of the held-out pictures alone; scale: the logit scale. `images` [n, P] is set later."""
        self.table, self.scale = table, scale
        self.concept, self.set, self.extra = (rows[k] for k in ("cid", "set", "extra"))

    def embed_texts(self, texts):
        """Unit vectors [n, P]."""
        raise NotImplementedError

    def embed_names(self, names):
        return self.embed_texts([K.eval_caption(n) for n in names])

    def name(self, concept):
        return self.table["names"][concept][0]

    def score(self, images, texts, truth):
        """Figures of `images` [n, P] against the class embeddings `texts` [c, P]; truth: [n], the right class of each."""
        logits = self.scale * images @ texts.T
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        order = np.argsort(-logits, 1)
        right = order[:, 0] == truth
        return dict(
            n=len(truth),
            classes=texts.shape[0],
            chance=round(100 / texts.shape[0], 1),
            top1=round(100 * float(right.mean()), 2),
            top5=round(100 * float((order[:, :5] == truth[:, None]).any(1).mean()), 2),
            per_class=round(100 * float(np.mean([right[truth == c].mean() for c in np.unique(truth)])), 2),
            ece=round(100 * calibration_error(p, right), 2),
        )

    def sets(self):
        """Every set with its own classes."""
        for i, name in enumerate(self.table["sets"]):
            k = (self.set == i) & (self.concept >= 0)
            if name in ("coco", "external") or not k.any():
                continue
            classes = np.unique(self.concept[k])
            texts = self.embed_names([self.name(c) for c in classes])
            yield name, self.score(self.images[k], texts, np.searchsorted(classes, self.concept[k]))

    def supers(self):
        """The 12 super-categories, over the held-out pictures that have exactly one of them."""
        above = [set(u) | {c} for c, u in enumerate(self.table["up"])]
        wanted = self.table["eval_super"]
        hit = np.array([[c >= 0 and s in above[c] for s in wanted] for c in self.concept])
        k = (hit.sum(1) == 1) & (self.set != self.table["sets"].index("external"))
        texts = self.embed_names([self.name(c) for c in wanted])
        yield "super (held-out)", self.score(self.images[k], texts, hit[k].argmax(1))

    def external(self):
        """One picture of each of 1,000 ImageNet classes, none of them trained on."""
        k = self.set == self.table["sets"].index("external")
        images = self.images[k]
        rows = [self.table["external"][i] for i in self.extra[k]]
        leaf = np.array([r["leaf"] for r in rows])
        classes = np.unique(leaf[leaf >= 0])
        texts = self.embed_names([self.name(c) for c in classes])
        yield "external, trained classes", self.score(
            images[leaf >= 0], texts, np.searchsorted(classes, leaf[leaf >= 0])
        )
        wanted = self.table["eval_super"]
        texts = self.embed_names([self.name(c) for c in wanted])
        hit = np.array([[c in r["valid"] for c in wanted] for r in rows])
        one = hit.sum(1) == 1
        yield "external, super", self.score(images[one], texts, hit[one].argmax(1))
        new = one & (leaf < 0)
        yield "external, super, classes never trained", self.score(images[new], texts, hit[new].argmax(1))
        texts = self.embed_names([r["name"] for r in rows])
        yield "external, all 1000 names", self.score(images, texts, np.arange(len(rows)))

    def captions(self):
        """COCO: which of the held-out pictures does its own caption pick."""
        k = np.where(self.set == self.table["sets"].index("coco"))[0]
        if len(k):
            texts = self.embed_texts([self.table["captions"][self.extra[i]][0] for i in k])
            order = np.argsort(-(texts @ self.images[k].T), 1)
            truth = np.arange(len(k))
            yield "coco caption -> picture", dict(
                n=len(k),
                classes=len(k),
                chance=round(100 / len(k), 1),
                top1=round(100 * float((order[:, 0] == truth).mean()), 2),
                top5=round(100 * float((order[:, :5] == truth[:, None]).any(1).mean()), 2),
            )

    def all(self):
        """{name of the test: its figures}."""
        parts = (self.sets, self.supers, self.external, self.captions)
        return {name: row for part in parts for name, row in part()}

    def samples(self):
        """What the model makes of the pictures of SHOWN, with everyday labels: (name, {right, best: three with probability})."""
        texts = self.embed_names(EVERYDAY)
        left = set(SHOWN)
        for j in np.where(self.set == self.table["sets"].index("external"))[0]:
            name = self.table["external"][self.extra[j]]["name"]
            if name in left:
                left.remove(name)
                logits = self.scale * self.images[j] @ texts.T
                p = np.exp(logits - logits.max())
                p /= p.sum()
                best = [(EVERYDAY[i], round(float(p[i]), 2)) for i in np.argsort(-p)[:3]]
                yield name, dict(right=SHOWN[name], best=best)


class Evaluation(Figures):
    """A model's figures."""

    def __init__(self, args):
        self.device = args.device
        self.model = CLIPModel.from_pretrained(args.model, dtype=torch.float32).eval().to(args.device)
        self.tokenizer = Tokenizer.from_file(args.model + "/tokenizer.json")
        self.size = args.size or self.model.config.vision_config.image_size
        if args.q8_0:
            q8_0(self.model)
        table, d = D.load(args.shards, self.size, args.cache)
        held_out = np.where(d["test"])[0]
        if args.limit:
            held_out = np.random.default_rng(0).permutation(held_out)[: args.limit]
            held_out = np.union1d(held_out, np.where(d["set"] == table["sets"].index("external"))[0])
        super().__init__(table, {k: v[held_out] for k, v in d.items() if k != "x"}, self.model.logit_scale.exp().item())
        self.x = d["x"][held_out]
        self.images = np.concatenate([self.embed_images(self.x[i : i + 500]) for i in range(0, len(self.x), 500)])

    def embed_images(self, x):
        pixels = plain(torch.from_numpy(x).to(self.device), self.size)
        return M.encode_image(self.model, pixels).cpu().numpy()

    def embed_texts(self, texts):
        return M.encode_text(self.model, self.ids(texts)).cpu().numpy()

    def ids(self, texts):
        """Token ids, cut to the context with EOS kept, padded with EOS."""
        context = self.model.config.text_config.max_position_embeddings
        rows = [self.tokenizer.encode(t).ids for t in texts]
        rows = [r if len(r) <= context else r[: context - 1] + r[-1:] for r in rows]
        longest, eos = max(map(len, rows)), self.tokenizer.token_to_id("<|endoftext|>")
        return torch.tensor([r + [eos] * (longest - len(r)) for r in rows], device=self.device)

    def check(self, folder):
        """The lean forward pass and the tokenizer against transformers' own."""
        theirs = AutoTokenizer.from_pretrained(folder)
        texts = ["a photo of a cat.", "A Zebra eating a Hot-Dog, 2024!", "it's the dog"]
        equal = all(theirs(t)["input_ids"] == self.tokenizer.encode(t).ids for t in texts)
        print("tokenizer equal:", equal, theirs(texts[0])["input_ids"])
        ids = self.ids(texts)
        pixels = plain(torch.from_numpy(self.x[:64]).to(self.device), self.model.config.vision_config.image_size)
        out = self.model(input_ids=ids, pixel_values=pixels)
        image = float((out.image_embeds - M.encode_image(self.model, pixels)).abs().max())
        text = float((out.text_embeds - M.encode_text(self.model, ids)).abs().max())
        print("max |own - transformers|: image", image, "text", text)


@torch.no_grad()
def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--model", required=True, help="Hugging Face folder")
    a.add_argument("--shards", required=True)
    a.add_argument("--cache", help="keep the decoded pictures in this folder")
    a.add_argument("--q8_0", action="store_true", help="with the weights as the bundle holds them")
    a.add_argument(
        "--check", action="store_true", help="also compare with transformers' own forward pass and tokenizer"
    )
    a.add_argument("--samples", action="store_true", help="also show some external pictures with everyday labels")
    a.add_argument("--json", help="write the figures into this file, for card.py")
    a.add_argument("--device", default="cpu")
    a.add_argument("--limit", type=int, default=0, help="only so many held-out pictures, besides the external ones")
    a.add_argument("--size", type=int, default=0, help="run at another picture size than the model's")
    args = a.parse_args()
    e = Evaluation(args)
    figures = e.all()
    for name, row in figures.items():
        print(f"{name:42s}", row)
    shown = dict(e.samples()) if args.samples else {}
    for name, s in shown.items():
        print(f"  {name:22s}", ", ".join(f"{label} {p:.2f}" for label, p in s["best"]))
    if args.check:
        e.check(args.model)
    if args.json:
        json.dump(dict(figures=figures, samples=shown), open(args.json, "w"), indent=1)


if __name__ == "__main__":
    main()
