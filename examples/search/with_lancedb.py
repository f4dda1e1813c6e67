#!/usr/bin/env python3
"""The best pictures for a query, by LanceDB: every picture is compared, or with --approximate those that an index (IVF-PQ) points at.

    python3 with_lancedb.py INDEX.parquet QUERY [--top 10] [--database FOLDER] [--approximate]

The database is a folder of LanceDB's; without one it is made anew for each run.
"""
import tempfile

import lancedb
import pyarrow as pa

import pictures

TABLE = 'pictures'


def load(database, paths, vectors):
    """A table of the vectors."""
    dim = vectors.shape[1]
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), dim)
    return database.create_table(TABLE, pa.table({'path': paths, 'vector': column}))


def build_index(table, dim, partitions=None):
    """IVF-PQ: a byte for every eight numbers of a vector. Fewer pictures than 256 can't have one."""
    table.create_index(metric='cosine', vector_column_name='vector', index_type='IVF_PQ', num_partitions=partitions, num_sub_vectors=max(1, dim // 8))


def search(table, vector, top, approximate=False, probes=20, refine=10):
    """Pairs of path and cosine. LanceDB's distance is 1 − cosine."""
    request = table.search(vector, vector_column_name='vector').distance_type('cosine').limit(top)
    # `refine`: so many times as many candidates are compared by their whole vectors.
    request = request.nprobes(probes).refine_factor(refine) if approximate else request.bypass_vector_index()
    found = request.select(['path', '_distance']).to_arrow()
    return [(path, 1 - distance) for path, distance in zip(found['path'].to_pylist(), found['_distance'].to_pylist())]


def main():
    parser = pictures.arguments('The best pictures for a query, by LanceDB.')
    parser.add_argument('--database', metavar='FOLDER', help='keep the table here and use it again')
    parser.add_argument('--approximate', action='store_true', help='by an index instead of all pictures')
    args = parser.parse_args()
    paths, vectors = pictures.read(args.index)
    vector = pictures.query(args.query, paths, vectors)
    with tempfile.TemporaryDirectory() as temporary:
        database = lancedb.connect(args.database or temporary)
        there = TABLE in database.list_tables().tables
        table = database.open_table(TABLE) if there else load(database, paths, vectors)
        if args.approximate and not table.list_indices():
            build_index(table, len(vector))
        pictures.show(search(table, vector, args.top, args.approximate))


if __name__ == '__main__':
    main()
