#!/usr/bin/env python3
"""Embeds pictures with Dask: a task for so many pictures, each of which writes a Parquet file of its own.

    python3 with_dask.py PICTURES OUT --semblance PROGRAM --model MODEL [--scheduler tcp://HOST:8786] [--threads 1] [--each 1000]

OUT is a folder of Parquet files with the columns key, vector, error. On a cluster all four are where their paths say on every machine.
"""
import argparse, os

import dask
import pyarrow as pa
import pyarrow.parquet as pq

from embedder import Embedder, files


def part(paths, out, program, model, threads=1):
    """Embed these files, read by the program itself, into one Parquet file."""
    embedder = Embedder(program, model, threads)
    rows = embedder(pa.table({'path': paths}))
    embedder.close()
    # Under another name until it is whole: a task that is done again writes the same.
    pq.write_table(rows, out + '.part')
    os.replace(out + '.part', out)
    return rows.num_rows


def embed(pictures, out, program, model, threads=1, each=1000):
    """Dask's tasks for a folder, in any depth; `dask.compute` does them."""
    paths = files(pictures)
    os.makedirs(out, exist_ok=True)
    return [
        dask.delayed(part)(paths[first:first + each], os.path.join(out, f'part-{first // each:05}.parquet'), program, model, threads)
        for first in range(0, len(paths), each)
    ]


def main():
    parser = argparse.ArgumentParser(description='Embed pictures with Dask.')
    parser.add_argument('pictures')
    parser.add_argument('out')
    parser.add_argument('--semblance', default='semblance')
    parser.add_argument('--model', required=True)
    parser.add_argument('--scheduler', help='of a cluster; else processes of this machine')
    parser.add_argument('--threads', type=int, default=1, help='of a task')
    parser.add_argument('--each', type=int, default=1000, help='pictures of a task')
    args = parser.parse_args()
    tasks = embed(args.pictures, args.out, args.semblance, args.model, args.threads, args.each)
    if args.scheduler:
        from dask.distributed import Client

        with Client(args.scheduler):
            dask.compute(tasks)
    else:
        dask.compute(tasks, scheduler='processes')


if __name__ == '__main__':
    main()
