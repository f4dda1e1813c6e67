#!/bin/bash
# The GPU run: train pocket's teacher and then pocket itself, halve its precision, evaluate it.
#
#   tools/pocket/gpu2.sh TEACHER_MINUTES STUDENT_MINUTES SHARDS RUN [--resume]
#
# 2.4 and 6 minutes on an H200 made the bundled model. SHARDS: the folder of prepare.py (shards, table.json, exclude.json). RUN:
# where everything goes; RUN/out/hf16 is what embed.py and words.py go on with. The first step of --compile takes 24 s.
# Needs the packages of tools/pocket/requirements.txt.
set -euo pipefail
here=$(dirname "$0")
teacher=$1 student=$2 shards=$3 run=$4
python=${PYTHON:-python3}
export PYTHONUNBUFFERED=1
mkdir -p "$run/out"
"$python" "$here/train.py" --device cuda --compile --shards "$shards" --cache "$run/cache" --out "$run/out" \
  --teacher-minutes "$teacher" --minutes "$student" \
  --size 32 --patch 4 --width 192 --layers 12 --twidth 128 --tlayers 3 --proj 128 --batch 1024 \
  --lr 1.5e-3 --muon-lr 2e-3 --wd 0.1 --aug 1 --rrc 0.3 --drop-path 0.05 --ema 0.999 --soft 0.3 --kd 1 --mix 0.5 \
  --log 200 --ckpt-min 1.5 --seed 0 "${@:5}"
"$python" "$here/export.py" --model "$run/out/hf" --to "$run/out/hf16"
"$python" "$here/evaluate.py" --device cuda --model "$run/out/hf16" --shards "$shards" --cache "$run/cache" --check --samples \
  --json "$run/out/step2.json"
