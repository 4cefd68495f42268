"""Expect each reading from its meter's own past."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from ml.arrays import Bools, Floats, Ints
from ml.detection.grid import DAY, MINUTE, Grid, forward_fill, grids, sort_readings
from ml.holidays import is_holiday

WEEKS = 8
"""How far back a reading is compared."""
WARM_UP = 2
"""Weeks of which nothing is said yet, from which it is learnt on which weekdays a meter rests."""
BUSY, BUSY_WEEKS = 0.98, 5
"""The share of a week's readings that its busy ones surpass, and the weeks that say how busy it gets."""
REST_DAY = 0.75
"""A weekday that uses less than this share of a usual day is a day of rest."""
WHOLE = 0.8
"""A day with less than this share of its readings is not counted: it may have just begun."""
NOTHING = 0.02
"""Up to this share of its mean consumption a meter counts as off."""

MEMORY = 20.0, 8.0
"""Over so many days of work, and of rest, what is expected is evened out."""
FAMILIAR = 5, 2
"""So many days of work, and of rest, must have been seen before anything is expected of another."""
MAX_DEVIATION = 2.0
"""What strays further, in mean strays, moves the expectation no more than this."""
FADE = 0.98, 0.95
"""What part of the surplus is left after each day of work, and of rest."""
RISE, LEAST_RISE = 1.5, 0.05
"""One day makes the surplus grow to so many times what it was, or to this part of the mean reading."""


@dataclass(frozen=True)
class Profile:
    """What is usual of each reading of a grid (meters, days, slots), by earlier days; NaN where too few.

    ``expected`` is kWh an interval, ``off`` a share of days. Of shape (meters, days) are ``mean``, ``daily``,
    ``busy`` (all kWh an interval) and ``resting``.
    """

    mean: Floats
    """Of the last weeks before each day."""
    daily: Floats
    """Of each day itself."""
    resting: Bools
    """Whether its weekday is one on which the meter usually is_rest_day."""
    idle: Bools
    """Whether the meter used nothing to speak of."""
    expected: Floats
    """The robust mean at this time of day, on days of work or of rest as this one is."""
    deviation: Floats
    """The robust mean of how far readings were from what was expected at this time of day."""
    surplus: Floats
    """By how much readings surpassed the expected at this time of day at most; what is long ago fades."""
    busy: Floats
    """What is seldom surpassed in these weeks, at any time."""
    off: Floats
    """How often the meter stood at nothing at this time of day."""


def interval_of(dates: pd.DatetimeIndex) -> pd.Timedelta:
    """Return the interval of readings at these ascending times: their commonest step, zero without any."""
    return pd.Timedelta(min((dates[1:] - dates[:-1]).to_series().mode(), default=pd.Timedelta(0)))


def ends(dates: pd.DatetimeIndex, interval: pd.Timedelta) -> pd.DatetimeIndex:
    """Return when the intervals end that begin at these local times."""
    # The day on which clocks change ends at midnight, too, though it has 23 or 25 hours.
    days, rest = divmod(interval, pd.Timedelta(days=1))
    return dates + (pd.DateOffset(days=days) if days and not rest else interval)


def profile(grid: Grid, holidays: Bools) -> Profile:
    """Compute each meter's profile; ``holidays`` is (meters, days).

    Only earlier days speak, so that what was found once stays found when later readings come; the first
    two weeks, of which nothing is said, speak about each other.
    """
    daily = _mean(grid.kwh)
    mean = usual_mean(daily)
    resting = is_rest_day(daily, holidays)
    idle = grid.kwh <= NOTHING * mean[:, :, None]
    expected, deviation, surplus, off = _tracked(grid.kwh, idle, resting, mean)
    early = _is_early(grid)
    expected[early] = np.nan
    off[early] = np.nan
    return Profile(mean, daily, resting, idle, expected, deviation, surplus, _busy(grid.kwh), off)


def _is_early(grid: Grid) -> Bools:
    """Tell which cells lie in the first weeks of their meter, (meters, days, slots)."""
    early = np.arange(grid.flat.shape[1]) < (grid.begins + WARM_UP * 7 * grid.kwh.shape[2])[:, None]
    return np.asarray(early.reshape(grid.kwh.shape))


def profile_anew(grid: Grid, past: Profile, chosen: Ints) -> Profile:
    """Compute what is usual of the chosen meters anew; theirs are other readings now than in ``past``."""
    (some,) = np.nonzero(np.bincount(chosen, minlength=len(grid.kwh)))
    if not len(some):
        return past
    kwh = grid.kwh[some]
    expected, deviation, surplus = past.expected.copy(), past.deviation.copy(), past.surplus.copy()
    busy = past.busy.copy()
    tracked = _tracked(kwh, past.idle[some], past.resting[some], past.mean[some])
    expected[some], deviation[some], surplus[some], _ = tracked
    expected[_is_early(grid)] = np.nan
    busy[some] = forward_fill(_busy(kwh, least=kwh[0, :7].size // 2))
    return replace(past, expected=expected, deviation=deviation, surplus=surplus, busy=busy)


def expect_without(grid: Grid, past: Profile, left_out: Bools) -> Floats:
    """Expect each reading by earlier ones without those left out, (meters, cells).

    ``left_out`` has the shape of the result. By all earlier ones where too few others are there.
    """
    expected = past.expected.reshape(left_out.shape).copy()
    (some,) = np.nonzero(left_out.any(axis=1))
    if len(some):
        kwh = np.where(left_out[some], np.nan, grid.flat[some]).reshape(-1, *grid.kwh.shape[1:])
        anew = _tracked(kwh, past.idle[some], past.resting[some], past.mean[some])[0].reshape(len(some), -1)
        expected[some] = np.where(np.isnan(anew) | np.isnan(expected[some]), expected[some], anew)
    return np.asarray(expected)


def usual_mean(daily: Floats) -> Floats:
    """Return the mean of the last weeks before each day, (meters, days)."""
    there = ~np.isnan(daily)
    sums, counts = (
        np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1, dtype="float64")
        for values in (np.where(there, daily, 0), there)
    )
    until = np.maximum(np.arange(daily.shape[1]), WARM_UP * 7)
    since = np.maximum(until - WEEKS * 7, 0)
    with np.errstate(invalid="ignore"):
        return np.asarray((sums[:, until] - sums[:, since]) / (counts[:, until] - counts[:, since]))


def is_rest_day(daily: Floats, holidays: Bools) -> Bools:
    """Tell for each meter and day whether the meter usually rests on its weekday, (meters, days).

    A holiday is like the Sunday of its week.
    """
    weeks = daily.reshape(len(daily), -1, 7)
    resting = np.zeros(weeks.shape, bool)
    for week in range(weeks.shape[1]):
        past = weeks[:, max(0, week - WEEKS) : week] if week >= WARM_UP else weeks[:, :WARM_UP]
        usual = median(past, axis=1)
        resting[:, week] = usual < REST_DAY * median(usual, axis=1)[:, None]
    on_sunday = resting[:, :, 6:].repeat(7, axis=2)
    return np.where(holidays, on_sunday.reshape(daily.shape), resting.reshape(daily.shape))


def _tracked(kwh: Floats, idle: Bools, resting: Bools, mean_day: Floats) -> tuple[Floats, ...]:
    """Smooth each slot of the day robustly and exponentially, over working days and over rest days.

    Returns what is expected, the usual deviation, the surplus and how often nothing was used.

    After Gelper, Fried and Croux, "Robust forecasting with exponential and Holt-Winters smoothing",
    Journal of Forecasting 29 (2010): what strays far counts as if it strayed less.
    """
    meters, days, slots = kwh.shape
    each = np.arange(meters)
    level, away, share, top, seen = (np.zeros((2, meters, slots)) for _ in range(5))
    expected, deviation, surplus, off = (np.full(kwh.shape, np.nan) for _ in range(4))
    memory, familiar, fade = np.array(MEMORY), np.array(FAMILIAR), np.array(FADE)
    for day in range(days):
        kind = resting[:, day].astype(np.intp)
        state = kind, each
        count, mean, usual = seen[state], level[state], away[state]
        known = count >= familiar[kind][:, None]
        np.copyto(expected[:, day], mean, where=known)
        np.copyto(deviation[:, day], usual, where=known)
        np.copyto(off[:, day], share[state], where=known)
        highest = top[state]
        surplus[:, day] = highest
        there = ~np.isnan(kwh[:, day])
        gain = np.maximum(1 / (count + 1), 1 / memory[kind][:, None]) * there
        residual = np.where(there, kwh[:, day] - mean, 0)
        bound = np.where(known, MAX_DEVIATION * usual, np.inf)
        level[state] = mean + gain * np.clip(residual, -bound, bound)
        away[state] = usual + gain * (np.minimum(np.abs(residual), 2 * bound) * (count > 0) - usual)
        # An anomaly, too, may raise what is held to be possible, but not by itself to its own height.
        most = np.where(highest > 0, np.maximum(RISE * highest, LEAST_RISE * mean_day[:, day, None]), np.inf)
        fading = np.where(there, highest * fade[kind][:, None], highest)
        top[state] = np.where(known & there, np.maximum(fading, np.minimum(residual, most)), fading)
        share[state] += gain * (idle[:, day] - share[state])
        seen[state] = count + there
    return expected, deviation, surplus, off


def _busy(kwh: Floats, least: int = 1) -> Floats:
    """Return what was seldom surpassed in the busiest of the weeks before each day, (meters, days).

    Weeks with fewer readings than ``least`` do not tell.
    """
    weekly = kwh.reshape(len(kwh), kwh.shape[1] // 7, -1)
    high = quantile(weekly, BUSY, axis=2, least=least)
    before = np.pad(high, ((0, 0), (BUSY_WEEKS, 0)), constant_values=np.nan)[:, :-1]
    windows = sliding_window_view(before, BUSY_WEEKS, axis=1)
    return np.asarray(np.fmax.reduce(windows, axis=2).repeat(7, axis=1))


def _mean(kwh: Floats) -> Floats:
    """Return the mean reading of each day, (meters, days), NaN where too few readings are there."""
    there = ~np.isnan(kwh)
    count = there.sum(axis=2)
    enough = count >= WHOLE * count.max(axis=1, keepdims=True)
    return np.asarray(np.where(there, kwh, 0).sum(axis=2) / np.where(enough, count, np.nan))


def quantile(values: Floats, share: float, axis: int, least: int = 1) -> Floats:
    """Return the quantile of the known values, NaN where there are fewer than ``least``."""
    ordered = np.sort(values, axis=axis)
    count = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    place = share * np.maximum(count - 1, 0)
    low = np.take_along_axis(ordered, np.floor(place).astype(np.intp), axis=axis)
    high = np.take_along_axis(ordered, np.ceil(place).astype(np.intp), axis=axis)
    between = low + (high - low) * (place % 1)
    return np.squeeze(np.where(count >= least, between, np.nan), axis=axis)


def median(values: Floats, axis: int, least: int = 1) -> Floats:
    """Return the median of the known values, NaN where there are fewer than ``least``."""
    return quantile(values, 0.5, axis, least)


def expected(readings: pd.DataFrame, country: str | None = None, left_out: Bools | None = None) -> Floats:
    """Return the expected kWh of each of one meter's readings (date, local and aware; consumption), (n,).

    By earlier ones but those ``left_out`` (n,), which are of events. NaN where too little was known before
    it, and throughout without interval data. Raises `holidays.CountryUnknown`.
    """
    found = np.full(len(readings), np.nan)
    meters = sort_readings(readings.assign(device=""))
    if not (len(meters.names) and MINUTE <= meters.intervals[0] <= DAY):
        return found
    for _, grid in grids(meters, np.zeros(1, np.int64)):
        days = (grid.monday[0] + np.arange(grid.kwh.shape[1])).astype("datetime64[D]")
        past = profile(grid, is_holiday(pd.DatetimeIndex(days), country)[None])
        rows = meters.rows[grid.rows]
        without = np.zeros(grid.flat.shape, bool)
        without.ravel()[grid.cells] = False if left_out is None else left_out[rows]
        found[rows] = expect_without(grid, past, without).ravel()[grid.cells]
    return found
