#!/usr/bin/env python3
"""Embeds pictures with Ray Data: actors that keep the program, fed by `map_batches`.

    python3 with_ray.py PICTURES OUT --semblance PROGRAM --model MODEL [--actors 2] [--threads 1] [--batch 64]

OUT is a folder of Parquet files with the columns key, vector, error. On a cluster the program and the model are where their paths say on every machine.
"""
import argparse

import ray

from embedder import Embedder


def embed(pictures, program, model, actors=2, threads=1, batch=64):
    """A Ray dataset of key, vector and error for a folder, in any depth."""
    # Reading asks for no processor of its own: the actors may have taken all, and would wait for it for ever.
    files = ray.data.read_binary_files(pictures, include_paths=True, ray_remote_args={'num_cpus': 0})
    return files.map_batches(
        Embedder, fn_constructor_args=(program, model, threads), batch_format='pyarrow', batch_size=batch, num_cpus=threads,
        compute=ray.data.ActorPoolStrategy(size=actors),
    )


def main():
    parser = argparse.ArgumentParser(description='Embed pictures with Ray Data.')
    parser.add_argument('pictures')
    parser.add_argument('out')
    parser.add_argument('--semblance', default='semblance')
    parser.add_argument('--model', required=True)
    parser.add_argument('--actors', type=int, default=2)
    parser.add_argument('--threads', type=int, default=1, help='of an actor')
    parser.add_argument('--batch', type=int, default=64)
    args = parser.parse_args()
    embed(args.pictures, args.semblance, args.model, args.actors, args.threads, args.batch).write_parquet(args.out)


if __name__ == '__main__':
    main()
