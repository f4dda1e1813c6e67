"""The golden files of the ResNets that `semblance evaluate` compares with: torchvision's logits and pixels.

    python tests/tools/make_resnet.py            # write tests/golden/resnet/
    python tests/tools/make_resnet.py --check    # make them anew and compare

With the versions in requirements.txt. A ResNet-50 has 100 MB of weights, which are not kept: both sides draw them from the
generator below, bit by bit the same, so that the logits are all there is to compare.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torchvision
from PIL import Image
from safetensors.numpy import load_file, save_file
from torchvision.transforms import functional

TESTS = Path(__file__).parents[1]
GOLDEN = TESTS / "golden" / "resnet" / "expected.safetensors"
PICTURES = TESTS / "golden" / "preprocess" / "pictures"
# The long side of `bilevel` leaves a half to be rounded up, where Hugging Face's crop rounds it down.
NAMES = ["photo-landscape", "photo-portrait", "odd-33x47", "noise", "bilevel", "large-3000x2000"]
# With rows and columns exchanged, too.
TURNED = ["bilevel", "noise"]
# Every seventh row of a crop is kept.
ROWS = slice(0, 224, 7)
# Two pictures whose sides no stride divides.
INPUT = (2, 3, 65, 97)


def uniform(name, count):
    """`count` numbers of 24 bits in 0 to 1: MurmurHash3's finaliser over the place, from the name's FNV-1a on."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


def drawn(name, shape):
    """Weights that keep activations at one size: He's bound, and normalisation near to none."""
    u = uniform(name, int(np.prod(shape)))
    half = np.float32(0.5)
    if name.endswith("running_var"):
        u = u + half
    elif name.endswith("weight") and len(shape) == 1:
        u = u * half + half
    elif name.endswith("weight"):
        u = (u - half) * np.float32(2 * np.sqrt(6 / np.prod(shape[1:])))
    else:
        u = (u - half) * half
    return u.reshape(shape)


def logits(make):
    model = make(weights=None).eval()
    state = {
        name: tensor if name.endswith("num_batches_tracked") else torch.from_numpy(drawn(name, tensor.shape))
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(state)
    with torch.inference_mode():
        return model(torch.from_numpy(4 * (uniform("input", int(np.prod(INPUT))) - np.float32(0.5)).reshape(INPUT))).numpy()


def crops():
    """The 8-bit pixels before they are normalised, as the weights' own transforms make them."""
    transforms = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()
    for name, turned in [(name, False) for name in NAMES] + [(name, True) for name in TURNED]:
        picture = Image.open(PICTURES / f"{name}.png").convert("RGB")
        if turned:
            picture = picture.transpose(Image.Transpose.TRANSPOSE)
        crop = functional.center_crop(functional.resize(picture, 256, antialias=True), 224)
        normal = functional.normalize(functional.to_tensor(crop), transforms.mean, transforms.std)
        assert torch.equal(normal, transforms(picture)), name
        yield f"{name}.{'turned' if turned else 'pixels'}", np.ascontiguousarray(np.asarray(crop)[ROWS])
        if name == NAMES[0]:
            yield f"{name}.floats", np.ascontiguousarray(normal.numpy()[:, ROWS])


def make():
    found = {
        "resnet50.logits": logits(torchvision.models.resnet50),
        "resnet101.logits": logits(torchvision.models.resnet101),
    }
    for name in ["resnet50.logits", "resnet101.logits"]:
        assert found[name].std() > 0.1 and np.abs(found[name]).max() < 1000, (name, found[name].std())
    return found | dict(crops())


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with what lies there")
    found = make()
    if arguments.parse_args().check:
        kept = load_file(GOLDEN)
        assert kept.keys() == found.keys(), "other tensors"
        for name, tensor in found.items():
            most = np.abs(tensor.astype(np.float64) - kept[name]).max()
            assert most <= 1e-5 * max(1.0, np.abs(tensor).max()), f"{name}: {most}"
    else:
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        save_file(found, GOLDEN, {"torch": torch.__version__, "torchvision": torchvision.__version__})
