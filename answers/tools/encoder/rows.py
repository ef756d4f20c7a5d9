"""Writes the vectors of word pieces in few bits, as rows.go reads them.

Each number of a row is rounded to a multiple of the row's own step, and the multiples are
written in a Huffman code. Pieces come in classes, the commonest first: a common piece is in
nearly every text, so that its rounding costs more, and it has the finer steps. Each class has
a code of its own, and each row begins at an even byte, so that it can be read by itself.
"""
import heapq
import unicodedata

import numpy as np

LIMIT = 63      # of the multiples' magnitude; a row with larger ones has a larger step
CODE_BITS = 12  # the longest code


def kept(piece):
    """Whether a piece is of Latin, Cyrillic and Greek letters, of marks, or of no letters."""
    return all(unicodedata.name(c, "?").split()[0] in ("LATIN", "CYRILLIC", "GREEK", "COMBINING", "MODIFIER")
               for c in piece if unicodedata.category(c)[0] in "LM")


class Rounded:
    """Rows of which those before each end of classes have steps of so many standard deviations.

    classes is a list of (end, step); the last class has all that remain."""

    def __init__(self, rows, classes):
        self.ends = [min(end, len(rows)) for end, _ in classes[:-1]] + [len(rows)]
        share = np.repeat([step for _, step in classes], np.diff([0] + self.ends))
        least = np.abs(rows).max(axis=1) / LIMIT * 1.001  # half precision may round a step down
        self.step = np.maximum(np.maximum(share * rows.std(axis=1), least), 1e-6).astype(np.float16)
        step = self.step.astype(np.float32)[:, None]
        self.codes = np.rint(rows / step).astype(int)
        assert np.abs(self.codes).max() <= LIMIT
        self.values = (self.codes * step).astype(np.float32)

    def write(self, f):
        put = lambda a, kind: f.write(np.ascontiguousarray(a, kind).tobytes())
        lengths, coded, start = [], [], 0
        for end in self.ends:
            length, rows = code(self.codes[start:end])
            lengths.append(length)
            coded += rows
            start = end
        put([len(self.codes), len(self.ends), sum(map(len, coded))], "<u4")
        put(self.ends, "<u4")
        put(np.concatenate(lengths), "u1")
        put([len(r) // 2 for r in coded], "u1")
        put(self.step, "<f2")
        f.write(b"".join(coded))


def code_lengths(counts):
    """Huffman's lengths of codes for symbols that occur so often; 0 for one that does not occur."""
    for rarest in (4000, 2000, 1000, 500):  # no symbol counts as rarer than one in so many, so that no code is too long
        heap = [(max(int(c), int(counts.sum()) // rarest), i, (i,)) for i, c in enumerate(counts) if c]
        heapq.heapify(heap)
        length, n = np.zeros(len(counts), int), len(counts)
        while len(heap) > 1:
            a, b = heapq.heappop(heap), heapq.heappop(heap)
            length[list(a[2] + b[2])] += 1
            heapq.heappush(heap, (a[0] + b[0], n, a[2] + b[2]))
            n += 1
        if length.max() <= CODE_BITS:
            return length
    raise SystemExit("the rows need longer codes")


def canonical(length):
    """The codes of these lengths: shorter ones first, then in the order of symbols."""
    codes, code, last = np.zeros(len(length), int), 0, 0
    for l, symbol in sorted((int(l), i) for i, l in enumerate(length) if l):
        code <<= l - last
        codes[symbol], code, last = code, code + 1, l
    return codes


def code(rows):
    """The lengths of the codes, and each row coded, of whole pairs of bytes."""
    symbols = rows + LIMIT
    counts = np.bincount(symbols.ravel(), minlength=2 * LIMIT + 1)
    length = code_lengths(counts)
    codes = canonical(length)
    bits = [f"{codes[s]:0{length[s]}b}" if length[s] else "" for s in range(2 * LIMIT + 1)]
    coded = []
    for row in symbols:
        b = "".join([bits[s] for s in row])
        coded.append(int(b + "0" * (-len(b) % 16), 2).to_bytes((len(b) + 15) // 16 * 2, "big"))
    assert max(map(len, coded)) < 512
    return length, coded
