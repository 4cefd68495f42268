"""Quantiles of many columns at once where some values are missing."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def quantile(values: Values, share: float) -> Values:
    """The quantile (0..1) of each column's values that are not NaN, between neighbours by proportion.

    NaN for a column without values. As `numpy.nanquantile`, which takes a call for each column.
    """
    ordered = np.sort(values, axis=0)  # NaN last
    last = np.count_nonzero(~np.isnan(values), axis=0) - 1
    place = share * np.maximum(last, 0)
    below = place.astype("intp")
    column = np.arange(values.shape[1])
    low = ordered[below, column]
    high = ordered[np.minimum(below + 1, np.maximum(last, 0)), column]
    between: Values = low + (high - low) * (place - below)
    return between
