#!/bin/bash
# Put a trained pocket into the project: figures, bundle, card and goldens, all from the same weights.
#
#   tools/pocket/publish.sh RUN SHARDS
#
# RUN/out/hf is the model and RUN/out/run.json its training (train.py makes both); SHARDS as for train.py. Needs cargo, and as
# PYTHON (default: python3) a Python with the packages of tests/tools/requirements.txt. What is left to do is to look at
# `git diff --stat`, run the tests and commit.
set -euo pipefail
run=$(realpath "$1") shards=$(realpath "$2")
python=${PYTHON:-python3}
here=$(realpath "$(dirname "$0")")
root=$here/../..
model=$run/out/hf
evaluate=("$python" "$here/evaluate.py" --model "$model" --shards "$shards" --cache "$run/cache")
"${evaluate[@]}" --check --samples --json "$run/out/figures.json"
"${evaluate[@]}" --q8_0 --json "$run/out/figures-q8_0.json"
(cd "$root" && cargo xtask pack "$model" --out models/pocket --name pocket --single \
  --title "pocket: a small model for trying things out" --licence "research and demonstration; see MODEL_CARD.md" \
  && rm models/index.json) # the build lists the models
"$python" "$here/card.py" --model "$model" --run "$run/out/run.json" --figures "$run/out/figures.json" \
  --quantised "$run/out/figures-q8_0.json" --card "$root/models/pocket/MODEL_CARD.md"
"$python" "$root/tests/tools/make_golden.py" --only pocket --pocket "$model"
