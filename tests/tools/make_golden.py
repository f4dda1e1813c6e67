"""
Make the goldens under tests/golden/ (its README.md has the formats), or check that they are what this machine would make.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install -r tests/tools/requirements.txt
    /tmp/golden/bin/python tests/tools/make_golden.py                       # preprocessing, small models and their tokenizer
    /tmp/golden/bin/python tests/tools/make_golden.py --pocket FOLDER       # also what belongs to pocket's weights and tokenizer
    /tmp/golden/bin/python tests/tools/make_golden.py --openai-vocabulary F # also the published CLIP vocabulary's ids
    … --check                                                               # compare only; exit 1 when something differs

FOLDER is pocket as a Hugging Face folder (config.json, model.safetensors, tokenizer.json, preprocessor_config.json).
F is OpenAI's bpe_simple_vocab_16e6.txt.gz, which is also in PyPI's open_clip_torch 3.3.0:
  pip download --no-deps open_clip_torch==3.3.0 && unzip open_clip_torch-*.whl open_clip/bpe_simple_vocab_16e6.txt.gz
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import torch  # noqa: E402
from transformers.utils import logging  # noqa: E402

from golden import layouts, models, pocket, preprocess, store, tokenizer  # noqa: E402

HERE = Path(__file__).resolve().parents[1] / "golden"
PACKAGES = ("gguf", "numpy", "open_clip_torch", "pillow", "safetensors", "tokenizers", "torch", "transformers")

# What each option makes: files and folders of tests/golden/.
ALWAYS = ("versions.json", "preprocess", "models", "layouts", "tokenizer/small.json")
POCKET = ("tokenizer/pocket.json", "pocket")
OPENAI = ("tokenizer/openai.json",)


def arguments() -> argparse.Namespace:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--pocket", type=Path, help="pocket as a Hugging Face folder")
    a.add_argument("--openai-vocabulary", type=Path, help="bpe_simple_vocab_16e6.txt.gz")
    a.add_argument(
        "--save-openai-tokenizer", type=Path, help="write its tokenizer.json into this folder (not committed)"
    )
    a.add_argument("--only", choices=["pocket", "openai"], help="leave the always-made part out")
    a.add_argument("--check", action="store_true", help="change nothing; exit 1 when something differs")
    return a.parse_args()


def make(folder: Path, args: argparse.Namespace) -> list[str]:
    """Everything that was asked for, into an empty folder; the names that were made."""
    made: list[str] = []
    if not args.only:
        packages = {name: version(name) for name in PACKAGES}
        store.write_json(
            folder / "versions.json", {"python": ".".join(platform.python_version_tuple()[:2]), **packages}
        )
        preprocess.make(folder)
        models.make(folder)
        layouts.make(folder)
        tokenizer.make_small(folder)
        made += ALWAYS
    if args.pocket:
        tokenizer.make_pocket(folder, args.pocket)
        pocket.make(folder, args.pocket)
        made += POCKET
    if args.openai_vocabulary:
        tokenizer.make_openai(folder, args.openai_vocabulary, args.save_openai_tokenizer)
        made += OPENAI
    return made


def isolate(root: Path, names: list[str], to: Path) -> Path:
    """A folder with only those names of `root`, to compare like with like."""
    for name in names:
        source, target = root / name, to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copy(source, target)
    to.mkdir(parents=True, exist_ok=True)
    return to


def main() -> int:
    args = arguments()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        names = make(fresh, args)
        changed = store.differences(fresh, isolate(HERE, names, Path(scratch) / "committed"))
        for line in changed:
            print(line)
        if args.check:
            print(f"{len(changed)} differences in {', '.join(names)}")
            return 1 if changed else 0
        if not changed:
            print("nothing changed beyond the tolerance; the files were left alone")
            return 0
        for name in names:
            target = HERE / name
            shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(fresh / name, target)
        print(f"wrote {', '.join(names)}: look at the differences above before you commit them")
        return 0


if __name__ == "__main__":
    sys.exit(main())
