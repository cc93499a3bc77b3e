"""Build the whole course as a static site: a front page, every lesson to read, and JupyterLab in the browser to run it.

``python tools/build_site.py`` writes site/; ``make site`` calls it. By default the browser fetches Pyodide (Python for
the browser) from its public address; ``--pyodide DIR`` takes an unpacked distribution into the site, and then nothing
is fetched from anywhere: a class without a network, a stick.

    site/index.html        the map of lessons
    site/read/*.html       every lesson to read and to print
    site/workshop/*.html   some lessons without code: predictions, explorers and questions on a page
    site/run/              JupyterLite: lessons and exercises to run
    site/versions.json     one fingerprint a notebook, by which a returning reader learns of a newer lesson

All links are relative: the site serves from any folder of any static host.
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import build_notebooks
import catalogues
import jinja2
import nbformat
import workshop
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL
from lessons import PARTS, ROOT, Lesson, describe, lessons, timetables
from nbconvert import HTMLExporter
from PIL import Image, ImageOps
from pygments.formatters import HtmlFormatter

from crmkit.data.load import load
from crmkit.practice.summaries import summaries_html, summary_of
from crmkit.say import ENGLISH, SETTINGS, catalogue, label, language, mark, say, settings, speaking
from crmkit.value import customer_profit
from crmkit.value.first_look import first_look_steps

HERE = Path(__file__).resolve().parent / "site"
#: What each language calls itself on the switch.
LANGUAGE_NAMES = {ENGLISH: "English"} | {
    code: catalogues.edition(code).name for code in catalogues.languages()
}
STORAGE = "crmkit"  # the browser's own store of edited notebooks; site.js opens it by this name

# Wheels that the site brings itself, because upstream's Pyodide need not have them. All are pure Python, in the
# versions of the lock.
PURE = ["narwhals", "ipywidgets", "jupyterlab-widgets", "comm", "openpyxl", "et-xmlfile"]
# What the lessons need of Pyodide's own packages. Loaded when the kernel starts, with the wheels above, so that a plain
# `import crmkit` works and notebooks are the same as in JupyterLab.
FROM_PYODIDE = ["numpy", "pandas", "scipy", "matplotlib", "scikit-learn", "ipython", "traitlets"]

EXTENSIONS = ["@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager"]
#: The site's own extension: a saved notebook keeps the pictures of its explorers.
STILLS = HERE / "stills"
#: Read by IPython as the kernel starts. Who comes back and runs a cell further down alone has imported nothing yet, and
#: is told by a sentence even so that the cells above come first.
AT_START = (
    "etc/ipython/ipython_config.py",
    'get_config().InteractiveShellApp.extensions = ["crmkit.at_start"]\n',
)

# Under an explorer's picture on a reading page, which cannot answer.
EXPLORER_NOTE = mark(
    '<p class="explorer-note">In the running lesson this picture has controls and answers them: '
    '<a href="{link}">open and run</a>.</p>'
)

#: A lesson's picture on the front page, in pixels.
SMALL = (480, 278)
FIGURE = re.compile(
    r'<img class="crmkit-figure" alt="(?P<alt>[^"]*)"[^>]*src="data:image/png;base64,(?P<png>[^"]+)"'
)

# The kernel's worker lives four folders below the site's run/; wheels are named relative to it, so that the site
# need not know under which address it will be served.
FROM_WORKER = "../../../../wheels"


def locked(name: str) -> str:
    """Look up a package's version in the learner's lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(name)}==(\S+)", text, re.MULTILINE | re.IGNORECASE)
    if not found:
        raise SystemExit(f"{name} is not in requirements.lock")
    return found[1]


def for_browser(wheel: Path) -> None:
    """Take the lessons out of a wheel, which every kernel start loads (the site serves them itself); add `AT_START`."""
    kept = wheel.with_suffix(".part")
    where = f"{'-'.join(wheel.name.split('-')[:2])}.data/data/{AT_START[0]}"
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as part:
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename.startswith("crmkit/bundle/"):
                continue
            if entry.filename.endswith(".dist-info/RECORD"):
                lines = content.decode().splitlines(keepends=True)
                lines = [x for x in lines if not x.startswith("crmkit/bundle/")]
                content = "".join([f"{where},,\n", *lines]).encode()
                part.writestr(zipfile.ZipInfo(where, entry.date_time), AT_START[1])
            part.writestr(entry, content)
    kept.replace(wheel)


def make_wheels(folder: Path) -> list[str]:
    """Build crmkit's wheel and fetch the pure-Python ones; give their file names."""
    folder.mkdir(parents=True)
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "build", "--quiet", "--wheel", ROOT, "--out-dir", folder], check=True)
    for_browser(next(folder.glob("crmkit-*.whl")))
    wanted = [f"{name}=={locked(name)}" for name in PURE]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    subprocess.run([*pip, "--only-binary=:all:", *wanted], check=True)
    names = sorted(path.name for path in folder.glob("*.whl"))
    native = [name for name in names if not name.endswith("-none-any.whl")]
    if native or len(names) != len(PURE) + 1:
        raise SystemExit(f"expected {len(PURE) + 1} pure-Python wheels, found {names}")
    (folder / ".gitignore").unlink(missing_ok=True)
    return names


def fingerprint(text: str) -> str:
    """Tell one version of a notebook from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def copy_notebooks(contents: Path, languages: Path) -> dict[str, str]:
    """Copy lessons and exercises into the site's file system; give each one's fingerprint by path.

    The kernel's name becomes the site's own (JupyterLite asks otherwise), and each notebook carries its fingerprint,
    which an edited copy keeps.
    """
    versions = {}
    rooms = [(ROOT, ""), *((folder, f"{folder.name}/") for folder in sorted(languages.glob("*")))]
    pairs = (("lessons", "notebooks"), ("exercises", "exercises"))
    for top, folder, source in ((top, at + to, room) for top, at in rooms for to, room in pairs):
        (contents / folder).mkdir(parents=True)
        if (top / SETTINGS).is_file() and not (contents / top.name / SETTINGS).exists():
            shutil.copy(top / SETTINGS, contents / top.name / SETTINGS)
        for path in sorted((top / source).glob("*.ipynb")):
            text = path.read_text(encoding="utf-8")
            notebook = json.loads(text)
            where = f"{folder}/{path.name}"
            versions[where] = fingerprint(text)
            notebook["metadata"]["kernelspec"] = {
                "display_name": "Python (Pyodide)",
                "language": "python",
                "name": "python",
            }
            notebook["metadata"]["crmkit"] = {"version": versions[where]}
            for cell in notebook["cells"]:  # no result stands under a prediction before it is made
                if cell["cell_type"] == "code":
                    cell["outputs"], cell["execution_count"] = [], None
            (contents / where).write_text(
                json.dumps(notebook, ensure_ascii=False), encoding="utf-8"
            )
    return versions


def configuration(wheels: list[str], pyodide: Path | None) -> dict[str, object]:
    """Say to JupyterLite where Python comes from and what to load."""
    kernel: dict[str, object] = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "packages": FROM_PYODIDE + [f"{FROM_WORKER}/{name}" for name in wheels]
        },
    }
    if pyodide:
        kernel["pyodideUrl"] = "./static/pyodide/pyodide.mjs"
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "crmkit",
            "contentsStorageName": STORAGE,
            "enableMemoryStorage": True,
            "exposeAppInBrowser": True,
            "settingsStorageName": f"{STORAGE}-settings",
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }


def build_run(
    out: Path, wheels: list[str], pyodide: Path | None, languages: Path
) -> dict[str, str]:
    """Build the JupyterLite part and give the notebooks' fingerprints."""
    with tempfile.TemporaryDirectory(prefix="crmkit-lite-") as scratch:
        lite, contents = Path(scratch, "lite"), Path(scratch, "contents")
        lite.mkdir()
        versions = copy_notebooks(contents, languages)
        text = json.dumps(configuration(wheels, pyodide), indent=2)
        (lite / "jupyter-lite.json").write_text(text, encoding="utf-8")
        if pyodide:
            shutil.copytree(pyodide, lite / "static/pyodide")
        share = Path(sys.prefix, "share/jupyter/labextensions")
        build_config = {
            "apps": ["lab", "notebooks"],
            "no_sourcemaps": True,
            "lite_dir": str(lite),
            "contents": [str(contents)],
            "output_dir": str(out),
            # Only the extensions that the site needs: another one installed here has no place in it.
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [*(str(share / name) for name in EXTENSIONS), str(STILLS)],
        }
        config = Path(scratch, "jupyter_lite_config.json")
        config.write_text(json.dumps({"LiteBuildConfig": build_config}), encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlite_core.app", "build", "--config", str(config)]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"JupyterLite could not build the site:\n{done.stdout}\n{done.stderr}")
    return versions


def page_environment() -> jinja2.Environment:
    """Load the page templates beside this tool."""
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    known = catalogue(language())
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        known.gettext, known.ngettext, newstyle=True
    )
    return environment


def is_explorer(output: nbformat.NotebookNode) -> bool:
    """Whether a stored output is an explorer's picture."""
    return str(output.get("data", {}).get("text/plain", "")).startswith("Explorer: ")


@functools.cache
def page_exporter() -> HTMLExporter:
    """Make the exporter of reading pages: once, for it compiles nbconvert's templates."""
    exporter = HTMLExporter(template_name="basic")
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.exclude_anchor_links = True
    return exporter


def lesson_body(path: Path, root: str = "../", prefix: str = "") -> str:
    """Render a stored lesson as the body of a page: prose, code, outputs, figures with their alt text."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if any(is_explorer(output) for output in cell.get("outputs", [])):
            link = f"{root}run/notebooks/index.html?path={prefix}lessons/{path.name}"
            note = say(EXPLORER_NOTE, link=link)
            cell.outputs.append(nbformat.v4.new_output("display_data", {"text/html": note}))
    body, _ = page_exporter().from_notebook_node(notebook)
    # Wide tables and long printed lines scroll by themselves, reachable by keyboard, instead of pushing the page aside.
    body = re.sub(
        r"(<table\b.*?</table>)",
        r'<div class="scroll" tabindex="0" role="region" aria-label="table">\1</div>',
        body,
        flags=re.DOTALL,
    )
    return re.sub(r"<pre>(?!<span)", '<pre tabindex="0">', body)


def main_figure(path: Path) -> tuple[bytes, str] | None:
    """Give a lesson's first figure that is no explorer (its title is a finding), with its alt text.

    A lesson that has explorers alone gives the first of those; one without a figure gives nothing.
    """
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            shown = FIGURE.search(str(output.get("data", {}).get("text/html", "")))
            if shown:
                figure = base64.b64decode(shown["png"]), html.unescape(shown["alt"])
                found.append((is_explorer(output), figure))
    return min(found, key=lambda one: one[0])[1] if found else None


def write_pictures(folder: Path, notebooks: list[Path]) -> dict[str, str]:
    """Write a small picture of each lesson's main figure; give the alt texts by the lessons' names."""
    folder.mkdir(parents=True)
    alt = {}
    for path in notebooks:
        figure = main_figure(path)
        if figure is None:
            continue
        drawn = Image.open(io.BytesIO(figure[0])).convert("RGB")
        # Twice the size that is shown, for screens of two pixels a point; all in one form, with white around.
        ImageOps.pad(drawn, SMALL, Image.Resampling.LANCZOS, color="white").save(
            folder / f"{path.stem}.webp", quality=75, method=6
        )
        alt[path.stem] = figure[1]
    return alt


def front_explorer() -> dict[str, object]:
    """Compute what the front page's explorer shows, in this process's language."""
    profit = customer_profit(load("orders"), load("cost_to_serve"))
    steps = {
        name: [(round(share, 2), said) for share, said in places]
        for name, places in first_look_steps(profit).items()
    }
    heights = [0.0, *(share for share, _ in steps["profit"])]
    return {
        # Said here: in a template the sign % has a meaning of its own.
        "slider": say("the best … % of the customers (1 to 100)"),
        "across": say("share of the customers, best first (%)"),
        "upwards": say("share of the whole (%)"),
        "measures": [(name, label(name)) for name in steps],
        "steps": steps,
        "points": " ".join(
            f"{56 + 6.5 * at:g},{320 - 2.75 * height:.1f}" for at, height in enumerate(heights)
        ),
    }


def page_words() -> dict[str, str]:
    """Give what site.js says, in this process's language."""
    return {
        "aside": say("{path} is now the site's edition. Your copy is {mine}."),
        "newer": say(
            "{path}: the site has a newer edition than the copy that you edited in this browser. Your copy opens until "
            "you set it aside."
        ),
        "keep": say("Keep my copy under another name and use the newer one"),
        "changed": say("Notebooks that you have changed in this browser: {count}"),
        "again": say("Set my copy aside and start again"),
        "last": say("Go on with lesson {lesson}"),
        "http": say(
            "This page comes over plain http. Lessons and checks work, and what you save in a notebook is kept, but "
            "progress() and the count of tries start again whenever a lesson is opened. Over https they are kept too."
        ),
    }


def write_shared(out: Path, versions: dict[str, str]) -> None:
    """Write what the pages of all languages share."""
    (out / "assets").mkdir(parents=True)
    style = (HERE / "site.css").read_text(encoding="utf-8")
    # The two colour schemes of Pygments whose every colour keeps 4.5:1 on the code's ground, by day and by night.
    light = HtmlFormatter(style="xcode").get_style_defs(".highlight")
    dark = HtmlFormatter(style="lightbulb").get_style_defs(".highlight")
    night = f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"
    # Last of all, so that neither scheme's own ground wins over the page's.
    ground = ".highlight, .highlight pre { background: var(--wash); }"
    (out / "assets/site.css").write_text(f"{style}\n{light}\n{night}\n{ground}\n", encoding="utf-8")
    for name in ("site.js", "front.js", "workshop.js", "workshop_worker.js", "workshop.css"):
        shutil.copy(HERE / name, out / "assets" / name)
    shutil.copy(ROOT / "docs/images/lesson.png", out / "assets/lesson.png")
    shutil.copy(ROOT / "crmkit/fonts/crmkit-sans-sc.otf", out / "assets/crmkit-sans-sc.otf")
    version = fingerprint(json.dumps(versions, sort_keys=True))
    text = json.dumps({"version": version, "notebooks": versions}, indent=1, sort_keys=True)
    (out / "versions.json").write_text(text + "\n", encoding="utf-8")


def write_pages(
    out: Path,
    course: list[Lesson],
    versions: dict[str, str],
    offline: bool,
    notebooks: Path = ROOT / "notebooks",
    editions: dict[str, set[str]] | None = None,
    python: dict[str, object] | None = None,
) -> None:
    """Write the front page and the reading pages in this process's language.

    Parameters
    ----------
    out
        The site's folder; another language than English gets a folder below it.
    course
        The lessons of this language.
    versions
        A fingerprint of every notebook.
    offline
        Whether the site brings Python along.
    notebooks
        Where the executed lessons are.
    editions
        Of each language, the names of its lessons: what the switch leads to.
    python
        How a page loads Python (`for_pages`); without it the pages without code are not made.
    """
    environment = page_environment()
    prefix = "" if language() == ENGLISH else f"{language()}/"
    here = out / prefix
    (here / "read").mkdir(parents=True)
    editions = editions or {ENGLISH: {lesson.name for lesson in course}}
    parts = [
        (say(title), [lesson for lesson in course if lesson.part == title])
        for title in PARTS.values()
    ]

    def shared(depth: int, page: str) -> dict[str, object]:
        root = "../" * (depth + bool(prefix))
        switch = []
        for code, names in editions.items():
            there = page if lesson_of(page) in (None, *names) else "index.html"
            link = f"{root}{there}" if code == ENGLISH else f"{root}{code}/{there}"
            switch.append((LANGUAGE_NAMES[code], code.replace("_", "-"), link))
        return {
            "version": fingerprint(json.dumps(versions, sort_keys=True)),
            "storage": STORAGE,
            "offline": offline,
            "root": root,
            "prefix": prefix,
            "language": language().replace("_", "-"),
            "switch": switch,
            "words": page_words(),
            "between": say("; ", context="between goals in a list"),
        }

    stored = [notebooks / f"{lesson.name}.ipynb" for lesson in course]
    sheets = [
        summary_of(json.loads(path.read_text(encoding="utf-8")), path.name) for path in stored
    ]
    if kept := [sheet for sheet in sheets if sheet is not None]:
        (here / "summaries.html").write_text(summaries_html(kept), encoding="utf-8")
    front = environment.get_template("front.html.j2")
    # English only so far: a workshop text is not in the catalogues.
    without_code = [
        lesson
        for lesson in course
        if python and language() == ENGLISH and lesson.name in workshop.texts()
    ]
    page = front.render(
        without_code=without_code,
        without_code_paths=[title for title, _ in paths(without_code)],
        parts=[part for part in parts if part[1]],
        paths=paths(course),
        summaries=bool(kept),
        pictures=write_pictures(here / "pictures", stored),
        explorer=front_explorer(),
        **shared(0, "index.html"),
    )
    (here / "index.html").write_text(page, encoding="utf-8")
    reading = environment.get_template("lesson.html.j2")
    for at, lesson in enumerate(course):
        about = shared(1, f"read/{lesson.name}.html")
        page = reading.render(
            lesson=lesson,
            body=lesson_body(notebooks / f"{lesson.name}.ipynb", str(about["root"]), prefix),
            before=course[at - 1] if at else None,
            after=course[at + 1] if at + 1 < len(course) else None,
            **about,
        )
        (here / f"read/{lesson.name}.html").write_text(page, encoding="utf-8")
    if without_code:
        (here / "workshop").mkdir()
        template = environment.get_template("workshop_front.html.j2")
        ways = paths(without_code)
        planned = [lesson for _, members in ways for lesson in members]
        if others := [lesson for lesson in without_code if lesson not in planned]:
            ways.append((say("Further lessons"), others))
        page = template.render(workshop_paths=ways, **shared(1, "workshop/index.html"))
        (here / "workshop/index.html").write_text(page, encoding="utf-8")
    template = environment.get_template("workshop.html.j2")
    for lesson in without_code:
        source = workshop.texts()[lesson.name].read_text(encoding="utf-8")
        made = workshop.Maker(lesson, notebooks / f"{lesson.name}.ipynb", source).made()
        page = template.render(
            page=made,
            onward=onward(lesson, without_code),
            workshop_words=workshop.page_words(),
            data=made.data | {"python": {"language": language(), **(python or {})}},
            **shared(1, f"workshop/{lesson.name}.html"),
        )
        (here / f"workshop/{lesson.name}.html").write_text(page, encoding="utf-8")


def onward(lesson: Lesson, members: list[Lesson]) -> list[tuple[str, Lesson]]:
    """Give the lessons to go to from one without code: the next, and the next of the half day where it is another."""
    found = [(say("Next:"), other) for other in members[members.index(lesson) + 1 :][:1]]
    for heading, path in paths(members):
        if lesson in path[:-1] and (following := path[path.index(lesson) + 1]) not in (
            other for _, other in found
        ):
            found.append((say("{path}, next:", path=heading), following))
    return found


def for_pages(wheels: list[str], pyodide: Path | None) -> dict[str, object]:
    """Say to a page without code where Python comes from and what to load: as `configuration` does to JupyterLite."""
    return {
        "pyodide": "run/static/pyodide/pyodide.mjs"
        if pyodide
        else f"{PYODIDE_CDN_URL}/pyodide.mjs",
        "packages": [name for name in FROM_PYODIDE if name not in workshop.WITHOUT],
        "wheels": [
            f"run/wheels/{name}"
            for name in wheels
            if name.split("-")[0].replace("_", "-") not in workshop.WITHOUT
        ],
    }


def paths(course: list[Lesson]) -> list[tuple[str, list[Lesson]]]:
    """Give the trainer's timetables as paths through the lessons; none where an edition lacks some of them."""
    guide = (ROOT / "docs/trainer_guide.md").read_text(encoding="utf-8")
    known = {lesson.number: lesson for lesson in course}
    every = {lesson.number for lesson in lessons()}
    return [
        (heading, [known[number] for number in numbers])
        for heading, (_, numbers) in timetables(guide, every).items()
        if known.keys() >= set(numbers)
    ]


def lesson_of(page: str) -> str | None:
    """Give the lesson that a page shows; None for the front page. A page without code is in English only."""
    if page.startswith("workshop/"):
        return page
    return page.removeprefix("read/").removesuffix(".html") if page.startswith("read/") else None


def build_languages(folder: Path) -> dict[str, list[Lesson]]:
    """Build the notebooks of every other language below a folder; give its lessons, as these describe themselves."""
    found = {}
    for code in catalogues.languages():
        numbers = catalogues.edition(code).lessons
        if build_notebooks.main(["--language", code, "--out", str(folder / code), *numbers]):
            raise SystemExit(f"the lessons in {code} could not be built")
        with speaking(code):
            (folder / code / SETTINGS).write_text(settings()[SETTINGS], encoding="utf-8")
            found[code] = [
                describe(path.stem, "".join(nbformat.read(path, as_version=4).cells[0].source))
                for path in sorted((folder / code / "notebooks").glob("*.ipynb"))
            ]
    return found


def build(out: Path, pyodide: Path | None) -> None:
    """Build the site into `out`, which is replaced."""
    if pyodide and not (pyodide / "pyodide.mjs").exists():
        raise SystemExit(f"{pyodide} holds no pyodide.mjs: name the unpacked Pyodide distribution")
    if out.exists():
        if any(out.iterdir()) and not (out / "versions.json").exists():
            raise SystemExit(f"{out} holds something that is not this site; name another folder")
        shutil.rmtree(out)
    course = [lesson for lesson in lessons() if (ROOT / f"notebooks/{lesson.name}.ipynb").exists()]
    with tempfile.TemporaryDirectory(prefix="crmkit-wheels-") as scratch:
        others = build_languages(Path(scratch, "languages"))
        with speaking(ENGLISH):
            wheels = make_wheels(Path(scratch, "wheels"))
            versions = build_run(out / "run", wheels, pyodide, Path(scratch, "languages"))
            shutil.copytree(Path(scratch, "wheels"), out / "run/wheels")
            write_shared(out, versions)
            editions = {
                code: {lesson.name for lesson in found}
                for code, found in ({ENGLISH: course} | others).items()
            }
            python = for_pages(wheels, pyodide)
            write_pages(
                out, course, versions, pyodide is not None, editions=editions, python=python
            )
        for code, found in others.items():
            with speaking(code):
                folder = Path(scratch, "languages", code, "notebooks")
                write_pages(out, found, versions, pyodide is not None, folder, editions)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out}: {len(course)} lessons, {len(versions)} notebooks, {size / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="the folder to write")
    parser.add_argument(
        "--pyodide", type=Path, help="an unpacked Pyodide distribution to bring along"
    )
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1735689600")  # the same wheel, byte for byte
    build(options.out.resolve(), options.pyodide.resolve() if options.pyodide else None)


if __name__ == "__main__":
    main()
