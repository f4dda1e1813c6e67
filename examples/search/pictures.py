"""What the three scripts share: vectors from the Parquet that `semblance embed` writes, a query, and how results are printed.

The file has a column `path` (text) and a column `vector` (as many float32 or float16 in every row, of unit length); others are left
alone. Since vectors have unit length, their dot product is their cosine.
"""
import argparse, json, sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def arguments(about):
    """INDEX.parquet, QUERY and --top of a script's command line, and the parser for what else it takes."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument('index', metavar='INDEX.parquet', help='as `semblance embed` writes it')
    parser.add_argument('query', metavar='QUERY', help='the path of one of its pictures, or a .npy file with a vector')
    parser.add_argument('--top', type=int, default=10, metavar='K', help='how many of the best (10)')
    return parser


def read(file):
    """(paths, vectors): an Arrow array of text, and n × dim float32."""
    try:
        table = pq.read_table(file, columns=['path', 'vector']).combine_chunks()
    except (OSError, pa.ArrowException) as error:
        sys.exit(f'{file} can not be read: {error}')
    if table.column_names != ['path', 'vector']:
        sys.exit(f'{file} has no columns “path” and “vector”.')
    if table.num_rows == 0:
        sys.exit(f'{file} has no pictures.')
    vectors = table['vector'].chunk(0)
    if vectors.null_count or vectors.flatten().null_count:
        sys.exit(f'{file} has rows without a vector.')
    # A list of fixed size in Arrow is a plain list in Parquet, for writers that leave Arrow's schema out.
    dim, rest = divmod(len(vectors.flatten()), len(vectors))
    if rest or (pa.types.is_list(vectors.type) and np.any(np.diff(vectors.offsets.to_numpy()) != dim)):
        sys.exit(f'The vectors of {file} have several lengths.')
    return table['path'].chunk(0), vectors.flatten().to_numpy(zero_copy_only=False).astype(np.float32, copy=False).reshape(-1, dim)


def query(word, paths, vectors):
    """The vector that a query's word names, of unit length."""
    if word.endswith('.npy'):
        try:
            vector = np.load(word, allow_pickle=False)
        except (OSError, ValueError) as error:
            sys.exit(f'{word} can not be read: {error}')
        vector = vector.astype(np.float32).ravel()
    else:
        row = paths.index(word).as_py()
        if row < 0:
            sys.exit(f'No picture has the path {word}.')
        vector = vectors[row]
    if len(vector) != vectors.shape[1]:
        sys.exit(f'The query has {len(vector)} numbers, the pictures have {vectors.shape[1]}.')
    length = np.linalg.norm(vector)
    if not np.isfinite(length) or length == 0:
        sys.exit('The query has no direction.')
    return vector / length


def show(found):
    """Print pairs of a path and a cosine, the best first, as JSON."""
    print(json.dumps([{'path': path, 'cosine': float(cosine)} for path, cosine in found], indent=1, ensure_ascii=False))
