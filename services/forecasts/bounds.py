"""The prediction intervals of days, weeks and months, of devices and the facility."""

import pandas as pd

from ml.forecasting.forecast import Forecaster, bound
from ml.forecasting.prediction_intervals import LEVELS, narrowing
from services.forecasts.periods import FACILITY, PERIODS, start_of

DAYS = {"daily": 1, "weekly": 7, "monthly": 30}
IDENTITY = ["type", "device", "start"]


def with_bounds(predictions: pd.DataFrame, found: pd.DataFrame, forecaster: Forecaster) -> pd.DataFrame:
    """Predictions (type, device, start, predicted) with lower_80, upper_80, lower_95 and upper_95 beside.

    ``found`` are the forecasts of days that they are made of, as `ml.forecasting.forecast` gives them; what
    was metered of a period is certain.
    """
    for level in LEVELS:
        lower, upper = bound("lower", level), bound("upper", level)
        days = found[["device", "date", "step"]].assign(
            below=found["predicted"] - found[lower], above=found[upper] - found["predicted"]
        )
        kwh = found.groupby("device")["predicted"].mean().abs()
        widths = pd.concat([_widths(days, kwh, period, level, forecaster) for period in PERIODS])
        merged = predictions.merge(widths, on=IDENTITY, how="left").fillna({"below": 0.0, "above": 0.0})
        predictions = merged.assign(
            **{lower: merged["predicted"] - merged["below"], upper: merged["predicted"] + merged["above"]}
        ).drop(columns=["below", "above"])
    return _nested(predictions)


def _nested(predictions: pd.DataFrame) -> pd.DataFrame:
    """The wider interval around the narrower, also where few errors tell of them."""
    inner, outer = (sorted(bound(side, level) for side in ("lower", "upper")) for level in LEVELS)
    lower = predictions[[inner[0], outer[0]]].min(axis=1)
    upper = predictions[[inner[1], outer[1]]].max(axis=1)
    return predictions.assign(**{outer[0]: lower, outer[1]: upper})


def _widths(
    days: pd.DataFrame, kwh: pd.Series, period: str, level: float, forecaster: Forecaster
) -> pd.DataFrame:
    """How far the intervals of periods reach: type, device, start, below, above (kWh)."""
    whole = {"below": "sum", "above": "sum", "step": "max"}
    start = start_of(pd.DatetimeIndex(days["date"]), period)
    sums = days.assign(start=start).groupby(["device", "start"]).agg(whole)
    facility = _narrowed(days.groupby("date").agg(whole), "daily", level, forecaster, kwh)
    if DAYS[period] > 1:
        sums = _narrowed(sums, period, level, forecaster)
        start = start_of(pd.DatetimeIndex(facility.index), period).rename("start")
        facility = _narrowed(facility.groupby(start).agg(whole), period, level, forecaster, kwh)
    facility = facility.rename_axis("start")
    both = pd.concat([sums.reset_index(), facility.reset_index().assign(device=FACILITY)])
    return both.drop(columns="step").assign(type=period)


def _narrowed(
    sums: pd.DataFrame, period: str, level: float, forecaster: Forecaster, kwh: pd.Series | None = None
) -> pd.DataFrame:
    shares = narrowing(forecaster.intervals, level, DAYS[period], sums["step"].to_numpy(), kwh)
    return sums.assign(below=sums["below"] * shares, above=sums["above"] * shares)
