#!/usr/bin/env python3
"""Embeds pictures in DataFusion's SQL: `embed(path)` is a function of a column.

    python3 with_datafusion.py PICTURES OUT --semblance PROGRAM --model MODEL [--threads 2]

OUT is a folder of Parquet files with the columns path and vector, which is null where a picture can't be read.
"""
import argparse

import pyarrow as pa
from datafusion import SessionContext, udf

from embedder import SCHEMA, Embedder, files


def context(program, model, threads=2):
    """A session whose SQL has `embed(path)`. Batches come one after the other, so one program does them all."""
    embedder = Embedder(program, model, threads)

    def embed(paths):
        answers = embedder(pa.table({'path': paths}))
        return pa.concat_arrays(answers['vector'].cast(SCHEMA.field('vector').type).chunks)

    session = SessionContext()
    session.register_udf(udf(embed, [pa.string()], SCHEMA.field('vector').type, 'immutable', 'embed'))
    return session


def main():
    parser = argparse.ArgumentParser(description='Embed pictures in SQL.')
    parser.add_argument('pictures')
    parser.add_argument('out')
    parser.add_argument('--semblance', default='semblance')
    parser.add_argument('--model', required=True)
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    session = context(args.semblance, args.model, args.threads)
    session.from_arrow(pa.table({'path': files(args.pictures)}), name='pictures')
    session.sql('SELECT path, embed(path) AS vector FROM pictures').write_parquet(args.out)


if __name__ == '__main__':
    main()
