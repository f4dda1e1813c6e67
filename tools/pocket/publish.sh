#!/bin/bash
# Put a trained pocket into the project: figures, bundle, card and goldens, all from the same weights.
#
#   tools/pocket/publish.sh MODEL RUN_JSON SHARDS CACHE
#
# MODEL is the folder of words.py, RUN_JSON the run.json that train.py and words.py wrote, SHARDS and CACHE as for train.py.
# Needs cargo, and as PYTHON (default: python3) a Python with the packages of tests/tools/requirements.txt. What is left to do is
# docs/fidelity.md (tools/pocket/engine.py), to look at `git diff --stat`, to run the tests and to commit.
set -euo pipefail
model=$(realpath "$1") facts=$(realpath "$2") shards=$(realpath "$3") cache=$(realpath -m "$4")
python=${PYTHON:-python3}
here=$(realpath "$(dirname "$0")")
root=$here/../..
figures=$(mktemp -d)
trap 'rm -r "$figures"' EXIT
evaluate=("$python" "$here/evaluate.py" --model "$model" --shards "$shards" --cache "$cache")
"${evaluate[@]}" --check --samples --json "$figures/trained.json"
"${evaluate[@]}" --q8_0 --json "$figures/q8_0.json"
(cd "$root" && cargo xtask pack "$model" --out models/pocket --name pocket --single \
  --title "pocket: a small model for trying things out" --licence "research and demonstration; see MODEL_CARD.md" \
  && rm models/index.json) # the build lists the models
"$python" "$here/card.py" --model "$model" --run "$facts" --figures "$figures/trained.json" \
  --quantised "$figures/q8_0.json" --card "$root/models/pocket/MODEL_CARD.md"
"$python" "$root/tests/tools/make_golden.py" --only pocket --pocket "$model"
