"""What a notebook's kernel does for the course before any cell has run: it explains slips from the first one on.

A reader who comes back and runs one cell further down has imported nothing yet, and is told even so that those above
come first. IPython loads this module as an extension: in the in-browser edition, and in the environment that crmkit is
installed in (``jupyter/crmkit_kernel.json``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from crmkit.home import lessons_in


def load_ipython_extension(_shell: Any) -> None:
    """Explain slips, if the notebook lies in a copy of the course; any other is left as it is."""
    here = Path.cwd().resolve()
    # In the browser edition there is nothing but the course.
    if sys.platform == "emscripten" or any(map(lessons_in, (here, *here.parents))):
        from crmkit.practice.slips import explain_slips

        explain_slips()
