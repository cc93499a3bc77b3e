"""Make the font with Chinese characters that ships with crmkit: ``python tools/cjk_font.py NotoSansCJK-Regular.ttc``.

Neither a browser's Python nor every machine has a font with Chinese characters, and figures would show boxes. The
subset holds the 6,763 characters of GB 2312, the standard set for everyday simplified Chinese, and its punctuation;
Latin letters are left to the course's own font. It takes another name, so that it never replaces a complete Noto
Sans that is installed too. Source: Noto Sans CJK SC 2.004 (in Debian: fonts-noto-cjk), SIL Open Font License 1.1.
The same source and the same fonttools give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

FAMILY = "crmkit Sans SC"
TARGET = Path(__file__).resolve().parents[1] / "crmkit/fonts/crmkit-sans-sc.otf"
NAMES = {
    1: FAMILY,
    2: "Regular",
    3: f"{FAMILY} Regular",
    4: f"{FAMILY} Regular",
    6: "crmkitSansSC-Regular",
}


def gb2312() -> list[int]:
    """Give the code points of GB 2312's ideographs, of Chinese punctuation, and of full-width forms."""
    found = [
        *range(0x3000, 0x3020),
        *range(0xFF01, 0xFF5F),
        0x2014,
        0x2018,
        0x2019,
        0x201C,
        0x201D,
        0x2026,
        0xFFE5,
    ]
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # the standard leaves five places empty
    return found


def main() -> None:
    """Cut the subset out of the collection named on the command line and write it into the package."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    faces = TTCollection(sys.argv[1]).fonts
    (font,) = [face for face in faces if face["name"].getDebugName(4) == "Noto Sans CJK SC"]
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=gb2312())
    cutter.subset(font)
    table = font["name"]
    table.names = [
        record for record in table.names if record.platformID == 3 and record.langID == 0x409
    ]
    for number, text in NAMES.items():
        table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [NAMES[6]]
    top[0].FullName, top[0].FamilyName = NAMES[4], FAMILY
    font.recalcTimestamp = False
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)
    print(
        f"{TARGET.name}: {TARGET.stat().st_size / 1e6:.2f} MB, {len(font.getBestCmap()):,} characters"
    )


if __name__ == "__main__":
    main()
