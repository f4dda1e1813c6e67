"""Which text is true of which picture, and the contrastive loss over that."""

import torch
import torch.nn.functional as F


def relation(table, used, concepts):
    """
    int8 [concepts, used]: 1 the caption's concept is the picture's own; 2 one of its super-categories; -1 narrower than the
    picture's label, so unknown and left out; 0 false.
    """
    out = torch.zeros(concepts, len(used), dtype=torch.int8)
    up = [set(u) for u in table["up"]]
    for c in range(concepts):
        for j, u in enumerate(used):
            out[c, j] = 1 if u == c else 2 if u in up[c] else -1 if c in up[u] else 0
    return out


def batch_relation(rel, y, captioned, used, texts):
    """The relation of a batch's pictures to its texts. A captioned picture knows its own caption only; nobody else knows it."""
    out = torch.zeros(len(y), texts, dtype=torch.int8, device=rel.device)
    out[:, :used] = rel[y.clamp(min=0)]
    for j, i in enumerate(captioned):
        out[i, :] = 0
        out[i, :used] = -1
        out[:, used + j] = -1
        out[i, used:] = 0
        out[i, used + j] = 1
    if len(captioned) == 1:
        out[captioned[0], :used] = 0
    return out


def never(logits):
    """What a logit that has no say is replaced by."""
    return torch.finfo(logits.dtype).min / 4


def picture_losses(logits, rel):
    """-> ([B], [B]): each picture's own texts, and its super-categories', against all false texts; unknown ones have no say."""
    own, above = (rel == 1).float(), (rel == 2).float()
    per_pair = F.softplus(torch.logsumexp(logits.masked_fill(rel != 0, never(logits)), 1, keepdim=True) - logits)
    return (
        (per_pair * own).sum(1) / own.sum(1).clamp(min=1),
        (per_pair * above).sum(1) / above.sum(1).clamp(min=1),
    )


def accuracy_of(logits, rel):
    """The share of pictures whose best text, among the false ones and its own, is its own."""
    best = logits.masked_fill(~((rel == 0) | (rel == 1)), never(logits)).argmax(1)
    return (best == (rel == 1).float().argmax(1)).float().mean()


def loss_of(images, texts, scale, rel, args):
    """-> (loss, accuracy). Each true pair against all false ones, over texts and over pictures; unknown pairs have no say."""
    logits = scale * images @ texts.T
    own_texts, above = picture_losses(logits, rel)
    own = (rel == 1).float()
    per_text = F.softplus(torch.logsumexp(logits.masked_fill(rel != 0, never(logits)), 0, keepdim=True) - logits)
    text_own = ((per_text * own).sum(0) / own.sum(0).clamp(min=1))[own.sum(0) > 0].mean()
    loss = own_texts.mean() + args.up_weight * above.mean() + args.t2i * text_own
    return loss, accuracy_of(logits, rel)
