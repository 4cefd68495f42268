"""Ever coarser extremes of a line, so that a million points are drawn as few as there are pixels."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Pyramid:
    """Least and greatest value of runs of 2, 4, 8… points; a stretch of any length is then a short slice.

    ``x`` (float64[n]) ascends without NaN; ``y`` (float64[n]) may hold NaN, which a run shows only if it
    holds nothing else. Built in one pass over the points, in about twice their memory.
    """

    def __init__(self, x: Floats, y: Floats) -> None:
        self.x, self.y = x, y
        self._levels: list[tuple[Floats, Floats]] = [(y, y)]
        while len(self._levels[-1][0]) > 1:
            low, high = self._levels[-1]
            self._levels.append((_halved(low, np.fmin), _halved(high, np.fmax)))

    def visible(self, left: float, right: float, most: int) -> tuple[Floats, Floats]:
        """What to draw from ``left`` to ``right`` and one point beyond each: the points themselves, or the
        two extremes of each of at most ``most`` + 2 runs."""
        first = max(int(np.searchsorted(self.x, left)) - 1, 0)
        last = min(int(np.searchsorted(self.x, right, side="right")) + 1, len(self.x))
        if last - first <= 2 * most:
            return self.x[first:last], self.y[first:last]
        level = int(np.ceil(np.log2((last - first) / most)))
        low, high = (values[first >> level : (last - 1 >> level) + 1] for values in self._levels[level])
        starts = self.x[first >> level << level : last : 1 << level]
        return np.repeat(starts, 2), np.column_stack((low, high)).ravel()


def _halved(values: Floats, extreme: np.ufunc) -> Floats:
    even = values if len(values) % 2 == 0 else np.append(values, np.nan)
    halved: Floats = extreme(even[::2], even[1::2])
    return halved
