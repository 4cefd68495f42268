"""Readings laid on equal steps of time, so that those of many meters can be added."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.readings.days import Matrix
from services.readings.storage.blocks import Run, Whole

HOUR = 3600
FINEST = 60
"""Seconds; shorter intervals are added up to a minute."""


@dataclass(frozen=True)
class Grid:
    """The meters that are read at the same step."""

    step: int
    """Seconds; a part of an hour without rest."""
    rows: npt.NDArray[np.intp]
    """Which of all meters these are."""
    kwh: Matrix
    """A row a meter, a column a step; 0 where nothing was read."""
    there: npt.NDArray[np.bool_]
    """Whether a reading covers the step; of the same shape."""


def grids(runs: Sequence[Run]) -> tuple[int, list[Grid]]:
    """When the grids of all runs begin (seconds since 1970 UTC, a full hour), and these, the finest first.

    A reading counts in the step in which it begins; one that is longer than its meter's step is spread
    evenly over the steps that it covers, the daily and monthly ones over hours.
    """
    if not runs:
        return 0, []
    steps = np.array([step_of(run) for run in runs])
    begin = int(min(run.at[0] for run in runs)) // 1000 // HOUR * HOUR
    end = max(int((run.at // 1000 + np.maximum(run.interval, HOUR)).max()) for run in runs)
    hours = -(-(end - begin) // HOUR)
    return begin, [
        _grid(runs, np.flatnonzero(steps == step), int(step), begin, hours) for step in np.unique(steps)
    ]


def step_of(run: Run) -> int:
    """The interval (s) in which a meter is read most often, or an hour if that is no part of an hour."""
    known = run.interval[run.interval > 0]
    lengths = known if len(known) else np.diff(run.at) // 1000
    if not len(lengths):
        return HOUR
    values, counts = np.unique(lengths, return_counts=True)
    usual = max(int(values[counts.argmax()]), FINEST)
    return usual if HOUR % usual == 0 else HOUR


def _grid(runs: Sequence[Run], rows: npt.NDArray[np.intp], step: int, begin: int, hours: int) -> Grid:
    shape = (len(rows), hours * (HOUR // step))
    grid = Grid(step, rows, np.zeros(shape), np.zeros(shape, "bool"))
    for row, number in enumerate(rows):
        _lay(runs[number], begin, step, grid.kwh[row], grid.there[row])
    return grid


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
