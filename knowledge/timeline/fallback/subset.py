"""Writes fallback.ttf: the letters of DejaVu Sans that the Go fonts lack and names are written with.

    pip install fonttools
    python3 subset.py DejaVuSans.ttf Go-Regular.ttf fallback.ttf && gzip -9n fallback.ttf

Debian has the first in fonts-dejavu-core, golang.org/x/image the second in font/gofont/ttfs. What a renderer
without hinting and without OpenType features does not read is left out.
"""
import sys
from fontTools.ttLib import TTFont
from fontTools import subset
ranges = "00A0-024F 0250-02AF 1E00-1EFF 0370-03FF 1F00-1FFF 0400-052F 0531-058A 05BE-05F4 060C 061B-061F 0621-064A 0660-066F 0671-06D5 06EE-06FF 10A0-10FF 2010-205E 20A0-20BF 2116-2122 FB13-FB17 FB1D-FB4F FB50-FBB1 FBD3-FBFF FE70-FEFC"
want = set()
for r in ranges.split():
    a, _, b = r.partition("-")
    want |= set(range(int(a, 16), int(b or a, 16) + 1))
want -= set(TTFont(sys.argv[2]).getBestCmap())
o = subset.Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=False, glyph_names=False, legacy_kern=False)
o.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "FFTM", "gasp", "fpgm", "prep", "cvt ", "MATH", "OS/2"]
f = subset.load_font(sys.argv[1], o)
s = subset.Subsetter(o)
s.populate(unicodes=want)
s.subset(f)
subset.save_font(f, sys.argv[3], o)
