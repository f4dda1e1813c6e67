"""
Contrastive training of a small CLIP from random weights.

CPU: python tools/pocket/train.py --shards SHARDS --cache RUN/cache --out RUN/out --minutes 118 --size 32 --patch 4 --layers 6
GPU: tools/pocket/gpu2.sh TEACHER_MINUTES STUDENT_MINUTES SHARDS RUN

With --teacher-minutes a convolutional teacher is trained first (teacher.py), and the student learns its distribution over the
concepts as well; half of a batch is mixed, where only the teacher knows the answer (Beyer et al. 2022).

--minutes fits the cosine schedule to the clock; --steps N fits it to steps, and then a run can be repeated by its seed (same
machine, same number of threads). --resume goes on from OUT/ckpt.pt. OUT/hf is the result as a Hugging Face folder.
"""

import argparse
import copy
import json
import math
import os
import random
import shutil
import time

import numpy as np
import torch
import torch._dynamo
import torch.nn.functional as F
from tokenizers import Tokenizer

import captions as K
import data as D
import model as M
import teacher
from loss import batch_relation, loss_of, relation
from pixels import MEAN, STD, augment

# Where the compiler can't, the step runs as it is written.
torch._dynamo.config.suppress_errors = True

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = a.add_argument
    add("--shards", required=True)
    add("--out", required=True)
    add("--cache", help="keep the decoded pictures in this folder")
    add("--tok", default=HERE + "/tok", help="folder of the tokenizer")
    add("--device", default="cpu")
    add("--threads", type=int, default=0)
    add("--compile", action="store_true")
    add("--seed", type=int, default=0)
    add("--resume", action="store_true")
    add("--minutes", type=float, default=0)
    add("--steps", type=int, default=0)
    add("--batch", type=int, default=512)
    add("--size", type=int, default=64, help="side of the pictures")
    add("--patch", type=int, default=8)
    add("--width", type=int, default=192)
    add("--layers", type=int, default=9)
    add("--twidth", type=int, default=128)
    add("--tlayers", type=int, default=3)
    add("--proj", type=int, default=128)
    add("--ctx", type=int, default=32)
    add("--res", default="", help="size:until-fraction,… e.g. 24:0.7,32:1")
    add("--opt", default="muon", choices=["adamw", "muon"])
    add("--lr", type=float, default=2e-3)
    add("--muon-lr", type=float, default=2e-3)
    add("--wd", type=float, default=0.05)
    add("--warmup", type=float, default=0.04, help="share of the run")
    add("--ema", type=float, default=0.999)
    add("--drop-path", type=float, default=0.0)
    add("--aug", type=float, default=1.0, help="0 none … 1 full")
    add("--rrc", type=float, default=0.4, help="smallest crop, as a share of the area")
    add("--lowres", type=float, default=0.0, help="share of the sharp pictures brought down to 32 px and back")
    add("--soft", type=float, default=0.0, help="share of the pictures brought down to 55–95 % and back")
    add("--teacher-minutes", type=float, default=0.0, help="> 0: train a convolutional teacher for this long, and distil it")
    add("--twidth0", type=int, default=64, help="width of the teacher")
    add("--kd", type=float, default=1.0, help="weight of what the teacher says")
    add("--kd-t", type=float, default=2.0, help="its temperature")
    add("--mix", type=float, default=0.5, help="share of a batch that is mixed and learns from the teacher alone")
    add("--balance", type=float, default=0.5, help="a class's weight is its size to this power less")
    add("--up-weight", type=float, default=0.3, help="weight of a picture's super-categories")
    add("--t2i", type=float, default=0.3, help="weight of the text-to-image half")
    add("--log", type=int, default=50)
    add("--ckpt-min", type=float, default=3)
    return a.parse_args()


class Text:
    """Every step: one wording of each concept (leaf and super-category), and the captions of the captioned pictures."""

    def __init__(self, table, tokenizer, context, used, seed):
        self.table, self.tokenizer, self.context, self.used = table, tokenizer, context, used
        self.rnd = random.Random(seed)
        self.memo = {}

    def ids(self, texts):
        """Token ids, cut with EOS kept, padded with EOS to a multiple of 4."""
        out = []
        for text in texts:
            ids = self.memo.get(text)
            if ids is None:
                ids = self.tokenizer.encode(text).ids
                if len(ids) > self.context:
                    ids = ids[: self.context - 1] + ids[-1:]
                if len(self.memo) < 400000:
                    self.memo[text] = ids
            out.append(ids)
        n = min(self.context, (max(map(len, out)) + 3) // 4 * 4)
        eos = self.tokenizer.token_to_id("<|endoftext|>")
        return torch.tensor([ids + [eos] * (n - len(ids)) for ids in out])

    def batch(self, extra):
        return self.ids([K.caption(self.table, c, self.rnd) for c in self.used] + extra)


def save_hf(model, args, path):
    """The model, its tokenizer and its preprocessing as a Hugging Face folder."""
    os.makedirs(path, exist_ok=True)
    model.save_pretrained(path)
    for name in os.listdir(args.tok):
        shutil.copy(f"{args.tok}/{name}", path)
    config = dict(
        image_processor_type="CLIPImageProcessor",
        do_convert_rgb=True,
        do_resize=True,
        size=dict(shortest_edge=args.size),
        resample=3,
        do_center_crop=True,
        crop_size=dict(height=args.size, width=args.size),
        do_rescale=True,
        rescale_factor=1 / 255,
        do_normalize=True,
        image_mean=[round(float(v), 4) for v in MEAN],
        image_std=[round(float(v), 4) for v in STD],
    )
    json.dump(config, open(path + "/preprocessor_config.json", "w"), indent=1)


def optimisers(model, args):
    """Muon for the layers' matrices, AdamW for the rest (weight decay on matrices only)."""
    muon = []
    if args.opt == "muon":
        muon = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
    ids = {id(p) for p in muon}
    decayed = [p for p in model.parameters() if p.ndim >= 2 and id(p) not in ids]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [dict(params=decayed, weight_decay=args.wd), dict(params=others, weight_decay=0.0)]
    out = [torch.optim.AdamW(groups, lr=args.lr, betas=(0.9, 0.98), eps=1e-6)]
    if muon:
        out.append(torch.optim.Muon(muon, lr=args.muon_lr, weight_decay=args.wd, adjust_lr_fn="match_rms_adamw"))
    for o in out:
        for group in o.param_groups:
            group["base"] = group["lr"]
    return out


def rate(fraction, warmup):
    """Learning rate as a share of its peak: linear warm-up, then a cosine down to 0.002."""
    if fraction > warmup:
        k = min(1, fraction / warmup) * (0.5 + 0.5 * math.cos(math.pi * min(1, fraction)))
    else:
        k = max(fraction, 1e-3) / warmup
    return max(k, 0.002)


class Training:
    def __init__(self, args):
        self.args = args
        self.device = torch.device(args.device)
        self.table, d = D.load(args.shards, args.size, args.cache)
        self.rows = np.where(~d["test"])[0]
        self.x = torch.from_numpy(d["x"])
        if self.device.type == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = True
            self.x = self.x.to(self.device)
        self.y = torch.from_numpy(d["cid"].astype(np.int64))
        self.extra = d["extra"]
        self.sharp = torch.from_numpy(d["px"] == 64)
        concepts = len(self.table["names"])
        cid = d["cid"][self.rows]
        count = np.bincount(np.maximum(cid, 0), minlength=concepts)
        seen = np.where(count > 0)[0]
        weight = np.where(cid < 0, 1 / 30.0, np.maximum(count[np.maximum(cid, 0)], 30) ** -args.balance)
        self.weight = weight / weight.sum()
        self.used = sorted(set(seen.tolist()) | {u for c in seen for u in self.table["up"][c]})
        self.relation = relation(self.table, self.used, concepts).to(self.device)
        tokenizer = Tokenizer.from_file(args.tok + "/tokenizer.json")
        self.text = Text(self.table, tokenizer, args.ctx, self.used, args.seed + 1)
        self.model = M.make(
            size=args.size,
            patch=args.patch,
            width=args.width,
            layers=args.layers,
            heads=args.width // 64,
            twidth=args.twidth,
            tlayers=args.tlayers,
            theads=args.twidth // 64,
            proj=args.proj,
            vocab=tokenizer.get_vocab_size(),
            ctx=args.ctx,
        ).to(self.device)
        self.ema = copy.deepcopy(self.model).eval()
        for p in self.ema.parameters():
            p.requires_grad_(False)
        self.parameters = sum(p.numel() for p in self.model.parameters())
        print(f"train {len(self.rows)} concepts {len(self.used)} params {self.parameters/1e6:.2f}M", flush=True)
        self.optimisers = optimisers(self.model, args)
        self.step, self.seconds = 0, 0.0
        self.checkpoint = args.out + "/ckpt.pt"
        if args.resume and os.path.exists(self.checkpoint):
            self.restore()
        self.generator = torch.Generator(self.device)
        self.generator.manual_seed(args.seed + 2 + self.step)
        self.rng = np.random.default_rng(args.seed + 3 + self.step)
        self.text.rnd.seed(args.seed + 4 + self.step)
        self.encode_image = torch.compile(M.encode_image, dynamic=False) if args.compile else M.encode_image
        self.pool = np.empty(0, np.int64)
        self.teacher = None
        if args.teacher_minutes:
            self.teacher = teacher.train(self)
            teacher.report(self.teacher, self, d)

    def restore(self):
        c = torch.load(self.checkpoint, map_location=self.device, weights_only=False)
        self.model.load_state_dict(c["m"])
        self.ema.load_state_dict(c["e"])
        for o, state in zip(self.optimisers, c["o"]):
            o.load_state_dict(state)
        self.step, self.seconds = c["step"], c["t"]
        print("resumed at", self.step)

    def save(self, seconds):
        state = dict(
            m=self.model.state_dict(),
            e=self.ema.state_dict(),
            o=[o.state_dict() for o in self.optimisers],
            step=self.step,
            t=seconds,
        )
        torch.save(state, self.checkpoint + ".tmp")
        os.replace(self.checkpoint + ".tmp", self.checkpoint)
        save_hf(self.ema, self.args, self.args.out + "/hf")

    def next_rows(self):
        batch = self.args.batch
        if len(self.pool) < batch:
            self.pool = self.rng.choice(self.rows, size=batch * 64, p=self.weight)
        rows, self.pool = self.pool[:batch], self.pool[batch:]
        return rows

    def loss(self, x, ids, rel):
        """-> (loss, accuracy). With a teacher, the first --mix of the pictures are mixed and have no texts of their own."""
        args = self.args
        with torch.autocast(self.device.type, torch.bfloat16):
            images = self.encode_image(self.model, x, args.drop_path)
            texts = M.encode_text(self.model, ids)
        scale = self.model.logit_scale.float().exp().clamp(max=100)
        if self.teacher is None:
            return loss_of(images, texts, scale, rel, args)
        mixed = int(len(x) * args.mix)
        loss, accuracy = loss_of(images[mixed:], texts, scale, rel[mixed:], args)
        with torch.no_grad(), torch.autocast(self.device.type, torch.bfloat16):
            said = self.teacher(x.to(memory_format=torch.channels_last)).float()
        own = scale * images @ texts[: len(self.used)].T
        distance = F.kl_div(
            F.log_softmax(own / args.kd_t, 1), F.log_softmax(said / args.kd_t, 1), log_target=True, reduction="batchmean"
        )
        return loss * (1 - args.mix) + args.kd * (distance * args.kd_t**2), accuracy

    def one_step(self, size, fraction):
        """-> (loss, accuracy) of one batch, after the weights have moved."""
        args, device = self.args, self.device
        for o in self.optimisers:
            for group in o.param_groups:
                group["lr"] = group["base"] * rate(fraction, args.warmup)
        b = self.next_rows()
        rows = torch.from_numpy(b)
        x = augment(self.x[rows.to(self.x.device)].to(device), size, args, self.generator, self.sharp[rows].to(device))
        captioned = [i for i in range(len(b)) if self.extra[b[i]] >= 0]
        captions = [self.text.rnd.choice(self.table["captions"][self.extra[b[i]]]) for i in captioned]
        ids = self.text.batch(captions).to(device)
        rel = batch_relation(self.relation, self.y[rows].to(device), captioned, len(self.used), len(ids))
        if self.teacher is not None and args.mix:
            mixed = int(len(x) * args.mix)
            x = torch.cat((teacher.mix(x[:mixed], self.generator)[0], x[mixed:]))
        loss, accuracy = self.loss(x, ids, rel)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for o in self.optimisers:
            o.step()
            o.zero_grad(set_to_none=True)
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=math.log(100))
            decay = min(args.ema, (1 + self.step) / (10 + self.step))
            average, now = list(self.ema.parameters()), list(self.model.parameters())
            torch._foreach_mul_(average, decay)
            torch._foreach_add_(average, now, alpha=1 - decay)
        self.step += 1
        return loss.detach(), accuracy

    def run(self):
        args = self.args
        schedule = [(args.size, 1.0)]
        if args.res:
            schedule = [(int(size), float(until)) for size, until in (r.split(":") for r in args.res.split(","))]
        first, start = self.step, time.time() - self.seconds
        logged = saved = time.time()
        recent, pictures = [], 0
        log = open(args.out + "/log.txt", "a")
        while True:
            fraction = self.step / args.steps if args.steps else (time.time() - start) / (args.minutes * 60)
            if fraction >= 1:
                break
            size = next(size for size, until in schedule if fraction < until)
            recent.append(self.one_step(size, fraction))
            pictures += args.batch
            if self.step % args.log == 0 or self.step == first + 5:
                now = time.time()
                loss, accuracy = (torch.stack([r[i] for r in recent]).mean().item() for i in (0, 1))
                line = (
                    f"{self.step} {fraction:.3f} t={now-start:.0f}s S={size} loss={loss:.3f} acc={accuracy:.3f} "
                    f"scale={self.model.logit_scale.exp().item():.1f} {pictures/(now-logged):.0f} img/s"
                )
                recent, pictures, logged = [], 0, now
                print(line, flush=True)
                log.write(line + "\n")
                log.flush()
            if time.time() - saved > args.ckpt_min * 60:
                saved = time.time()
                self.save(saved - start)
        seconds = time.time() - start
        self.save(seconds)
        facts = dict(vars(args), steps_done=self.step, seconds=seconds, params=self.parameters)
        json.dump(facts, open(args.out + "/run.json", "w"), indent=1)
        print("done", self.step, f"{seconds:.0f}s")


def main():
    args = arguments()
    if not args.minutes and not args.steps:
        raise SystemExit("say how long: --minutes M or --steps N")
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    np.random.seed(args.seed)
    os.makedirs(args.out, exist_ok=True)
    if args.threads:
        torch.set_num_threads(args.threads)
    Training(args).run()


if __name__ == "__main__":
    main()
