"""Open a file as sheets of raw cells, whatever kind of file it is and however hostile."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.progress import Progress, silent
from services.readers import formats
from services.readers.sheet import HEAD_ROWS, Cells, FileRefused
from services.sheets.left_out import Part, parts_of
from services.sheets.process import FileReader
from services.tables import unguarded

__all__ = ["HEAD_ROWS", "SUFFIXES", "Cells", "FileRefused", "Sheet", "files_in", "open_sheets"]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, its first rows at hand and all others read on demand."""

    path: Path
    name: str
    """The sheet's name; the file's name for text."""
    head: Cells
    """The first `HEAD_ROWS` rows as text, all of one width."""
    rows: int
    """How many rows there are, without empty ones at the end; not counted, how many at least."""
    epoch_1904: bool
    """Whether plain numbers that are dates count from 1904."""
    body: Callable[..., pd.DataFrame]
    """``body(n, progress=silent)``: all rows from the n-th (from 0) on; raises `FileRefused`.

    Columns are named 0 to width - 1, and are as many as the head's or more; a workbook's begin with the
    first that has a cell. The index counts from 0.
    A column is typed as the file types all of its cells (datetime64[us], datetime64[us, UTC], float64),
    else it is text (pandas ``str``), missing where a cell is empty. ``progress`` may raise at any time.
    """
    is_described: bool = False
    """Whether each row says in full what it is, so that nothing is inferred (`services.readers.series`)."""
    delimiter: str = ""
    """What stands between the cells of text."""
    left_out: tuple[Part, ...] = ()
    """What the file holds beside its sheets and is not read, told with the first of them."""


SUFFIXES = formats.suffixes()
"""Endings of the names of files that can be read, without the dot."""

TEXT = pd.StringDtype("pyarrow", na_value=float("nan"))


def open_sheets(path: Path, progress: Progress = silent, *, counted: bool = True) -> list[Sheet]:
    """Return the sheets of a file that have cells, their first rows read; all others are read on demand.

    To know how many rows a long workbook has takes as long as to read a third of it: who reads them all
    anyway need not have them ``counted``.

    What the file is, is told by its content, whatever its name ends with. It is read by a process of its
    own, within one deadline and one limit of memory (`services.readers.limits`) for all of its sheets.
    Raises `FileRefused`, and whatever ``progress`` raises.
    """
    reader = FileReader(path)
    [found] = reader.ask("head", [{"task": "open", "counted": counted}], progress)
    sheets = [_sheet(path, reader, number, raw) for number, raw in enumerate(found) if raw["head"]]
    if not sheets:
        raise FileRefused("{file} has no rows.", file=path.name)
    left_out = parts_of(part for raw in found for part in raw["left_out"])
    return [replace(sheets[0], left_out=left_out), *sheets[1:]]


def _sheet(path: Path, reader: FileReader, number: int, raw: dict[str, Any]) -> Sheet:
    body = partial(_body, reader, number, raw["has_halves"])
    sheet = Sheet(
        path,
        raw["name"],
        raw["head"],
        raw["rows"],
        raw["epoch_1904"],
        body,
        raw["is_described"],
        raw["delimiter"],
    )
    return without_guards(sheet) if raw["is_text"] else sheet


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files among the paths, and the readable ones in the folders among them, in natural order.

    Hidden files and a spreadsheet program's lock files are passed over; folders in folders are opened,
    links to folders are not.
    """
    found = [path for path in paths if not path.is_dir()]
    for folder in paths:
        if folder.is_dir():
            found += [file for file in folder.rglob("*") if _is_wanted(file.relative_to(folder), file)]
    return sorted(dict.fromkeys(found), key=_natural)


def _body(
    reader: FileReader, sheet: int, has_halves: bool, first: int, progress: Progress = silent
) -> pd.DataFrame:
    table = _from_halves(reader, first, progress) if has_halves else None
    if table is None:
        [table] = reader.ask(f"sheet {sheet}", [{"task": "body", "sheet": sheet, "first": first}], progress)
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=lambda kind: TEXT if pa.types.is_string(kind) else None
    )
    frame.columns = pd.RangeIndex(len(frame.columns))
    return frame


def _from_halves(reader: FileReader, first: int, progress: Progress) -> pa.Table | None:
    """Return the rows of a workbook's only sheet, read by two processes; None if they do not fit."""
    requests = [{"task": "half", "first": first, "which": which} for which in (0, 1)]
    above, below = reader.ask("halves", requests, progress)
    if above is None or below is None:
        return None
    # A row that only one of them has, or a type, makes them another table than the whole sheet is.
    middle = int(below.schema.metadata[b"row"])
    if first + len(above) + 1 != middle or not above.schema.equals(below.schema):
        return None
    return pa.concat_tables([above.replace_schema_metadata(), below.replace_schema_metadata()])


def _is_wanted(inside: Path, file: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in inside.parts)
    return not hidden and file.suffix[1:].lower() in SUFFIXES and file.is_file()


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", str(path).casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def without_guards(sheet: Sheet) -> Sheet:
    """Return a sheet of text as whoever wrote it meant it: what Loadlens guards, it reads as it was."""

    def body(first: int, progress: Progress = silent) -> pd.DataFrame:
        frame = sheet.body(first, progress)
        for name in frame.columns:
            if isinstance(frame[name].dtype, pd.StringDtype) and _has_apostrophe(frame[name]):
                frame[name] = frame[name].map(unguarded, na_action="ignore").astype(frame[name].dtype)
        return frame

    head = [[cell and unguarded(cell) for cell in row] for row in sheet.head]
    return replace(sheet, head=head, body=body)


def _has_apostrophe(cells: pd.Series) -> bool:
    found = pc.any(pc.match_substring(pa.array(cells, from_pandas=True), "'")).as_py()
    return bool(found)
