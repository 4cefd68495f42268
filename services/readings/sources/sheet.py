"""A sheet of raw cells, as every kind of file is read into."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from services.readers.sheet import HEAD_ROWS, Cells, FileRefused

__all__ = ["HEAD_ROWS", "Cells", "FileRefused", "Sheet"]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, its first rows at hand and all others read on demand."""

    path: Path
    name: str
    """The sheet's name; the file's name for text."""
    head: Cells
    """The first `HEAD_ROWS` rows as text, all of one width."""
    rows: int
    """How many rows there are, without empty ones at the end; not counted, how many at least."""
    epoch_1904: bool
    """Whether plain numbers that are dates count from 1904."""
    body: Callable[..., pd.DataFrame]
    """``body(n, progress=silent)``: all rows from the n-th (from 0) on; raises `FileRefused`.

    Columns are named 0 to width - 1, and are as many as the head's or more; a workbook's begin with the
    first that has a cell. The index counts from 0.
    A column is typed as the file types all of its cells (datetime64[us], datetime64[us, UTC], float64),
    else it is text (pandas ``str``), missing where a cell is empty. ``progress`` may raise at any time.
    """
