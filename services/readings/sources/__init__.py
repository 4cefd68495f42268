"""From a file to sheets of raw cells, whatever kind of file it is and however hostile."""

import re
import stat
from collections.abc import Sequence
from pathlib import Path

from services.progress import Progress, silent
from services.readings.sources.green_button import open_green_button
from services.readings.sources.sheet import HEAD_ROWS, Cells, FileRefused, Sheet
from services.readings.sources.text import open_text
from services.readings.sources.workbook import OLE, open_workbook

__all__ = ["HEAD_ROWS", "SUFFIXES", "Cells", "FileRefused", "Sheet", "files_in", "open_sheets"]

SUFFIXES = ("xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "txt", "xml")

ZIP = b"PK\x03\x04"
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z]+:?feed)")
BEGINNING = 512


def open_sheets(path: Path, progress: Progress = silent, *, counted: bool = True) -> list[Sheet]:
    """The sheets of a file that have cells, their first rows read; all others are read on demand.

    To know how many rows a long workbook has takes as long as to read a third of it: who reads them all
    anyway need not have them ``counted``.

    What the file is, is told by its content, whatever its name ends with. Nothing in it is executed,
    reckoned or fetched. Raises `FileRefused`, and whatever ``progress`` raises.
    """
    beginning = _beginning(path)
    if beginning.startswith((ZIP, OLE)):
        sheets = open_workbook(path, beginning, progress, counted=counted)
    elif XML.match(beginning):
        sheets = open_green_button(path, progress)
    else:
        sheets = open_text(path, progress)
    if not sheets:
        raise FileRefused("{file} has no rows.", file=path.name)
    return sheets


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files among the paths and the files Loadlens reads in the folders among them, in natural order.

    Hidden files and a spreadsheet program's lock files are passed over; folders in folders are opened,
    links to folders are not.
    """
    found = [path for path in paths if not path.is_dir()]
    for folder in paths:
        if folder.is_dir():
            found += [file for file in folder.rglob("*") if _is_wanted(file.relative_to(folder), file)]
    return sorted(dict.fromkeys(found), key=_natural)


def _beginning(path: Path) -> bytes:
    try:
        # A pipe or device would wait or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileRefused("{file} is no file. Choose a spreadsheet.", file=path.name)
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileRefused("{file} cannot be opened: {reason}.", file=path.name, reason=reason) from None
    if not beginning:
        raise FileRefused("{file} is empty.", file=path.name)
    return beginning


def _is_wanted(inside: Path, file: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in inside.parts)
    return not hidden and file.suffix[1:].lower() in SUFFIXES and file.is_file()


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", str(path).casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
