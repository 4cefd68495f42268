"""Check the zip archive that a workbook is before anything is unpacked, and read half of a long sheet."""

import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from shutil import copyfileobj
from typing import IO

import fastexcel
import pyarrow as pa

from services.readers import limits
from services.readers.columns import plain_table
from services.readers.sheet import FileRefused

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What spreadsheet programs use. Others pack a gigabyte into a kilobyte, and unpack into memory."""
ENCRYPTED = 1
WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
PROLOG = 4096
LOCAL_HEADER = 30
"""Bytes before the name of a part, where its content begins."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def check_archive(path: Path) -> list[zipfile.ZipInfo]:
    """Return the parts of a workbook. Raises `FileRefused` for what is none, or is built to harm."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_parts(path, archive)
            _check_declarations(path, archive)
            return archive.infolist()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise limits.damaged(path) from None


def counts_from_1904(path: Path) -> bool:
    """Return whether the workbook says that its dates do."""
    with zipfile.ZipFile(path) as archive:
        return DATE_1904.search(_start(archive, "xl/workbook.xml", 2**20)) is not None


def check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise `FileRefused` for an archive that is protected or built to harm."""
    parts = archive.infolist()
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise limits.protected(path)
    size = sum(part.file_size for part in parts)
    if size > limits.UNPACKED or len(parts) > limits.PARTS:
        raise FileRefused(
            "{file} would unpack to {parts} files of {size} million bytes, more than any meter export. "
            "If it is one, split it or export it as CSV.",
            file=path.name,
            parts=len(parts),
            size=size // 10**6,
        )
    for part in parts:
        if part.compress_type not in METHODS:
            raise FileRefused(
                "{file} is not read: its part {part} is packed in a way that no spreadsheet program uses. "
                "Open it in a spreadsheet program and save it anew.",
                file=path.name,
                part=part.filename,
            )
    if len({part.filename for part in parts}) < len(parts) or _overlap(archive):
        raise FileRefused(
            "{file} is not read: parts of it have the same name or lie over each other, as no spreadsheet "
            "program writes them. Open it in a spreadsheet program and save it anew.",
            file=path.name,
        )


def _overlap(archive: zipfile.ZipFile) -> bool:
    """Return whether parts share bytes, by which a small archive unpacks into a huge one."""
    parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    ends = [part.header_offset + LOCAL_HEADER + part.compress_size for part in parts]
    return any(end > later.header_offset for end, (_, later) in zip(ends, pairwise(parts), strict=False)) or (
        bool(ends) and ends[-1] > archive.start_dir
    )


def _check_declarations(path: Path, archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _start(archive, name, PROLOG):
            raise FileRefused(
                "{file} is not read: its part {part} declares entities of its own, which no meter export "
                "does. Export it again.",
                file=path.name,
                part=name,
            )
    if b"encryption-data" in _start(archive, "META-INF/manifest.xml", 2**20):
        raise limits.protected(path)


def _start(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """Return the first bytes of a part, none if it is not there."""
    try:
        part = archive.open(name)
    except KeyError:
        return b""
    with part:
        return part.read(size)


BEGINNING, END_OF_ROW, ROWS_END = b"<sheetData>", b"</row>", b"</sheetData></worksheet>"
FIRST_CELL = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*><c r="A\d+"')
"""A row whose first cell stands in the first column: there the columns of both halves begin."""
CHUNK = 2**20


class Unsuited(Exception):
    """The workbook has to be read whole."""


def read_half(path: Path, first: int, which: int) -> pa.Table | None:
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
    """Return a file that is gone with this process, and a name by which it can be opened meanwhile."""
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
