#!/usr/bin/env python3
"""Tests of the three scripts: the same Parquet and query, and the same best pictures as of plain NumPy in double precision.

    python3 test.py [--semblance PROGRAM]     with the program, `semblance search` is asked as well

Prints a line a case and, at the end, "test result: …" as cargo's tests do.
"""
import argparse, json, os, subprocess, sys, tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = ['with_duckdb.py', 'with_lancedb.py', 'with_faiss.py']
EXACT = [[script] for script in SCRIPTS] + [['with_duckdb.py', '--database', 'pictures.duckdb'], ['with_lancedb.py', '--database', 'lance'], ['with_faiss.py', '--keep', 'pictures.faiss']]
APPROXIMATE = [['with_lancedb.py', '--approximate'], ['with_faiss.py', '--approximate']]
TOP = 10


def clustered(count, dim, seed=1):
    """Unit vectors around centres, as pictures of things are: float32, count × dim."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((max(1, count // 50), dim))
    vectors = centres[random.integers(len(centres), size=count)] + 0.5 * random.standard_normal((count, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def write(file, vectors, type):
    """A Parquet as `semblance embed` writes it."""
    count, dim = vectors.shape
    numbers = pa.array(vectors.astype({'float32': np.float32, 'float16': np.float16}[type]).ravel())
    table = pa.table({
        'path': [f"a {n % 7}/it's {n}.jpg" for n in range(count)],
        'size': pa.array([1] * count, pa.int64()),
        'vector': pa.FixedSizeListArray.from_arrays(numbers, dim),
    })
    model = {'version': 1, 'model': 'random', 'sha256': '0' * 64, 'compute': 'f32', 'dim': dim, 'precision': type.replace('float', 'f')}
    pq.write_table(table.replace_schema_metadata({'semblance': json.dumps(model)}), file)
    return table['path'].to_pylist()


def run(words, folder):
    """What a program prints."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f'{words} failed: {done.stderr.strip()[-500:]}')
    return done.stdout


def script(words, file, query, folder):
    return json.loads(run([sys.executable, os.path.join(HERE, words[0]), file, query, '--top', str(TOP), *words[1:]], folder))


def same(found, paths, cosines, within=1e-5):
    """The best pictures in their order, by these cosines in double precision."""
    order = sorted(range(len(paths)), key=lambda row: (-cosines[row], paths[row]))[:TOP]
    expected = [paths[row] for row in order]
    if [one['path'] for one in found] != expected:
        raise AssertionError(f'{[one["path"] for one in found]} instead of {expected}')
    for one, row in zip(found, order):
        if abs(one['cosine'] - cosines[row]) > within:
            raise AssertionError(f'{one} instead of {cosines[row]}')


def cases(folder, semblance):
    """Pairs of a name and a function."""
    np.save(os.path.join(folder, 'short.npy'), np.ones(3, np.float32))
    for type in ['float32', 'float16']:
        vectors = clustered(2000, 64)
        file = os.path.join(folder, f'{type}.parquet')
        paths = write(file, vectors, type)
        stored = vectors.astype(type).astype(np.float64)
        # What is said is a cosine, of whatever length the stored vectors are after rounding; FAISS has the dot product.
        unit = stored / np.linalg.norm(stored, axis=1, keepdims=True)
        other = clustered(1, 64, seed=2)[0]
        np.save(os.path.join(folder, 'query.npy'), other)
        for query, vector in [(paths[1234], unit[1234]), ('query.npy', other / np.linalg.norm(other.astype(np.float64)))]:
            for words in EXACT:
                # Databases that are kept belong to one file.
                words = [word if word.startswith('-') or word.endswith('.py') else f'{type}-{word}' for word in words]
                rows = stored if 'faiss' in words[0] else unit
                yield f'{" ".join(words)}, {type}, {query}', lambda words=words, rows=rows, query=query, vector=vector, file=file, paths=paths: same(script(words, file, query, folder), paths, rows @ vector)
            for words in APPROXIMATE:
                def nearly(words=words, unit=unit, query=query, vector=vector, file=file, paths=paths):
                    best = {paths[row] for row in np.argsort(-(unit @ vector))[:TOP]}
                    found = {one['path'] for one in script(words, file, query, folder)}
                    # Lists and codes are drawn by chance.
                    if len(best & found) < 5:
                        raise AssertionError(f'{len(best & found)} of the best {TOP}')
                yield f'{" ".join(words)}, {type}, {query}', nearly
            if semblance and query in paths:
                def ours(file=file, query=query):
                    # A picture is not said to be like itself.
                    found = run([semblance, 'search', file, '--like', query, '--top', str(TOP - 1), '--json'], folder)
                    found = [json.loads(line) for line in found.splitlines()]
                    theirs = script(EXACT[0], file, query, folder)[1:]
                    if [one['path'] for one in found] != [one['path'] for one in theirs] or any(abs(a['cosine'] - b['cosine']) > 1e-5 for a, b in zip(found, theirs)):
                        raise AssertionError(f'{found} instead of {theirs}')
                yield f'semblance search, {type}, {query}', ours
    for words in EXACT[:3]:
        yield f'{words[0]} refuses a picture that is not there', lambda words=words: refused(words, 'float32.parquet', 'none.jpg', folder, 'No picture has the path')
        yield f'{words[0]} refuses a query of another length', lambda words=words: refused(words, 'float32.parquet', 'short.npy', folder, 'The query has 3 numbers')
        yield f'{words[0]} refuses what is no Parquet', lambda words=words: refused(words, 'short.npy', 'query.npy', folder, 'can not be read')


def refused(words, file, query, folder, message):
    done = subprocess.run([sys.executable, os.path.join(HERE, words[0]), file, query], cwd=folder, capture_output=True, text=True)
    if done.returncode == 0 or message not in done.stderr or 'Traceback' in done.stderr:
        raise AssertionError(f'rc {done.returncode}: {done.stderr.strip()[-300:]}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--semblance', metavar='PROGRAM', type=os.path.abspath)
    args = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, case in cases(folder, args.semblance):
            try:
                case()
            except AssertionError as error:
                print(f'test {name} ... FAILED: {error}', flush=True)
                failed += 1
            else:
                print(f'test {name} ... ok', flush=True)
                passed += 1
    print(f'test result: {"FAILED" if failed else "ok"}. {passed} passed; {failed} failed; 0 ignored', flush=True)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
