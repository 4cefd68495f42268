"""Know the file formats: how each is recognised by its content, whatever its name ends with, and opened.

To add one, write a module whose function returns `RawSheet`s, and an entry of `FORMATS`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.readers.sheet import FileRefused, RawSheet

BEGINNING = 512
"""Bytes by which a format is recognised."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z]+:?feed)")
NEM = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:100,NEM1[23]\b|200,\w{10,11},(?:[A-Z]\w)+,|250,\w{10,11},)", re.IGNORECASE
)
EDIFACT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:UNA.{6}\s*)?UN[BH].", re.DOTALL)


@dataclass(frozen=True)
class FileFormat:
    """One family of file formats."""

    name: str
    suffixes: tuple[str, ...]
    """Endings of names, without the dot, by which files are found in a folder and offered in a dialog."""
    matches: Callable[[bytes], bool]
    """``matches(beginning)``: whether a file that begins so is of this format."""
    open: Callable[[Path, bool], list[RawSheet]]
    """``open(path, counted)``: its sheets; raises `FileRefused`. Imports the libraries that it needs itself,
    so that they are loaded for files of the format alone."""


def _open_workbook(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.workbook import open_workbook

    return open_workbook(path, counted)


def _open_green_button(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.green_button import open_green_button

    return open_green_button(path)


def _open_nem(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.nem import open_nem

    return open_nem(path)


def _open_mscons(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.mscons import open_mscons

    return open_mscons(path)


def _open_text(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.text import open_text

    return open_text(path, counted)


FORMATS = [
    FileFormat(
        "workbook",
        ("xlsx", "xlsm", "xls", "xlsb", "ods"),
        lambda beginning: beginning.startswith((ZIP, OLE)),
        _open_workbook,
    ),
    FileFormat("Green Button", ("xml",), lambda beginning: bool(XML.match(beginning)), _open_green_button),
    FileFormat("NEM12 or NEM13", (), lambda beginning: bool(NEM.match(beginning)), _open_nem),
    FileFormat("MSCONS", ("edi",), lambda beginning: bool(EDIFACT.match(beginning)), _open_mscons),
    FileFormat("text", ("csv", "tsv", "txt"), lambda beginning: True, _open_text),
]
"""All formats; the first that recognises a file reads it, and what none does is text."""


def suffixes() -> tuple[str, ...]:
    """Return the endings of all formats, without the dot."""
    return tuple(suffix for of in FORMATS for suffix in of.suffixes)


def format_of(beginning: bytes) -> FileFormat:
    """Return the format of a file that begins so."""
    return next(of for of in FORMATS if of.matches(beginning))


def open_file(path: Path, counted: bool) -> list[RawSheet]:
    """Return the sheets of a file. Nothing in it is executed, computed or fetched. Raises `FileRefused`."""
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
    except OSError as error:
        raise FileRefused(
            "{file} cannot be opened: {reason}.", file=path.name, reason=error.strerror
        ) from None
    return format_of(beginning).open(path, counted)
