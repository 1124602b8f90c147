"""The build hook: a wheel, an sdist and an editable install all carry freshly compiled assets."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileAssets(BuildHookInterface[Any]):
    """Compiles `ui/` and `resources/` before hatchling collects the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called by hatchling once per target; the assets are left alone when they are current."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "packaging"))
        try:
            import compile_assets  # lies beside this file, outside every package
        finally:
            sys.path.pop(0)
        built = root / "src" / "onewindow_desk" / "_built"
        if not compile_assets.is_current(root, built):
            compile_assets.replace(root, built)
