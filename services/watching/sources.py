"""What is read of a file: the file, or a private copy of it where it lacks its own name or header."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from services.watching.writers import opened_file

BEGINNING, END = 1 << 16, 1 << 16
"""Bytes of an earlier file, in which its header and its last rows are looked for."""
SEPARATORS = b";\t,|"
VALUE = re.compile(rb'\s*"?[-+]?\d')


@contextmanager
def source_of(path: Path, original: str, beginning: bytes) -> Iterator[Path]:
    """The file to read under its ``original`` name, which may be a device's, and after a ``beginning``.

    Raises `OSError` where it cannot be opened.
    """
    if path.name == original and not beginning:
        yield path
        return
    with TemporaryDirectory(prefix="loadlens-") as private:
        copy = Path(private) / original
        with copy.open("xb") as target, opened_file(path) as descriptor:
            target.write(beginning)
            with os.fdopen(os.dup(descriptor), "rb") as file:
                shutil.copyfileobj(file, target)
        yield copy


def beginning_for(path: Path, earlier: Path) -> bytes:
    """The header and the last rows of an earlier file, where a file of text goes on after them.

    A logger that opens its file anew for each row begins another one when the first was moved away, and
    writes no header again. Empty where the file begins otherwise than with a row, or with a row of another
    width.
    """
    try:
        header = [line for line in _header(earlier) if line.strip()]
        first = _read(path, BEGINNING).partition(b"\n")[0]
    except OSError:
        return b""
    if not header or not _is_row(first) or _width(first, header[-1]) != _width(header[-1], header[-1]):
        return b""
    return b"".join([*header, *_last_rows(earlier)])


def _header(path: Path) -> list[bytes]:
    """The whole lines before the first row; none in what is no text of one byte a letter."""
    beginning = _read(path, BEGINNING)
    if b"\0" in beginning:
        return []
    lines = [line for line in beginning.splitlines(keepends=True) if line.endswith((b"\n", b"\r"))]
    place = next((place for place, line in enumerate(lines) if _is_row(line)), len(lines))
    return lines[:place]


def _last_rows(path: Path) -> list[bytes]:
    """Whole lines, by which the intervals and the order of day and month are known."""
    lines = _read(path, -END).splitlines(keepends=True)
    return [line for line in lines[len(lines) > 1 :] if line.endswith(b"\n") and _is_row(line)]


def _is_row(line: bytes) -> bool:
    """Whether at least half of the line's cells are numbers or times."""
    cells = re.split(rb"[;\t,|]", line)
    return 2 * sum(VALUE.match(cell) is not None for cell in cells) >= len(cells) > 1


def _width(line: bytes, header: bytes) -> int:
    """Cells in the line, by what parts those of the header."""
    separator = max(SEPARATORS, key=header.count)
    return line.count(separator)


def _read(path: Path, count: int) -> bytes:
    """The first bytes of a file, or the last of a negative count."""
    with opened_file(path) as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
        if count < 0:
            file.seek(max(0, os.fstat(descriptor).st_size + count))
        return file.read(abs(count))
