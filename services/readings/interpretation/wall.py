"""The wall-clock times of a table's rows, from one column or two."""

import pandas as pd

from services.readings.interpretation import clock, times
from services.readings.interpretation.columns import ColumnMap


def wall_clock(frame: pd.DataFrame, column_map: ColumnMap, *, day_first: bool, epoch_1904: bool) -> pd.Series:
    """Times of the rows, naive or UTC; NaT where a row has none."""
    date = times.parse(frame[column_map.date], day_first=day_first, epoch_1904=epoch_1904)
    if not column_map.time:
        return date
    seconds = pd.to_timedelta(clock.parse(frame[column_map.time]), unit="s").astype("timedelta64[us]")
    wall: pd.Series = date.dt.normalize() + seconds
    return wall
