"""Spread readings over steps of time: a reading is energy over an interval, wherever it was stamped.

A reading covers ``[at, at + interval)``. What reaches over several steps is spread evenly over its interval
(calendarised), so that bills, weeks, odd intervals and registers give every step their part of it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.readings.storage.monthly_blocks import Int64s, Run

USUAL = 0.9
"""The part of a meter's readings that have its usual interval, where it is a regular one."""
STRAY, STRAY_MS = 0.05, 60_000
"""Stamps that stray from their step by less than this part of it, and this time, were meant to be on it."""


class Spread(NamedTuple):
    """What readings give for each step between edges."""

    kwh: npt.NDArray[np.float64]
    """0 where nothing was read."""
    covered: npt.NDArray[np.float64]
    """Seconds of the step that readings cover, at most its length."""


def spread(run: Run, edges: Int64s) -> Spread:
    """Return the kWh and the covered seconds of each step between ``edges`` (ms since 1970 UTC, ascending).

    A reading whose interval is not known (0) belongs to the step in which it begins and covers nothing.
    """
    steps, begins, ends = len(edges) - 1, run.at, run.at + run.interval * 1000
    first = np.searchsorted(edges, begins, "right") - 1
    counts = np.maximum(np.searchsorted(edges, ends, "left") - first, 1)
    reading = np.repeat(np.arange(len(run)), counts)
    step = np.arange(len(reading)) - np.repeat(np.cumsum(counts) - counts, counts) + first[reading]
    inside = (step >= 0) & (step < steps)
    reading, step = reading[inside], step[inside]
    overlap = np.minimum(ends[reading], edges[step + 1]) - np.maximum(begins[reading], edges[step])
    length = (ends - begins)[reading]
    part = np.where(length > 0, overlap / np.maximum(length, 1), 1.0)
    covered = np.bincount(step, overlap / 1000, steps)
    kwh = np.bincount(step, run.kwh[reading] * part, steps)
    return Spread(kwh.astype("float64"), np.minimum(covered, np.diff(edges) / 1000))


def usual_interval(run: Run) -> int:
    """Return the interval (s) that most readings have, 0 where no reading tells its own."""
    if run.is_steady:
        return int(run.interval[0])
    known = run.interval[run.interval > 0]
    if not len(known):
        return 0
    values, counts = np.unique(known, return_counts=True)
    return int(values[counts.argmax()])


def regularize(run: Run) -> Run:
    """Complete and straighten a meter's readings, so that each covers an interval.

    A reading without an interval lasts until the next one, but no longer than usual. Stamps that stray a
    little from a regular meter's steps are moved onto them, for the clocks of meters jitter.
    """
    run = _completed(run)
    interval = usual_interval(run)
    if not interval or _is_regular(run, interval * 1000):
        return run
    length = interval * 1000
    alike = np.abs(run.interval - interval) <= STRAY * interval
    if np.count_nonzero(alike) < USUAL * len(run):
        return run
    phase = _phase(run.at % length, length)
    stray = (run.at - phase + length // 2) % length - length // 2
    near = alike & (np.abs(stray) <= min(STRAY * length, STRAY_MS))
    at = np.where(near, run.at - stray, run.at)
    if not stray[near].any() or (np.diff(at) <= 0).any():
        return run
    return Run(at, run.kwh, np.where(near, interval, run.interval))


def _is_regular(run: Run, length: int) -> bool:
    """Return whether all readings begin one interval after the other, or on the hour's steps."""
    return bool((np.diff(run.at) == length).all()) or not (run.at % length).any()


def _completed(run: Run) -> Run:
    if run.is_steady and run.interval[0] > 0:
        return run
    unknown = run.interval <= 0
    if not unknown.any() or len(run) < 2:
        return run
    gaps = np.diff(run.at) // 1000
    usual = usual_interval(run) or int(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 0
    until_next = np.minimum(np.append(gaps, usual), usual)
    return Run(run.at, run.kwh, np.where(unknown, until_next, run.interval))


def _phase(offsets: Int64s, length: int) -> int:
    """Return where in their interval most readings begin (ms): on a full minute where it is near one."""
    turn = 2 * np.pi / length
    middle = np.angle(np.exp(1j * turn * offsets).mean()) / turn
    minute = round(middle / 60_000) * 60_000
    return int(minute if abs(minute - middle) <= STRAY_MS / 2 else round(middle)) % length
