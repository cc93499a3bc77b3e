"""How long a reader waits: from a slider's event to new pixels, in real JupyterLab, for every explorer of every lesson.

``python -m benchmarks explorers`` measures all lessons; with numbers (``python -m benchmarks.explorers 00 20``) only
those. A key press on a slider's handle is the event; the end is the moment at which the browser has decoded a picture
of other bytes. Median of 12 presses, beside how many of them changed the picture, and beside what one would write
without the shared layer (``interactive_output`` and ``plt.show``, the first lesson's curve), measured in the same run.
100 ms is the aim: a drag then feels joined to the hand.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ElementHandle

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import jupyterlab_driver as driver  # noqa: E402

PRESSES = 12

# Runs in the page: press, then wait for the picture's source to change and to be decoded, then for the next frame.
MEASURE = """async ([handle, box, key]) => {
  const source = () => (box.querySelector('img') || {}).src;
  const before = source();
  handle.focus();
  const start = performance.now();
  const code = key === 'ArrowRight' ? 39 : 37;
  handle.dispatchEvent(new KeyboardEvent('keydown', {key, code: key, keyCode: code, bubbles: true}));
  handle.dispatchEvent(new KeyboardEvent('keyup', {key, code: key, keyCode: code, bubbles: true}));
  const limit = start + 3000;
  const changed = () => source() && source() !== before;
  while (!changed() && performance.now() < limit) await new Promise(done => setTimeout(done, 1));
  if (!changed()) return null;
  await box.querySelector('img').decode();
  await new Promise(done => requestAnimationFrame(done));
  return performance.now() - start;
}"""


WITHOUT = """
import ipywidgets, matplotlib.pyplot as plt
import crmkit
from crmkit.value import customer_profit
from crmkit.value.first_look import plot_best_bring
table = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"))
percent = ipywidgets.IntSlider(value=20, min=1, max=100)
def draw(percent):
    plot_best_bring(table["profit"], percent)
    plt.show()
box = ipywidgets.VBox([percent, ipywidgets.interactive_output(draw, {"percent": percent})])
box.add_class("crmkit-explorer")
box
"""


def without_the_layer(folder: Path) -> str:
    """Write the notebook that one would write without the shared layer; give its path."""
    import nbformat

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(WITHOUT)])
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    path = folder / "notebooks/interactive_output_and_show.ipynb"
    nbformat.write(made, path)
    return path.stem


def measure(explorer: driver.ExplorerOnPage) -> list[float]:
    """Give the waits, in ms, of presses on the first slider that moves the picture; empty where none does."""
    for control in explorer.controls():
        if explorer.kind(control) == "slider":
            waits = presses(explorer, control)
            if waits:
                return waits
    return []


def presses(explorer: driver.ExplorerOnPage, handle: ElementHandle) -> list[float]:
    """Press a slider's handle to and fro; give the waits of those presses that changed the picture."""
    box = explorer.box.element_handle()
    handle.scroll_into_view_if_needed()
    waits: list[float] = []
    for press in range(PRESSES + 2):
        at, top = handle.evaluate(
            "node => [Number(node.getAttribute('aria-valuenow')), Number(node.getAttribute('aria-valuemax'))]"
        )
        key = "ArrowLeft" if at >= top or press % 2 else "ArrowRight"
        waited = explorer.page.evaluate(MEASURE, [handle, box, key])
        explorer.page.wait_for_timeout(120)
        if press == 1 and waited is None:
            return []
        if press >= 2 and waited is not None:  # the first two warm fonts and caches
            waits.append(waited)
    return waits


def main() -> None:
    wanted = sys.argv[1:]
    if driver.chromium_path() is None:
        print("skipped: Chromium was not found")
        return
    stems = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    stems = [stem for stem in stems if not wanted or stem.split("_")[0] in wanted]
    print(f"{'explorer':44}{'median ms':>10}{'slowest':>9}{'answered':>10}")
    medians: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "notebooks", Path(folder) / "notebooks")
        plain = without_the_layer(Path(folder))
        files = [f"notebooks/{stem}.ipynb" for stem in [plain, *stems]]
        with driver.Server(files, root=Path(folder)) as server, driver.browser() as chromium:
            for file in files:
                lesson = driver.Lesson(chromium, server, file)
                lesson.run_all()
                for explorer in lesson.explorers():
                    name = f"{Path(file).stem} ({explorer.index + 1})"
                    waits = measure(explorer)
                    if not waits:
                        print(f"{name:44}{'no slider that moves it':>29}", flush=True)
                        continue
                    middle = statistics.median(waits)
                    print(
                        f"{name:44}{middle:10.0f}{max(waits):9.0f}{len(waits):7d}/{PRESSES}",
                        flush=True,
                    )
                    if Path(file).stem != plain:
                        medians.append(middle)
                lesson.close()
    if medians:
        print(f"\n{sum(m < 100 for m in medians)} of {len(medians)} answer within 100 ms")


if __name__ == "__main__":
    main()
