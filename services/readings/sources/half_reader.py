"""One half of a long sheet of an .xlsx file, read in a process of its own, run as a script by its path.

    half_reader.py half FILE OUTPUT FIRST WHICH    the rows from the FIRST (from 0) to the middle (WHICH 0),
                                                   or from there to the end (1), as an Arrow file

Two processors read a sheet in little more than half the time. There is no output where a workbook cannot be
told to fall apart into halves that are read as the whole is. The Arrow file's metadata says the number of
the half's first row, from 1.
"""

import re
import sys
import zipfile
from pathlib import Path
from shutil import copyfileobj
from typing import IO

import fastexcel
import pyarrow as pa

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
BEGINNING, END_OF_ROW, ROWS_END = b"<sheetData>", b"</row>", b"</sheetData></worksheet>"
FIRST_CELL = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*><c r="A\d+"')
"""A row whose first cell stands in the first column: there the columns of both halves begin."""
CHUNK = 2**20


class Unsuited(Exception):
    """The workbook has to be read whole."""


def half(path: Path, copy: Path, first: int, which: int) -> pa.RecordBatch:
    """The rows of one half of the only sheet; ``copy`` becomes a workbook that has no others."""
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copy, "w") as halved:
        sheets = [part for part in whole.infolist() if SHEET.fullmatch(part.filename)]
        if len(sheets) != 1:
            raise Unsuited
        for part in whole.infolist():
            if part is not sheets[0]:
                halved.writestr(part.filename, whole.read(part))
        with whole.open(sheets[0]) as rows, halved.open(sheets[0].filename, "w", force_zip64=True) as rest:
            row = _write_half(rows, sheets[0].file_size // 2, which, rest)
    sheet = fastexcel.read_excel(copy).load_sheet(
        0,
        header_row=None,
        skip_rows=row - 1 if which else first,
        schema_sample_rows=None,
        skip_whitespace_tail_rows=bool(which),
    )
    return sheet.to_arrow().replace_schema_metadata({"row": str(row)})


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


def main(_task: str, path: str, output: str, first: str, which: str) -> None:
    """Leave the half in ``output``, if there is one."""
    try:
        batch = half(Path(path), Path(f"{output}.xlsx"), int(first), int(which))
    except BaseException:  # a panic of the library is no Exception; whoever reads the whole will tell why
        return
    with pa.OSFile(output, "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)


if __name__ == "__main__":
    main(*sys.argv[1:])
