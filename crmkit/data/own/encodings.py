"""How a text is written: UTF-8, UTF-16, GB18030, Big5, Shift-JIS, Windows-1252, told apart by the bytes and the headings."""

from __future__ import annotations

import re

import numpy as np

from crmkit.data.own.errors import BadOption
from crmkit.data.own.headings import parts_named

#: Encodings of East Asia, and the first bytes of their common characters.
_EAST_ASIAN = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "cp932": ("shift_jis", 0x88, 0x97),
    "euc_jp": ("shift_jis", 0x88, 0x97),
}
_LOOK_AT_BYTES = 200_000


# Headings are in the first lines, below a title at most.
_HEADING_WITHIN = 30


def _east_asian(content: bytes) -> str | None:
    """Say which East Asian encoding bytes are in; None for none.

    Read rightly, most characters are common ones and the headings are known; read wrongly, neither is so.
    """
    head = content[:_LOOK_AT_BYTES]
    if len(content) > len(head):
        head = head[: head.rfind(b"\n") + 1] or head
    best: str | None = None
    best_score = 0.5
    for name, (standard, low, high) in _EAST_ASIAN.items():
        try:
            text = head.decode(name)
        except UnicodeDecodeError:
            continue
        letters = [c for c in text if ord(c) > 0x2E7F and not 0xFF00 <= ord(c) < 0xFF61]
        if not letters:
            continue
        common = sum(_is_common(c, standard, low, high) for c in letters) / len(letters)
        lines = text.splitlines()[:_HEADING_WITHIN]
        named = max((parts_named(re.split(r"[,;\t|]", line)) for line in lines), default=0)
        score = common + 0.25 * named
        if common >= 0.5 and score > best_score:
            best, best_score = name, score
    return best


def _is_common(character: str, standard: str, low: int, high: int) -> bool:
    code = ord(character)
    if (
        0x3000 <= code <= 0x30FF
    ):  # marks, hiragana, katakana: their own encoding has them in every text
        return standard == "shift_jis" or code < 0x3040
    try:
        return low <= character.encode(standard)[0] <= high
    except UnicodeEncodeError:
        return False


#: So many of a text's letters may be broken and it still counts as UTF-8.
_BROKEN = 0.25


def _mended(content: bytes) -> str | None:
    """Read UTF-8 in which single bytes are broken; None where the bytes are no UTF-8 at all."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if broken <= _BROKEN * whole else None


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Turn bytes into text.

    Looks for a byte order mark, then tries UTF-16 without one, UTF-8, GB18030 (what Chinese Excel writes) and
    last Windows-1252 (what Western European Excel writes). The last two are told apart by how the bytes above 127
    stand: Chinese characters come in pairs of them, accented letters stand alone between plain ones. Big5, Shift-JIS,
    EUC-JP are told from GB18030 by whether the characters are common ones and the headings known. A text
    in UTF-8 with single broken bytes stays UTF-8; they become U+FFFD.

    Returns
    -------
    text : str
    encoding : str
        The encoding that was used.

    Examples
    --------
    >>> decode("客户,金额".encode("gb18030"))
    ('客户,金额', 'gb18030')
    >>> decode("Müller;5 €".encode("cp1252"))
    ('Müller;5 €', 'cp1252')
    """
    if encoding is not None:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError as error:
            text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
            if text.count("\ufffd") <= 0.001 * len(text) + 1 and not text.isascii():
                return text, encoding  # a few broken bytes: the reader knows better than we do
            raise BadOption(
                f"The file is not written in {encoding}: {error}. Leave encoding out to have it found."
            ) from error
        except LookupError as error:
            raise BadOption(
                f"encoding={encoding!r} is not known. Try 'utf-8', 'gb18030' or 'cp1252'."
            ) from error
        except ValueError as error:
            raise BadOption(
                f"The file is not written in {encoding}: {error}. Leave encoding out to have it found."
            ) from error
        except Exception as error:  # codecs such as 'zip' answer in their own way
            raise BadOption(f"encoding={encoding!r} is not one of text.") from error
    marked = (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    )
    for mark, name in marked:
        if content.startswith(mark):
            return content.decode(name, errors="replace"), name
    head = np.frombuffer(content[:4000], dtype=np.uint8)
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if (
            len(head) >= 8
            and (head[start::2] == 0).mean() > 0.4
            and (head[1 - start :: 2] == 0).mean() < 0.05
        ):
            return content.decode(name, errors="replace"), name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if (mended := _mended(content)) is not None:
            return mended, "utf-8"
    high = np.frombuffer(content, dtype=np.uint8) > 0x7F
    alone = high & ~np.r_[False, high[:-1]] & ~np.r_[high[1:], False]
    if alone.sum() < 0.8 * high.sum():
        try:
            if (asian := _east_asian(content)) is not None:
                return content.decode(asian), asian
            if alone.sum() < 0.2 * high.sum():
                return content.decode("gb18030"), "gb18030"
        except UnicodeDecodeError:
            pass
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"
