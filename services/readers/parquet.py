"""Read a Parquet file as a sheet below a line of its columns' names."""

from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from services.file_names import as_text
from services.readers import limits
from services.readers.columns import plain_table
from services.readers.sheet import HEAD_ROWS, FileRefused, RawSheet, trim_head

UNNAMED = "__index_level_"
"""How pandas begins the name of an index that has none."""


def open_parquet(path: Path) -> list[RawSheet]:
    """Return a file as its one sheet; raises `FileRefused`. Columns of lists and the like are passed over."""
    try:
        file = pq.ParquetFile(path)
        names = [of.name for of in file.schema_arrow if not pa.types.is_nested(of.type)]
        rows = file.metadata.num_rows
        groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
        if sum(group.total_byte_size for group in groups) > limits.ANSWER:
            raise limits.too_wordy(path)
        limits.check_cells(path, rows + 1, len(names))
        batch = next(file.iter_batches(HEAD_ROWS - 1, columns=names), None)
        first = plain_table(pa.table(batch) if batch is not None else file.schema_arrow.empty_table())
    except (FileRefused, MemoryError):
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise limits.unreadable(path, str(error).split("\n")[0]) from None
    headings = [None if name.startswith(UNNAMED) else name for name in names]
    cells = [[None if cell is None else str(cell) for cell in column.to_pylist()] for column in first.columns]
    head = trim_head([headings, *map(list, zip(*cells, strict=True))])
    return [RawSheet(as_text(path.name), head, rows + 1, partial(_body, path, names, headings))]


def _body(path: Path, names: list[str], headings: list[str | None], first: int) -> pa.Table:
    try:
        table = plain_table(pq.read_table(path, columns=names, use_threads=False))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise limits.unreadable(path, str(error).split("\n")[0]) from None
    if first > 0:
        return table.slice(first - 1)
    columns: list[Any] = [
        pa.chunked_array([pa.array([heading], pa.string()), *column.cast(pa.string()).chunks], pa.string())
        for heading, column in zip(headings, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names)
