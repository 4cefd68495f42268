"""Half of a long sheet of an .xlsx file: two processes read both in little more than half the time."""

import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import IO

import fastexcel
import pyarrow as pa

from services.readers import limits
from services.readers.archive import SHEET
from services.readers.columns import plain_table

BEGINNING, END_OF_ROW, ROWS_END = b"<sheetData>", b"</row>", b"</sheetData></worksheet>"
FIRST_CELL = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*><c r="A\d+"')
"""A row whose first cell stands in the first column: there the columns of both halves begin."""
CHUNK = 2**20


class Unsuited(Exception):
    """The workbook has to be read whole."""


def half(path: Path, first: int, which: int) -> pa.Table | None:
    """Return the rows from the ``first`` (from 0) to the middle (0), or from there to the end (1).

    None where a workbook cannot be told to fall apart into halves that are read as the whole is. The
    schema's metadata says the number of the half's first row, from 1.
    """
    try:
        # The system forgets the copy when this process ends, however it does.
        with _unnamed_file() as (copy, name):
            row = _write_copy(path, copy, which)
            sheet = fastexcel.read_excel(name).load_sheet(
                0,
                header_row=None,
                skip_rows=row - 1 if which else first,
                schema_sample_rows=None,
                skip_whitespace_tail_rows=bool(which),
            )
            limits.check_cells(path, sheet.height, sheet.width)
            return plain_table(sheet.to_arrow()).replace_schema_metadata({"row": str(row)})
    except BaseException:  # a panic of the library is no Exception; whoever reads the whole will tell why
        return None


@contextmanager
def _unnamed_file() -> Iterator[tuple[IO[bytes], str]]:
    """A file that is gone with this process, and a name by which it can be opened meanwhile."""
    if os.name == "nt":
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            yield file, file.name
    else:
        with tempfile.TemporaryFile() as file:
            yield file, f"/dev/fd/{file.fileno()}"


def _write_copy(path: Path, copy: IO[bytes], which: int) -> int:
    """Write the workbook with half of its only sheet; return the number of the half's first row, from 1."""
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copy, "w") as halved:
        sheets = [part for part in whole.infolist() if SHEET.fullmatch(part.filename)]
        if len(sheets) != 1:
            raise Unsuited
        for part in whole.infolist():
            if part is not sheets[0]:
                halved.writestr(part.filename, whole.read(part))
        with whole.open(sheets[0]) as rows, halved.open(sheets[0].filename, "w", force_zip64=True) as rest:
            row = _write_half(rows, sheets[0].file_size // 2, which, rest)
    copy.flush()
    copy.seek(0)
    return row


def _write_half(xml: IO[bytes], middle: int, which: int, half: IO[bytes]) -> int:
    """Write the XML of one half of a sheet, which ends with a row; the number of the second half's first."""
    head = xml.read(CHUNK)
    begin = head.find(BEGINNING) + len(BEGINNING)
    if begin < len(BEGINNING):
        raise Unsuited
    row = _first_row(head[begin:])
    if which == 0:
        half.write(head)
    for _ in range(CHUNK, middle, CHUNK):
        chunk = xml.read(CHUNK)
        if which == 0:
            half.write(chunk)
    seam = xml.read(CHUNK)
    cut = seam.find(END_OF_ROW) + len(END_OF_ROW)
    if cut < len(END_OF_ROW):
        raise Unsuited
    if which == 0:
        half.write(seam[:cut] + ROWS_END)
    else:
        seam += xml.read(CHUNK)
        row = _first_row(seam[cut:])
        half.write(head[:begin] + seam[cut:])
        copyfileobj(xml, half, CHUNK)
    return row


def _first_row(xml: bytes) -> int:
    found = FIRST_CELL.match(xml)
    if not found:
        raise Unsuited
    return int(found[1])
