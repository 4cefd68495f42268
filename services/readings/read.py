"""A spreadsheet file as a table of raw cells under its header."""

import csv
import logging
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import fastexcel
import pandas as pd
import pyarrow as pa

from services.readings.columns import map_columns
from services.readings.sources import FileRefused

# It tells the user's terminal of every column without cells.
logging.getLogger("fastexcel").setLevel(logging.ERROR)

HEAD_ROWS = 50
"""A header is looked for among this many first rows."""

Cells = list[list[str | None]]


@dataclass(frozen=True)
class Table:
    """One sheet of a file: the cells below its header, typed as the file types them or as text."""

    path: Path
    sheet: str
    header_row: int
    """The header's row number as a spreadsheet program shows it, from 1."""
    frame: pd.DataFrame

    @property
    def columns(self) -> list[str]:
        """The headers, from left to right; each stands once."""
        return list(self.frame.columns)

    def row_number(self, position: int) -> int:
        """The row number, as a spreadsheet program shows it, of the frame's row at ``position``."""
        return self.header_row + 1 + position


def open_table(path: Path) -> Table:
    """Read the sheet of a spreadsheet or text file that looks most like meter readings.

    What the file is, is told by its content, whatever its name ends with. Raises `FileRefused`.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(8)
    except OSError as error:
        raise FileRefused(
            "{file} cannot be opened: {reason}.", file=path.name, reason=error.strerror
        ) from None
    if not beginning:
        raise FileRefused("{file} is empty.", file=path.name)
    if beginning.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _open_workbook(path)
    return _open_text(path)


def _open_workbook(path: Path) -> Table:
    try:
        workbook = fastexcel.read_excel(path)
        names = workbook.sheet_names
        heads = {name: _head(workbook, name) for name in names}
        sheet = max(names, key=lambda name: _likeness(heads[name]))
        header, columns = _header(heads[sheet], path)
        # The width of the whole sheet, which rows below the first ones may widen.
        body = workbook.load_sheet(sheet, header_row=None, skip_rows=header + 1, schema_sample_rows=None)
        frame = body.to_arrow().to_pandas(types_mapper=_text_type)
    except fastexcel.FastExcelError as error:
        raise FileRefused(
            "{file} cannot be read as a spreadsheet: it is damaged, protected by a password or of another "
            "kind ({reason}). Open it in a spreadsheet program and save it as .xlsx.",
            file=path.name,
            reason=str(error).splitlines()[0],
        ) from None
    return Table(path, sheet, header + 1, _named(frame, columns))


def _head(workbook: fastexcel.ExcelReader, name: str) -> Cells:
    sheet = workbook.load_sheet(
        name, header_row=None, n_rows=HEAD_ROWS, dtypes="string", skip_whitespace_tail_rows=True
    )
    columns = [column.to_pylist() for column in sheet.to_arrow().columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _text_type(kind: pa.DataType) -> Any:
    return pd.StringDtype("pyarrow", na_value=float("nan")) if pa.types.is_string(kind) else None


def _open_text(path: Path) -> Table:
    text = _decoded(path)
    try:
        delimiter = csv.Sniffer().sniff("\n".join(text.splitlines()[:HEAD_ROWS]), ",;\t|").delimiter
    except csv.Error:
        raise FileRefused(
            "{file} is no spreadsheet: its text has no columns parted by commas, semicolons or tabs. "
            "Choose an Excel, OpenDocument or CSV file.",
            file=path.name,
        ) from None
    head: Cells = [
        [c or None for c in row] for row in csv.reader(text.splitlines()[:HEAD_ROWS], delimiter=delimiter)
    ]
    header, columns = _header(head, path)
    try:
        frame = pd.read_csv(
            StringIO(text),
            sep=delimiter,
            header=None,
            names=range(len(columns)),
            skiprows=header + 1,
            dtype="str",
            index_col=False,
            skip_blank_lines=False,
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FileRefused(
            "{file} cannot be read as a table: {reason}. Check that every line has the same columns.",
            file=path.name,
            reason=error,
        ) from None
    return Table(path, path.name, header + 1, _named(frame, columns))


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused("{file} is no spreadsheet. Choose an Excel, OpenDocument or CSV file.", file=path.name)


def _header(head: Cells, path: Path) -> tuple[int, list[str]]:
    """Position (from 0) and names of the header: the row that names most fields, else the fullest one."""
    if not any(any(row) for row in head):
        raise FileRefused("{file} has no rows.", file=path.name)
    best = max(range(len(head)), key=lambda i: (_named_fields(head[i]), sum(map(bool, head[i]))))
    return best, _distinct([(cell or "").strip() for cell in head[best]])


def _likeness(head: Cells) -> int:
    return max(map(_named_fields, head), default=0)


def _named_fields(row: list[str | None]) -> int:
    return len(map_columns([cell for cell in row if cell]).chosen())


def _distinct(headers: list[str]) -> list[str]:
    names: list[str] = []
    for position, header in enumerate(headers, start=1):
        name = header or f"Column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return names


def _named(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    surplus = [f"Column {n}" for n in range(len(columns) + 1, frame.shape[1] + 1)]
    frame.columns = pd.Index([*columns, *surplus][: frame.shape[1]])
    return frame
