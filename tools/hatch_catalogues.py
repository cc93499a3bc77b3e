"""Compile the catalogues of translations whenever crmkit is built or installed from its checkout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Put ``crmkit/locale`` into the wheel; git does not keep it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are collected."""
        sys.path.insert(0, str(Path(self.root, "tools")))
        from catalogues import compile_all

        compile_all(Path(self.root))
        build_data["artifacts"].append("crmkit/locale/**/*.mo")
