"""A table into a spreadsheet file: whole or not at all, and never a formula."""

import re
from collections.abc import Iterable, Mapping
from datetime import timezone
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from pandas.api.types import is_datetime64_any_dtype

from services.errors import LoadlensError
from services.messages import N_
from services.progress import Progress, silent
from services.whole_file import whole_file

_FORMULA = r"[\s\"']*[=+\-@＝＋－＠]"
"""What a spreadsheet program takes for the beginning of a formula; it passes over blanks."""
_START = r"(?:^|(?<=[;,|\t\r\n]))"
"""Where it begins a cell: a program that parts cells by semicolons does so within ours, quotation marks or
not."""
_CONTROL = r"^(?='*[\t\r\n])"
UNGUARDED = re.compile(rf"{_CONTROL}|{_START}(?={_FORMULA})")
GUARD = re.compile(rf"^'(?='*[\t\r\n])|{_START}'(?={_FORMULA})")
STAGE = N_("Writing the table")
XLSX_ROWS = 1_048_575
"""How many rows a sheet holds below its header."""
XLSX_LETTERS = 32_767
"""How many letters a cell of a sheet holds."""
CHUNK = 5_000
"""Rows between two reports of progress."""
DAY, MOMENT = 14, 22
"""Built-in formats of a workbook, which every spreadsheet program writes as its user's country does."""
FIRST_DAY = pd.Timestamp("1899-12-30")
"""Day 0 of a workbook."""
NARROWEST, WIDEST = 10, 48
"""Letters that a column has room for."""


class TableRefused(LoadlensError):
    """The table cannot be written where it was asked for."""


def write_table(frame: pd.DataFrame, path: Path, progress: Progress = silent) -> None:
    """Write one table as `write_tables` does."""
    write_tables({"Table": frame}, path, progress)


def write_tables(frames: Mapping[str, pd.DataFrame], path: Path, progress: Progress = silent) -> None:
    """Write the columns of frames as .csv or .xlsx, as the path's suffix says, each as the sheet it names.

    Text that a spreadsheet program would take for a formula stays text: in .xlsx by the cell's type, in
    .csv, which has no types, by an apostrophe before it, see `guarded`; there all text is quoted, and
    numbers are not. Times are ISO 8601 in .csv, aware ones with their
    offset; in .xlsx they are dates as the facility's clock shows them. An existing file is replaced once
    the new one is whole. Raises `TableRefused` for another suffix, a folder that cannot be written to, and
    more rows or sheets than the file can hold, and whatever ``progress`` raises.
    """
    write = {".csv": _write_csv, ".xlsx": _write_xlsx}.get(path.suffix.lower())
    if write is None:
        raise TableRefused("{file} is neither .csv nor .xlsx. Choose one of these endings.", file=path.name)
    rows = max(map(len, frames.values()))
    if write is _write_xlsx and rows > XLSX_ROWS:
        raise TableRefused(
            "{file} would need {rows} rows, more than a sheet holds. Choose the ending .csv.",
            file=path.name,
            rows=rows,
        )
    if write is _write_csv and len(frames) > 1:
        raise TableRefused(
            "{file} would need {sheets} sheets. Choose the ending .xlsx.", file=path.name, sheets=len(frames)
        )
    with whole_file(path, TableRefused) as draft, draft.open("xb") as file:
        write(frames, file, progress)


def _write_csv(frames: Mapping[str, pd.DataFrame], file: BinaryIO, progress: Progress) -> None:
    [frame] = frames.values()
    file.write(_csv_line([_csv_text(str(name)) for name in frame.columns]))
    whole_days = [_is_days(column) for _, column in frame.items()]
    for first in range(0, len(frame), CHUNK):
        progress(STAGE, first, len(frame))
        rows = frame.iloc[first : first + CHUNK]
        cells = [_csv_cells(rows.iloc[:, i], days) for i, days in enumerate(whole_days)]
        file.writelines(map(_csv_line, zip(*cells, strict=True)))


def _csv_line(cells: Iterable[str]) -> bytes:
    return f"{','.join(cells)}\n".encode()


def _csv_cells(column: pd.Series, days: bool) -> list[str]:
    """Return the cells as written: text quoted, numbers and times not, nothing where one is missing."""
    if is_datetime64_any_dtype(column.dtype):
        return _iso(column, days).fillna("").tolist()
    missing = column.isna().tolist()
    return [
        "" if gone else _csv_text(cell) if isinstance(cell, str) else str(cell)
        for cell, gone in zip(column.astype("object").tolist(), missing, strict=True)
    ]


def _csv_text(text: str) -> str:
    quoted = guarded(text).replace('"', '""')
    return f'"{quoted}"'


def _iso(moments: pd.Series, days: bool) -> pd.Series:
    """Return moments as ISO 8601 with a space, which spreadsheet programs take for a date; to the second."""
    local = moments.dt.tz_localize(None)
    written = np.datetime_as_string(local.to_numpy("datetime64[s]"), unit="D" if days else "s")
    text: pd.Series = pd.Series(np.char.replace(written, "T", " "), moments.index).where(moments.notna())
    if moments.dt.tz is None or days:
        return text
    offset = local - moments.dt.tz_convert("UTC").dt.tz_localize(None)
    signs = {
        delta: pd.Timestamp(0, tz=timezone(delta)).isoformat()[-6:] for delta in offset.dropna().unique()
    }
    text += offset.map(signs)
    return text


def guarded(text: str) -> str:
    """Return the text as a table without types holds it, .csv or the clipboard: never a formula.

    An apostrophe stands before what begins like a formula, at the start and behind whatever separates
    cells somewhere; `unguarded` takes exactly these out again.
    """
    return UNGUARDED.sub("'", text)


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return GUARD.sub("", text)


def is_formula_like(text: str) -> bool:
    """Return whether a spreadsheet program would take the text for a formula if somebody typed it."""
    return UNGUARDED.match(text) is not None


def _write_xlsx(frames: Mapping[str, pd.DataFrame], file: BinaryIO, progress: Progress) -> None:
    from xlsxwriter import Workbook  # takes a while, and most starts of the program write no workbook

    # Row by row to the disk: a million rows in memory would be gigabytes.
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with Workbook(file, options) as workbook:
        for name, frame in frames.items():
            _write_sheet(workbook, name, frame, progress)


def _write_sheet(workbook: Any, name: str, frame: pd.DataFrame, progress: Progress) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    # It stays text when someone edits the cell.
    formula_like = workbook.add_format({"quote_prefix": True})
    bold = workbook.add_format({"bold": True})
    formats = [workbook.add_format({"num_format": _number_format(column)}) for _, column in frame.items()]
    for place, title in enumerate(frame.columns):
        sheet.set_column(place, place, _width(str(title), frame.iloc[:100, place]))
        sheet.write_string(0, place, _printable(str(title)), bold)
    for first in range(0, len(frame), CHUNK):
        progress(STAGE, first, len(frame))
        rows = frame.iloc[first : first + CHUNK]
        cells = [_xlsx_cells(rows.iloc[:, i]) for i in range(len(formats))]
        for row, values in enumerate(zip(*cells, strict=True), start=first + 1):
            for place, value in enumerate(values):
                if isinstance(value, str):
                    shown = _printable(value)
                    form = formula_like if is_formula_like(shown) else None
                    sheet.write_string(row, place, shown, form)
                elif value is not None:
                    sheet.write(row, place, value, formats[place])


def _xlsx_cells(column: pd.Series) -> list[object]:
    """Return the cells, None where empty; moments as a workbook counts them, in days."""
    if is_datetime64_any_dtype(column.dtype):
        column = (column.dt.tz_localize(None) - FIRST_DAY) / pd.Timedelta(days=1)
    return column.astype("object").where(column.notna(), None).tolist()


def _number_format(column: pd.Series) -> int:
    if not is_datetime64_any_dtype(column.dtype):
        return 0
    return DAY if _is_days(column) else MOMENT


def _is_days(column: pd.Series) -> bool:
    """Return whether all of its moments are midnights."""
    return is_datetime64_any_dtype(column.dtype) and bool(
        (column.dropna() == column.dropna().dt.normalize()).all()
    )


def _width(name: str, column: pd.Series) -> int:
    longest = max([len(name), *(len(str(cell)) for cell in column)])
    return min(max(longest + 2, NARROWEST), WIDEST)


def _printable(text: str) -> str:
    """Return the text without control characters that a workbook cannot hold, at most a cell long."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:XLSX_LETTERS]
