"""Readings laid on equal steps of time, so that those of many meters can be added."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt

from services.readings.storage.blocks import Run, Whole

HOUR = 3600
FINEST = 60
"""Seconds; shorter intervals are added up to a minute."""
QUARTER = 900
RARE = 100
"""What one reading in so many does is no habit of the meter."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The meters that are read at the same step, each from its first reading to its last, end to end."""

    step: int
    """Seconds; a part of an hour without rest."""
    rows: npt.NDArray[np.intp]
    """Which of all meters these are."""
    first: npt.NDArray[np.intp]
    """The step, counted from the beginning of all grids, with which each meter begins: a full hour."""
    bounds: npt.NDArray[np.intp]
    """Where each meter's steps begin, and where the last one's end."""
    kwh: npt.NDArray[np.float64]
    """In each step; 0 where nothing was read."""
    there: npt.NDArray[np.bool_]
    """Whether a reading covers the step."""


def grids(runs: Sequence[Run]) -> tuple[int, int, list[Grid]]:
    """When the grids of all runs begin (seconds since 1970 UTC), how many hours they are long, and they.

    A reading counts in the step in which it begins; one that is longer than its meter's step is spread
    evenly over the steps that it covers, the daily and monthly ones over hours.
    """
    if not runs:
        return 0, 0, []
    begins = np.array([run.at[0] // 1000 // HOUR for run in runs])
    ends = np.array([(run.at // 1000 + np.maximum(run.interval, 1)).max() for run in runs]) // -HOUR
    begin, hours = int(begins.min()), -ends - begins
    steps = np.array([step_of(run) for run in runs])
    made = []
    for step in np.unique(steps).tolist():
        rows = np.flatnonzero(steps == step)
        per_hour = HOUR // step
        bounds = np.append(0, np.cumsum(hours[rows] * per_hour))
        grid = Grid(
            step,
            rows,
            (begins[rows] - begin) * per_hour,
            bounds,
            np.zeros(bounds[-1]),
            np.zeros(bounds[-1], "bool"),
        )
        for row, low, high in zip(rows.tolist(), bounds[:-1], bounds[1:], strict=True):
            _lay(runs[row], int(begins[row]) * HOUR, step, grid.kwh[low:high], grid.there[low:high])
        made.append(grid)
    return begin * HOUR, int((-ends).max()) - begin, made


def step_of(run: Run) -> int:
    """The interval (s) in which a meter is read most often, or an hour if that is no part of an hour; less
    where its readings begin between such steps."""
    known = run.interval[run.interval > 0]
    lengths = known if len(known) else np.diff(run.at) // 1000
    if not len(lengths):
        return HOUR
    values, counts = np.unique(lengths, return_counts=True)
    usual = max(int(values[counts.argmax()]), FINEST)
    return gcd(usual if HOUR % usual == 0 else HOUR, *_begins(run))


def _begins(run: Run) -> list[int]:
    """The seconds of UTC's hour at which readings begin, where these are quarters of it.

    The full hours of India, Nepal or Lord Howe lie between those of UTC.
    """
    begins, counts = np.unique(run.at // 1000 % HOUR, return_counts=True)
    quarters = (begins % QUARTER == 0) & (counts * RARE >= len(run))
    common: list[int] = begins[quarters].tolist()
    return common if counts[quarters].sum() * 2 >= len(run) else []


def _lay(run: Run, begin: int, step: int, kwh: npt.NDArray[np.float64], there: npt.NDArray[np.bool_]) -> None:
    slots: Whole = (run.at // 1000 - begin) // step
    values = run.kwh
    covered = np.maximum(run.interval // step, 1)
    if covered.max() > 1:
        slots = np.repeat(slots - np.cumsum(covered) + covered, covered) + np.arange(covered.sum())
        values = np.repeat(run.kwh / covered, covered)
    if (slots[1:] > slots[:-1]).all():
        kwh[slots] = values
    else:
        kwh += np.bincount(slots, values, len(kwh))
    there[slots] = True
