"""Find the length of each meter's intervals and when they start, in UTC."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from services.local_times import Instants, to_instants

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH = 2_629_746
"""Seconds of a mean month, which stands for a month by the calendar."""
JITTER = pd.Timedelta(minutes=1)
"""So much earlier or later than its interval begins may a stamp be; a step back by more is the clock's."""
SHORTEST_MONTH, LONGEST_MONTH = 27.5 * DAY, 31.6 * DAY


def step_lengths(device: np.ndarray, times: pd.Series, minutes: float | None) -> np.ndarray:
    """Return seconds from each reading to the next as its meter keeps them: the median step of the meter.

    ``minutes`` overrides. A meter that does not tell takes the step that most others keep; NaN where none
    tells. Whole days are 86400 apiece and a month `MONTH`, for `shift` to move by the calendar.
    """
    if minutes is not None:
        return np.full(len(device), _round_to_calendar(np.array([minutes * MINUTE]))[0])
    seconds = pd.DatetimeIndex(times).asi8 // 1_000_000
    order = np.lexsort((seconds, device))
    same = np.diff(device[order]) == 0
    gaps = np.diff(seconds[order])
    real = same & (gaps > 0)
    medians = pd.Series(gaps[real]).groupby(device[order][1:][real]).median()
    of_meter = np.full(int(device.max(initial=-1)) + 1, np.nan)
    of_meter[medians.index] = _round_to_calendar(medians.to_numpy())
    usual = medians.groupby(of_meter[medians.index]).size()
    of_meter[np.isnan(of_meter)] = usual.idxmax() if len(usual) else np.nan
    result: np.ndarray = of_meter[device]
    return result


def _round_to_calendar(seconds: np.ndarray) -> np.ndarray:
    """Return steps of about a whole number of days as such, and of about a month as a month."""
    days = np.round(seconds / DAY)
    near_days = (days >= 1) & (np.abs(seconds - days * DAY) <= HOUR)
    months = (seconds >= SHORTEST_MONTH) & (seconds <= LONGEST_MONTH)
    result: np.ndarray = np.where(months, MONTH, np.where(near_days, days * DAY, np.round(seconds)))
    return result


def shift(times: pd.Series, step: np.ndarray, zone: ZoneInfo, count: int) -> pd.Series:
    """Return UTC times moved by ``count`` (1 or -1) steps: days and months by the facility's calendar."""
    by_calendar = (step % DAY == 0) | (step == MONTH)
    moved = times + pd.to_timedelta(np.where(by_calendar, 0, step * count), unit="s").as_unit("us")
    for length in np.unique(step[by_calendar]):
        rows = by_calendar & (step == length)
        moved[rows] = _shift_by_calendar(times[rows], length, zone, count)
    return moved.astype("datetime64[us, UTC]")


def _shift_by_calendar(times: pd.Series, length: float, zone: ZoneInfo, count: int) -> pd.DatetimeIndex:
    codes, distinct = pd.factorize(times)
    wall = pd.DatetimeIndex(distinct).tz_convert(zone).tz_localize(None)
    moved = _shift_months(wall, count) if length == MONTH else wall + pd.Timedelta(seconds=length * count)
    return pd.DatetimeIndex(to_instants(moved.to_numpy(), zone).first, tz="UTC").take(codes)


def _shift_months(wall: pd.DatetimeIndex, count: int) -> pd.DatetimeIndex:
    """Return a month on or back; times at the ends of months that end an interval began with their month."""
    if count < 0 and wall.is_month_end.all():
        return wall.to_period("M").to_timestamp()
    return wall + pd.DateOffset(months=count)


def ends_days(wall: pd.Series) -> bool:
    """Return whether times run from a step after midnight to midnight, as those at the end of intervals do.

    So do the last days of months.
    """
    distinct = pd.DatetimeIndex(wall.dropna().unique()).sort_values()
    if len(distinct) < 2:
        return False
    clock = distinct - distinct.normalize()
    if (clock == pd.Timedelta(0)).all():
        return bool(distinct.is_month_end.all())
    step = pd.Series(distinct).diff().median()
    midnight = pd.Timedelta(0)
    return bool(clock[-1] == midnight and clock[0] == step and pd.Timedelta(days=1) % step == midnight)


def to_utc(wall: pd.Series, device: np.ndarray, zone: ZoneInfo) -> tuple[pd.Series, np.ndarray]:
    """Return UTC times, and which of them spring's missing hour moved.

    The hour that autumn repeats is told apart by order: the first time a device shows it is summer time.
    The hour that spring leaves out, which a clock without summer time writes, is the hour after it.
    """
    if wall.dt.tz is not None:
        return wall, np.zeros(len(wall), dtype=bool)
    codes, shown = _shown(wall, zone)
    found = _series(shown.first[codes], wall)
    skipped = shown.skipped[codes]
    if skipped.any():
        early = skipped & ~_is_skipped(wall + JITTER, zone)
        opened = to_instants((wall[early] + JITTER).to_numpy(), zone).first
        found[early] = _series(opened - JITTER.to_numpy(), wall[early])
        skipped &= ~early
    twice = np.flatnonzero((shown.last > shown.first)[codes])
    if len(twice):
        again = _seen_again(wall.iloc[twice], device[twice], newest_first(wall, device))
        found.iloc[twice[again]] = _series(shown.last[codes][twice[again]])
    return found, skipped


def _is_skipped(wall: pd.Series, zone: ZoneInfo) -> np.ndarray:
    codes, shown = _shown(wall, zone)
    skipped: np.ndarray = shown.skipped[codes]
    return skipped


def _shown(wall: pd.Series, zone: ZoneInfo) -> tuple[np.ndarray, Instants]:
    """Return the distinct times, NaT among them, as instants; and which of these each time is."""
    codes, distinct = pd.factorize(wall, use_na_sentinel=False)
    return codes, to_instants(pd.DatetimeIndex(distinct).to_numpy(), zone)


def _series(instants: np.ndarray, like: pd.Series | None = None) -> pd.Series:
    utc = pd.DatetimeIndex(instants, tz="UTC")
    return pd.Series(utc, index=None if like is None else like.index)


def _seen_again(wall: pd.Series, device: np.ndarray, backwards: bool) -> np.ndarray:
    """Return which of the times that a clock shows twice are shown for the second time.

    They stand for the second time, or behind a later one in the file's order: stamps that jitter never
    repeat to the second.
    """
    again = wall.groupby([device, wall.to_numpy()]).cumcount(ascending=not backwards).ne(0)
    forwards, of_device = (wall.iloc[::-1], device[::-1]) if backwards else (wall, device)
    each_day = [of_device, forwards.dt.normalize().to_numpy()]
    so_far = forwards.groupby(each_day).cummax()
    behind = (so_far - forwards > JITTER).groupby(each_day).cummax()
    result: np.ndarray = (again | behind.reindex(again.index)).to_numpy()
    return result


def newest_first(wall: pd.Series, device: np.ndarray) -> bool:
    """Return whether most steps from one row of a device to its next go back in time."""
    order = np.argsort(device, kind="stable")
    step = np.diff(wall.to_numpy()[order]).astype("int64")
    same = np.diff(device[order]) == 0
    forwards, backwards = (
        (step[same] > 0).sum(),
        ((step[same] < 0) & (step[same] > np.iinfo("int64").min)).sum(),
    )
    return bool(backwards > forwards)


def is_repeated(wall: pd.Series, zone: ZoneInfo) -> np.ndarray:
    """Return which wall-clock times autumn's change of the clocks shows twice."""
    codes, shown = _shown(wall, zone)
    repeated: np.ndarray = (shown.last > shown.first)[codes]
    return repeated
