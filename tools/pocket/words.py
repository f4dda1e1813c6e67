"""
Second stage: the text tower learns what words without pictures mean. The image tower is frozen.

A word that no training picture shows (zebra, castle, …) had an arbitrary vector and drew pictures at random. Here some thousands
of WordNet's concrete nouns are negatives for every picture that is not of their nearest trained category, and lie near that
category's own vector. A tenth of the nouns is kept out, to measure with. Everyday synonyms join the concepts' names.

python tools/pocket/words.py --model RUN/out/hf16 --vectors RUN/vectors --shards SHARDS --out RUN/words --minutes 8.5

Needs Debian's `wordnet-base`. With --run RUN/out/run.json it adds to that file what it did, for card.py.
"""

import argparse
import collections
import json
import os
import random
import shutil
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer

import captions as K
import concepts as C
import model as M
from embed import load
from loss import relation

# Everyday words for what pictures show, beside those of the table.
ALSO = {
    "cat": "kitten,kitty cat",
    "dog": "puppy,pup,doggy",
    "car": "vehicle on four wheels,sedan",
    "shoe": "sneaker,trainers,sneakers,boot",
    "cell phone": "phone,smartphone,iphone,telephone",
    "laptop": "computer,pc,macbook",
    "desktop computer": "computer,pc,monitor",
    "building": "house,skyscraper,tower block,apartment building,office building",
    "person": "man,woman,people",
    "face": "man,woman,portrait,person,smiling face",
    "street": "road,city,downtown",
    "sea": "ocean,water,waves",
    "seashore": "coast,sand,shore",
    "forest": "trees,woodland",
    "mountain": "mountains,peak,hills",
    "glacier": "ice,snow,snowy mountain",
    "bedroom": "bed,hotel room",
    "living room": "sofa,couch,lounge",
    "conference room": "office,meeting room",
    "airplane": "plane,jet,aircraft,airliner",
    "boat": "rowing boat,speedboat",
    "ship": "cruise ship,container ship",
    "truck": "lorry,pickup truck",
    "motorcycle": "motorbike,bike",
    "bicycle": "bike,cycle",
    "train": "locomotive,railway",
    "watch": "wristwatch,smartwatch,clock",
    "camera": "photo camera,digital camera",
    "table lamp": "lamp,light",
    "dining table": "table,desk",
    "backpack": "bag,rucksack",
    "plant": "houseplant,green plant",
    "apple": "red apple,green apple",
    "fruit": "fruits",
    "vegetable": "vegetables",
    "pizza": "slice of pizza",
    "ice cream": "ice cream cone,gelato",
    "beer bottle": "bottle",
    "pop bottle": "bottle,soda",
    "cup": "mug,coffee cup,glass",
    "teapot": "tea pot,kettle",
    "flower": "flowers,blossom",
    "rose": "roses,red rose",
    "bird": "songbird",
    "rooster": "hen,chicken",
    "butterfly": "monarch",
    "hat": "cap,baseball cap",
    "coat": "jacket,hoodie",
    "pants": "trousers,jeans",
    "dress": "gown,evening dress",
    "t-shirt": "tshirt,tee",
    "bridge": "footbridge",
    "bus": "city bus",
    "soccer ball": "football,ball",
    "guitar": "electric guitar",
    "banana": "bananas",
    "lemon": "lemons",
    "strawberry": "strawberries",
    "mushroom": "mushrooms,toadstool",
    "teddy bear": "teddy,plush toy,stuffed bear",
}
# WordNet's lexicographer files: animal, artifact, body, food, object, person, plant.
KINDS = {"05", "06", "08", "13", "17", "18", "20"}
# How many kept-out nouns stand beside a set's labels when it is measured.
BESIDE = 20

Noun = collections.namedtuple("Noun", "word frequent near synset")


def first_senses():
    """(word, how often WordNet's texts have it, the synset of its first sense) for every noun of WordNet."""
    for line in open(C.WN + "/index.noun", encoding="latin-1"):
        if line[0] != " ":
            f = line.split()
            n = int(f[2])
            yield f[0].replace("_", " "), int(f[-n - 1]), f[-n]


def nearest(synset, at, wordnet):
    """The trained concepts that are nearest above a synset (or the one that it is), by ids; none if there are none."""
    if synset in at:
        return [at[synset]]
    queue, seen = collections.deque(wordnet.syn[synset][1]), set()
    while queue:
        level, queue = list(queue), collections.deque()
        near = sorted({at[h] for h in level if h in at})
        if near:
            return near
        for h in level:
            if h not in seen:
                seen.add(h)
                queue.extend(wordnet.syn[h][1])
    return []


def nouns(wordnet, table, built):
    """[Noun]: nouns whose first sense is a thing, in words that no concept uses. `built`: the table as prepare.py built it."""
    ids = {names[0]: i for i, names in enumerate(table["names"])}
    taken = {w.lower() for names in table["names"] for w in names}
    at = {offset: ids[name] for name, offset in built.off.items() if name in ids}
    at.update({offset: ids[name] for offset, name in built.so.items() if name in ids})
    kind = {}
    for line in open(C.WN + "/data.noun", encoding="latin-1"):
        if line[0] != " ":
            f = line.split(" ", 3)
            kind[f[0]] = f[1]
    out = []
    for word, tagged, synset in first_senses():
        if kind[synset] not in KINDS or word in taken or not 3 <= len(word) <= 20 or word.count(" ") > 1:
            continue
        if not word.replace(" ", "").isalpha():
            continue
        lemma = next((w for w in wordnet.syn[synset][0] if w.lower() == word), word)
        if lemma == lemma.lower():  # others are names and genera
            out.append(Noun(word, tagged > 0, nearest(synset, at, wordnet), synset))
    return out


class Words:
    def __init__(self, args):
        self.args = args
        self.rnd = random.Random(0)
        self.rng = np.random.default_rng(0)
        self.table = json.load(open(args.shards + "/table.json"))
        names = self.table["names"]
        first = {n[0]: i for i, n in enumerate(names)}
        for concept, words in ALSO.items():
            if concept in first:
                own = names[first[concept]]
                own += [w for w in words.split(",") if w not in own]
        print("no such concept:", [c for c in ALSO if c not in first])
        self.tokenizer = Tokenizer.from_file(args.model + "/tokenizer.json")
        self.model, self.stored, config = load(args.model)
        self.context = config["text_config"]["max_position_embeddings"]
        for name, p in self.model.named_parameters():
            p.requires_grad_(name.startswith("text_"))
        self.trained, self.val = (np.load(f"{args.vectors}/emb_{name}.npz") for name in ("train", "val"))
        self.x = torch.from_numpy(self.trained["e"])
        self.y = torch.from_numpy(self.trained["cid"].astype(np.int64))
        wordnet = C.WordNet()
        # The table as prepare.py built it, for its synsets: the set's own word numbers are those that carry a leaf.
        leaves = sorted({e["wnid"] for e in self.table["external"] if e["leaf"] >= 0})
        built, _ = C.build(leaves, wordnet)
        every = nouns(wordnet, self.table, built)
        self.rnd.shuffle(every)
        self.held, self.nouns = every[: len(every) // 10], every[len(every) // 10 :]
        self.frequent = [i for i, n in enumerate(self.nouns) if n.frequent]
        self.rare = [i for i, n in enumerate(self.nouns) if not n.frequent]
        self.held_frequent = [i for i, n in enumerate(self.held) if n.frequent]
        self.count = np.bincount(self.trained["cid"], minlength=len(names))
        seen = np.where(self.count > 0)[0]
        self.used = sorted(set(seen.tolist()) | {u for c in seen for u in self.table["up"][c]})
        self.relation = relation(self.table, self.used, len(names))
        self.noun_relation = self.relation_of_nouns(built, wordnet, first)
        with_category = sum(bool(n.near) for n in self.nouns)
        print(
            f"{len(self.nouns)} nouns ({len(self.frequent)} frequent), {with_category} with a category; "
            f"{len(self.held)} kept out; {len(self.x)} pictures",
            flush=True,
        )
        self.end = self.tokenizer.token_to_id("<|endoftext|>")
        with torch.no_grad():
            self.base = self.embed_names([n[0] for n in names])
        self.scale = self.model.logit_scale.exp().item()

    def relation_of_nouns(self, built, wordnet, first):
        """int8 [nouns, concepts]: is a noun false of a concept's pictures (0), or may it be true of them (-1)?"""
        n = len(self.table["names"])
        up = [set(u) | {c} for c, u in enumerate(self.table["up"])]
        ancestors = [set() for _ in range(n)]
        for name, synset in built.off.items():
            if name in first and synset in wordnet.syn:
                ancestors[first[name]] = wordnet.anc(synset) | {synset}
        rows = []
        for noun in self.nouns:
            near = set(noun.near)
            may = [-1 if (near & up[c]) or noun.synset in ancestors[c] else 0 for c in range(n)]
            rows.append(torch.tensor(may, dtype=torch.int8))
        return torch.stack(rows)

    def ids(self, texts):
        """Token ids, cut to the context with EOS kept, padded with EOS."""
        rows = [self.tokenizer.encode(t).ids for t in texts]
        rows = [r if len(r) <= self.context else r[: self.context - 1] + r[-1:] for r in rows]
        longest = max(map(len, rows))
        return torch.tensor([r + [self.end] * (longest - len(r)) for r in rows])

    def embed(self, texts):
        return M.encode_text(self.model, self.ids(texts))

    def embed_names(self, names):
        return self.embed([K.eval_caption(n) for n in names])

    def wording(self, word):
        return K.an(self.rnd.choice(K.TEMPLATES).format(K.plural(word) if self.rnd.random() < 0.05 else word))

    def held_out(self):
        """(logits without scale [n, classes], truth [n], pictures) of every set, with its own classes."""
        concepts, pictures = self.embed_names([n[0] for n in self.table["names"]]), torch.from_numpy(self.val["e"])
        for k, name in enumerate(self.table["sets"]):
            q = (self.val["set"] == k) & (self.val["cid"] >= 0)
            if q.any() and name not in ("coco", "external"):
                classes = np.unique(self.val["cid"][q])
                truth = np.searchsorted(classes, self.val["cid"][q])
                yield pictures[q] @ concepts[classes].T, truth, pictures[q]

    @torch.no_grad()
    def report(self, when):
        """-> per cent of right answers, the mean of the sets: with the true labels alone, with kept-out nouns beside them."""
        others = self.embed_names([n.word for n in self.held])
        rng = np.random.default_rng(1)
        alone, beside = [], []
        for logits, truth, pictures in self.held_out():
            alone.append(float((logits.argmax(1).numpy() == truth).mean()))
            hit = []
            for _ in range(5):
                which = rng.choice(self.held_frequent, BESIDE, replace=False)
                both = torch.cat((logits, pictures @ others[which].T), 1)
                hit.append(float((both.argmax(1).numpy() == truth).mean()))
            beside.append(np.mean(hit))
        sets = ", ".join(f"{100 * a:.0f}" for a in alone)
        a, b = 100 * np.mean(alone), 100 * np.mean(beside)
        print(f"{when}: known labels {a:.1f} ({sets}), with {BESIDE} kept-out words beside {b:.1f}", flush=True)
        return a, b

    def loss(self, weight):
        """-> (loss, distance of the nouns from their categories, distance of the concepts from where they were)."""
        args = self.args
        b = torch.from_numpy(self.rng.choice(len(self.x), args.batch, p=weight))
        often = args.words * 2 // 3
        which = self.rnd.sample(self.frequent, often) + self.rnd.sample(self.rare, args.words - often)
        wordings = [K.caption(self.table, c, self.rnd) for c in self.used]
        texts = self.embed(wordings + [self.wording(self.nouns[i].word) for i in which])
        used = len(self.used)
        rel = torch.cat((self.relation[self.y[b]], self.noun_relation[which][:, self.y[b]].T), 1)
        own, above = picture_losses(self.scale * self.x[b] @ texts.T, rel)
        named = [j for j, i in enumerate(which) if self.nouns[i].near]
        targets = [self.base[self.nouns[which[j]].near].mean(0) for j in named]
        target = F.normalize(torch.stack(targets), dim=1)
        near = (1 - (texts[used:][named] * target).sum(1)).mean()
        stay = (1 - (texts[:used] * self.base[self.used]).sum(1)).mean()
        return own.mean() + 0.3 * above.mean() + args.near * near + stay, near, stay

    def train(self):
        """-> steps done; the weights are then their moving average."""
        args = self.args
        moving = [p for p in self.model.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(moving, lr=args.lr, betas=(0.9, 0.98), weight_decay=0.02)
        average = [p.detach().clone() for p in moving]
        weight = 1 / np.maximum(self.count[self.trained["cid"]], 1) ** 0.5
        weight /= weight.sum()
        start, step, recent = time.time(), 0, []
        while True:
            fraction = (time.time() - start) / (args.minutes * 60) if args.minutes else step / args.steps
            if fraction >= 1 or step >= args.steps:
                break
            for group in optimiser.param_groups:
                group["lr"] = args.lr * min(1, (step + 1) / 40) * (0.5 + 0.5 * np.cos(np.pi * fraction))
            loss, near, stay = self.loss(weight)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(moving, 1.0)
            optimiser.step()
            recent.append((loss.item(), near.item(), stay.item()))
            with torch.no_grad():
                decay = min(0.99, (1 + step) / (10 + step))
                torch._foreach_mul_(average, decay)
                torch._foreach_add_(average, moving, alpha=1 - decay)
            step += 1
            if step % 100 == 0:
                means = "loss %.3f near %.3f stay %.3f" % tuple(np.mean(recent, 0))
                print(step, f"{time.time()-start:.0f}s", means, flush=True)
                recent = []
            if step % 300 == 0:
                self.report(step)
        with torch.no_grad():
            for p, q in zip(moving, average):
                p.copy_(q)
        return step

    @torch.no_grad()
    def fit_scale(self):
        """One logit scale for all sets: the least mean loss with kept-out nouns beside the labels. Sets it; -> the scale."""
        others = self.embed_names([n.word for n in self.held])
        rng = np.random.default_rng(2)
        sets = []
        for logits, truth, pictures in self.held_out():
            which = rng.choice(self.held_frequent, BESIDE, replace=False)
            sets.append((torch.cat((logits, pictures @ others[which].T), 1), torch.from_numpy(truth)))
        loss = {
            s: float(np.mean([F.cross_entropy(s * logits, truth).item() for logits, truth in sets]))
            for s in np.arange(8, 40, 0.5)
        }
        best = min(loss, key=loss.get)
        before = loss[min(loss, key=lambda s: abs(s - self.scale))]
        print(f"logit scale {self.scale:.2f} (loss {before:.4f}) -> {best:.2f} (loss {loss[best]:.4f})")
        self.model.logit_scale.fill_(float(np.log(best)))
        return float(best)

    def save(self, folder):
        """The new text tower and logit scale in f16; everything else as it was."""
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(self.args.model):
            if name != "model.safetensors":
                shutil.copy(f"{self.args.model}/{name}", folder)
        now = self.model.state_dict()
        new = {name: name.startswith("text_") or name == "logit_scale" for name in self.stored}
        tensors = {n: (now[n].half() if new[n] else self.stored[n]).contiguous() for n in self.stored}
        save_file(tensors, folder + "/model.safetensors", metadata={"format": "pt"})


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = a.add_argument
    add("--model", required=True, help="Hugging Face folder of the first stage")
    add("--vectors", required=True, help="folder of embed.py")
    add("--shards", required=True)
    add("--out", required=True, help="Hugging Face folder to write")
    add("--run", help="add what was done to this run.json")
    add("--minutes", type=float, default=0, help="fit the schedule to the clock instead of to --steps")
    add("--steps", type=int, default=1200)
    add("--batch", type=int, default=384)
    add("--words", type=int, default=320, help="nouns a step")
    add("--lr", type=float, default=4e-4)
    add("--near", type=float, default=0.5, help="weight of a noun's distance from its category")
    args = a.parse_args()
    torch.manual_seed(0)
    words = Words(args)
    _, before = words.report("before")
    steps = words.train()
    _, after = words.report("after")
    scale = words.fit_scale()
    words.save(args.out)
    if args.run:
        run = json.load(open(args.run))
        done = dict(minutes=args.minutes, steps=steps, logit_scale=scale, kept_out=f"{before:.1f} -> {after:.1f}")
        json.dump(dict(run, words=done), open(args.run, "w"), indent=1)


if __name__ == "__main__":
    main()
