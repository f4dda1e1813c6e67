"""
A convolutional teacher: ResNet-18 for 32-pixel pictures (He et al. 2016, stem without stride or pooling), one logit a concept,
trained on the same relation of pictures to concepts as the student. It is thrown away when the student has learned from it.
"""

import copy
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from loss import accuracy_of, picture_losses
from pixels import augment, plain


class Block(nn.Module):
    """Two 3×3 convolutions beside a shortcut; the second norm starts at zero, so that a block begins as the shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.c1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.b1 = nn.BatchNorm2d(outputs)
        self.c2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.b2 = nn.BatchNorm2d(outputs)
        self.short = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        nn.init.zeros_(self.b2.weight)

    def forward(self, x):
        return F.relu(self.b2(self.c2(F.relu(self.b1(self.c1(x))))) + self.short(x))


class ResNet(nn.Module):
    """[B, 3, S, S] -> logits [B, classes]."""

    def __init__(self, classes, width=64):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        layers, inputs = [], width
        for k, outputs in enumerate((width, 2 * width, 4 * width, 8 * width)):
            layers += [Block(inputs, outputs, 1 if k == 0 else 2), Block(outputs, outputs, 1)]
            inputs = outputs
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.head(self.body(self.stem(x)).mean((2, 3)))


def mix(x, generator):
    """
    Mixup or cutmix of a batch with a permutation of itself (Zhang et al. 2018; Yun et al. 2019)
    -> pictures, the share of the first picture in each [B], the permutation.
    """
    B, _, S, _ = x.shape
    device = x.device

    def rand():
        return torch.rand(B, 1, 1, 1, device=device, generator=generator)

    other = torch.randperm(B, device=device, generator=generator)
    share = rand()
    cut = rand() < 0.5
    side = ((1 - share).sqrt() * S).round()
    cy, cx = rand() * S, rand() * S
    yy = torch.arange(S, device=device).view(1, 1, S, 1)
    xx = torch.arange(S, device=device).view(1, 1, 1, S)
    box = ((yy - cy).abs() < side / 2) & ((xx - cx).abs() < side / 2)
    mask = torch.where(cut, (~box).float(), share)
    return x * mask + x[other] * (1 - mask), mask.mean((1, 2, 3)), other


def concept_loss(logits, rel, up_weight):
    """The pictures' half of the contrastive loss, on logits [B, used] that are given -> (loss of each picture [B], accuracy)."""
    own, above = picture_losses(logits, rel)
    return own + up_weight * above, accuracy_of(logits, rel)


def rate(fraction):
    """Learning rate: up to 0.4 in the first 15 % of the run, then a cosine down to 1e-4."""
    if fraction < 0.15:
        return 0.4 * min(1, fraction / 0.15) + 1e-4
    return 0.4 * (0.5 + 0.5 * math.cos(math.pi * (fraction - 0.15) / 0.85)) + 1e-4


def follow(average, model, step):
    """The moving average of weights and of the norms' statistics."""
    decay = min(0.999, (1 + step) / (10 + step))
    old, new = list(average.parameters()), list(model.parameters())
    torch._foreach_mul_(old, decay)
    torch._foreach_add_(old, new, alpha=1 - decay)
    for a, b in zip(average.buffers(), model.buffers()):
        if a.is_floating_point():
            a.mul_(decay).add_(b, alpha=1 - decay)
        else:
            a.copy_(b)


def train(t):
    """
    -> a ResNet in evaluation mode, its weights averaged. Nesterov SGD, one schedule over --teacher-minutes, half of every batch
    mixed. `t`: train.py's Training; its generators are used, so that a run is one sequence of random numbers.
    """
    args, device = t.args, t.device
    named = t.y[torch.from_numpy(t.rows)].numpy() >= 0
    rows, weight = t.rows[named], t.weight[named] / t.weight[named].sum()
    net = ResNet(len(t.used), args.twidth0).to(device).to(memory_format=torch.channels_last)
    matrices = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim < 2]
    groups = [dict(params=matrices, weight_decay=5e-4), dict(params=others, weight_decay=0.0)]
    optimiser = torch.optim.SGD(groups, lr=0.1, momentum=0.9, nesterov=True)
    average = copy.deepcopy(net).eval()
    start = logged = time.time()
    step, pictures, recent = 0, 0, []
    pool = np.empty(0, np.int64)
    while True:
        fraction = (time.time() - start) / (args.teacher_minutes * 60)
        if fraction >= 1 or (args.steps and step >= args.steps):
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(fraction)
        if len(pool) < args.batch:
            pool = t.rng.choice(rows, size=args.batch * 64, p=weight)
        b, pool = torch.from_numpy(pool[: args.batch]), pool[args.batch :]
        x = augment(t.x[b.to(t.x.device)].to(device), args.size, args, t.generator, t.sharp[b].to(device))
        rel = t.relation[t.y[b].to(device)]
        h = len(b) // 2
        mixed, share, other = mix(x[:h], t.generator)
        x = torch.cat((mixed, x[h:])).to(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            logits = net(x)
        logits = logits.float()
        first, _ = concept_loss(logits[:h], rel[:h], args.up_weight)
        second, _ = concept_loss(logits[:h], rel[:h][other], args.up_weight)
        plain_half, accuracy = concept_loss(logits[h:], rel[h:], args.up_weight)
        loss = (share * first + (1 - share) * second).mean() * 0.5 + plain_half.mean() * 0.5
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        pictures += len(b)
        recent.append((loss.detach(), accuracy))
        with torch.no_grad():
            follow(average, net, step)
        if step % args.log == 0:
            now = time.time()
            l, a = (torch.stack([r[i] for r in recent]).mean().item() for i in (0, 1))
            print(
                f"teacher {step} {fraction:.3f} t={now-start:.0f}s loss={l:.3f} acc={a:.3f} {pictures/(now-logged):.0f} img/s",
                flush=True,
            )
            recent, pictures, logged = [], 0, now
    return average


@torch.no_grad()
def report(net, t, d):
    """Prints the teacher's share of right answers on each set's held-out pictures, among that set's own concepts."""
    held = np.where(d["test"] & (d["cid"] >= 0))[0]
    place = {u: j for j, u in enumerate(t.used)}
    out = []
    for i in range(0, len(held), 1000):
        b = torch.from_numpy(held[i : i + 1000]).to(t.x.device)
        out.append(net(plain(t.x[b].to(t.device), t.args.size)).float())
    logits = torch.cat(out).cpu().numpy()
    concept = d["cid"][held]
    for s, name in enumerate(t.table["sets"]):
        k = d["set"][held] == s
        if not k.any() or name in ("coco", "external"):
            continue
        classes = [c for c in np.unique(concept[k]) if c in place]
        m = k & np.isin(concept, classes)
        best = np.array(classes)[logits[m][:, [place[c] for c in classes]].argmax(1)]
        print("teacher", name, round(100 * float((best == concept[m]).mean()), 2), flush=True)
