"""Rows of cells that a reader has gathered, as a sheet."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from services.readers import limits
from services.readers.columns import EXACT
from services.readers.sheet import HEAD_ROWS, RawSheet, trim_head

Cell = str | float | int | bool | datetime | None


def sheet_of_rows(path: Path, name: str, rows: list[list[Cell]]) -> RawSheet:
    """Return the rows as a sheet; raises `FileRefused` where they are too many.

    A column of numbers alone is one of numbers, of times alone one of times, all others are text.
    """
    while rows and not any(_is_filled(cell) for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    limits.check_cells(path, len(rows), width)
    head = trim_head([None if cell is None else _text(cell) for cell in row] for row in rows[:HEAD_ROWS])
    width = max(width, len(head[0]) if head else 0)
    return RawSheet(name, head, len(rows), partial(_body, rows, width))


def _body(rows: list[list[Cell]], width: int, first: int) -> pa.Table:
    columns = [_column([row[n] if n < len(row) else None for row in rows[first:]]) for n in range(width)]
    return pa.table(columns, names=[str(n) for n in range(width)])


def _column(cells: Sequence[Cell]) -> Any:
    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds == {datetime}:
        zones = {cell.tzinfo is not None for cell in cells if isinstance(cell, datetime)}
        if len(zones) == 1:
            return pa.array(cells, pa.timestamp("us", "UTC" if zones.pop() else None))
    if kinds and kinds <= {int, float} and all(c is None or abs(c) < EXACT for c in cells):  # type: ignore[arg-type]
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())  # type: ignore[arg-type]
    return pa.array([_text(cell) or None if cell is not None else None for cell in cells], pa.string())


def _text(cell: Cell) -> str:
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def _is_filled(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace()))
