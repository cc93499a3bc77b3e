"""Look at a lesson as a student sees it: run it in a real JupyterLab and save the whole page as pictures.

``python tools/look.py 20`` writes artefacts/look/20_….png from top to bottom (the page is long: several pictures, each
overlapping the one before a little), and each explorer after a drag. ``--dark`` takes JupyterLab's dark theme, ``--out
DIR`` another folder, ``--stored`` the notebook as stored, not run: what a student sees on opening it. Then open the
pictures and read the lesson in them: cut-off labels, tables too wide, sentences that the figure does not bear out.
Needs Chromium (``apt install chromium``) and the notebook built (``python tools/build_notebooks.py 20``).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from jupyterlab_driver import ROOT, Lesson, LessonError, Server, browser, chromium_path


def look(path: str, out: Path, *, dark: bool, stored: bool, width: int) -> list[Path]:
    """Save one notebook's pictures and give their paths."""
    stem = Path(path).stem + ("-dark" if dark else "")
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    with Server([path], theme=theme) as server, browser() as chromium:
        lesson = Lesson(chromium, server, path, width=width)
        if stored:
            return lesson.screenshots(out, f"{stem}-stored")
        try:
            print(f"{path}: ran in {lesson.run_all():.1f} s")
        except LessonError as failure:
            print(failure)
        made = lesson.screenshots(out, stem)
        for explorer in lesson.explorers():
            explorer.box.scroll_into_view_if_needed()
            for control in explorer.controls()[:1]:
                explorer.by_mouse(control)
            explorer.settled()
            made.append(out / f"{stem}-explorer-{explorer.index + 1}-moved.png")
            explorer.box.screenshot(path=made[-1])
        return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "numbers", nargs="+", help="lesson numbers, such as 20, or paths of notebooks"
    )
    parser.add_argument("--dark", action="store_true", help="JupyterLab's dark theme")
    parser.add_argument("--stored", action="store_true", help="as stored, without running it")
    parser.add_argument("--width", type=int, default=1280, help="window width in pixels")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "artefacts/look", help="folder for the pictures"
    )
    options = parser.parse_args()
    if chromium_path() is None:
        print(
            "Chromium was not found: install it (apt install chromium) or name it in CRMKIT_CHROMIUM."
        )
        return 1
    for number in options.numbers:
        found = sorted(ROOT.glob(f"notebooks/{number}_*.ipynb")) or [ROOT / number]
        for notebook in found:
            if not notebook.exists():
                print(
                    f"no notebook for {number}: build it first (python tools/build_notebooks.py {number})"
                )
                return 1
            path = str(notebook.relative_to(ROOT))
            for picture in look(
                path, options.out, dark=options.dark, stored=options.stored, width=options.width
            ):
                print(picture)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
