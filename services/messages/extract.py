"""List every message of the program for translators: `python -m services.messages.extract > loadlens.pot`.

Messages are the first argument of `gettext`, `N_` and Qt's ``tr``, the first two of `ngettext`, the second of
Qt's ``translate``, and the sentence of every `LoadlensError`. They have to be literals, or names of constants
and fields that are marked with `N_` where they stand: what is put together at run time cannot be translated.
`faults` finds those, and sentences that stand outside of all these.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("desktop", "services", "ml")
FUNCTIONS = {
    "gettext": (0,),
    "ngettext": (0, 1),
    "N_": (0,),
    "tr": (0,),
    "translate": (1,),
    "progress": (0,),
    "QT_TRANSLATE_NOOP": (1,),
}
ROOT_ERROR = "LoadlensError"
ML_ERROR = "ArtifactRefused"
"""Of `ml`, which knows no catalogue: who shows it translates its sentence."""
UNSEEN = ("log", "logger", "logging", "warnings", "re", "ast")
"""What is called on these is no sentence for a person."""
OTHER_ERRORS = (
    "ValueError",
    "TypeError",
    "RuntimeError",
    "KeyError",
    "AssertionError",
    "NotImplementedError",
)
SENTENCE = re.compile(r"^[A-Z{].*\s.*[a-z].*[.!?:…]$", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """A message in the source; ``text`` is None where it cannot be extracted."""

    file: Path
    line: int
    text: str | None


class _Module:
    """One module's tree, with the parent of each node."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}


def messages(root: Path = ROOT) -> list[Message]:
    """Return the messages of all modules below the root, file by file."""
    modules = _modules(root)
    calls = _calls(modules)
    return [found for module in modules for found, _ in _marked(module, calls, root)]


def faults(root: Path = ROOT) -> list[Message]:
    """Return what no translator would see: messages made at run time, and sentences that are not marked."""
    modules = _modules(root)
    calls = _calls(modules)
    found = []
    for module in modules:
        marked = list(_marked(module, calls, root))
        found += [message for message, _ in marked if message.text is None]
        found += _unmarked(module, {id(node) for _, node in marked}, root)
    return found


def _modules(root: Path) -> list[_Module]:
    return [
        _Module(path)
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if path.parent.name != "messages"
    ]


def _calls(modules: Iterable[_Module]) -> dict[str, tuple[int, ...]]:
    """Return which arguments of which calls are messages: the functions', and those of all our errors."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    errors = {ROOT_ERROR, ML_ERROR}
    while more := {name for name, of in bases.items() if of & errors} - errors:
        errors |= more
    return FUNCTIONS | dict.fromkeys(errors, (0,))


def _marked(
    module: _Module, calls: dict[str, tuple[int, ...]], root: Path
) -> Iterator[tuple[Message, ast.expr]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if name == "__init__":  # of an error, by its own class
                name = ROOT_ERROR if _in_error(module, node, calls) else ""
            for place in calls.get(name, ()):
                if len(node.args) > place:
                    yield from _extract(module, node.args[place], root)


def _in_error(module: _Module, node: ast.AST, calls: dict[str, tuple[int, ...]]) -> bool:
    while node in module.parents and not isinstance(node, ast.ClassDef):
        node = module.parents[node]
    return isinstance(node, ast.ClassDef) and node.name in calls


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _extract(module: _Module, node: ast.expr, root: Path) -> Iterator[tuple[Message, ast.expr]]:
    if isinstance(node, ast.IfExp):
        yield from _extract(module, node.body, root)
        yield from _extract(module, node.orelse, root)
        return
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str)
    if literal or not _is_marked_elsewhere(node):
        text = node.value if literal else None  # type: ignore[attr-defined]
        yield Message(module.path.relative_to(root), node.lineno, text), node


def _is_marked_elsewhere(node: ast.expr) -> bool:
    """Tell whether it is a constant, a field of a registry's entry or another error's sentence."""
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return True
    return isinstance(node, ast.Name) and (node.id.isupper() or node.id in ("sentence", "message", "stage"))


def _unmarked(module: _Module, marked: set[int], root: Path) -> Iterator[Message]:
    """Yield the strings that read like sentences and are neither marked, nor documentation, nor for a log."""
    for node in ast.walk(module.tree):
        text = _text(node)
        if text and SENTENCE.match(text) and not _is_unseen(module, node, marked):
            yield Message(module.path.relative_to(root), node.lineno, text)  # type: ignore[attr-defined]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_unseen(module: _Module, node: ast.AST, marked: set[int]) -> bool:
    while node in module.parents:
        if id(node) in marked or isinstance(node, ast.Expr | ast.Assert | ast.FormattedValue):
            return not isinstance(node, ast.Expr) or isinstance(node.value, ast.Constant)
        parent = module.parents[node]
        if isinstance(parent, ast.JoinedStr):
            return True  # a part of what is looked at as a whole
        if isinstance(parent, ast.Call) and node is not parent.func:
            of = parent.func.value if isinstance(parent.func, ast.Attribute) else None
            if _name(parent.func) in OTHER_ERRORS or (of is not None and _name(of) in UNSEEN):
                return True
        node = parent
    return False


def main() -> None:
    """Print the template of the catalogues, and what cannot be extracted on standard error."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    catalogue = Catalog(project="Loadlens", charset="utf-8")
    for found in messages():
        if found.text:
            catalogue.add(found.text, locations=[(found.file.as_posix(), found.line)])
    write_po(sys.stdout.buffer, catalogue, width=110, omit_header=True)
    for fault in faults():
        sys.stderr.write(f"{fault.file}:{fault.line}: {fault.text or 'made at run time'}\n")


if __name__ == "__main__":
    main()
