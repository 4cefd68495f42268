"""How wide a forecast's prediction interval is, from the errors on the days held out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.features import HISTORY
from ml.forecasting import forecast
from ml.training import Evaluation

COVERAGE = 0.9
"""The share of days that an interval is made to hold."""
LEAST_ERRORS = 20
"""A device with fewer held-out days has the width of all devices together."""
ORIGINS_APART = 7
SLOWEST, RANDOM_WALK = 0.15, 0.5
"""The exponents that growth keeps to. Four weeks do not show how the next season differs: in a year of 17
homes, errors up to two months ahead were nearly twice those of one day. At most they grow like those of a
random walk, with the square root of the horizon."""


@dataclass(frozen=True)
class Intervals:
    """Half-widths: ``one_day`` of each device one day ahead in kWh, and how they grow."""

    one_day: pd.Series
    growth: float
    """Of the half-width h days ahead, which is h ** growth times that of one day."""

    def half_width(self, devices: pd.Series, step: pd.Series) -> pd.Series:
        """kWh on either side of a forecast ``step`` days ahead (both of length n)."""
        return devices.map(self.one_day) * step**self.growth


def intervals(evaluation: Evaluation, matrix: pd.DataFrame) -> Intervals:
    """Intervals around forecasts of the devices in ``matrix``.

    Split-conformal: the quantile of the absolute errors on days that the model had not seen (Lei et al.
    2018, "Distribution-Free Predictive Inference for Regression"), of each device where it has enough
    of them. Their growth is fitted to forecasts of up to four weeks from every seventh held-out day.
    """
    level = matrix.abs().mean()
    errors = evaluation.errors
    share = (errors["actual"] - errors["predicted"]).abs() / errors["device"].map(level).replace(0.0, np.nan)
    by_device = share.groupby(errors["device"])
    own = by_device.quantile(COVERAGE).where(by_device.count() >= LEAST_ERRORS)
    pooled = share.quantile(COVERAGE)
    one_day = own.reindex(matrix.columns).fillna(0.0 if np.isnan(pooled) else pooled) * level
    return Intervals(one_day, _growth(evaluation, matrix, level))


def _growth(evaluation: Evaluation, matrix: pd.DataFrame, level: pd.Series) -> float:
    """The exponent that fits the errors' quantiles over the horizon best."""
    held_out = pd.DatetimeIndex(matrix.index[matrix.index >= evaluation.first_held_out])
    steps = min(HISTORY, len(held_out) // 2)
    if steps < ORIGINS_APART:
        return RANDOM_WALK
    origins = held_out[: len(held_out) - steps + 1 : ORIGINS_APART]
    each = matrix.columns.repeat(len(origins)), pd.DatetimeIndex(origins.tolist() * matrix.shape[1])
    found = forecast(evaluation.model, evaluation.scale, matrix, *each, steps)
    actual = matrix.melt(ignore_index=False, var_name="device", value_name="actual").rename_axis("date")
    found = found.merge(actual.reset_index(), on=["device", "date"])
    share = (found["actual"] - found["predicted"]).abs() / found["device"].map(level)
    width = share[np.isfinite(share)].groupby(found["step"]).quantile(COVERAGE)
    width = width[width > 0]
    if len(width) < ORIGINS_APART:
        return RANDOM_WALK
    exponent = np.polyfit(np.log(width.index.to_numpy(dtype="float64")), np.log(width.to_numpy()), 1)[0]
    return float(np.clip(exponent, SLOWEST, RANDOM_WALK))
