"""Sums of the facility's local days over runs of readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.local_times import day_starts
from services.readings.storage.blocks import Run, Whole

Matrix = npt.NDArray[np.float64]
"""A row a run, a column a day."""


@dataclass(frozen=True)
class Days:
    """Each run on each local day, from the first with a reading to the last."""

    days: npt.NDArray[np.datetime64]
    """datetime64[D], one behind the other."""
    kwh: Matrix
    """0 on days without readings, as ``readings``."""
    readings: npt.NDArray[np.int32]
    peak: Matrix
    """The highest reading in kWh, NaN on days without readings."""
    peak_at: Whole
    """When the first of the highest readings begins, milliseconds since 1970 UTC."""

    def between(self, start: date | None, end: date | None) -> slice:
        """Where the days from ``start`` to ``end`` lie, both included."""
        first = int(np.searchsorted(self.days, np.datetime64(start))) if start else 0
        return slice(first, int(np.searchsorted(self.days, np.datetime64(end), "right")) if end else None)


def day_sums(runs: Sequence[Run], timezone: str) -> Days:
    """Sums of runs, each of at least one reading; a reading counts on the day on which it begins."""
    if not runs:
        nothing = np.zeros((0, 0))
        return Days(
            np.array([], "datetime64[D]"), nothing, nothing.astype("i4"), nothing, nothing.astype("i8")
        )
    first = _local_day(min(run.at[0] for run in runs), timezone)
    last = _local_day(max(run.at[-1] for run in runs), timezone)
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    begins = midnights(days, timezone)
    shape = (len(runs), len(days))
    found = Days(days, np.zeros(shape), np.zeros(shape, "i4"), np.full(shape, np.nan), np.zeros(shape, "i8"))
    for row, run in enumerate(runs):
        _sum(run, np.append(np.searchsorted(run.at, begins), len(run)), found, row)
    return found


def midnights(days: npt.NDArray[np.datetime64], timezone: str) -> Whole:
    """When each local day begins, milliseconds since 1970 UTC: where clocks skip midnight, after the gap."""
    instants: Whole = day_starts(days, timezone).astype("datetime64[ms]").astype("int64")
    return instants


def _local_day(millis: Any, timezone: str) -> date:
    return pd.Timestamp(int(millis), unit="ms", tz="UTC").tz_convert(timezone).date()


def _sum(run: Run, edges: npt.NDArray[np.intp], into: Days, row: int) -> None:
    counts = np.diff(edges)
    there = np.flatnonzero(counts)
    begins = edges[there]
    into.readings[row] = counts
    into.kwh[row, there] = np.add.reduceat(run.kwh, begins)
    peaks = np.maximum.reduceat(run.kwh, begins)
    into.peak[row, there] = peaks
    highest = np.flatnonzero(run.kwh == np.repeat(peaks, counts[there]))
    day, first = np.unique(np.searchsorted(begins, highest, "right") - 1, return_index=True)
    into.peak_at[row, there[day]] = run.at[highest[first]]
