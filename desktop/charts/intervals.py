"""Where the intervals of readings begin and end on an axis of time."""

import numpy as np

from desktop.charts.axes import DAY, MONTH
from desktop.charts.pyramid import Floats

MEAN_MONTH = 30.44 * DAY


def edges(starts: Floats, alone: float = DAY) -> Floats:
    """Borders (float64[n + 1]) of intervals that begin at ``starts`` (float64[n], seconds, ascending).

    The last one is as long as the shortest, one ``alone`` as long as it is said to be; what is a month long
    or more ends with a calendar month.
    """
    if not len(starts):
        return np.empty(0)
    length = float(np.diff(starts).min()) if len(starts) > 1 else alone
    if length >= MONTH:
        last = np.array(starts[-1], dtype="datetime64[s]").astype("datetime64[M]")
        end = (last + round(length / MEAN_MONTH)).astype("datetime64[s]")
        return np.append(starts, end.astype(np.float64))
    return np.append(starts, starts[-1] + length)
