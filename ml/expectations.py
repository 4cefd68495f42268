"""What one meter was expected to use, reading by reading, as the search for anomalies expects it."""

import numpy as np
import pandas as pd

from ml.days_off import days_off
from ml.load_grid import DAY, MINUTE, Floats, grids, in_order
from ml.load_profile import profile


def expected(readings: pd.DataFrame, country: str | None = None) -> Floats:
    """kWh, for each of one meter's readings (date, local and aware; consumption) in their order.

    NaN where too little was known before it, and throughout without interval data. Raises
    `days_off.CountryUnknown`.
    """
    found = np.full(len(readings), np.nan)
    meters = in_order(readings.assign(device=""))
    if not (len(meters.names) and MINUTE <= meters.intervals[0] <= DAY):
        return found
    for _, grid in grids(meters, np.zeros(1, np.int64)):
        days = (grid.monday[0] + np.arange(grid.kwh.shape[1])).astype("datetime64[D]")
        past = profile(grid, days_off(pd.DatetimeIndex(days), country)[None])
        found[meters.rows[grid.rows]] = past.expected.ravel()[grid.cells]
    return found
