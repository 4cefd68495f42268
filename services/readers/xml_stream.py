"""Read the XML of strangers piece by piece: no tree is built, so that only what is kept takes memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

DEEPEST = 100
CHUNK = 2**20
"""Bytes read at once; as many without an element are no readings, and might be held several times."""


class Handlers(Protocol):
    """What is told of a document as it is read; names have their namespace and a space before them."""

    elements: int
    """How many have begun."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""

    def end(self, tag: str) -> None:
        """End it."""

    @property
    def characters(self) -> Callable[[str], object]:
        """Take a part of its text."""


def parse(path: Path, handlers: Handlers) -> None:
    """Tell the handlers of a file's elements, and raise whatever they raise.

    Raises `ExpatError` for what is no XML, and ValueError for what no meter export has: so much text without
    an element, and declarations: entities are how XML bombs are made.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.characters
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            elements = handlers.elements
            parser.Parse(chunk)
            if handlers.elements == elements and len(chunk) == CHUNK:
                raise ValueError(f"it has no element in {CHUNK} bytes")
    parser.Parse(b"", True)


def too_deep() -> ValueError:
    """Return the refusal of elements that are nested deeper than `DEEPEST`."""
    return ValueError("its elements are nested too deeply")


def _refuse_declarations(name: str, system: str | None, public: str | None, internal: bool) -> None:
    raise ValueError("it declares entities of its own, which no meter export does")
