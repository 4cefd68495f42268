"""A sheet of a file as the process that reads it holds it, and the refusal of a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.errors import LoadlensError

HEAD_ROWS = 60
"""A header is looked for among this many first rows."""
LONGEST_CELL = 32_767
"""Characters of a cell in the head: as many as a cell of a spreadsheet can have."""

Cells = list[list[str | None]]


class FileRefused(LoadlensError):
    """The file cannot be read as a table."""


@dataclass(frozen=True)
class LeftOut:
    """What a format says is no energy, or not another energy than that which is read."""

    name: str
    """Of the meter, register or file."""
    why: str
    """A key of `services.sheets.left_out.REASONS`."""
    unit: str = ""


HIDDEN = "hidden"
"""Why a sheet that its program does not show is left out."""


@dataclass(frozen=True)
class RawSheet:
    """A sheet's first rows, and how to read the others."""

    name: str
    head: Cells
    rows: int
    """How many rows there are, without empty ones at the end; not counted, how many at least."""
    body: Callable[[int], Any]
    """``body(n)``: all rows from the n-th (from 0) on as an Arrow table, whose columns are timestamp[us],
    timestamp[us, UTC], float64 or string."""
    epoch_1904: bool = False
    """Whether plain numbers that are dates count from 1904."""
    is_text: bool = False
    """Whether the file is text, in which Loadlens guards what a spreadsheet would take for a formula."""
    delimiter: str = ""
    """What stands between the cells of text."""
    is_described: bool = False
    """Whether each row says in full what it is, under the headings of `services.readers.series`."""
    left_out: tuple[LeftOut, ...] = ()
    """What the file holds beside its sheets that is not read; told with the first of them."""
    has_halves: bool = False
    """Whether it is long and the only one, so that two processes may read half of it each."""


def trim_head(head: Iterable[Sequence[str | None]]) -> Cells:
    """Return the rows without empty ones at their end, all as wide as the widest, long cells cut off."""
    rows = [[cell and cell[:LONGEST_CELL] for cell in row] for row in head]
    filled = [any(cell and not cell.isspace() for cell in row) for row in rows]
    last = max((n for n, is_filled in enumerate(filled) if is_filled), default=-1)
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[None] * (width - len(row))] for row in rows[: last + 1]]
