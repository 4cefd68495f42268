"""Find unusual readings of meters that are read less than once a day: weeks, bills, years."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.arrays import Bools, Floats, Ints
from ml.detection.grid import DAY, Meters

SEASONAL = 10 * DAY
"""Longer ones are held against those of a year before; shorter ones, as long as there are none, against the
last few."""
YEAR = 365.25 * DAY
YEARS, RECENT = 3, 4
"""So many years, or readings, before tell what is usual."""
FAMILIAR = 4
"""So many readings must have had a usual one before any is found unusual."""
CHANGES = 6
"""The median change of so many readings against their usual ones is the trend."""
FLOOR, SPREAD = 0.3, 5.0
"""An unusual reading strays (natural log) by so much, and so many times as far as the median one."""
SLACK = 0.1
"""Part of a usual reading that keeps those of next to nothing from counting for much."""


@dataclass(frozen=True)
class Bills:
    """Readings of one meter that last longer than a day."""

    start: Ints
    """Local microseconds, ascending."""
    length: Ints
    """In microseconds."""
    kwh: Floats

    @property
    def a_day(self) -> Floats:
        """Return kWh a day."""
        return np.asarray(self.kwh / self.length * DAY)


def is_long(intervals: Ints) -> Bools:
    """Tell which intervals (microseconds) are those of bills."""
    return np.asarray(intervals > DAY)


def least_history(interval: int) -> int:
    """Return of how many microseconds there must be readings, before one is found unusual."""
    return int(YEAR) + FAMILIAR * interval if interval > SEASONAL else (RECENT + FAMILIAR) * interval


def bills_of(meters: Meters, meter: int) -> Bills:
    """Return the readings of a meter; the last one lasts as long as its month, or as usual."""
    rows = slice(meters.bounds[meter], meters.bounds[meter + 1])
    start, kwh = meters.local[rows], meters.kwh[rows]
    usual = int(meters.intervals[meter])
    days = pd.DatetimeIndex(start.astype("datetime64[us]"))
    monthly = 27 * DAY < usual < 32 * DAY and days.day[-1] == days.day[-2]
    last = (
        (days[-1] + pd.DateOffset(months=1) - days[-1]) // pd.Timedelta(microseconds=1) if monthly else usual
    )
    length = np.append(np.diff(start), last)
    # What was not read in between belongs to none of them.
    return Bills(start, np.where(length > 1.5 * usual, usual, length), kwh)


def find_unusual(bills: Bills) -> tuple[Ints, Floats]:
    """Return each reading's event, counted from 1, 0 for none, and the kWh expected of it, both (n,).

    Unusual readings that follow each other, both above or both below, are one event. What is expected rests
    on no unusual reading; NaN where too little is known.
    """
    a_day, count = bills.a_day, len(bills.kwh)
    slack = SLACK * max(float(np.median(a_day)), 1e-9)
    level = np.log(np.maximum(a_day, 0) + slack)
    sound, change, stray = np.ones(count, bool), np.full(count, np.nan), np.full(count, np.nan)
    expected, sign = np.full(count, np.nan), np.zeros(count, np.int64)
    for number in range(count):
        earlier = _like(bills, number) & sound[:number]
        if not earlier.any():
            continue
        change[number] = level[number] - np.median(level[:number][earlier])
        before = change[:number][sound[:number] & ~np.isnan(change[:number])]
        if len(before) < FAMILIAR:
            continue
        trend = float(np.median(before[-CHANGES:]))
        stray[number] = change[number] - trend
        known = stray[:number][sound[:number] & ~np.isnan(stray[:number])]
        usual = float(np.median(np.abs(known if len(known) >= FAMILIAR else before - trend)))
        expected[number] = (
            max(np.exp(level[number] - stray[number]) - slack, 0.0) * bills.length[number] / DAY
        )
        if abs(stray[number]) > max(FLOOR, SPREAD * usual):
            sound[number], sign[number] = False, np.sign(stray[number])
    begins = (sign != 0) & (sign != np.append(0, sign[:-1]))
    return np.cumsum(begins) * (sign != 0), expected


def _like(bills: Bills, number: int) -> Bools:
    """Tell which earlier readings tell what is usual of one, (number,)."""
    interval = float(np.median(bills.length))
    years = (bills.start[number] - bills.start[:number]) / YEAR
    near = np.abs(years - np.rint(years)) * YEAR <= min(interval / 2 + SEASONAL, 20 * DAY)
    found = near & (np.rint(years) >= 1) & (np.rint(years) <= YEARS)
    return found if found.any() or interval > SEASONAL else np.arange(number) >= number - RECENT
