"""What is cumulated against a baseline: the field's CUSUM."""

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from services.dashboard.selection import MONDAY, Series
from services.local_times import Moments

YEAR = 365


def cusum(days: Moments, kwh: Floats, shown: Moments) -> Series:
    """Cumulate the kWh above (rising) or below (falling) the baseline, over the days that are shown.

    The baseline is what the same weekday of the same month took on average in the first year of the
    readings, or in their first half where they are of less than two years; of a month that is not in it,
    what the weekday took. ``days`` (datetime64[D]) and ``kwh`` (NaN where nothing was read) are all days
    that there are, from the first to the last reading; days without readings leave the sum as it was.
    """
    difference = kwh - _expected(days, kwh, min(YEAR, len(days) // 2))
    within = (days >= shown[0]) & (days <= shown[-1])
    return Series(days[within].astype("datetime64[s]"), np.cumsum(np.nan_to_num(difference[within])))


def _expected(days: Moments, kwh: Floats, length: int) -> Floats:
    weekday = (days - MONDAY).astype("intp") % 7
    kind = days.astype("datetime64[M]").astype("intp") % 12 * 7 + weekday
    of_kind = _means(kind[:length], kwh[:length], 12 * 7)[kind]
    of_weekday = _means(weekday[:length], kwh[:length], 7)[weekday]
    expected: Floats = np.where(np.isnan(of_kind), of_weekday, of_kind)
    return expected


def _means(groups: npt.NDArray[np.intp], kwh: Floats, count: int) -> Floats:
    read = ~np.isnan(kwh)
    sums = np.bincount(groups[read], kwh[read], count)
    counts = np.bincount(groups[read], minlength=count)
    means: Floats = np.divide(sums, counts, out=np.full(count, np.nan), where=counts > 0)
    return means
