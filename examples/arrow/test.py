#!/usr/bin/env python3
"""Tests the three on a folder with pictures that can't be read: their rows are those of `semblance embed`, bit for bit.

    python3 test.py --semblance PROGRAM --model MODEL

Prints a line a test and, at the end, "test result: …" as cargo's tests do.
"""
import argparse, glob, os, shutil, subprocess, sys, tempfile, time, traceback

import pyarrow.dataset as ds
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
PICTURES = os.path.join(HERE, '../../assets/samples')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--semblance', required=True)
    parser.add_argument('--model', required=True)
    args = parser.parse_args()
    passed = failed = 0
    start = time.time()
    with tempfile.TemporaryDirectory() as work:
        pictures = os.path.join(work, 'pictures')
        for number, file in enumerate(sorted(glob.glob(os.path.join(PICTURES, '*.jpg'))) * 3):
            os.makedirs(os.path.join(pictures, str(number % 4)), exist_ok=True)
            shutil.copy(file, os.path.join(pictures, str(number % 4), f'{number}.jpg'))
        broken = os.path.join(pictures, '1', 'broken.jpg')
        with open(broken, 'wb') as file:
            file.write(b'\xff\xd8no picture')
        program, model = map(os.path.abspath, [args.semblance, args.model])
        single = os.path.join(work, 'single.parquet')
        done = subprocess.run([program, 'embed', pictures, '--out', single, '--model', model], capture_output=True, text=True)
        if done.returncode != 3:
            sys.exit(f'semblance embed ended with {done.returncode}, not 3, which it says of pictures that can’t be read: {done.stderr}')
        table = pq.read_table(single)
        expected = {path: vector for path, vector in zip(table['path'].to_pylist(), table['vector'].to_pylist())}
        expected[os.path.relpath(broken, pictures)] = None
        for name, key, more in [('with_ray', 'key', ['--batch', '7']), ('with_dask', 'key', ['--each', '5']), ('with_datafusion', 'path', [])]:
            try:
                out = os.path.join(work, name)
                command = [sys.executable, os.path.join(HERE, f'{name}.py'), pictures, out, '--semblance', program, '--model', model, *more]
                done = subprocess.run(command, capture_output=True, text=True, timeout=600)
                assert done.returncode == 0, f'{name}.py ended with {done.returncode}: {done.stderr[-3000:]}'
                rows = ds.dataset(out, format='parquet').to_table()
                found = {os.path.relpath(path, pictures): vector for path, vector in zip(rows[key].to_pylist(), rows['vector'].to_pylist())}
                assert rows.num_rows == len(expected), f'{rows.num_rows} rows, not {len(expected)}'
                assert found == expected, 'other vectors: ' + ', '.join(sorted(path for path in expected if found.get(path) != expected[path]))
                print(f'test {name} ... ok', flush=True)
                passed += 1
            except Exception:
                print(f'test {name} ... FAILED\n{traceback.format_exc()}', flush=True)
                failed += 1
    print(f'\ntest result: {"FAILED" if failed else "ok"}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in {time.time() - start:.2f}s')
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
