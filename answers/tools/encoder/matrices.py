"""Writes matrices as matrices.go reads them: integers of 8 bits, in steps of each row's own, in a Huffman code.

The integers are chosen one input after the other, and what rounding the weights of an input costs is made up for by
those of the inputs that follow, as far as inputs go together in the texts that the model was run on: GPTQ, by
Frantar and others (2022). So steps may be coarse, which take few bits.
"""
import numpy as np

from rows import canonical, code_lengths

LIMIT = 127
MARGIN = 124      # what the largest weight of a row is at most: those made up for may grow
PANEL = 16        # output channels the kernel works on at once
STREAMS = 2       # of a matrix, which are read side by side
BLOCK = 64        # inputs after which the others are brought up to date
DAMPING = .01     # of the mean of the diagonal, added to it


class Matrix:
    """The rows of m in steps of so many standard deviations, and what is wanted of it: integers, scale, values.

    gram are the products of the inputs with each other over all texts, or None, for plain rounding."""

    def __init__(self, m, step, gram=None):
        m = m.astype(np.float64)
        scale = np.maximum(step * np.sqrt((m ** 2).mean(axis=1)), np.abs(m).max(axis=1) / MARGIN)
        self.scale = np.maximum(scale, 1e-9).astype("<f4")
        scale = self.scale.astype(np.float64)
        if gram is None:
            self.integers = np.rint(m / scale[:, None]).astype(int)
        else:
            self.integers = made_up(m, scale, gram)
        self.values = (self.integers * self.scale[:, None]).astype(np.float32)

    def write(self, f, bias):
        """A layer: its scales, its bias, the lengths of the codes, the sizes of the streams, and these."""
        n, k = self.integers.shape
        # For each panel of channels, for each pair of inputs, the pair of each channel.
        symbols = self.integers.reshape(n // PANEL, PANEL, k // 2, 2).transpose(0, 2, 1, 3).ravel() + LIMIT
        length = code_lengths(np.bincount(symbols, minlength=2 * LIMIT + 1))
        streams = [packed(s, length) for s in symbols.reshape(STREAMS, -1)]
        f.write(self.scale.tobytes())
        f.write(np.ascontiguousarray(bias, "<f4").tobytes())
        f.write(length.astype("u1").tobytes())
        f.write(np.array([len(s) for s in streams], "<u4").tobytes())
        f.write(b"".join(streams))


def joined(parts):
    """Matrices of the same inputs as one of all outputs."""
    whole = Matrix.__new__(Matrix)
    whole.scale, whole.integers, whole.values = (np.concatenate([getattr(p, a) for p in parts]) for a in ("scale", "integers", "values"))
    return whole


def made_up(m, scale, gram):
    """The integers, of which each column makes up for the errors of those before."""
    m, inputs = m.copy(), m.shape[1]
    gram = gram + np.eye(inputs) * DAMPING * np.trace(gram) / inputs
    share = np.linalg.cholesky(np.linalg.inv(gram)).T
    out = np.empty(m.shape, int)
    for start in range(0, inputs, BLOCK):
        end = min(start + BLOCK, inputs)
        errors = np.empty((len(m), end - start))
        for j in range(start, end):
            out[:, j] = np.clip(np.rint(m[:, j] / scale), -LIMIT, LIMIT)
            error = errors[:, j - start] = (m[:, j] - out[:, j] * scale) / share[j, j]
            m[:, j + 1:end] -= error[:, None] * share[j, j + 1:end]
        m[:, end:] -= errors @ share[start:end, end:]
    return out


def packed(symbols, length):
    """The symbols' codes one after the other, and eight bytes that a reader may look into."""
    codes, length = canonical(length)[symbols], length[symbols]
    start = np.cumsum(length) - length
    bits = np.zeros(start[-1] + length[-1], np.uint8)
    for place in range(length.max()):
        has = length > place
        bits[start[has] + place] = codes[has] >> (length[has] - 1 - place) & 1
    return np.packbits(bits).tobytes() + bytes(8)
