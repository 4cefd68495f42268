"""Tell which meters are watched, and why others are not."""

from typing import Literal

import numpy as np

from ml.arrays import Floats, Ints
from ml.detection import bills
from ml.detection.grid import DAY, MINUTE

HISTORY = 14 * DAY
"""A meter with less (microseconds) is left alone."""
BOTH_WAYS = 0.1
"""Of what is above and below zero for this part each, no level is usual."""

SMALL = 0.5
"""A meter of fewer kWh a week has no event that concerns anybody."""

Reason = Literal["", "interval", "short", "nothing", "small", "both_ways"]
"""Why a meter is not watched: nobody knows how long a reading lasts, or it is too short; there are too few
readings; all are zero, or next to it; they are above and below zero. Empty where it is watched."""


def reason(interval: int, span: int, above: float, below: float) -> Reason:
    """Return why a meter is not watched, by its usual interval, what its readings span, and their kWh.

    ``interval`` and ``span`` in microseconds, from the first reading's begin to the last one's; ``above`` and
    ``below`` the sums above and below zero, both positive.
    """
    if interval < MINUTE:
        return "interval"
    if span < (bills.least_history(interval) if interval > DAY else HISTORY):
        return "short"
    if above + below == 0:
        return "nothing"
    if above + below < SMALL * span / (7 * DAY):
        return "small"
    return "both_ways" if min(above, below) > BOTH_WAYS * (above + below) else ""


def reasons(intervals: Ints, spans: Ints, above: Floats, below: Floats) -> list[Reason]:
    """Return `reason` of each of many meters."""
    rows = zip(intervals.tolist(), spans.tolist(), above.tolist(), below.tolist(), strict=True)
    return [reason(*row) for row in rows]


def signs(above: Floats, below: Floats) -> Ints:
    """Return -1 for each meter that counts below zero, else 1."""
    return np.where(below > above, -1, 1)
