#!/bin/bash
# Train pocket on a CUDA GPU, evaluate it, and halve its precision.
#
#   tools/pocket/gpu.sh SHARDS RUN MINUTES [--resume]
#
# SHARDS: the folder of prepare.py (shards, table.json, exclude.json). RUN: where everything goes; RUN/out/hf is the result.
# 32 px with patch 4 costs what 64 px with patch 8 does (64 tokens), but every training set is then equally sharp.
# SIZE, PATCH and LOWRES in the environment change that. Needs the packages of tools/pocket/requirements.txt.
set -euo pipefail
here=$(dirname "$0")
shards=$1 run=$2 minutes=$3
export PYTHONUNBUFFERED=1
mkdir -p "$run"
python3 "$here/train.py" --device cuda --compile --shards "$shards" --cache "$run/cache" --out "$run/out" --minutes "$minutes" \
  --size "${SIZE:-32}" --patch "${PATCH:-4}" --lowres "${LOWRES:-0.8}" --layers 9 --batch 1024 --lr 1.5e-3 --muon-lr 2e-3 \
  --wd 0.1 --aug 1 --rrc 0.3 --drop-path 0.1 --ema 0.9995 --log 200 --ckpt-min 2 --seed 0 "${@:4}"
python3 "$here/evaluate.py" --device cuda --model "$run/out/hf" --shards "$shards" --cache "$run/cache" --check --samples \
  --json "$run/out/figures.json"
python3 "$here/evaluate.py" --device cuda --model "$run/out/hf" --shards "$shards" --cache "$run/cache" --q8_0 \
  --json "$run/out/figures-q8_0.json"
python3 "$here/export.py" --model "$run/out/hf" --to "$run/out/hf16"
