"""What import-linter cannot say: within a feature a page knows its view-model, and a view-model no widget."""

import ast
from collections.abc import Iterator
from pathlib import Path

DESKTOP = Path(__file__).parents[2] / "desktop"
SHOWS = ("PySide6.QtWidgets", "pyqtgraph", "desktop.widgets", "desktop.charts")
WORKS = ("services", "ml", "pandas", "pymongo")


def imports(module: Path) -> Iterator[str]:
    """The names of the modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_module_both_shows_and_works() -> None:
    both = []
    modules = [*(DESKTOP / "features").rglob("*.py")]
    for module in modules:
        names = [f"{name}." for name in imports(module)]
        if all(any(n.startswith(f"{k}.") for n in names for k in kinds) for kinds in (SHOWS, WORKS)):
            both.append(str(module.relative_to(DESKTOP)))
    assert len(modules) > 50
    assert both == []


def test_desktop_uses_what_a_service_exports_and_nothing_behind_it() -> None:
    modules = [*DESKTOP.rglob("*.py")]
    behind = {
        f"{module.relative_to(DESKTOP)}: {name}"
        for module in modules
        for name in imports(module)
        if name.startswith("services.") and name.count(".") > 1
    }
    assert len(modules) > 100
    assert behind == set()
