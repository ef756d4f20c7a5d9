"""Writes answers/language/common: the commonest words of each language, most frequent first.

    pip install wordfreq==3.1.1
    python3 answers/tools/commonwords/commonwords.py answers/language/common
"""
import gzip
import sys
import unicodedata

from wordfreq import top_n_list

PLAIN = str.maketrans({"ß": "ss", "ł": "l", "œ": "oe", "æ": "ae", "ø": "o", "đ": "d"})


def fold(word):
    """Takes off accents as the matcher does; й and ї are letters of their own."""
    out = []
    for c in unicodedata.normalize("NFD", word.translate(PLAIN)):
        if unicodedata.combining(c) and not (c == "\u0306" and out and out[-1] in "иу" or c == "\u0308" and out and out[-1] == "і"):
            continue
        out.append(c)
    return unicodedata.normalize("NFC", "".join(out))


for lang in "de es fr it pl pt ru uk".split():
    words = [w for w in map(fold, top_n_list(lang, 2500)) if w.isalpha() and len(w) > 1]
    with open(f"{sys.argv[1]}/{lang}.txt.gz", "wb") as f:
        with gzip.GzipFile("", mode="wb", compresslevel=9, fileobj=f, mtime=0) as z:  # the same bytes at each run
            z.write(("\n".join(dict.fromkeys(words)) + "\n").encode())
