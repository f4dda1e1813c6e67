"""Where the evidence for a label lies, by the formulas at the top of src/explain.rs, from CLIPModel's own parts."""

import math

import torch
from transformers import CLIPModel

CELLS = 8


def patch_vectors(model: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """[N, patches, projection] unit vectors: of the last layer, values that attend to values, and the output projection."""
    tower = model.vision_model
    hidden = tower(pixel_values=pixels, output_hidden_states=True).hidden_states[-2]
    layer = tower.encoder.layers[-1]
    v = layer.self_attn.v_proj(layer.layer_norm1(hidden))
    n, tokens, width = v.shape
    v = v.view(n, tokens, layer.self_attn.num_heads, -1).transpose(1, 2)
    mixed = torch.softmax(v @ v.transpose(2, 3) / math.sqrt(v.shape[-1]), -1) @ v
    out = layer.self_attn.out_proj(mixed.transpose(1, 2).reshape(n, tokens, width))
    vectors = model.visual_projection(tower.post_layernorm(out))
    return torch.nn.functional.normalize(vectors, dim=-1)[:, 1:]


def occluded(pixels: torch.Tensor, cells: int) -> torch.Tensor:
    """[(cells + 1)², 3, side, side] of one picture: each square of 2 × 2 cells in turn at the mean colour."""
    side = pixels.shape[-1]
    edges = [cell * side // cells for cell in range(cells + 1)]
    out = []
    for y in range(cells + 1):
        for x in range(cells + 1):
            covered = pixels.clone()
            rows = slice(edges[max(y - 1, 0)], edges[min(y + 1, cells)])
            columns = slice(edges[max(x - 1, 0)], edges[min(x + 1, cells)])
            covered[:, rows, columns] = 0
            out.append(covered)
    return torch.stack(out)


def heat(model: CLIPModel, pixels: torch.Tensor, texts: torch.Tensor, label: int) -> dict[str, torch.Tensor]:
    """Of each picture [N, 3, side, side] the grid of patches, and of the first that of occlusion, for `texts[label]` against the others."""
    scale = model.logit_scale.exp()
    others = [i for i in range(len(texts)) if i != label]
    with torch.no_grad():
        cosines = patch_vectors(model, pixels) @ texts.T
        patches = scale * (cosines[..., label] - cosines[..., others].mean(-1))

        side = model.config.vision_config.image_size // model.config.vision_config.patch_size
        cells = min(side, CELLS)

        def evidence(pictures):
            # CLIPModel's own way to the vector; any text will do.
            images = model(input_ids=ANY, pixel_values=pictures).image_embeds
            logits = scale * images @ texts.T
            return logits[:, label] - torch.logsumexp(logits[:, others], 1)

        drop = evidence(pixels[:1]) - evidence(occluded(pixels[0], cells))
        drop = drop.view(cells + 1, cells + 1)
        grid = (drop[:-1, :-1] + drop[1:, :-1] + drop[:-1, 1:] + drop[1:, 1:]) / 4
    return {"patches": patches, "occlusion": grid.view(1, -1)}


ANY = torch.tensor([[0, 1]])
