"""From daily consumption to what a model sees of it: the recent past and the calendar.

Every kWh is taken as a share of its device's level, so that one model serves devices of any size. What
a model learns from and what it later forecasts from are made by the same function, `feature_table`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

HISTORY = 28
"""How many days before a day its features look at; a device silent for longer counts as stopped."""
LEARNABLE = 7
"""How many of those days must be known for the day to be learnt from."""
LAGS = (1, 2, 3, 7, 14, 21, 28)
MEANS = (3, 7, 14, 28)
HEADROOM = 1.5
"""How far above its highest day a device may be forecast, so that no recursion runs away."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """What a device's kWh are measured by; one value a device."""

    level: pd.Series
    """Mean daily kWh, without their sign; 0 for a device that never used anything."""
    low: pd.Series
    high: pd.Series
    """The kWh a forecast stays between."""

    def shares(self, matrix: pd.DataFrame) -> pd.DataFrame:
        """kWh as shares of each device's level."""
        return matrix / self.level.where(self.level > 0, 1.0)


def daily_matrix(daily: pd.DataFrame) -> pd.DataFrame:
    """Long frame (device, date, consumption) as kWh by day and device.

    The index has every calendar day from the first to the last; a day without readings is NaN.
    """
    matrix = daily.pivot_table(
        index="date", columns="device", values="consumption", aggfunc="sum", min_count=1
    )
    matrix.index = pd.DatetimeIndex(matrix.index).as_unit("us")
    return matrix.astype("float64").asfreq("D")


def scale_of(matrix: pd.DataFrame) -> Scale:
    """Level and limits of the devices (columns), from the days given (rows)."""
    return Scale(matrix.abs().mean(), matrix.min().clip(upper=0.0), matrix.max().clip(lower=0.0) * HEADROOM)


def examples(shares: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Features and targets of every day that can be learnt from: a row each, and the share used, (n,)."""
    values = shares.to_numpy()
    before = np.vstack([np.full((HISTORY, values.shape[1]), np.nan), values[:-1]])
    windows = sliding_window_view(before, HISTORY, axis=0)
    usable = ~np.isnan(values) & ((~np.isnan(windows)).sum(axis=2) >= LEARNABLE)
    days, _ = np.nonzero(usable)
    return feature_table(windows[usable], pd.DatetimeIndex(shares.index[days])), values[usable]


def feature_table(history: Floats, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """The features of n days.

    ``history`` (n, HISTORY) has the shares of the days before each, the oldest first, NaN where unknown;
    ``dates`` (n,) the days themselves. Unknown days are taken to be like the mean of the known.
    """
    known = _filled(history)
    year = 2 * np.pi * dates.day_of_year.to_numpy() / 365.25
    return pd.DataFrame(
        {
            **{f"lag_{days}": known[:, -days] for days in LAGS},
            **{f"mean_{days}": known[:, -days:].mean(axis=1) for days in MEANS},
            "mean_same_weekday": known[:, [-7, -14, -21, -28]].mean(axis=1),
            "deviation_7": known[:, -7:].std(axis=1),
            "weekday": dates.day_of_week.to_numpy(),
            "weekend": (dates.day_of_week.to_numpy() >= 5).astype("float64"),
            "month": dates.month.to_numpy(),
            "season_sin": np.sin(year),
            "season_cos": np.cos(year),
        }
    )


def _filled(history: Floats) -> Floats:
    known = ~np.isnan(history)
    count = known.sum(axis=1, keepdims=True)
    mean = np.where(known, history, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    # Of a device that nothing is known of, its level is the best guess.
    return np.where(known, history, np.where(count > 0, mean, 1.0))
