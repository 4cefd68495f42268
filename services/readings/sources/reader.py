"""A workbook read in a process of its own, run as a script by its path.

    reader.py survey FILE OUTPUT              every sheet's first rows and size, as JSON
    reader.py heads FILE OUTPUT               the same, but of long sheets no size
    reader.py body FILE OUTPUT SHEET FIRST    a sheet's rows from the FIRST (from 0) on, as an Arrow file

The workbook may be hostile: whatever it does to the library that reads it, it does it here. Nothing of
this program is imported, so that the process is up in a moment.
"""

import json
import logging
import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa

HEAD_ROWS = 60
SMALL = 4 * 2**20
"""A sheet whose XML has more bytes than this is surveyed by its first rows and its last."""
WINDOW = 4 * 2**20
LONGEST_REASON = 200
IN_FIRST_COLUMN = re.compile(rb'<c r="A\d+"[^>/]*><(?:v|is)>')
ROWS_END = b"</sheetData></worksheet>"


def survey(path: Path, counted: bool) -> list[dict[str, Any]]:
    """Name, first rows as text and number of rows of every sheet; not ``counted``, at least the first's."""
    workbook = fastexcel.read_excel(_shortened(path, counted) or path)
    return [_surveyed(workbook, name) for name in workbook.sheet_names]


def _surveyed(workbook: fastexcel.ExcelReader, name: str) -> dict[str, Any]:
    sheet = workbook.load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string", skip_whitespace_tail_rows=True
    )
    columns = [column.slice(0, HEAD_ROWS).to_pylist() for column in sheet.to_arrow().columns]
    return {"name": name, "rows": sheet.height, "head": list(zip(*columns, strict=True))}


def body(path: Path, name: str, first: int) -> pa.RecordBatch:
    """The rows from ``first`` on; a column of several types is text."""
    workbook = fastexcel.read_excel(path)
    options: dict[str, Any] = {
        "header_row": None,
        "skip_rows": first,
        "schema_sample_rows": None,
        "skip_whitespace_tail_rows": True,
    }
    try:
        return workbook.load_sheet(name, **options).to_arrow()
    except fastexcel.UnsupportedColumnTypeCombinationError:
        return workbook.load_sheet(name, dtypes="string", **options).to_arrow()


def _shortened(path: Path, counted: bool) -> bytes | None:
    """A copy of an .xlsx file whose long sheets have only their first rows, and the last one with a value.

    None if no sheet is long. Reading every row takes seconds, and nobody has asked for them yet.
    """
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as whole:
        parts = whole.infolist()
        long = {p.filename for p in parts if _is_sheet(p.filename) and p.file_size > SMALL}
        if not long:
            return None
        copy = BytesIO()
        with zipfile.ZipFile(copy, "w") as short:
            for part in parts:
                content = _ends(whole, part, counted) if part.filename in long else whole.read(part)
                short.writestr(part.filename, content)
    return copy.getvalue()


def _is_sheet(name: str) -> bool:
    return re.fullmatch(r"xl/worksheets/[^/]+\.xml", name) is not None


def _ends(whole: zipfile.ZipFile, part: zipfile.ZipInfo, counted: bool) -> bytes:
    """The XML of a sheet with its first rows and, to be ``counted``, the last one that has a value."""
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
    """The position after the so many first rows, or after the last if there are fewer; 0 if none."""
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


def main(task: str, path: str, output: str, *rest: str) -> None:
    """Do the task; what the library says against the file goes into ``output``.error."""
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    try:
        if task in ("survey", "heads"):
            found = survey(Path(path), counted=task == "survey")
            Path(output).write_text(json.dumps(found), encoding="utf-8")
            return
        batch = body(Path(path), rest[0], int(rest[1]))
        with pa.OSFile(output, "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
    except BaseException as error:  # a panic of the library is no Exception
        Path(f"{output}.error").write_text(f"{error}".split("\n")[0][:LONGEST_REASON], encoding="utf-8")
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
