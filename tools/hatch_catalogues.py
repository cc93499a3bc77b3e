"""What a wheel gets besides the package's own files: compiled translations, and the notebooks that a reader opens.

Masters and worked notebooks stay outside: `solution()` has the worked code, and a solution that lies beside a student's
exercises is read before the exercise is tried.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Put ``crmkit/locale`` (git does not keep it) and the readers' notebooks into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are collected."""
        sys.path.insert(0, str(Path(self.root, "tools")))
        from catalogues import compile_all

        compile_all(Path(self.root))
        build_data["artifacts"].append("crmkit/locale/**/*.mo")
        if self.target_name == "wheel" and version == "standard":
            for room in ("notebooks", "exercises"):
                for path in sorted(Path(self.root, room).glob("*.ipynb")):
                    build_data["force_include"][str(path)] = f"crmkit/bundle/{room}/{path.name}"
