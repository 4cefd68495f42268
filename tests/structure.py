"""Print how the program is cut: files, functions, docstrings, and what a job enters. No test, a measure.

``python tests/structure.py`` counts; ``--path`` imports a generated file into a new database as well, as far
as the alerts, and counts the modules whose functions are entered on the way.
"""

import argparse
import ast
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("desktop", "services", "ml")
FEW_LINES = 40
USER = "a@b.example"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules() -> list[Path]:
    """Return the modules of the product."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def public(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef]:
    """Yield public functions and classes of a module, and the public methods of its public classes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def lengths(values: list[int]) -> str:
    """Write the median, the 90th percentile and the greatest of some lengths."""
    nine_tenths = statistics.quantiles(values, n=10)[8]
    return f"median {statistics.median(values):g}, 90 % {nine_tenths:g}, longest {max(values)}"


def count() -> None:
    """Print what the sources tell."""
    texts = {path: path.read_text(encoding="utf-8") for path in modules()}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    lines = [text.count("\n") for text in texts.values() if text.strip()]
    functions = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    ]
    documented = [bool(ast.get_docstring(node)) for tree in trees.values() for node in public(tree)]
    print(f"files {len(lines)}, lines {sum(lines):,}: {lengths(lines)}")
    print(f"files of fewer than {FEW_LINES} lines: {sum(n < FEW_LINES for n in lines)}")
    print(f"functions {len(functions)}: {lengths(functions)}")
    print(f"public names {len(documented)}: {statistics.mean(documented):.0%} documented")
    importers = imported(trees)
    once = sum(len(by) == 1 for by in importers.values())
    print(f"imported by one other file: {once} ({once / len(lines):.0%})")


def imported(trees: dict[Path, ast.Module]) -> dict[str, set[Path]]:
    """Return which files import each module of the product."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in trees
    }
    importers: dict[str, set[Path]] = {name: set() for name in names}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)} & names:
                    importers[name].add(path)
    return importers


def entered(command: str) -> set[str]:
    """Run Python code in a new process and return the product's files whose functions it entered."""
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as file:
        trace = (
            "import atexit, sys, threading\n"
            "seen = set()\n"
            "def trace(frame, event, _):\n"
            "    code = frame.f_code\n"
            "    if code.co_flags & 1: seen.add(code.co_filename)  # neither a module nor a class\n"
            f"atexit.register(lambda: open({file.name!r}, 'w').write('\\n'.join(seen)))\n"
            "threading.setprofile(trace); sys.setprofile(trace)\n"
        )
        subprocess.run([sys.executable, "-c", trace + command], check=True, cwd=ROOT)
        return {
            Path(name).relative_to(ROOT).as_posix()
            for name in file.read().splitlines()
            if name.startswith(tuple(f"{ROOT / package}/" for package in PACKAGES))
        }


def main() -> None:
    """Print the counts, and with ``--path`` those of the main job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--path", action="store_true", help="also run an import and count the files it enters"
    )
    count()
    if parser.parse_args().path:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "readings.csv"
            rows = (f"2024-01-{day:02},Chiller,{100 + day}\n" for day in range(1, 29))
            file.write_text("Date,Device,kWh\n" + "".join(rows), encoding="utf-8")
            run = (
                "import os, io; os.environ['LOADLENS_DATA_DIR'] = {folder!r}\n"
                "from services.cli.main import main\n"
                "sys.stdin = io.StringIO('Chalk-Otter-91-piano\\n')\n"
                "sys.argv = ['loadlens', *{verb!r}]\n"
                "try: main(sys.argv[1:])\n"
                "except SystemExit: pass\n"
            )
            user = ["--email", USER, "--first-name", "A", "--last-name", "B"]
            entered(run.format(folder=f"{folder}/data", verb=["register", *user]))
            files = entered(run.format(folder=f"{folder}/data", verb=["import", str(file), "--user", USER]))
            print(f"files that `loadlens import` enters: {len(files)}", *sorted(files), sep="\n  ")


if __name__ == "__main__":
    main()
