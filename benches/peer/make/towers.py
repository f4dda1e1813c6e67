"""The two towers of a checkpoint as modules with one input and one output, as they are exported."""

from pathlib import Path

import torch
from transformers import CLIPTextModelWithProjection, CLIPVisionModelWithProjection


class ImageTower(torch.nn.Module):
    """pixel_values [n, 3, 224, 224] → image_embeds [n, 512]"""

    def __init__(self, checkpoint: Path):
        super().__init__()
        self.model = CLIPVisionModelWithProjection.from_pretrained(checkpoint, attn_implementation="eager").eval()

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.model(pixel_values=pixel_values).image_embeds


class TextTower(torch.nn.Module):
    """input_ids [n, length] → text_embeds [n, 512]"""

    def __init__(self, checkpoint: Path):
        super().__init__()
        self.model = CLIPTextModelWithProjection.from_pretrained(checkpoint, attn_implementation="eager").eval()

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.model(input_ids=input_ids).text_embeds
