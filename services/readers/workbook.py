"""Read Excel and OpenDocument workbooks as sheets.

Formulas are not computed (a cell is what the file says it was when saved), links not followed, macros not
looked at.
"""

import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa

from services.file_names import is_text
from services.readers import limits
from services.readers.archive import SHEET, check_archive, counts_from_1904
from services.readers.columns import decimals_shown, plain_table, with_texts
from services.readers.sheet import HEAD_ROWS, HIDDEN, Cells, FileRefused, LeftOut, RawSheet, trim_head

OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LONG = 2 * 2**20
"""Bytes of a file whose only sheet two processes read: some 70,000 rows."""
SMALL = 4 * 2**20
"""A sheet whose XML has more bytes than this is surveyed by its first rows and its last."""
WINDOW = 4 * 2**20
LONGEST_REASON = 200
IN_FIRST_COLUMN = re.compile(rb'<c r="A\d+"[^>/]*><(?:v|is)>')
ROWS_END = b"</sheetData></worksheet>"
ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
"""What a spreadsheet program shows in a cell whose formula failed, by calamine's name for it."""
ERROR_CELL = re.compile(r"'Error\((\w+)\)'")
AT_LEAST: dict[str, Any] = {"header_row": None, "skip_whitespace_tail_rows": True}

logging.getLogger("fastexcel").setLevel(logging.ERROR)


def open_workbook(path: Path, counted: bool) -> list[RawSheet]:
    """Return every sheet of a workbook; raises `FileRefused`.

    Not ``counted``, long sheets tell only that they have at least as many rows as their head.
    """
    epoch_1904, halved, long = False, False, set[str]()
    if _is_ole(path):
        limits.check_size(path)
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            if content.find(ENCRYPTED) >= 0:
                raise limits.protected(path)
    else:
        parts = check_archive(path)
        epoch_1904 = counts_from_1904(path)
        pages = [part for part in parts if SHEET.fullmatch(part.filename)]
        long = {part.filename for part in pages if part.file_size > SMALL}
        halved = len(pages) == 1 and path.stat().st_size >= LONG
    try:
        # The library takes no name that is not text.
        whole = fastexcel.read_excel(path if is_text(path) else path.read_bytes())
        if len(whole.sheet_names) > limits.SHEETS:
            raise FileRefused(
                "{file} has {count} sheets, and {most} are read at most. Split it into several files.",
                file=path.name,
                count=len(whole.sheet_names),
                most=limits.SHEETS,
            )
        short = fastexcel.read_excel(_shortened(path, long, counted)) if long else whole
        heads = [_read_head(path, short, number) for number in range(len(whole.sheet_names))]
        shown = [number for number, head in enumerate(heads) if head.is_shown] or list(range(len(heads)))
        hidden = tuple(LeftOut(whole.sheet_names[n], HIDDEN) for n in range(len(heads)) if n not in shown)
        return [
            RawSheet(
                whole.sheet_names[number],
                heads[number].cells,
                heads[number].rows,
                body=partial(_read_body, path, whole, number),
                epoch_1904=epoch_1904,
                has_halves=halved,
                left_out=hidden if number == shown[0] else (),
            )
            for number in shown
        ]
    except (FileRefused, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise _unreadable(path, error) from None


def _is_ole(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(OLE)) == OLE


def _unreadable(path: Path, error: BaseException) -> FileRefused:
    reason = f"{error}".split("\n")[0][:LONGEST_REASON]
    return limits.protected(path) if "password" in reason.lower() else limits.unreadable(path, reason)


@dataclass(frozen=True)
class Head:
    """The first rows of a sheet as text, the number of all, and whether the program shows the sheet."""

    cells: Cells
    rows: int
    is_shown: bool


def _read_head(path: Path, workbook: fastexcel.ExcelReader, number: int) -> Head:
    sheet = workbook.load_sheet(number, skip_rows=0, dtypes="string", **AT_LEAST)
    limits.check_cells(path, sheet.height, sheet.width)
    batch, errors = sheet.to_arrow_with_errors()
    columns = [column.slice(0, HEAD_ROWS).to_pylist() for column in batch.columns]
    for row, column, text in _error_cells(errors):
        if row < HEAD_ROWS:
            columns[column][row] = text
    return Head(trim_head(zip(*columns, strict=True)), sheet.height, sheet.visible == "visible")


def _read_body(path: Path, workbook: fastexcel.ExcelReader, number: int, first: int) -> pa.Table:
    """Return the rows from ``first`` on; a column of several types is text, also one with cells of errors."""
    load = partial(workbook.load_sheet, number, skip_rows=first, schema_sample_rows=None, **AT_LEAST)
    try:
        return plain_table(_loaded(path, load))
    except (FileRefused, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise _unreadable(path, error) from None


def _loaded(path: Path, load: Any) -> pa.RecordBatch:
    try:
        sheet = load()
    except fastexcel.UnsupportedColumnTypeCombinationError:
        sheet = load(dtypes="string")
    except fastexcel.CalamineCellError:
        return _with_errors(path, load)
    limits.check_cells(path, sheet.height, sheet.width)
    return sheet.to_arrow()


def _with_errors(path: Path, load: Any) -> pa.RecordBatch:
    """Return the rows of a sheet with errors such as #NAME? in cells: these as text, in columns of text."""
    _, errors = load(dtypes="string").to_arrow_with_errors()
    broken = {column for _, column, _ in _error_cells(errors)}
    try:
        sheet = load(dtypes=dict.fromkeys(broken, "string"))
    except fastexcel.UnsupportedColumnTypeCombinationError:
        sheet = load(dtypes="string")
    limits.check_cells(path, sheet.height, sheet.width)
    batch, errors = sheet.to_arrow_with_errors()
    texts: dict[int, dict[int, str]] = {}
    for row, column, text in _error_cells(errors):
        texts.setdefault(column, {})[row] = text
    columns = [
        with_texts(decimals_shown(column), texts[number]) if number in texts else column
        for number, column in enumerate(batch.columns)
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _error_cells(errors: fastexcel.CellErrors | None) -> Iterator[tuple[int, int, str]]:
    """Yield row and column (from 0, the first row loaded) of each cell with an error, and its text."""
    for error in errors.errors if errors else ():
        if found := ERROR_CELL.search(error.detail):
            row, column = error.offset_position
            yield row, column, ERRORS.get(found[1], "#ERROR!")


def _shortened(path: Path, long: set[str], counted: bool) -> bytes:
    """Return a copy of an .xlsx file whose long sheets have only their first rows and the last with a value.

    Reading every row takes seconds, and nobody has asked for them yet.
    """
    with zipfile.ZipFile(path) as whole:
        copy = BytesIO()
        with zipfile.ZipFile(copy, "w") as short:
            for part in whole.infolist():
                content = _ends(whole, part, counted) if part.filename in long else whole.read(part)
                short.writestr(part.filename, content)
    return copy.getvalue()


def _ends(whole: zipfile.ZipFile, part: zipfile.ZipInfo, counted: bool) -> bytes:
    """Return the XML of a sheet with its first rows and, to be ``counted``, the last one that has a value."""
    with whole.open(part) as file:
        head = file.read(SMALL)
        while head.count(b"</row>") < HEAD_ROWS and (more := file.read(SMALL)):
            head += more
        cut = _after_rows(head, HEAD_ROWS)
        # A sheet begins with its first column that has a cell, wherever that cell is.
        if not IN_FIRST_COLUMN.search(head, 0, cut):
            return head + file.read()
        if not counted:
            return head[:cut] + ROWS_END
        last = window = head[cut:]
        while more := file.read(WINDOW):
            window = window[-WINDOW:] + more
            # Rows that are only formatted stand below the last value by the million.
            if _value_end(more) >= 0:
                last = window
    return head[:cut] + _last_row(last) + ROWS_END


def _after_rows(xml: bytes, number: int) -> int:
    """Return the position after the so many first rows, or after the last if there are fewer; 0 if none."""
    position = 0
    for _ in range(number):
        end = xml.find(b"</row>", position)
        if end < 0:
            break
        position = end + len(b"</row>")
    return position


def _last_row(xml: bytes) -> bytes:
    value = _value_end(xml)
    start = xml.rfind(b"<row", 0, max(value, 0))
    end = xml.find(b"</row>", value)
    return xml[start : end + len(b"</row>")] if value >= 0 and start >= 0 and end >= 0 else b""


def _value_end(xml: bytes) -> int:
    return max(xml.rfind(b"</v>"), xml.rfind(b"</is>"))
