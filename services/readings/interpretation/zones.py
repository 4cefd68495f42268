"""Wall-clock times of a facility as UTC."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from services.local_times import Instants, to_instants


def to_utc(wall: pd.Series, device: np.ndarray, zone: ZoneInfo) -> tuple[pd.Series, np.ndarray]:
    """UTC times, and which of them spring's missing hour moved.

    The hour that autumn repeats is told apart by order: the first time a device shows it is summer time.
    The hour that spring leaves out, which a clock without summer time writes, is the hour after it.
    """
    if wall.dt.tz is not None:
        return wall, np.zeros(len(wall), dtype=bool)
    codes, shown = _shown(wall, zone)
    found = _series(shown.first[codes], wall)
    twice = np.flatnonzero((shown.last > shown.first)[codes])
    if len(twice):
        again = _seen_again(wall.iloc[twice], device[twice], newest_first(wall, device))
        found.iloc[twice[again]] = _series(shown.last[codes][twice[again]])
    return found, shown.skipped[codes]


def _shown(wall: pd.Series, zone: ZoneInfo) -> tuple[np.ndarray, Instants]:
    """The distinct times, NaT among them, as instants; and which of these each time is."""
    codes, distinct = pd.factorize(wall, use_na_sentinel=False)
    return codes, to_instants(pd.DatetimeIndex(distinct).to_numpy(), zone)


def _series(instants: np.ndarray, like: pd.Series | None = None) -> pd.Series:
    utc = pd.DatetimeIndex(instants, tz="UTC")
    return pd.Series(utc, index=None if like is None else like.index)


def _seen_again(wall: pd.Series, device: np.ndarray, backwards: bool) -> np.ndarray:
    again: np.ndarray = (
        wall.groupby([device, wall.to_numpy()]).cumcount(ascending=not backwards).ne(0).to_numpy()
    )
    return again


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
    codes, shown = _shown(wall, zone)
    repeated: np.ndarray = (shown.last > shown.first)[codes]
    return repeated
