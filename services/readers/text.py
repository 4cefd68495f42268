"""Read delimited text (.csv, .tsv, .txt) as a sheet, its encoding and delimiter told by its content."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc

from services.file_names import as_text
from services.readers import limits
from services.readers.encodings import encoding_of
from services.readers.sheet import HEAD_ROWS, FileRefused, RawSheet, trim_head

DELIMITERS = "\t;|,"
"""The comma comes last: where two fit equally well, it may be the mark of decimals."""
LONGEST_LINE = 10**6
CHUNK_CELLS = 200_000
END = "\x1cend"
"""The line that follows the last one: it has a character that no text file may have."""


@dataclass(frozen=True)
class Text:
    """A file and how it is written."""

    path: Path
    encoding: str
    delimiter: str


def open_text(path: Path, counted: bool) -> list[RawSheet]:
    """Return a text file as its one sheet; raises `FileRefused`."""
    limits.check_size(path)
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        text = Text(path, encoding, _delimiter(list(islice(lines_of(file, path), HEAD_ROWS)), path))
    head = trim_head([cell or None for cell in row] for row in islice(_rows(text), HEAD_ROWS))
    if not head:
        raise FileRefused("{file} has no rows.", file=path.name)
    rows = _measured(text) if counted else len(head)
    return [
        RawSheet(
            as_text(path.name),
            head,
            rows,
            partial(_body, text, len(head[0])),
            is_text=True,
            delimiter=text.delimiter,
        )
    ]


def lines_of(file: TextIO, path: Path) -> Iterator[str]:
    """Yield the lines of a file; raises `FileRefused` for one that is too long to be of a table."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise FileRefused(
                "{file} is no table: a line of it has more than {limit} characters. "
                "Export it again with a line for every reading.",
                file=path.name,
                limit=LONGEST_LINE,
            )
        yield line


def _rows(text: Text) -> Iterator[list[Any]]:
    """Yield the rows of cells; raises `FileRefused` where the text is no table."""
    row: list[Any] = []
    number = 0
    try:
        with text.path.open(encoding=text.encoding, newline="") as file:
            lines = _as_values(lines_of(file, text.path), text.delimiter)
            for row in csv.reader(chain(lines, [END]), delimiter=text.delimiter):
                if row != [END]:
                    number += 1
                    yield row
    except (csv.Error, UnicodeError, OSError) as error:
        raise _no_table(text.path, f"row {number + 1}: {error}") from None
    if row != [END]:
        raise _no_table(text.path, f"row {number}: a quotation mark opens and none closes it")


def _as_values(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    """Yield lines whose cells of the form ``="00123"``, which keep a number's zeros, are plain text."""
    formula = re.compile(rf'(^|{re.escape(delimiter)})(?:="([^"]*)"|"=""([^"]*)""")')
    for line in lines:
        yield formula.sub(r'\1"\2\3"', line) if '="' in line else line


def _delimiter(lines: list[str], path: Path) -> str:
    """Return the delimiter that splits the most lines into the same number of cells, and the most cells."""
    if lines and (named := re.fullmatch(r'"?sep=(.)"?\s*', lines[0])):
        return named[1]
    found = {delimiter: _fit(lines, delimiter) for delimiter in DELIMITERS}
    best = max(found, key=lambda delimiter: found[delimiter])
    if not found[best]:
        raise FileRefused(
            "{file} is no table: its text has no columns parted by commas, semicolons or tabs. "
            "Choose an Excel, OpenDocument, CSV or Green Button file.",
            file=path.name,
        )
    return best


def _fit(lines: list[str], delimiter: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    except csv.Error:
        return 0
    # A single line with a comma in it is a title or a letter's first line.
    return max((width * count for width, count in widths.items() if width > 1 and count > 1), default=0)


def _measured(text: Text) -> int:
    """Return how many rows the text has, without empty ones at the end."""
    rows = width = 0
    for number, row in enumerate(_rows(text), start=1):
        if any(row):
            rows, width = number, max(width, len(row))
    limits.check_cells(text.path, rows, width)
    return rows


def _body(text: Text, width: int, first: int) -> pa.Table:
    """Return the rows from ``first`` on, at least ``width`` columns of text."""
    pieces: list[list[Any]] = []
    cells: list[str | None] = []
    filled = read = size = 0

    def settle() -> None:
        nonlocal size
        limits.check_cells(text.path, read, width)
        pieces.append([_column(cells[n::width]) for n in range(width)])
        cells.clear()
        size += sum(column.nbytes for column in pieces[-1])
        if size > limits.ANSWER:
            raise limits.too_wordy(text.path)

    for row in islice(_rows(text), first, None):
        if len(row) > width:
            settle()
            width = len(row)
        elif len(row) < width:
            row += [None] * (width - len(row))
        cells += row
        read += 1
        if any(row):
            filled = read
        if len(cells) >= CHUNK_CELLS:
            settle()
    settle()
    return _joined(pieces, width).slice(0, filled)


def _joined(pieces: list[list[Any]], width: int) -> pa.Table:
    """Return the pieces of a table one below the other; those that are narrower lack their last columns."""
    columns = [
        pa.chunked_array(
            [of[n] if n < len(of) else pa.nulls(len(of[0]), pa.string()) for of in pieces], pa.string()
        )
        for n in range(width)
    ]
    return pa.table(columns, names=[str(n) for n in range(width)])


def _column(cells: list[str | None]) -> Any:
    column = pa.array(cells, pa.string())
    return pc.if_else(pc.equal(column, ""), None, column) if "" in cells else column


def _no_table(path: Path, reason: object) -> FileRefused:
    return FileRefused(
        "{file} cannot be read as a table ({reason}). Check its quotation marks and export it again.",
        file=path.name,
        reason=reason,
    )
