#!/usr/bin/env python3
"""The best pictures for a query, by FAISS: every picture is compared, or with --approximate those that an HNSW graph leads to.

    python3 with_faiss.py INDEX.parquet QUERY [--top 10] [--approximate] [--keep FILE]

FAISS numbers vectors; a picture's number is its row in the Parquet file.
"""
import os

import faiss

import pictures


def flat(vectors):
    """All vectors as they are: exact."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def hnsw(vectors, links=32, build=100, search=128):
    """A graph of neighbours (Malkov and Yashunin 2018)."""
    index = faiss.IndexHNSWFlat(vectors.shape[1], links, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = build, search
    index.add(vectors)
    return index


def ivf(vectors, lists, probes=16, train=100_000):
    """Vectors by the nearest of `lists` centres; of those lists the nearest `probes` are gone through."""
    index = faiss.index_factory(vectors.shape[1], f'IVF{lists},Flat', faiss.METRIC_INNER_PRODUCT)
    index.train(vectors[:train])
    index.add(vectors)
    index.nprobe = probes
    return index


def search(index, vector, top):
    """Pairs of row and cosine."""
    cosines, rows = index.search(vector[None], min(top, index.ntotal))
    return [(int(row), float(cosine)) for row, cosine in zip(rows[0], cosines[0]) if row >= 0]


def main():
    parser = pictures.arguments('The best pictures for a query, by FAISS.')
    parser.add_argument('--approximate', action='store_true', help='by a graph instead of all pictures')
    parser.add_argument('--keep', metavar='FILE', help='keep the index here and use it again')
    args = parser.parse_args()
    paths, vectors = pictures.read(args.index)
    vector = pictures.query(args.query, paths, vectors)
    if args.keep and os.path.exists(args.keep):
        index = faiss.read_index(args.keep)
        if index.ntotal != len(vectors) or index.d != vectors.shape[1]:
            raise SystemExit(f'{args.keep} is of {index.ntotal} vectors of {index.d} numbers, {args.index} has {len(vectors)} of {vectors.shape[1]}.')
    else:
        index = hnsw(vectors) if args.approximate else flat(vectors)
        if args.keep:
            faiss.write_index(index, args.keep)
    pictures.show((paths[row].as_py(), cosine) for row, cosine in search(index, vector, args.top))


if __name__ == '__main__':
    main()
