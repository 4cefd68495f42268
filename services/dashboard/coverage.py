"""How much of what should be there is there, day by day, and what is not measured by the day but spread."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from services.dashboard.selection import Period, Resolution, Selection
from services.local_times import Moments

COMPLETE = 0.995
"""From this part of a period on, what has readings reads as all of it."""
DAY = 24 * 3600
LONGEST: dict[Resolution, float] = {"hour": 3600, "day": 1.1 * DAY, "week": 7.1 * DAY, "month": 31.1 * DAY}
"""Seconds that a reading may last to be measured within an interval; longer ones are spread over several."""


@dataclass(frozen=True, eq=False)
class DayCoverage:
    """What the chosen days rest on, one behind the other."""

    days: Moments
    """datetime64[D] [n]."""
    expected: Floats
    """Days that the meters should have covered together: each from its first reading on, to the last one of
    all or, where it is out of use, to its own."""
    covered: Floats
    """Days that they covered together."""
    longest: Floats
    """The longest usual interval (s) of the meters with readings on the day, 0 without any."""

    @property
    def share(self) -> Floats:
        """Return which part (0..1) of each day is covered, NaN where nothing was to be expected."""
        share: Floats = np.full(len(self.days), np.nan)
        np.divide(self.covered, self.expected, out=share, where=self.expected > 0)
        return share

    @property
    def whole(self) -> npt.NDArray[np.bool_]:
        """Return which days have all readings."""
        whole: npt.NDArray[np.bool_] = self.share >= COMPLETE
        return whole


def day_coverage(selection: Selection, days: Moments) -> DayCoverage:
    """Compute what consecutive days rest on."""
    load = selection.load
    there: npt.NDArray[np.bool_] = selection.covered_by_device > 0
    some: npt.NDArray[np.bool_] = np.logical_or.reduce(there, axis=1)
    first, last = there.argmax(axis=1), there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    ids = list(dict.fromkeys(selection.device_ids))
    in_use = np.array([selection.devices[device_id].status == "active" for device_id in ids])
    last = np.where(in_use, (selection.covered.end - load.days.days[0].item()).days, last)
    place = np.arange(there.shape[1])
    life: npt.NDArray[np.bool_] = (
        some[:, np.newaxis] & (place >= first[:, np.newaxis]) & (place <= last[:, np.newaxis])
    )
    intervals = np.zeros(len(ids))
    np.maximum.at(intervals, selection.device_places, load.intervals[selection.rows])
    covered = selection.covered_by_device.sum(axis=0) / load.day_lengths
    longest = (there * intervals[:, np.newaxis]).max(axis=0)
    chosen = (days - load.days.days[0]).astype("intp")
    known = (chosen >= 0) & (chosen < len(place))
    chosen = np.where(known, chosen, 0)
    of = (np.where(known, values[chosen], 0.0) for values in (life.sum(axis=0), covered, longest))
    return DayCoverage(days, *of)


def whole_part(coverage: DayCoverage, kwh: Floats, period: Period) -> tuple[float, float]:
    """Return the kWh of those of the days that have all readings, and which part (0..1) of the period these
    are."""
    whole = coverage.whole
    return float(np.nansum(kwh[whole])), int(whole.sum()) / period.length
