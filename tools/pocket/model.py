"""
HF CLIPModel, with a lean forward pass over its own parameters (any image size, no output dictionaries).
The numbers are those of CLIPModel's forward; `evaluate.py --check` says how closely.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from transformers import CLIPConfig, CLIPModel


def make(
    size=64,
    patch=8,
    width=192,
    layers=9,
    heads=3,
    twidth=128,
    tlayers=3,
    theads=2,
    proj=128,
    vocab=6144,
    ctx=32,
    scale=2.6592,
):
    """A CLIPModel with small-normal weights. BOS and EOS are the two last ids of the vocabulary."""
    config = CLIPConfig(
        projection_dim=proj,
        logit_scale_init_value=scale,
        text_config=dict(
            vocab_size=vocab,
            hidden_size=twidth,
            intermediate_size=4 * twidth,
            num_hidden_layers=tlayers,
            num_attention_heads=theads,
            max_position_embeddings=ctx,
            projection_dim=proj,
            hidden_act="quick_gelu",
            bos_token_id=vocab - 2,
            eos_token_id=vocab - 1,
            pad_token_id=vocab - 1,
        ),
        vision_config=dict(
            hidden_size=width,
            intermediate_size=4 * width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            image_size=size,
            patch_size=patch,
            projection_dim=proj,
            hidden_act="quick_gelu",
        ),
    )
    model = CLIPModel(config)
    for p in model.parameters():
        if p.ndim >= 2:
            nn.init.trunc_normal_(p, std=0.02)
    return model


def tower(model, name):
    """A tower's module, in whichever place this version of transformers keeps it."""
    t = getattr(model, name)
    return getattr(t, name, t)


def drop_path(y, p):
    """Stochastic depth: a whole residual branch is left out with probability p."""
    if not p:
        return y
    return y * (torch.rand(y.shape[0], 1, 1, device=y.device) >= p).to(y.dtype) / (1 - p)


def block(layer, x, causal, drop):
    """x + attention, then + MLP with quick_gelu; pre-norm. x: [batch, tokens, width]."""
    B, N, D = x.shape
    a = layer.self_attn
    h = a.num_heads
    y = layer.layer_norm1(x)
    w = torch.cat((a.q_proj.weight, a.k_proj.weight, a.v_proj.weight))
    b = torch.cat((a.q_proj.bias, a.k_proj.bias, a.v_proj.bias))
    q, k, v = F.linear(y, w, b).view(B, N, 3, h, D // h).permute(2, 0, 3, 1, 4)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).reshape(B, N, D)
    x = x + drop_path(a.out_proj(y), drop)
    z = layer.mlp.fc1(layer.layer_norm2(x))
    return x + drop_path(layer.mlp.fc2(z * torch.sigmoid(1.702 * z)), drop)


def positions(weight, side):
    """Position embeddings [1 + side², width]: the trained grid, resized when the picture has another number of patches."""
    trained = int((weight.shape[0] - 1) ** 0.5 + 0.5)
    if side == trained:
        return weight
    grid = weight[1:].view(1, trained, trained, -1).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, size=(side, side), mode="bicubic", align_corners=False)
    return torch.cat((weight[:1], grid.flatten(2)[0].T))


def encode_image(model, px, drop=0.0):
    """px: normalised [batch, 3, S, S] -> unit vectors [batch, proj]."""
    v = tower(model, "vision_model")
    e = v.embeddings
    P = e.patch_size
    B, _, H, W = px.shape
    g = H // P
    x = px.view(B, 3, g, P, W // P, P).permute(0, 2, 4, 1, 3, 5).reshape(B, g * (W // P), 3 * P * P)
    x = F.linear(x, e.patch_embedding.weight.flatten(1))
    pos = positions(e.position_embedding.weight, g)
    x = v.pre_layrnorm(torch.cat((e.class_embedding.expand(B, 1, -1).to(x.dtype), x), 1) + pos)
    layers = v.encoder.layers
    for i, layer in enumerate(layers):
        x = block(layer, x, False, drop * i / max(1, len(layers) - 1))
    return F.normalize(model.visual_projection(v.post_layernorm(x[:, 0])).float(), dim=-1)


def encode_text(model, ids):
    """ids: [batch, tokens], padded with EOS -> unit vectors [batch, proj], pooled at the first EOS (the largest id)."""
    t = tower(model, "text_model")
    N = ids.shape[1]
    x = t.embeddings.token_embedding(ids) + t.embeddings.position_embedding.weight[:N]
    for layer in t.encoder.layers:
        x = block(layer, x, True, 0.0)
    x = x[torch.arange(len(ids), device=ids.device), ids.argmax(-1)]
    return F.normalize(model.text_projection(t.final_layer_norm(x)).float(), dim=-1)
