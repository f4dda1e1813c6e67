"""The golden files of crates/tables: a library's vectors and list as NumPy, safetensors and Arrow write them.

    python tests/tools/make_tables.py                 # write tests/golden/tables/
    python tests/tools/make_tables.py --check FOLDER  # compare what `cargo test -p semblance-tables` left in FOLDER

With the versions in requirements.txt.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors.numpy import load_file, save_file

GOLDEN = Path(__file__).parents[1] / "golden" / "tables"
COUNT, DIM = 7, 5
MODEL = "0123456789abcdef" * 4


def pictures():
    """What is known of each picture, and its vector: numbers that f32 holds exactly."""
    lines = [
        {
            "path": ["a.jpg", "ü/b.png", "日本/c d.webp", "x,y\"z.gif", "e/f/g.tiff", "h", "i/j"][i],
            "size": 10**i * 3,
            "modified": 1_700_000_000_000 + i,
            "taken": None if i % 2 else -86_400_000 * i,
            "width": 640 + i,
            "height": 480 * (i % 3),
            "hash": bytes(range(i, i + 32)).hex(),
        }
        for i in range(COUNT)
    ]
    vectors = ((np.arange(COUNT * DIM).reshape(COUNT, DIM) * 37 % 64 - 32) / 64).astype("<f4")
    return lines, vectors


def table(lines, vectors):
    stamp = pa.timestamp("ms", tz="UTC")
    return pa.table(
        {
            "path": pa.array([line["path"] for line in lines], pa.string()),
            "bytes": pa.array([line["size"] for line in lines], pa.int64()),
            "modified": pa.array([line["modified"] for line in lines], stamp),
            "taken": pa.array([line["taken"] for line in lines], stamp),
            "width": pa.array([line["width"] for line in lines], pa.int32()),
            "height": pa.array([line["height"] for line in lines], pa.int32()),
            "sha256": pa.array([bytes.fromhex(line["hash"]) for line in lines], pa.binary(32)),
            "vector": pa.array([list(map(float, vector)) for vector in vectors], pa.list_(pa.float32())),
            "model": pa.array([MODEL] * len(lines), pa.string()),
        }
    )


def write(folder):
    lines, vectors = pictures()
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", vectors)
    save_file({"vectors": vectors}, folder / "vectors.safetensors")
    listed = {"model": MODEL, "dim": DIM, "pictures": lines}
    (folder / "pictures.json").write_text(json.dumps(listed, indent=2, ensure_ascii=False))
    pq.write_table(table(lines, vectors), folder / "table.parquet", compression="none", row_group_size=4)


def check(folder):
    lines, vectors = pictures()
    assert np.array_equal(np.load(folder / "vectors.npy"), vectors), "vectors.npy"
    assert np.array_equal(load_file(folder / "vectors.safetensors")["vectors"], vectors), "vectors.safetensors"
    listed = json.loads((folder / "pictures.json").read_text())
    assert listed == {"model": MODEL, "dim": DIM, "pictures": lines}, "pictures.json"
    found, expected = pq.read_table(folder / "table.parquet").to_pylist(), table(lines, vectors).to_pylist()
    assert found == expected, f"table.parquet: {found} instead of {expected}"
    print(f"{folder}: what is there is what was meant, as {np.__name__}, safetensors and pyarrow {pa.__version__} read it")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", type=Path, help="a folder with files that were written by crates/tables")
    given = arguments.parse_args()
    if given.check:
        check(given.check)
    else:
        write(GOLDEN)
