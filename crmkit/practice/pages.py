"""What the pages made of lessons share: Markdown as HTML, formulas as pictures, and the font for Chinese."""

from __future__ import annotations

import base64
import html
import io
import re
from importlib.resources import files

_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)


def render(markdown: str) -> str:
    """Turn Markdown into HTML the way notebooks do.

    Examples
    --------
    >>> render("**now**").strip()
    '<p><strong>now</strong></p>'
    """
    # Takes a second to import, so only when pages are made.
    from nbconvert.filters import markdown2html

    return str(markdown2html(markdown))


def with_formulas(markdown: str) -> str:
    r"""Turn Markdown into HTML, formulas into pictures with their source as alt text.

    Parameters
    ----------
    markdown : str
        Formulas stand between dollar signs.

    Returns
    -------
    str
        Needs no network and no script.

    Examples
    --------
    >>> 'alt="x^2"' in with_formulas("A square: $x^2$")
    True
    """
    drawn: list[str] = []

    def put_aside(formula: re.Match[str]) -> str:
        drawn.append(_formula((formula[1] or formula[2]).strip()))
        return f"FORMULA{len(drawn) - 1}END"

    pieces = re.split(r"(```.*?```|`[^`\n]*`)", markdown, flags=re.DOTALL)
    pieces[::2] = [_FORMULA.sub(put_aside, piece) for piece in pieces[::2]]
    return re.sub(r"FORMULA(\d+)END", lambda at: drawn[int(at[1])], render("".join(pieces)))


def _formula(source: str) -> str:
    """Draw a formula as large as the text beside it; one that matplotlib cannot set stays as it is written."""
    from matplotlib import mathtext

    picture = io.BytesIO()
    # LaTeX's short names, which matplotlib does not know.
    plain = re.sub(r"\\text\b", r"\\mathrm", source).replace("\\%", "%")
    plain = re.sub(r"\\([lgn]e)\b", r"\\\1q", plain)
    # In upright letters a space would be lost, and a hyphen would become a minus.
    plain = re.sub(
        r"(\\mathrm\{)([^}]*)(\})",
        lambda word: word[1] + word[2].replace(" ", r"\ ").replace("-", "\N{HYPHEN}") + word[3],
        plain,
    ).replace("%", r"\%")
    try:
        depth = mathtext.math_to_image(f"${plain}$", picture, dpi=200, format="png")
    except ValueError:
        return f"<code>{html.escape(source)}</code>"
    picture.seek(16)
    width = int.from_bytes(picture.read(4), "big")  # a PNG says its width here
    data = base64.b64encode(picture.getvalue()).decode()
    # Drawn at 10 points: an em is 10/72 of an inch.
    return (
        f'<img class="formula" alt="{html.escape(source)}" '
        f'style="width:{width / 200 * 7.2:.2f}em;vertical-align:-{depth / 10:.2f}em" '
        f'src="data:image/png;base64,{data}">'
    )


def chinese_font(page: str) -> str:
    """Give the style that brings a page's Chinese characters along: not every machine has them.

    Parameters
    ----------
    page : str
        What the page says.

    Returns
    -------
    str
        A font face ``crmkit Chinese`` with these characters alone; empty where there are none.

    Examples
    --------
    >>> chinese_font("tier"), chinese_font("层级")[:40]
    ('', "@font-face{font-family:'crmkit Chinese';")
    """
    characters = {c for c in page if "\u2e80" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"}
    if not characters:
        return ""
    from fontTools.subset import Options, Subsetter, load_font  # matplotlib brings it

    options = Options(flavor="woff")
    font = load_font(str(files("crmkit") / "fonts" / "crmkit-sans-sc.otf"), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters))
    subsetter.subset(font)
    font.flavor = "woff"
    packed = io.BytesIO()
    font.save(packed)
    data = base64.b64encode(packed.getvalue()).decode()
    return f"@font-face{{font-family:'crmkit Chinese';src:url(data:font/woff;base64,{data})}}"
