"""Which encoding a text file is written in, told by its content."""

import codecs
import re
from pathlib import Path

from services.readers.sheet import FileRefused

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BLOCK = 2**18
TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
"""The letters by which Windows' Turkish encoding differs from its western one, where they are Icelandic."""
CONTROL = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f]")


def encoding_of(path: Path) -> str:
    """The encoding in which all of the file is text; raises `FileRefused` if there is none."""
    with path.open("rb") as file:
        beginning = file.read(BLOCK)
    candidates = [name for mark, name in MARKS.items() if beginning.startswith(mark)]
    if not candidates and b"\0" in beginning:
        even, odd = beginning[::2].count(0), beginning[1::2].count(0)
        candidates = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in candidates or ["utf-8", "cp1254" if TURKISH.search(beginning) else "cp1252", "latin-1"]:
        if _decodes(path, encoding):
            return encoding
    raise FileRefused(
        "{file} is no spreadsheet. Choose an Excel, OpenDocument, CSV or Green Button file.", file=path.name
    )


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is text in this encoding."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            while block := file.read(BLOCK):
                if CONTROL.search(block):
                    return False
    except UnicodeError:
        return False
    return True
