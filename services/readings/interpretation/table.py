"""A sheet's cells below its header, under the names of its columns."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from services.readings.interpretation import cells
from services.readings.sources.sheet import Sheet


def below(sheet: Sheet, first: int, names: Sequence[str]) -> pd.DataFrame:
    """All rows from the ``first`` (0-based) on, indexed by row number as a spreadsheet program shows it."""
    frame = sheet.body(first)
    surplus = [f"Column {number}" for number in range(len(names) + 1, frame.shape[1] + 1)]
    named = frame.set_axis([*names, *surplus][: frame.shape[1]], axis=1)
    return named.set_axis(np.arange(first + 1, first + 1 + len(frame)), axis=0)


def without_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold something."""
    something = np.zeros(len(frame), dtype=bool)
    for name in frame.columns:
        if something.all():
            return frame
        something |= cells.filled(frame[name])
    return frame if something.all() else frame[something]
