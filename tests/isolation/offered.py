"""Every function that the services offer to somebody who is signed in."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import services
from services.accounts import Session
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings

ALWAYS = (Scope, Session, Settings, Progress)
"""What has nothing to do with whose data are asked for, by type; the first two say who asks."""
HOME = Path(services.__file__).parents[1]

Function = Callable[..., Any]


def functions() -> dict[str, Function]:
    """By module and name: those of a package's ``__all__``, those of modules beside the packages, and those
    that other packages or the desktop import from within one; as far as they take a `Scope` or a `Session`.
    """
    found: dict[str, Function] = {}
    imported = _imported_from_elsewhere()
    for module in _modules():
        for name, value in vars(module).items():
            home = getattr(value, "__module__", "")
            public = name in getattr(module, "__all__", ()) or (
                home == module.__name__
                and (_is_beside_the_packages(module) or (module.__name__, name) in imported)
            )
            if public and not name.startswith("_") and _asks_for_somebody(value):
                found[f"{home.removeprefix('services.')}.{name}"] = value
    return found


def arguments(function: Function) -> set[str]:
    """The names of what tells one call from another."""
    return {name for name, hint in hints(function).items() if hint not in ALWAYS}


def who_asks(function: Function) -> str:
    """The name of the argument that says who asks."""
    return next(name for name, hint in hints(function).items() if hint in (Scope, Session))


def always(function: Function) -> dict[str, type]:
    """Names and types of the other arguments that are always the same."""
    return {name: hint for name, hint in hints(function).items() if hint in ALWAYS[2:]}


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if not module.name.startswith("services.cli"):
            yield importlib.import_module(module.name)


def _is_beside_the_packages(module: ModuleType) -> bool:
    return module.__name__.count(".") == 1 and not hasattr(module, "__path__")


def _asks_for_somebody(value: object) -> bool:
    is_function = callable(value) and not inspect.isclass(value) and hasattr(value, "__annotations__")
    return is_function and bool({Scope, Session} & set(hints(value).values()))  # type: ignore[arg-type]


def hints(function: Function) -> dict[str, Any]:
    """The types of the arguments."""
    plain = inspect.unwrap(function)
    # Some modules know a type only for who checks types.
    hints = get_type_hints(plain, localns={kind.__name__: kind for kind in ALWAYS})
    return {name: hints.get(name) for name in inspect.signature(function).parameters}


def _imported_from_elsewhere() -> set[tuple[str, str]]:
    """(module, name) of what is imported from within a package of the services by code outside of it, be it
    by name or as an attribute of its module."""
    found = set()
    for path in [*HOME.glob("services/**/*.py"), *HOME.glob("desktop/**/*.py")]:
        package = ".".join(path.relative_to(HOME).parts[:2])
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("services")
            for alias in node.names
        }
        outside = {key: of for key, of in names.items() if ".".join(of[0].split(".")[:2]) != package}
        found |= set(outside.values())
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in outside
            ):
                module, name = outside[node.value.id]
                found.add((f"{module}.{name}", node.attr))
    return found
