#!/usr/bin/env python3
"""Embeds pictures on a Spark cluster: `semblance embed --arrow` in every task, fed with record batches by `mapInArrow`.

    spark-submit embed.py PICTURES OUT --model MODEL [--semblance PROGRAM] [--buckets 64]

PICTURES is any folder that Spark reads, OUT a folder of Parquet, divided by a hash of the key: `bucket=0/ … bucket=63/`, with the columns

    key string      the picture's address
    vector array<float>  of unit length; null where there is an error
    error string    what is wrong with a picture that can't be read; null else

A task whose machine dies is done again by Spark elsewhere; the rows are the same, since a picture's vector depends on nothing but the picture.
"""
import argparse, os, subprocess, tempfile, threading

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import SparkSession, functions

SCHEMA = 'key string, vector array<float>, error string'

# What the program ends with: well, and well but for pictures that can't be read, which have their error in their row.
WELL = (0, 3)


def embedding(program, model, threads=1):
    """A function for `mapInArrow`: batches with `path` and `content` (or `bytes`) → batches of SCHEMA.

    One program runs for a partition. Its input is written by a thread of its own while its output is read: were both done in turn, each side
    would wait for the other as soon as a pipe is full.
    """
    def partition(batches):
        first = next(batches, None)
        if first is None:
            # No picture, no program.
            return
        command = [there(program), 'embed', '--arrow', '--model', there(model), '--threads', str(threads), '--jobs', str(threads)]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
            failed = []
            feeder = threading.Thread(target=feed, args=(process.stdin, first, batches, failed), daemon=True)
            feeder.start()
            try:
                yield from answers(process.stdout)
                process.stdout.close()
                feeder.join()
                code = process.wait()
            finally:
                # Where Spark wants no more, or this failed, nothing may be left running.
                process.kill()
                process.wait()
            if failed:
                raise failed[0]
            if code not in WELL:
                said.seek(0)
                raise RuntimeError(f'{" ".join(command)} ended with {code}: {said.read().decode(errors="replace").strip()}')
    return partition


def feed(pipe, first, batches, failed):
    """Write all batches as one Arrow stream."""
    try:
        with pipe, pa.ipc.new_stream(pipe, first.schema) as stream:
            stream.write_batch(first)
            for batch in batches:
                stream.write_batch(batch)
    except BrokenPipeError:
        # The program ended; its exit code and its last words say why.
        pass
    except BaseException as error:
        failed.append(error)


def answers(pipe):
    """The batches of an Arrow stream; none where the program ended before it began one."""
    try:
        stream = pa.ipc.open_stream(pipe)
    except pa.ArrowInvalid:
        return
    yield from stream


def there(path):
    """A file that travelled with the job (--files, --archives) where it lies on this machine, or a path that every machine has."""
    travelled = SparkFiles.get(path)
    return travelled if not os.path.isabs(path) and os.path.exists(travelled) else path


def read(spark, folder, partitions=None):
    """Addresses and contents of a folder's pictures, in any depth."""
    pictures = spark.read.format('binaryFile').option('recursiveFileLookup', 'true').load(folder).select('path', 'content')
    return pictures.repartition(partitions) if partitions else pictures


def embed(pictures, program, model, threads=1):
    """Rows of SCHEMA for rows with `path` and `content`."""
    return pictures.mapInArrow(embedding(program, model, threads), SCHEMA)


def write(rows, folder, buckets):
    """Parquet, divided by a hash of the key."""
    bucket = functions.pmod(functions.xxhash64('key'), functions.lit(buckets))
    rows.withColumn('bucket', bucket).write.mode('error').partitionBy('bucket').parquet(folder)


def main():
    parser = argparse.ArgumentParser(description='Embed pictures on a Spark cluster.')
    parser.add_argument('pictures')
    parser.add_argument('out')
    parser.add_argument('--model', required=True, help='a folder or .gguf that every machine has, or that travelled with the job')
    parser.add_argument('--semblance', default='semblance', help='the program, likewise')
    parser.add_argument('--partitions', type=int, help='so many tasks; else as Spark divides the files')
    parser.add_argument('--buckets', type=int, default=64)
    parser.add_argument('--threads', type=int, default=1, help='of a task: spark.task.cpus')
    args = parser.parse_args()
    spark = SparkSession.builder.appName('semblance').config('spark.sql.execution.arrow.maxRecordsPerBatch', 64).getOrCreate()
    write(embed(read(spark, args.pictures, args.partitions), args.semblance, args.model, args.threads), args.out, args.buckets)
    spark.stop()


if __name__ == '__main__':
    main()
