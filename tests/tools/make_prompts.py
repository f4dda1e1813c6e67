"""ImageNet's templates and class names as CLIP's authors wrote them, out of open_clip's copy (both under the MIT licence).

    python tests/tools/make_prompts.py            # write crates/prompts/data/
    python tests/tools/make_prompts.py --check    # compare

With the versions in requirements.txt.
"""

import argparse
from pathlib import Path

from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES, OPENAI_IMAGENET_TEMPLATES

DATA = Path(__file__).parents[2] / "crates" / "prompts" / "data"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    files = {
        "imagenet-templates.txt": [template("{}") for template in OPENAI_IMAGENET_TEMPLATES],
        "imagenet-classes.txt": list(IMAGENET_CLASSNAMES),
    }
    for name, lines in files.items():
        text = "".join(f"{line}\n" for line in lines)
        if not check:
            (DATA / name).write_text(text)
        elif (DATA / name).read_text() != text:
            raise SystemExit(f"{name} is another one")


main()
