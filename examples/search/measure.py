#!/usr/bin/env python3
"""Times the three, and Semblance's own search, on made-up vectors; prints the table of docs/scale/search.md.

    cargo build --release -p semblance-index --example search
    python3 measure.py --ours target/release/examples/search [--counts 10000,100000,1000000] [--folder FOLDER] [--without faiss-hnsw]

FAISS asks on one thread, Semblance's search has one, DuckDB and LanceDB take all processors. The vectors are like pictures' in that few directions matter and things come in kinds: x = centre + 0.8 · z · B + 0.02 · noise, brought to length 1,
of 500 centres in 512 dimensions, z of 48 and B the same for all. Queries are others of the same kind. Every query is made alone; the
first of each is not counted. Recall is the share of the best ten, by NumPy in f32, that were found.
"""
import argparse, json, os, platform, shutil, statistics, subprocess, tempfile, time

import duckdb, faiss, lancedb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import with_duckdb, with_faiss, with_lancedb

DIM, TOP, QUERIES = 512, 10, 11


def vectors(count, seed):
    """count × 512 float32 of length 1. The centres and the directions are the same for every seed."""
    fixed, random = np.random.default_rng(0), np.random.default_rng(seed)
    centres = fixed.standard_normal((500, DIM), dtype=np.float32)
    directions = fixed.standard_normal((48, DIM), dtype=np.float32) / np.sqrt(48, dtype=np.float32)
    made = np.empty((count, DIM), np.float32)
    for start in range(0, count, 50_000):
        part = made[start:start + 50_000]
        part[:] = centres[random.integers(len(centres), size=len(part))]
        part += np.float32(0.8) * random.standard_normal((len(part), 48), dtype=np.float32) @ directions
        part += np.float32(0.02) * random.standard_normal(part.shape, dtype=np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return made


def size(path):
    """Bytes of a file, or of a folder's files."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)


class Table:
    """Measures one after another, and prints what came out."""

    def __init__(self, count, queries, best):
        self.count, self.queries, self.best = count, queries, best

    def measure(self, name, build, search, bytes_of):
        """`build` gives what `search` takes with a query; that gives rows."""
        start = time.perf_counter()
        built = build()
        building = time.perf_counter() - start
        times, found = [], []
        for query in self.queries:
            start = time.perf_counter()
            rows = search(built, query)
            times.append(time.perf_counter() - start)
            found.append(rows)
        self.row(name, building, 1000 * statistics.median(times[1:]), bytes_of(built), found)

    def row(self, name, building, query, bytes, found):
        recall = np.mean([len(set(rows[:TOP]) & set(best)) / TOP for rows, best in zip(found, self.best)])
        print(f'| {self.count:,} | {name} | {building:.1f} | {bytes / 1e6:.0f} | {query:.2f} | {recall:.3f} |', flush=True)


def exact(made, queries):
    """Rows of the best for each query."""
    return [np.argsort(-(made @ query), kind='stable')[:TOP].tolist() for query in queries]


def machine():
    with open('/proc/cpuinfo') as file:
        model = next(line.split(':', 1)[1].strip() for line in file if line.startswith('model name'))
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9
    versions = f'DuckDB {duckdb.__version__}, LanceDB {lancedb.__version__}, FAISS {faiss.__version__}, NumPy {np.__version__}'
    return f'{model}, {memory:.0f} GB, {platform.system()}; {versions}'


def measure(count, folder, program, without):
    made, queries = vectors(count, seed=1), vectors(QUERIES, seed=2)
    table = Table(count, queries, exact(made, queries))
    paths = pa.array([str(row) for row in range(count)])
    parquet = os.path.join(folder, 'vectors.parquet')
    pq.write_table(pa.table({'path': paths, 'vector': pa.FixedSizeListArray.from_arrays(pa.array(made.ravel()), DIM)}), parquet)
    rows = lambda found: [int(path) for path, _ in found]

    if program and 'semblance' not in without:
        files = [os.path.join(folder, name) for name in ['vectors.f32', 'queries.f32']]
        made.tofile(files[0])
        queries.tofile(files[1])
        said = json.loads(subprocess.run([program, *files, str(DIM), str(TOP)], check=True, capture_output=True).stdout)
        table.row('Semblance, exact, 8 bits', said['build_s'], said['query_ms'], said['bytes'], said['found'])
        os.remove(files[0])

    if 'duckdb' not in without:
        connection = duckdb.connect(os.path.join(folder, 'duck.db'))
        table.measure('DuckDB, exact', lambda: with_duckdb.load(connection, parquet, DIM), lambda _, query: rows(with_duckdb.search(connection, 'pictures', query, TOP)),
                      lambda _: (connection.execute('CHECKPOINT'), size(os.path.join(folder, 'duck.db')))[1])
        connection.close()
        os.remove(os.path.join(folder, 'duck.db'))
    os.remove(parquet)
    if 'lancedb' not in without:
        lance = os.path.join(folder, 'lance')
        database = lancedb.connect(lance)
        table.measure('LanceDB, exact', lambda: with_lancedb.load(database, paths, made), lambda all, query: rows(with_lancedb.search(all, query, TOP)), lambda _: size(lance))

        def indexed():
            all = database.open_table(with_lancedb.TABLE)
            with_lancedb.build_index(all, DIM, partitions=max(1, int(np.sqrt(count))))
            return all

        before = size(lance)
        if 'lancedb-ivf' not in without:
            table.measure('LanceDB, IVF-PQ, 20 lists, 10 × refined', indexed, lambda all, query: rows(with_lancedb.search(all, query, TOP, approximate=True)), lambda _: size(lance) - before)

    def nearest(index, query):
        # One query is one thread's work; others would only wait for it.
        faiss.omp_set_num_threads(1)
        return [row for row, _ in with_faiss.search(index, query, TOP)]

    def with_all(build):
        faiss.omp_set_num_threads(os.cpu_count())
        return build()

    serialized = lambda index: faiss.serialize_index(index).nbytes
    if 'faiss' not in without:
        table.measure('FAISS, flat', lambda: with_all(lambda: with_faiss.flat(made)), nearest, serialized)
    if 'faiss-ivf' not in without:
        table.measure('FAISS, IVF, 16 lists', lambda: with_all(lambda: with_faiss.ivf(made, max(1, int(np.sqrt(count))))), nearest, serialized)
    if 'faiss-hnsw' not in without:
        table.measure('FAISS, HNSW', lambda: with_all(lambda: with_faiss.hnsw(made)), nearest, serialized)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--ours', metavar='PROGRAM', help="the example `search` of semblance-index; without it ours isn't in the table")
    parser.add_argument('--counts', default='10000,100000,1000000')
    parser.add_argument('--folder', help='where files are made (the system’s own for such)')
    parser.add_argument('--without', default='', help='names with commas: semblance, duckdb, lancedb, lancedb-ivf, faiss, faiss-ivf, faiss-hnsw')
    args = parser.parse_args()
    print(f'{machine()}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors before\n')
    print('| vectors | what | built in, s | MB | a query, ms | recall@10 |\n|---|---|---|---|---|---|', flush=True)
    for count in map(int, args.counts.split(',')):
        folder = tempfile.mkdtemp(dir=args.folder)
        try:
            measure(count, folder, args.ours, args.without.split(','))
        finally:
            shutil.rmtree(folder)


if __name__ == '__main__':
    main()
