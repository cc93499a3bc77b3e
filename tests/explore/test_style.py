"""The one look: colours that colour-blind readers can tell apart, opaque figures, alt text."""

import subprocess
import sys
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.colors import to_rgb
from PIL import Image

from crmkit import style
from crmkit.errors import CrmkitError

# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
SIGHT = {
    "full": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ rgb
    )
    f = xyz / np.array([0.9505, 1, 1.089])
    f = np.where(f > 0.008856, np.cbrt(f), 7.787 * f + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first, second, sight):
    seen = [lab(np.clip(SIGHT[sight] @ linear(color), 0, 1)) for color in (first, second)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def contrast(color):
    return 1.05 / (float(linear(color) @ [0.2126, 0.7152, 0.0722]) + 0.05)


SERIES = sorted({*style.CYCLE, style.COLORS["truth"]})


@pytest.mark.parametrize("sight", SIGHT)
def test_series_colours_stay_apart(sight):
    closest = min(distance(a, b, sight) for a, b in combinations(SERIES, 2))
    assert closest > 20  # a difference of about 2 is just seen side by side


def test_the_colour_test_would_notice_a_bad_palette():
    assert distance("#2CA02C", "#D62728", "full") > 60
    assert distance("#8B8B00", "#B56A3C", "deuteranopia") < 20


@pytest.mark.parametrize("color", SERIES)
def test_series_colours_stand_out_from_paper(color):
    assert contrast(color) >= 3  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("color", SERIES)
def test_series_colours_have_a_shade_for_letters(color):
    assert contrast(style.for_letters(color)) >= 4.5  # WCAG 2.2, 1.4.3


def test_text_colour_is_readable():
    assert contrast(style.COLORS["ink"]) >= 7


def test_shades_grow_darker_and_keep_their_order_for_everyone():
    for sight in SIGHT:
        lightness = [lab(np.clip(SIGHT[sight] @ linear(c), 0, 1))[0] for c in style.shades(5)]
        assert all(a - b > 5 for a, b in pairwise(lightness))


def test_tiers_states_and_needs_have_colours_of_their_own():
    groups = [
        ("VIP", "key", "ordinary", "small"),
        ("awake", "drowsy", "half-asleep", "asleep"),
        ("price", "value", "compound"),
        ("solution", "cost", "convenience", "communication"),
    ]
    for group in groups:
        assert len({style.color(name) for name in group}) == len(group)
    assert style.color("nobody knows this") == style.COLORS["muted"]


def test_a_figure_is_opaque_and_legible_at_half_width():
    ax = style.axes()
    ax.set_xlabel("weeks")
    picture = Image.open(BytesIO(style.png(ax.figure)))
    assert picture.convert("RGBA").getextrema()[3] == (255, 255)
    width = ax.figure.get_size_inches()[0]
    points_per_width = plt.rcParams["xtick.labelsize"] / (width * 72)
    assert points_per_width * 380 * 0.75 > 5.5  # points, on a figure shown 380 CSS pixels wide
    style.close(ax.figure)


def test_the_same_figure_gives_the_same_bytes():
    def draw():
        ax = style.axes(size="small")
        ax.plot([1, 2, 3])
        return style.png(ax.figure)

    assert draw() == draw()


def shown(what, **options):
    InteractiveShell.instance()
    with capture_output() as captured:
        style.show(what, **options)
    return captured.outputs


@pytest.mark.parametrize(
    "wrap", [lambda f, a: a[0], lambda f, a: f, lambda f, a: a, lambda f, a: list(a)]
)
def test_show_displays_once_with_alt_text_and_closes(wrap):
    figure, axs = plt.subplots(1, 2)
    (output,) = shown(wrap(figure, axs), alt="Two empty panels")
    assert ' alt="Two empty panels" ' in output.data["text/html"]
    assert "image/png" not in output.data, "JupyterLab shows an image output without its alt text"
    assert output.data["text/plain"] == "Figure: Two empty panels"
    assert figure.number not in plt.get_fignums()
    assert style.alt_text(figure) == "Two empty panels"


def test_show_says_what_it_needs():
    with pytest.raises(CrmkitError, match="alt text"):
        style.show(style.axes(), alt=" ")
    with pytest.raises(CrmkitError, match="not dict"):
        style.show({"a": 1}, alt="a table")


def test_every_chinese_character_of_the_kit_has_a_glyph():
    from matplotlib.font_manager import FontProperties, findfont, get_font

    kit = Path(style.__file__).parent
    texts = [*kit.glob("practice/glossary/*.csv"), *kit.glob("world/core/pools/zh*.json")]
    assert len(texts) > 2
    needed = {sign for path in texts for sign in path.read_text("utf-8") if sign > "\u2e80"}
    assert len(needed) > 500
    shipped = Path(findfont(FontProperties(family=style.chinese_font())))
    assert shipped.parent.name == "fonts"
    assert needed <= {chr(code) for code in get_font(shipped).get_charmap()}


def test_a_bold_title_draws_without_a_word_about_fonts() -> None:
    """A lesson's first figure would otherwise stand under matplotlib's warning, in red."""
    script = (
        "import io, crmkit.style as style; ax = style.axes(); "
        "ax.set_title('Silence 半睡'); ax.figure.savefig(io.BytesIO())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "font" not in done.stderr
