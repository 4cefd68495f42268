"""A file's list of devices as columns of cells."""

from pathlib import Path

import pandas as pd

from services.devices.lists.headings import HEADINGS, fields_of
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.readings.interpretation import table
from services.readings.sources import Sheet, open_sheets

MOST_ROWS = 20_000


class ListRefused(LoadlensError):
    """The file holds no list of devices, or one that cannot be taken as it is."""


def read_list(path: Path, progress: Progress = silent) -> tuple[pd.DataFrame, dict[str, str]]:
    """The cells below the headings, a column a field, indexed by row; and each field's heading.

    Raises `ListRefused`, `FileRefused`, and whatever ``progress`` raises.
    """
    sheets = open_sheets(path, progress)
    for sheet in sheets:
        for header, row in enumerate(sheet.head):
            if fields := fields_of(row):
                return _below(sheet, header, fields), {f: str(row[c]).strip() for f, c in fields.items()}
    raise ListRefused(
        "{file} has no column that names devices. Its first row must hold the headings, one of them "
        "“{heading}”.",
        file=path.name,
        heading=HEADINGS["name"],
    )


def _below(sheet: Sheet, header: int, fields: dict[str, int]) -> pd.DataFrame:
    if sheet.rows > MOST_ROWS:
        raise ListRefused(
            "{file} has {rows} rows, more than a list of devices. Is it a file of readings? Import it on "
            "the import page.",
            file=sheet.path.name,
            rows=sheet.rows,
        )
    named = [str(number) for number in range(len(sheet.head[header]))]
    frame = table.without_blank_rows(table.below(sheet, header + 1, named))
    if frame.empty:
        raise ListRefused("{file} has headings, but no device below them.", file=sheet.path.name)
    return pd.DataFrame({field: frame[str(column)] for field, column in fields.items()})
