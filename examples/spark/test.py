#!/usr/bin/env python3
"""Tests embed.py on two executors of which one is killed while it works: the rows are those of `semblance embed` on one machine.

    python3 test.py --semblance PROGRAM --model MODEL

Prints a line a test and, at the end, "test result: …" as cargo's tests do.
"""
import argparse, os, random, signal, struct, subprocess, sys, tempfile, threading, time, zlib

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyspark
from pyspark.sql import SparkSession

import embed

PICTURES, TASKS, BUCKETS = 40, 10, 4
BROKEN = {'folder 3/broken.png', 'cut.jpg'}


def picture(seed):
    """A PNG of 40 × 30 with some rectangles."""
    chance = random.Random(seed)
    rows = [[(chance.randrange(256),) * 3] * 40 for _ in range(30)]
    for _ in range(4):
        colour = tuple(chance.randrange(256) for _ in range(3))
        left, top = chance.randrange(30), chance.randrange(20)
        for row in rows[top:top + chance.randrange(5, 15)]:
            row[left:left + 10] = [colour] * 10
    raw = b''.join(b'\0' + bytes(value for pixel in row for value in pixel) for row in rows)
    chunk = lambda name, data: struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 40, 30, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b'')


def make(folder):
    for number in range(PICTURES):
        below = os.path.join(folder, f'folder {number % 7}')
        os.makedirs(below, exist_ok=True)
        with open(os.path.join(below, f'{number}.png'), 'wb') as file:
            # Some pictures are there twice, under two names.
            file.write(picture(number % (PICTURES - 5)))
    for name in BROKEN:
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(b'\xff\xd8' if name == 'cut.jpg' else b'\x89PNG\r\n\x1a\nbroken')


def single(program, model, folder, out):
    """{path below the folder: vector's bytes} by one machine."""
    done = subprocess.run([program, 'embed', folder, '--out', out, '--model', model], capture_output=True, text=True)
    if done.returncode != 3:
        sys.exit(f'semblance embed ended with {done.returncode}, expected 3 for pictures that are broken: {done.stderr}')
    table = pq.read_table(out)
    return {path: as_bytes(vector) for path, vector in zip(table['path'].to_pylist(), table['vector'].to_pylist())}


def as_bytes(vector):
    return struct.pack(f'<{len(vector)}f', *vector)


def below(key, folder):
    """The path below the folder of Spark's address (file:/…, in which nothing is escaped)."""
    path = key.removeprefix('file:')
    while path.startswith('//'):
        path = path[1:]
    return os.path.relpath(path, folder)


def processes():
    """{pid: (parent, command line)}"""
    found = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat') as stat, open(f'/proc/{name}/cmdline') as line:
                found[int(name)] = (int(stat.read().rsplit(')', 1)[1].split()[1]), line.read())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def mine(all, pid):
    """Does a process descend from this one?"""
    while pid in all:
        if pid == os.getpid():
            return True
        pid = all[pid][0]
    return False


def executors():
    """Executors' machines that this test started."""
    all = processes()
    return [pid for pid, (_, line) in all.items() if 'CoarseGrainedExecutorBackend' in line and 'java' in line.split('\0')[0] and mine(all, pid)]


def kill_one(spark, job, said):
    """Wait until some tasks are done and others run, and end one executor as a machine that loses its power."""
    tracker = spark.sparkContext.statusTracker()
    while job.is_alive():
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        if any(stage and stage.numTasks == TASKS and 1 <= stage.numCompletedTasks <= TASKS - 4 and stage.numActiveTasks for stage in stages):
            running = executors()
            if len(running) == 2:
                os.kill(running[0], signal.SIGKILL)
                said.update(pid=running[0], at=max(stage.numCompletedTasks for stage in stages if stage))
                return
        time.sleep(0.05)


class Tests:
    def __init__(self):
        self.passed = self.failed = 0

    def test(self, name, fine, why=''):
        print(f'test {name} ... {"ok" if fine else f"FAILED: {why}"}', flush=True)
        self.passed += bool(fine)
        self.failed += not fine


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--semblance', required=True)
    parser.add_argument('--model', required=True)
    args = parser.parse_args()
    program, model = os.path.abspath(args.semblance), os.path.abspath(args.model)
    tests = Tests()
    # Where Spark finds itself, to start its executors.
    os.environ['SPARK_HOME'] = os.path.dirname(pyspark.__file__)
    os.environ['PYSPARK_PYTHON'] = os.environ['PYSPARK_DRIVER_PYTHON'] = sys.executable
    # Executors look for embed.py, too.
    os.environ['PYTHONPATH'] = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as folder:
        pictures, out = os.path.join(folder, 'pictures'), os.path.join(folder, 'out')
        make(pictures)
        expected = single(program, model, pictures, os.path.join(folder, 'single.parquet'))
        # As the program, but slow enough for an executor to be killed in the middle.
        slow = os.path.join(folder, 'slow')
        with open(slow, 'w') as file:
            file.write(f'#!/bin/sh\nsleep 1\nexec "{program}" "$@"\n')
        os.chmod(slow, 0o755)
        spark = (
            SparkSession.builder.master('local-cluster[2,1,1024]').appName('semblance-test')
            .config('spark.executor.memory', '512m').config('spark.driver.memory', '512m').config('spark.ui.enabled', 'false')
            .config('spark.driver.host', '127.0.0.1').config('spark.driver.bindAddress', '127.0.0.1')
            .config('spark.local.dir', folder).config('spark.sql.warehouse.dir', os.path.join(folder, 'warehouse'))
            .config('spark.sql.execution.arrow.maxRecordsPerBatch', 4).config('spark.sql.shuffle.partitions', TASKS)
            .getOrCreate()
        )
        try:
            on_two(tests, spark, slow, model, pictures, out, expected)
            errors(tests, spark, program, model, pictures)
        finally:
            spark.stop()
    print(f'test result: {"FAILED" if tests.failed else "ok"}. {tests.passed} passed; {tests.failed} failed; 0 ignored', flush=True)
    sys.exit(1 if tests.failed else 0)


def on_two(tests, spark, program, model, pictures, out, expected):
    wrong, killed = [], {}

    def work():
        try:
            embed.write(embed.embed(embed.read(spark, pictures, TASKS), program, model), out, BUCKETS)
        except Exception as error:
            wrong.append(error)

    job = threading.Thread(target=work)
    job.start()
    kill_one(spark, job, killed)
    job.join()
    tests.test('an executor is killed while it works', bool(killed), 'the work was over before')
    tests.test('the work ends well all the same', not wrong, wrong)
    if wrong:
        return
    rows = ds.dataset(out, format='parquet', partitioning='hive').to_table().to_pylist()
    found = {below(row['key'], pictures): row for row in rows}
    tests.test('each picture has one row', len(rows) == len(found) == PICTURES + len(BROKEN), f'{len(rows)} rows, {len(found)} keys')
    broken = {path for path, row in found.items() if row['error'] is not None}
    tests.test('broken pictures have an error and no vector', broken == BROKEN and all(found[path]['vector'] is None for path in broken), broken)
    vectors = {path: as_bytes(row['vector']) for path, row in found.items() if row['vector'] is not None}
    different = [path for path in expected.keys() | vectors.keys() if expected.get(path) != vectors.get(path)]
    tests.test(f'the {len(expected)} vectors are those of one machine, byte by byte', len(expected) == PICTURES and not different, different[:5])
    buckets = {name for name in os.listdir(out) if name.startswith('bucket=')}
    tests.test('the rows are divided by a hash of the key', buckets == {f'bucket={n}' for n in range(BUCKETS)}, buckets)
    time.sleep(1)
    left = [line for _, line in processes().values() if program in line]
    tests.test('no program is left running', not left, left)


def errors(tests, spark, program, model, pictures):
    def message(pictures, program, model):
        try:
            embed.embed(pictures, program, model).collect()
        except Exception as error:
            return str(error)
        return ''

    some = embed.read(spark, pictures, 1).limit(3)
    said = message(some, program, '/no/such/model')
    tests.test('what the program says of a model that is not there reaches the driver', '/no/such/model' in said and 'ended with' in said, said[-500:])
    said = message(some, '/no/such/program', model)
    tests.test('a program that is not there is named', '/no/such/program' in said, said[-500:])
    none = embed.embed(spark.createDataFrame([], 'path string, content binary'), program, model).collect()
    tests.test('no pictures make no rows', none == [], none)


if __name__ == '__main__':
    main()
