"""Wall-clock times of a facility as UTC."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

HOUR = pd.Timedelta(hours=1)


def to_utc(wall: pd.Series, device: np.ndarray, zone: ZoneInfo) -> tuple[pd.Series, np.ndarray]:
    """UTC times, and which of them spring's missing hour moved.

    The hour that autumn repeats is told apart by order: the first time a device shows it is summer time.
    The hour that spring leaves out, which a clock without summer time writes, is the hour after it.
    """
    if wall.dt.tz is not None:
        return wall, np.zeros(len(wall), dtype=bool)
    codes, distinct = pd.factorize(wall)
    distinct = pd.DatetimeIndex(distinct)
    local = distinct.tz_localize(zone, ambiguous="NaT", nonexistent=HOUR)
    twice = np.asarray(local.isna())
    moved = ~twice & np.asarray(local.tz_localize(None) != distinct)
    utc = local.tz_convert("UTC").take(codes, allow_fill=True, fill_value=None)
    found = pd.Series(utc.as_unit("us"), index=wall.index)
    if twice.any():
        rows = np.flatnonzero(np.append(twice, False)[codes])
        summer = _seen_first(wall.iloc[rows], device[rows], newest_first(wall, device))
        again = pd.DatetimeIndex(wall.iloc[rows]).tz_localize(zone, ambiguous=summer)
        found.iloc[rows] = again.tz_convert("UTC")
    return found, np.append(moved, False)[codes]


def _seen_first(wall: pd.Series, device: np.ndarray, backwards: bool) -> np.ndarray:
    first: np.ndarray = (
        wall.groupby([device, wall.to_numpy()]).cumcount(ascending=not backwards).eq(0).to_numpy()
    )
    return first


def newest_first(wall: pd.Series, device: np.ndarray) -> bool:
    """Whether most steps from one row of a device to its next go back in time."""
    order = np.argsort(device, kind="stable")
    step = np.diff(wall.to_numpy()[order]).astype("int64")
    same = np.diff(device[order]) == 0
    forwards, backwards = (
        (step[same] > 0).sum(),
        ((step[same] < 0) & (step[same] > np.iinfo("int64").min)).sum(),
    )
    return bool(backwards > forwards)


def is_repeated(wall: pd.Series, zone: ZoneInfo) -> np.ndarray:
    """Which wall-clock times autumn's change of the clocks shows twice."""
    codes, distinct = pd.factorize(wall)
    twice = pd.DatetimeIndex(distinct).tz_localize(zone, ambiguous="NaT", nonexistent=HOUR).isna()
    result: np.ndarray = np.append(twice, False)[codes]
    return result
