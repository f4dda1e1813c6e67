#!/usr/bin/env python3
"""Make everything that the peer benchmark needs, into work/ beside this file.

    python3 setup.py [--without-litert]

Each step leaves a stamp with the hash of what it was made from, so a second run makes only what is missing or
was made from something else. Needs Python 3.11 or newer, Node with npm, and the registries of both.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
MAKE = HERE / "make"
CHECKPOINT = WORK / "hf" / "clip-vit-base-patch32"
PYTHON = (3, 11)
NODE = 18
# Where CLIP's vocabulary comes from. Only a file of it is used, so its own requirements are left out.
VOCABULARY = "open_clip_torch==3.3.0"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--without-litert", action="store_true", help="leave LiteRT.js out (its exporter is large)")
    without_litert = words.parse_args().without_litert
    check_tools()
    WORK.mkdir(exist_ok=True)

    step("libraries", ["package.json", "package-lock.json"], node_modules)
    step("venv-onnx", ["requirements-onnx.txt"], lambda: environment("onnx", "--no-deps", VOCABULARY))
    step("clip", ["make/clip.py"], lambda: run("onnx", "clip.py", CHECKPOINT))
    step("photo", ["make/photo.py"], lambda: run("onnx", "photo.py", WORK / "photo.jpg"))
    inputs = ["make/inputs.py", "texts.json", "work/.stamps/clip", "work/.stamps/photo"]
    photo, texts = WORK / "photo.jpg", HERE / "texts.json"
    step("inputs", inputs, lambda: run("onnx", "inputs.py", CHECKPOINT, photo, texts, WORK / "inputs"))
    sources = ["make/onnx_models.py", "make/towers.py", "work/.stamps/clip"]
    onnx = WORK / "models" / CHECKPOINT.name
    step("onnx", sources, lambda: run("onnx", "onnx_models.py", CHECKPOINT, onnx))
    if without_litert:
        return
    step("venv-litert", ["requirements-litert.txt"], lambda: environment("litert"))
    sources = ["make/litert_models.py", "make/towers.py", "work/.stamps/clip", "work/.stamps/inputs"]
    tokens = WORK / "inputs" / "tokens.json"
    step("litert", sources, lambda: run("litert", "litert_models.py", CHECKPOINT, tokens, WORK / "litert"))


def check_tools() -> None:
    if sys.version_info < PYTHON:
        sys.exit(f"The peer benchmark needs Python {PYTHON[0]}.{PYTHON[1]} or newer; this is {sys.version.split()[0]}.")
    if not shutil.which("node") or not shutil.which("npm"):
        sys.exit(f"The peer benchmark needs Node {NODE} or newer with npm, to fetch the libraries. Install them and try again.")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < NODE:
        sys.exit(f"The peer benchmark needs Node {NODE} or newer; this is {version}.")


def step(name: str, sources: list[str], make: Callable[[], None]) -> None:
    """Run `make` unless it ran before on the same `sources` (paths below this folder)."""
    stamp = WORK / ".stamps" / name
    hashes = hashlib.sha256(b"".join((HERE / source).read_bytes() for source in sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == hashes:
        return
    print(f"peer set-up: {name}", flush=True)
    stamp.unlink(missing_ok=True)
    try:
        make()
    except subprocess.CalledProcessError as failed:
        command = " ".join(map(str, failed.cmd))
        sys.exit(f"The peer set-up stopped at its step {name}: `{command}` ended with {failed.returncode}.")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(hashes)


def node_modules() -> None:
    for file in ["package.json", "package-lock.json"]:
        shutil.copy(HERE / file, WORK)
    npm = shutil.which("npm")
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=WORK, check=True)


def environment(name: str, *more: str) -> None:
    venv.create(WORK / f"venv-{name}", with_pip=True, clear=True)
    pip = [python(name), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", HERE / f"requirements-{name}.txt"], check=True)
    if more:
        subprocess.run([*pip, *more], check=True)


def run(name: str, script: str, *words: Path) -> None:
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    subprocess.run([python(name), MAKE / script, *words], check=True, env=os.environ | offline)


def python(name: str) -> Path:
    folder = WORK / f"venv-{name}"
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


if __name__ == "__main__":
    main()
