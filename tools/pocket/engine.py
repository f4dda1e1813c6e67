"""
What 8 bits cost in the engine itself: the held-out pictures through the built site's WebAssembly in a headless Chromium, once in
f32 and once in int8, and the figures of both side by side as docs/fidelity.md has them.

cargo xtask build
python tools/pocket/engine.py --site dist --shards SHARDS --cache RUN/cache

Sets larger than --each are cut to that many pictures at random. Exits with 1 where the pooled difference is above 0.3 points.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

import captions as K
import data as D
from card import NAMES
from evaluate import Figures

HERE = Path(__file__).resolve().parent
# Points of top-1, over the pictures of all sets.
MOST = 0.3


def held_out(args, side):
    """-> (table, arrays of the pictures to ask): of every set all that are held out, or --each of them at random."""
    table, d = D.load(args.shards, side, args.cache)
    rng = np.random.default_rng(0)
    rows = []
    for s in range(len(table["sets"])):
        own = np.where(d["test"] & (d["set"] == s))[0]
        rows.append(np.sort(rng.permutation(own)[: args.each]))
    rows = np.concatenate(rows)
    return table, {k: v[rows] for k, v in d.items()}


def prompts(table, d):
    """Every text that the figures ask for, once."""
    names = [n[0] for n in table["names"]] + [e["name"] for e in table["external"]]
    captions = [table["captions"][i][0] for i in d["extra"][d["set"] == table["sets"].index("coco")]]
    return list(dict.fromkeys([K.eval_caption(n) for n in names] + captions))


class Answers:
    """What the browser sends back."""

    def __init__(self):
        self.vectors = {}
        self.browser = None
        self.error = None
        self.finished = threading.Event()


def handler(site, job, pixels, answers):
    """Serves the built site, the job and the pixels, and takes the vectors."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *rest):
            super().__init__(*rest, directory=site)

        def log_message(self, *_):
            pass

        def send(self, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.path == "/held-out":
                self.send((HERE / "engine.html").read_bytes(), "text/html")
            elif self.path == "/job":
                self.send(json.dumps(job).encode(), "application/json")
            elif self.path.startswith("/pixels/"):
                start, end = map(int, self.path.split("/")[2:])
                self.send(pixels[start:end].tobytes(), "application/octet-stream")
            else:
                super().do_GET()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.startswith("/vectors/"):
                key = tuple(self.path.split("/")[2:])
                answers.vectors.setdefault(key, []).append(np.frombuffer(body, np.float32))
            elif self.path == "/done":
                answers.browser = body.decode()
                answers.finished.set()
            else:
                answers.error = body.decode()
                answers.finished.set()
            self.send(b"", "text/plain")

    return Handler


def ask(args, job, pixels):
    """Runs the job in the browser -> its Answers."""
    answers = Answers()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(args.site, job, pixels, answers))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        browser = subprocess.Popen(
            [args.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}/data",
             f"http://127.0.0.1:{server.server_port}/held-out"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while not answers.finished.wait(5):
                if browser.poll() is not None:
                    raise SystemExit(f"{args.chromium} ended with {browser.returncode} before it was done")
        finally:
            browser.terminate()
            browser.wait()
            server.shutdown()
    if answers.error:
        raise SystemExit(f"the page failed: {answers.error}")
    return answers


class Engine(Figures):
    """The figures of vectors that the engine computed."""

    def __init__(self, table, d, scale, images, texts):
        super().__init__(table, d, scale)
        self.images, self.texts = images, texts
        self.best = []

    def embed_texts(self, texts):
        return np.stack([self.texts[t] for t in texts])

    def score(self, images, texts, truth):
        self.best.append((images @ texts.T).argmax(1))
        return super().score(images, texts, truth)


def table_of(exact, fast, sets):
    """Markdown, and the pooled difference in points. The sets' own classes first and pooled; then the other tests."""
    print("| test | pictures | top-1 f32 | top-1 int8 | same best label |\n|---|---|---|---|---|")
    rows = {name: (exact[0][name], fast[0][name]) for name in exact[0]}
    same = {name: (a == b) for name, a, b in zip(exact[0], exact[1].best, fast[1].best)}
    pooled = np.zeros(4)
    for name, (a, b) in rows.items():
        agree = f"{100 * same[name].mean():.2f}" if name in same else ""
        print(f"| {NAMES[name]} | {a['n']:,} | {a['top1']:.2f} | {b['top1']:.2f} | {agree} |")
        if name in sets:
            pooled += np.array([1, a["top1"], b["top1"], 100 * same[name].mean()]) * a["n"]
    n, a, b, agree = pooled
    print(f"| the {len(sets)} sets together | {n:,.0f} | {a/n:.2f} | {b/n:.2f} | {agree/n:.2f} |")
    return (b - a) / n


def cosines(what, a, b):
    c = (a * b).sum(1)
    print(f"{what} ({len(c):,}): cosine of int8 to f32 {c.mean():.5f} in the mean, {c.min():.5f} at worst")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--site", required=True, help="the built site, with the bundle to measure in models/pocket")
    a.add_argument("--shards", required=True)
    a.add_argument("--cache", help="keep the decoded pictures in this folder")
    a.add_argument("--each", type=int, default=2500, help="at most so many pictures a set")
    a.add_argument("--build", default="relaxed", choices=["relaxed", "simd"])
    a.add_argument("--chromium", default="chromium")
    args = a.parse_args()
    manifest = json.loads((Path(args.site) / "models/pocket/manifest.json").read_text())
    table, d = held_out(args, manifest["image_size"])
    texts = prompts(table, d)
    job = dict(count=len(d["x"]), side=manifest["image_size"], texts=texts, build=args.build)
    answers = ask(args, job, d["x"])
    width = manifest["embedding"]
    found = {key: np.concatenate(parts).reshape(-1, width) for key, parts in answers.vectors.items()}
    figures = {}
    for dtype in ("f32", "int8"):
        images, vectors = found[dtype, "images"], found[dtype, "texts"]
        # The logit scale has no say in which label is best.
        engine = Engine(table, d, 1.0, images, dict(zip(texts, vectors)))
        figures[dtype] = (engine.all(), engine)
    print(f"{manifest['bytes']:,} bytes, {manifest['sha256'][:12]}; build {args.build}; {answers.browser}\n")
    difference = table_of(figures["f32"], figures["int8"], {n for n in table["sets"] if n not in ("coco", "external")})
    print()
    cosines("pictures", found["f32", "images"], found["int8", "images"])
    cosines("texts", found["f32", "texts"], found["int8", "texts"])
    print(f"pooled: int8 is {difference:+.2f} points beside f32")
    return 0 if abs(difference) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
