"""uint8 pictures -> what the image tower is given, with and without augmentation."""

import torch
import torch.nn.functional as F

# OpenAI CLIP's mean and standard deviation, to four digits; preprocessor_config.json says the same.
MEAN = torch.tensor([0.4815, 0.4578, 0.4082])
STD = torch.tensor([0.2686, 0.2613, 0.2758])


def normalise(x):
    return (x - MEAN.to(x.device).view(1, 3, 1, 1)) / STD.to(x.device).view(1, 3, 1, 1)


def resize(x, size, antialias):
    return F.interpolate(x, size=size, mode="bicubic", antialias=antialias, align_corners=False)


def plain(x, size):
    """uint8 [B, H, W, 3] -> normalised float [B, 3, size, size]."""
    x = x.permute(0, 3, 1, 2).float() / 255
    if x.shape[-1] != size:
        x = resize(x, (size, size), True).clamp(0, 1)
    return normalise(x)


def augment(x, size, args, generator, sharp=None):
    """
    uint8 [B, H, W, 3] -> normalised float [B, 3, size, size]: random resized crop, flip and light affine; brightness,
    contrast, saturation, grey; a random square erased. The share args.soft is brought down to 55–95 % and back, so that
    sharpness doesn't give away which set a picture is from; so is, for a model of more than 32 px, the share args.lowres of
    the pictures marked `sharp`, down to 32 px.
    """
    B, device = len(x), x.device

    def rand(*shape):
        return torch.rand(*shape, device=device, generator=generator)

    x = x.permute(0, 3, 1, 2).float() / 255
    if sharp is not None and args.lowres and x.shape[-1] > 32:
        blurred = resize(resize(x, (32, 32), True), x.shape[-2:], False).clamp(0, 1)
        x = torch.where((sharp & (rand(B) < args.lowres)).view(B, 1, 1, 1), blurred, x)
    if args.soft:
        side = int(x.shape[-1] * (0.55 + 0.4 * float(torch.rand(1, device="cpu"))))
        small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
        softened = resize(small, x.shape[-2:], False).clamp(0, 1)
        x = torch.where((rand(B) < args.soft).view(B, 1, 1, 1), softened, x)
    x = warp(x, size, args, rand)
    if args.aug:
        x = recolour(x, args, rand)
    x = normalise(x)
    if args.aug:
        x = erase(x, args, rand)
    return x


def warp(x, size, args, rand):
    """Crop of area args.rrc … 1, mirrored half the time, with 30 % also turned and sheared a little."""
    B = len(x)
    scale = (args.rrc + (1 - args.rrc) * rand(B)).sqrt()
    ratio = torch.exp((rand(B) - 0.5) * 0.57 * args.aug)
    w = (scale * ratio.sqrt()).clamp(max=1)
    h = (scale / ratio.sqrt()).clamp(max=1)
    tx = (1 - w) * (2 * rand(B) - 1)
    ty = (1 - h) * (2 * rand(B) - 1)
    flip = torch.where(rand(B) < 0.5, -1.0, 1.0)
    some = (rand(B) < 0.3 * args.aug).float()
    angle = (rand(B) - 0.5) * 0.6 * some
    shear = (rand(B) - 0.5) * 0.4 * some
    across = torch.stack((w * flip * torch.cos(angle), h * (shear - torch.sin(angle)), tx), 1)
    down = torch.stack((w * flip * torch.sin(angle), h * torch.cos(angle), ty), 1)
    if x.shape[-1] >= 2 * size:
        x = F.avg_pool2d(x, x.shape[-1] // size)
    grid = F.affine_grid(torch.stack((across, down), 1), (B, 3, size, size), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def recolour(x, args, rand):
    """Brightness, contrast and saturation by up to 40 % in 80 % of the pictures; 5 % become grey."""
    B = len(x)
    on = (rand(B, 1, 1, 1) < 0.8).float() * args.aug
    x = x * (1 + on * (rand(B, 1, 1, 1) - 0.5) * 0.8)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * (1 + on * (rand(B, 1, 1, 1) - 0.5) * 0.8)
    luma = x.mean(1, keepdim=True)
    grey = (rand(B, 1, 1, 1) < 0.05 * args.aug).float()
    x = luma + (x - luma) * (1 - grey) * (1 + on * (rand(B, 1, 1, 1) - 0.5) * 0.8)
    return x.clamp(0, 1)


def erase(x, args, rand):
    """In a quarter of the pictures, a square of 20 to 60 % of the side set to the mean."""
    B, size = len(x), x.shape[-1]
    yy = torch.arange(size, device=x.device).view(1, size, 1)
    xx = torch.arange(size, device=x.device).view(1, 1, size)
    cy, cx = rand(B, 1, 1) * size, rand(B, 1, 1) * size
    half = (rand(B, 1, 1) < 0.25 * args.aug).float() * size * (0.1 + 0.2 * rand(B, 1, 1))
    return x * (1 - ((yy - cy).abs() < half).float() * ((xx - cx).abs() < half).float()).unsqueeze(1)
