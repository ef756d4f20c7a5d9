#!/usr/bin/env python3
"""Measures the encoder as it ships on the validation splits: the tables of answers/encoder/MEASUREMENTS.md.

    venv/bin/pip install -r requirements.txt scipy scikit-learn
    venv/bin/python measure.py --bench ../../../../shared/bench [--sets hwu64_10shot,hwu64_10shot:3]

Fits on `train` and scores `val` and `oos_val`, nothing else. The classifier is
the matcher's (softmax regression on a sum of kernels), fitted by scipy; spelling
repair and abstention are left out. A set NAME:3 is cut to three phrasings a label.
"""
import argparse
import json
import pathlib
import re
import subprocess

import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer

SETS = "hwu64_10shot,banking77_10shot,banking77oos_id_10shot,clinc150_10shot,hwu64_10shot:3,banking77_10shot:3,banking77oos_id_10shot:3,clinc150_10shot:3"
C, STEPS, RIDGE = 20, 45, 1e-3
DIMS = 384
CONTRACTIONS = {w.replace("'", ""): w for w in (
    "what's i'm don't can't i've isn't didn't doesn't won't i'd i'll how's where's who's that's let's couldn't wasn't "
    "haven't you're aren't shouldn't wouldn't there's hasn't").split()}


def norm(text):
    text = re.sub(r"[^\w\s']", " ", text.lower().replace("\u2019", "'"))
    return " ".join(CONTRACTIONS.get(w, w) for w in text.split())


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)


class Set:
    def __init__(self, bench, name):
        file, _, shots = name.partition(":")
        rows = [json.loads(line) for line in open(bench / (file + ".jsonl"))]
        train = [r for r in rows if r["split"] == "train"]
        if shots:
            rng, of = np.random.RandomState(1), {}
            for i, r in enumerate(train):
                of.setdefault(r["id"], []).append(i)
            train = [train[i] for i in sorted(i for v in of.values() for i in rng.permutation(v)[:int(shots)])]
        label = {v: i for i, v in enumerate(sorted({r["id"] for r in train}))}
        val, out = ([r for r in rows if r["split"] == s] for s in ("val", "oos_val"))
        self.y, self.want = (np.array([label[r["id"]] for r in part]) for part in (train, val))
        self.train, self.query = [norm(r["text"]) for r in train], [norm(r["text"]) for r in val + out]
        tf = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
        a, b = tf.fit_transform(self.train), tf.transform(self.query)
        self.char = (a @ a.T).toarray(), (b @ a.T).toarray()

    def encode(self, root):
        texts = sorted({t + "?" for t in self.train + self.query})
        out = subprocess.run(["go", "run", "./answers/tools/encoder/vectors"], cwd=root, check=True,
                             input=json.dumps(texts).encode(), stdout=subprocess.PIPE).stdout
        at = {t: i for i, t in enumerate(texts)}
        v = np.frombuffer(out, "<f4").reshape(len(texts), DIMS)
        self.x, self.q = (v[[at[t + "?"] for t in part]] for part in (self.train, self.query))

    def final(self, shrink):
        """Kernel of the view, centred; whitened by the scatter within labels + shrink times its mean on the diagonal."""
        mean = self.x.mean(0)
        x, q = unit(self.x - mean), unit(self.q - mean)
        if shrink is not None:
            d = x - np.stack([x[self.y == c].mean(0) for c in range(self.y.max() + 1)])[self.y]
            s = d.T.astype(np.float64) @ d / len(d)
            l = np.linalg.cholesky(s + shrink * np.trace(s) / DIMS * np.eye(DIMS))
            x, q = (unit(solve_triangular(l, a.T, lower=True).T) for a in (x, q))
        return x @ x.T, q @ x.T

    def score(self, kernel):
        k, kq = kernel
        n, labels = len(k), self.y.max() + 1
        r = np.linalg.cholesky(k.astype(np.float64) + RIDGE * np.eye(n))
        target = np.eye(labels)[self.y]

        def loss(w):
            w = w.reshape(n, labels)
            z = r @ w
            l = logsumexp(z, axis=1)
            return C * (l - (z * target).sum(1)).sum() + .5 * (w ** 2).sum(), (C * r.T @ (np.exp(z - l[:, None]) - target) + w).ravel()

        w = minimize(loss, np.zeros(n * labels), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
        z = kq @ solve_triangular(r, w.reshape(n, labels), lower=True, trans="T")
        m = len(self.want)
        energy = logsumexp(z, axis=1)
        rank = energy.argsort().argsort() + 1.0
        auroc = (rank[:m].sum() - m * (m + 1) / 2) / (m * max(1, len(z) - m))
        return f"{(z[:m].argmax(1) == self.want).mean() * 100:5.1f}" + (f" .{round(auroc * 1000):03d}" if len(z) > m else "     ")


def mix(*parts):
    total = sum(w for w, _ in parts)
    return tuple(sum(w * v[i] for w, v in parts) / total for i in (0, 1))


def sharpen(kernel, by=2):
    """Far texts count for less: the kernel's cosine is raised to e^(by (cosine - 1))."""
    return tuple(np.exp(by * (k - 1)) for k in kernel)


def with_characters(s, shrink):
    return mix((6, s.final(shrink)), (1, s.char))


RECIPES = {
    "char": lambda s: s.char,
    "F plain": lambda s: s.final(None),
    "F plain, sharpened": lambda s: sharpen(s.final(None)),
    "F plain, sharpened by 4": lambda s: sharpen(s.final(None), 4),
    "F white 3": lambda s: s.final(3),
    "F white 3, sharpened": lambda s: sharpen(s.final(3)),
    "F white 10, sharpened": lambda s: sharpen(s.final(10)),
    "6F + char": lambda s: with_characters(s, None),
    "6F + char, sharpened": lambda s: sharpen(with_characters(s, None)),
    "6F white 3 + char, sharpened": lambda s: sharpen(with_characters(s, 3)),
}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--bench", type=pathlib.Path, required=True)
    ap.add_argument("--sets", default=SETS)
    a = ap.parse_args()
    sets = [Set(a.bench, n) for n in a.sets.split(",")]
    for s in sets:
        s.encode(pathlib.Path(__file__).parents[3])
    print("| recipe | " + " | ".join(a.sets.split(",")) + " |")
    print("|---" * (len(sets) + 1) + "|")
    for name, recipe in RECIPES.items():
        print(f"| {name} | " + " | ".join(s.score(recipe(s)) for s in sets) + " |", flush=True)


if __name__ == "__main__":
    main()
