"""Delimited text (.csv, .tsv, .txt) as a sheet, its encoding and delimiter told by its content."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

import pandas as pd

from services.progress import Progress, silent
from services.readings.sources import limits
from services.readings.sources.encoding import encoding_of
from services.readings.sources.sheet import HEAD_ROWS, Cells, FileRefused, Sheet, trimmed

DELIMITERS = "\t;|,"
"""The comma comes last: where two fit equally well, it may be the mark of decimals."""
LONGEST_LINE = 10**6
WIDEST = 16_384
MOST_CELLS = 30_000_000
CHUNK_CELLS = 120_000
"""Few enough that the window answers in between: the interpreter is held while text is made."""
CHUNK_ROWS = 20_000


def open_text(path: Path, progress: Progress = silent) -> list[Sheet]:
    """A text file as its one sheet; raises `FileRefused`."""
    limits.check_plain(path)
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(list(islice(_lines(file, path), HEAD_ROWS)), path)
        file.seek(0)
        try:
            head: Cells = [
                [cell or None for cell in row]
                for row in islice(csv.reader(_lines(file, path), delimiter=delimiter), HEAD_ROWS)
            ]
        except csv.Error as error:
            raise _no_table(path, error) from None
    head = trimmed(head)
    if not head:
        raise FileRefused("{file} has no rows.", file=path.name)
    rows, width = _measured(path, encoding, delimiter, progress)
    body = partial(_body, path, encoding, delimiter, width)
    return [Sheet(path, path.name, head, rows, epoch_1904=False, body=body)]


def _lines(file: TextIO, path: Path) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise FileRefused(
                "{file} is no table: a line of it has more than {limit} characters. "
                "Export it again with a line for every reading.",
                file=path.name,
                limit=LONGEST_LINE,
            )
        yield line


def _delimiter(lines: list[str], path: Path) -> str:
    """The delimiter that parts the most lines into the same number of cells, and into the most cells."""
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


def _measured(path: Path, encoding: str, delimiter: str, progress: Progress) -> tuple[int, int]:
    """How many rows the text has, without empty ones at the end, and how wide the widest is."""
    rows = width = number = 0
    with path.open(encoding=encoding, newline="") as file:
        try:
            for number, row in enumerate(csv.reader(_lines(file, path), delimiter=delimiter), start=1):
                if any(row):
                    rows, width = number, max(width, len(row))
                if number % CHUNK_ROWS == 0:
                    progress("Reading the file", 0, 1)
        except csv.Error as error:
            raise _no_table(path, f"row {number + 1}: {error}") from None
    if width > WIDEST or width * rows > MOST_CELLS:
        raise FileRefused(
            "{file} is too large a table: {rows} rows, the widest of {width} cells. "
            "Split it into several files.",
            file=path.name,
            rows=rows,
            width=width,
        )
    return rows, width


def _body(
    path: Path, encoding: str, delimiter: str, width: int, first: int, progress: Progress = silent
) -> pd.DataFrame:
    size = path.stat().st_size
    try:
        with (
            path.open("rb") as file,
            pd.read_csv(
                file,
                encoding=encoding,
                sep=delimiter,
                header=None,
                names=range(width),
                skiprows=first,
                dtype="str",
                index_col=False,
                skip_blank_lines=False,
                keep_default_na=False,
                na_values=[""],
                chunksize=max(1, CHUNK_CELLS // width),
            ) as chunks,
        ):
            read = []
            for chunk in chunks:
                read.append(chunk)
                progress("Reading the file", min(file.tell(), size), size)
    except pd.errors.EmptyDataError:
        return pd.DataFrame(columns=range(width), dtype="str")
    except (pd.errors.ParserError, UnicodeError, OSError) as error:
        raise _no_table(path, error) from None
    return _without_empty_end(pd.concat(read, ignore_index=True))


def _without_empty_end(frame: pd.DataFrame) -> pd.DataFrame:
    filled = frame.notna().any(axis=1).to_numpy().nonzero()[0]
    return frame.iloc[: filled[-1] + 1 if len(filled) else 0]


def _no_table(path: Path, reason: object) -> FileRefused:
    return FileRefused(
        "{file} cannot be read as a table ({reason}). Check its quotation marks and export it again.",
        file=path.name,
        reason=reason,
    )
