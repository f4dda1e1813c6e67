#!/usr/bin/env python3
"""The best pictures for a query, by DuckDB: every picture is compared (`array_cosine_similarity`).

    python3 with_duckdb.py INDEX.parquet QUERY [--top 10] [--database FILE]

Without --database the Parquet file is gone through as it lies there, which takes no time before and more with each query; with it the vectors
are loaded into a table of that file once.
"""
import duckdb

import pictures


def load(connection, file, dim):
    """A table `pictures` of the Parquet file, for many queries."""
    connection.execute(f'CREATE TABLE IF NOT EXISTS pictures AS SELECT path, vector::FLOAT[{dim}] AS vector FROM read_parquet(?)', [file])


def search(connection, source, vector, top):
    """Pairs of path and cosine. `source` is what stands behind FROM."""
    dim = len(vector)
    return connection.execute(
        f'SELECT path, array_cosine_similarity(vector::FLOAT[{dim}], ?::FLOAT[{dim}]) AS cosine FROM {source} ORDER BY cosine DESC, path LIMIT ?',
        [vector.tolist(), top],
    ).fetchall()


def main():
    parser = pictures.arguments('The best pictures for a query, by DuckDB.')
    parser.add_argument('--database', metavar='FILE', help='load the vectors into it first, once')
    args = parser.parse_args()
    paths, vectors = pictures.read(args.index)
    vector = pictures.query(args.query, paths, vectors)
    connection = duckdb.connect(args.database or ':memory:')
    if args.database:
        load(connection, args.index, len(vector))
        source = 'pictures'
    else:
        source = "read_parquet('" + args.index.replace("'", "''") + "')"
    pictures.show(search(connection, source, vector, args.top))


if __name__ == '__main__':
    main()
