"""Know the file formats: how each is recognised by its content, whatever its name ends with, and opened.

To add one, write a module whose function returns `RawSheet`s, and an entry of `FORMATS`.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from services.readers.encodings import MARKS
from services.readers.sheet import FileRefused, RawSheet

BEGINNING = 512
"""Bytes by which a format is recognised."""
PROLOG = 65_536
"""Bytes within which an XML document's first element begins."""
ZIP, EMPTY_ZIP, OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"
HTML = rb"(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|meta|body|table|div|style|title)\b"
NEM = rb"(?:100,NEM1[23]\b|200,\w{10,11},(?:[A-Z]\w)+,|250,\w{10,11},)"


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


def _begins(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda beginning: beginning.startswith(magic)


def _matches(pattern: bytes, flags: int = 0) -> Callable[[bytes], bool]:
    """Return what tells whether the text of a file begins so, behind a mark of its encoding and blanks."""
    compiled = re.compile(pattern, flags)
    return lambda beginning: bool(compiled.match(_as_utf8(beginning)))


def _as_utf8(beginning: bytes) -> bytes:
    for mark, encoding in MARKS.items():
        if beginning.startswith(mark):
            beginning = beginning.decode(encoding, "ignore").encode()
    return beginning.lstrip()


def _open_workbook(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.workbook import open_workbook

    return open_workbook(path, counted)


def _open_zip(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.zipped import holds_workbook, open_zipped

    if holds_workbook(path):
        return _open_workbook(path, counted)
    return open_zipped(path, counted, suffixes(), open_file)


def _open_xml(path: Path, counted: bool) -> list[RawSheet]:
    root = root_of(path)
    if root == "Workbook":
        from services.readers.spreadsheet_xml import open_spreadsheet_xml

        return open_spreadsheet_xml(path)
    if root == "html":
        return _open_html(path, counted)
    from services.readers.green_button import open_green_button

    return open_green_button(path)


def _open_html(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.html_tables import open_html

    return open_html(path)


def _open_json(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.json_lists import open_json

    return open_json(path)


def _open_parquet(path: Path, counted: bool) -> list[RawSheet]:
    from services.readers.parquet import open_parquet

    return open_parquet(path)


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
    FileFormat("zip", ("xlsx", "xlsm", "xlsb", "ods", "zip"), _begins(ZIP, EMPTY_ZIP), _open_zip),
    FileFormat("workbook", ("xls",), _begins(OLE), _open_workbook),
    FileFormat("Parquet", ("parquet",), _begins(b"PAR1"), _open_parquet),
    FileFormat("XML", ("xml",), _matches(rb"<(?:\?xml|(?:\w+:)?feed\b|(?:\w+:)?Workbook\b)"), _open_xml),
    FileFormat("web page", ("html", "htm"), _matches(HTML, re.IGNORECASE), _open_html),
    FileFormat("NEM12 or NEM13", (), _matches(NEM, re.IGNORECASE), _open_nem),
    FileFormat("MSCONS", ("edi",), _matches(rb"(?:UNA.{6}\s*)?UN[BH].", re.DOTALL), _open_mscons),
    FileFormat("JSON", ("json", "jsonl"), _matches(rb"[\[{]\s*[\[{\"\]}]"), _open_json),
    FileFormat("text", ("csv", "tsv", "txt"), lambda beginning: True, _open_text),
]
"""All formats; the first that recognises a file reads it, and what none does is text."""


def suffixes() -> tuple[str, ...]:
    """Return the endings of all formats, without the dot."""
    return tuple(suffix for of in FORMATS for suffix in of.suffixes)


def format_of(beginning: bytes) -> FileFormat:
    """Return the format of a file that begins so."""
    return next(of for of in FORMATS if of.matches(beginning))


def root_of(path: Path) -> str:
    """Return the name of an XML document's first element, without its namespace; empty where it has none."""
    found: list[str] = []

    def keep(name: str, attributes: dict[str, str]) -> None:
        found.append(name)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = keep
    with path.open("rb") as file, suppress(expat.ExpatError):
        parser.Parse(file.read(PROLOG))
    return found[0].rpartition(" ")[2] if found else ""


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
