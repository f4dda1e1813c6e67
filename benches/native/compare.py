#!/usr/bin/env python3
"""The native benchmark: Semblance beside onnxruntime and PyTorch, in turns, in one run.

    compare.py --program bench-native --model MODEL.gguf --work FOLDER [--threads 2] [--rounds 7] [--batch 32] [--files 64]

Prints one JSON object. The model is a ViT-B/32's image tower of random numbers in every engine: time depends on shapes. In each
round every engine has a turn at every row, in an order that moves on by one from round to round; what counts is the median.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
words.add_argument("--program", required=True, type=Path)
words.add_argument("--model", required=True, type=Path)
words.add_argument("--work", required=True, type=Path)
words.add_argument("--threads", type=int, default=2)
words.add_argument("--rounds", type=int, default=7)
words.add_argument("--batch", type=int, default=32)
words.add_argument("--files", type=int, default=64)
chosen = words.parse_args()
# Before the libraries are loaded, which read it then.
os.environ["OMP_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = str(chosen.threads)

import numpy  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from PIL import Image  # noqa: E402

HIDDEN, INNER, LAYERS, HEADS, PATCH, SIDE, EMBEDDING = 768, 3072, 12, 12, 32, 224, 512
TOKENS = (SIDE // PATCH) ** 2 + 1
MEAN = numpy.array([0.48145466, 0.4578275, 0.40821073], numpy.float32)
DEVIATION = numpy.array([0.26862954, 0.26130258, 0.27577711], numpy.float32)


class Block(torch.nn.Module):
    """Hugging Face's CLIPEncoderLayer, with the three projections as one, as fast code has them."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = torch.nn.LayerNorm(HIDDEN), torch.nn.LayerNorm(HIDDEN)
        self.qkv, self.out = torch.nn.Linear(HIDDEN, 3 * HIDDEN), torch.nn.Linear(HIDDEN, HIDDEN)
        self.fc1, self.fc2 = torch.nn.Linear(HIDDEN, INNER), torch.nn.Linear(INNER, HIDDEN)

    def forward(self, x):
        parts = self.qkv(self.norm1(x)).reshape(x.shape[0], TOKENS, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = parts[0], parts[1], parts[2]
        weights = torch.softmax(q @ k.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5, -1)
        x = x + self.out((weights @ v).transpose(1, 2).flatten(2))
        y = self.fc1(self.norm2(x))
        return x + self.fc2(y * torch.sigmoid(1.702 * y))


class Tower(torch.nn.Module):
    """pixels [n, 3, 224, 224] → unit vectors [n, 512]"""

    def __init__(self):
        super().__init__()
        self.patches = torch.nn.Conv2d(3, HIDDEN, PATCH, PATCH, bias=False)
        self.cls = torch.nn.Parameter(torch.randn(HIDDEN) * 0.02)
        self.position = torch.nn.Parameter(torch.randn((SIDE // PATCH) ** 2 + 1, HIDDEN) * 0.02)
        self.before, self.after = torch.nn.LayerNorm(HIDDEN), torch.nn.LayerNorm(HIDDEN)
        self.blocks = torch.nn.ModuleList(Block() for _ in range(LAYERS))
        self.projection = torch.nn.Linear(HIDDEN, EMBEDDING, bias=False)

    def forward(self, pixels):
        patches = self.patches(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(pixels.shape[0], 1, HIDDEN), patches], 1) + self.position
        x = self.before(x)
        for block in self.blocks:
            x = block(x)
        y = self.projection(self.after(x[:, 0]))
        return y / y.norm(dim=-1, keepdim=True)


def export(tower: Tower) -> tuple[Path, Path]:
    """The tower as ONNX in f32, and with dynamic 8 bits per channel."""
    exact, quantised = chosen.work / "vision.onnx", chosen.work / "vision-int8.onnx"
    if not quantised.exists():
        from onnxruntime.quantization import QuantType, quantize_dynamic

        print("making the ONNX models", file=sys.stderr)
        example = torch.randn(2, 3, SIDE, SIDE)
        torch.onnx.export(
            tower, (example,), str(exact), input_names=["pixels"], output_names=["vectors"],
            dynamic_axes={"pixels": {0: "batch"}, "vectors": {0: "batch"}}, opset_version=14, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            exact, quantised, per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    return exact, quantised


class Ours:
    def __init__(self, compute: str, kernel: str | None = None, best: str | None = None):
        environment = os.environ | ({"SEMBLANCE_KERNEL": kernel} if kernel else {})
        self.process = subprocess.Popen(
            [chosen.program, chosen.model, compute], text=True, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        ready = self.process.stdout.readline().split()
        if len(ready) != 3:
            sys.exit(f"{chosen.program} did not start")
        self.kernel, self.rate = ready[1], float(ready[2])
        if kernel and self.kernel != kernel:
            self.absent = f"this machine has no {kernel}"
        elif kernel and kernel == best:
            self.absent = f"{kernel} is the best that this machine has"

    absent = None

    def ask(self, line: str) -> float:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error"):
            sys.exit(f"{chosen.program}: {answer or 'ended'}")
        return float(answer)

    def images(self, count: int) -> float:
        return self.ask(f"images {count}")

    def from_files(self, files: list[Path]) -> float:
        return self.ask("files " + " ".join(map(str, files)))


class Onnx:
    def __init__(self, model: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = chosen.threads
        # Its threads don't look for work while others have their turn.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    absent = None

    def images(self, count: int) -> float:
        pixels = numpy.random.rand(count, 3, SIDE, SIDE).astype(numpy.float32)
        start = time.perf_counter()
        self.session.run(None, {"pixels": pixels})
        return (time.perf_counter() - start) * 1e3

    def from_files(self, files: list[Path]) -> float:
        start = time.perf_counter()
        for first in range(0, len(files), chosen.batch):
            pixels = numpy.stack([prepared(file) for file in files[first : first + chosen.batch]])
            self.session.run(None, {"pixels": pixels})
        return (time.perf_counter() - start) * 1e3


class Torch:
    def __init__(self, tower: Tower):
        self.tower = tower

    absent = None

    def images(self, count: int) -> float:
        pixels = torch.rand(count, 3, SIDE, SIDE)
        with torch.inference_mode():
            start = time.perf_counter()
            self.tower(pixels)
            return (time.perf_counter() - start) * 1e3


def prepared(file: Path) -> numpy.ndarray:
    """As Hugging Face's CLIPImageProcessor: the shorter side to 224, bicubic, the middle, normalised."""
    picture = Image.open(file).convert("RGB")
    scale = SIDE / min(picture.size)
    width, height = (max(SIDE, int(length * scale)) for length in picture.size)
    picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    pixels = numpy.asarray(picture.crop((left, top, left + SIDE, top + SIDE)), numpy.float32) / 255
    return ((pixels - MEAN) / DEVIATION).transpose(2, 0, 1)


def photos() -> list[Path]:
    """JPEG files of 1280 × 960 with something to decode in them."""
    folder = chosen.work / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{i}.jpg" for i in range(chosen.files)]
    for i, file in enumerate(files):
        if not file.exists():
            numbers = numpy.random.default_rng(i)
            coarse = Image.fromarray(numbers.integers(0, 256, (60, 80, 3), numpy.uint8))
            picture = numpy.asarray(coarse.resize((1280, 960), Image.Resampling.BICUBIC), numpy.int16)
            picture = picture + numbers.integers(-8, 9, picture.shape, numpy.int16)
            Image.fromarray(picture.clip(0, 255).astype(numpy.uint8)).save(file, quality=90)
    return files


chosen.work.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)
torch.set_num_threads(chosen.threads)
tower = Tower().eval()
exact, quantised = export(tower)
ours = Ours("int8")
engines = {
    "Semblance int8": ours,
    "Semblance int8, AVX-512 VNNI": Ours("int8", "avx512-vnni", ours.kernel),
    "Semblance int8, AVX2": Ours("int8", "avx2", ours.kernel),
    "Semblance f32": Ours("f32"),
    "onnxruntime int8": Onnx(quantised),
    "onnxruntime f32": Onnx(exact),
    "PyTorch f32": Torch(tower),
}
absent = {name: engine.absent for name, engine in engines.items() if engine.absent}
engines = {name: engine for name, engine in engines.items() if not engine.absent}
files = photos()
rows = {f"{chosen.batch} pictures": lambda engine: engine.images(chosen.batch), "1 picture": lambda engine: engine.images(1)}
times = {row: {name: [] for name in engines} for row in rows}
path = f"{len(files)} JPEG files → vectors"
times[path] = {name: [] for name in ["Semblance int8", "Semblance f32", "onnxruntime int8"]}
for turn in range(-1, chosen.rounds):  # The first is to warm up.
    order = list(engines)
    order = order[turn % len(order) :] + order[: turn % len(order)]
    for name in order:
        engine = engines[name]
        for row, measure in rows.items():
            taken = measure(engine)
            if turn >= 0:
                times[row][name].append(taken)
        if name in times[path]:
            taken = engine.from_files(files)
            if turn >= 0:
                times[path][name].append(taken)


def summary(all: list[float]) -> dict[str, float]:
    return {"median": statistics.median(all), "best": min(all)}


PRODUCTS = LAYERS * TOKENS * (4 * HIDDEN * HIDDEN + 2 * HIDDEN * INNER) + (TOKENS - 1) * 3 * PATCH * PATCH * HIDDEN
answer = {
    "threads": chosen.threads,
    "rounds": chosen.rounds,
    "rows": {row: {name: summary(all) for name, all in of.items()} for row, of in times.items()},
    "kernels": {name: [engine.kernel, engine.rate] for name, engine in engines.items() if isinstance(engine, Ours)},
    "absent": absent,
    "versions": {"onnxruntime": onnxruntime.__version__, "PyTorch": torch.__version__},
    # 10⁹ multiplications and additions of the first row.
    "operations": 2 * PRODUCTS * chosen.batch / 1e9,
}
print(json.dumps(answer))
