"""A frame into a spreadsheet file: whole or not at all, and never a formula."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from services.errors import LoadlensError
from services.whole_file import whole_file

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX_ROWS = 1_048_575
"""How many rows a sheet holds below its header."""


class TableRefused(LoadlensError):
    """The table cannot be written where it was asked for."""


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write the columns of a frame as .csv or .xlsx, as the path's suffix says; naive times only.

    Text that a spreadsheet program would take for a formula stays text: in .xlsx by the cell's type, in
    .csv, which has no types, by an apostrophe before it. An existing file is replaced once the new one
    is whole. Raises `TableRefused` for another suffix, a folder that cannot be written to, and more rows
    than a sheet holds.
    """
    write = {".csv": _write_csv, ".xlsx": _write_xlsx}.get(path.suffix.lower())
    if write is None:
        raise TableRefused("{file} is neither .csv nor .xlsx. Choose one of these endings.", file=path.name)
    if write is _write_xlsx and len(frame) > XLSX_ROWS:
        raise TableRefused(
            "{file} would need {rows} rows, more than a sheet holds. Choose the ending .csv.",
            file=path.name,
            rows=len(frame),
        )
    with whole_file(path, TableRefused) as draft, draft.open("xb") as file:
        write(frame, file)


def _write_csv(frame: pd.DataFrame, file: BinaryIO) -> None:
    _with_text(frame, _quoted).rename(columns=_quoted).to_csv(file, index=False, lineterminator="\n")


def _write_xlsx(frame: pd.DataFrame, file: BinaryIO) -> None:
    with pd.ExcelWriter(file, engine="openpyxl") as workbook:
        _with_text(frame, _printable).rename(columns=_printable).to_excel(workbook, index=False)
        for row in workbook.book.active.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
                    cell.data_type = "s"
                    # It stays text when someone edits the cell.
                    cell.quotePrefix = True


def _with_text(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """The frame with every text in its cells changed."""
    changed = frame.copy()
    for name in frame.select_dtypes(["object", "str"]).columns:
        changed[name] = frame[name].map(lambda cell: change(cell) if isinstance(cell, str) else cell)
    return changed


def _quoted(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _printable(text: str) -> str:
    """The text without the control characters that a workbook cannot hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
