"""The days, weeks and months that are predicted: what they sum to, and how far their intervals reach."""

from typing import Literal, get_args

import pandas as pd

from ml.forecasting.forecast import Forecaster, bound
from ml.forecasting.prediction_intervals import LEVELS, narrowing

FACILITY = ""
"""In frames, what stands for the whole facility where a device's id would."""
PeriodKind = Literal["daily", "weekly", "monthly"]
PERIODS: tuple[PeriodKind, ...] = get_args(PeriodKind)
FREQUENCIES: dict[PeriodKind, str] = {"daily": "D", "weekly": "W-SUN", "monthly": "M"}
"""Names of pandas; weeks begin on Monday."""
LENGTHS: dict[PeriodKind, int] = {"daily": 1, "weekly": 7, "monthly": 30}
"""Days, of a month about."""
KEYS = ["type", "device", "start"]


def start_of(days: pd.DatetimeIndex, period: PeriodKind) -> pd.DatetimeIndex:
    """Return the first day of the period that each day lies in; weeks begin on Monday."""
    return days.to_period(FREQUENCIES[period]).to_timestamp()


def end_of(starts: pd.DatetimeIndex, period: PeriodKind) -> pd.DatetimeIndex:
    """Return the last day of the periods that begin on these days."""
    return starts.to_period(FREQUENCIES[period]).end_time.normalize()


def period_sums(days: pd.DataFrame, period: PeriodKind) -> pd.DataFrame:
    """Sum daily values (rows are consecutive days) by period; NaN where a day of it is missing."""
    starts = start_of(pd.DatetimeIndex(days.index), period)
    grouped = days.groupby(starts)
    distinct = pd.DatetimeIndex(starts.unique())
    lengths = pd.Series((end_of(distinct, period) - distinct).days + 1, index=distinct)
    return grouped.sum().where(grouped.count().eq(lengths, axis=0))


def with_bounds(
    predictions: pd.DataFrame,
    found: pd.DataFrame,
    forecaster: Forecaster,
    counts: frozenset[str] | None = None,
) -> pd.DataFrame:
    """Add lower_80, upper_80, lower_95 and upper_95 to predictions (type, device, start, predicted).

    ``found`` are the forecasts of days that they are made of, as `ml.forecasting.forecast` gives them; what
    was metered of a period is certain. ``counts`` are the devices of the facility's sums, all by default.
    """
    for level in LEVELS:
        lower, upper = bound("lower", level), bound("upper", level)
        days = found[["device", "date", "step"]].assign(
            below=found["predicted"] - found[lower], above=found[upper] - found["predicted"]
        )
        kwh = found.groupby("device")["predicted"].mean().abs()
        widths = pd.concat([_widths(days, kwh, period, level, forecaster, counts) for period in PERIODS])
        merged = predictions.merge(widths, on=KEYS, how="left").fillna({"below": 0.0, "above": 0.0})
        predictions = merged.assign(
            **{lower: merged["predicted"] - merged["below"], upper: merged["predicted"] + merged["above"]}
        ).drop(columns=["below", "above"])
    return _nested(predictions)


def _nested(predictions: pd.DataFrame) -> pd.DataFrame:
    """Widen the outer interval to the inner one, where few errors left it narrower."""
    inner, outer = (sorted(bound(side, level) for side in ("lower", "upper")) for level in LEVELS)
    lower = predictions[[inner[0], outer[0]]].min(axis=1)
    upper = predictions[[inner[1], outer[1]]].max(axis=1)
    return predictions.assign(**{outer[0]: lower, outer[1]: upper})


def _widths(
    days: pd.DataFrame,
    kwh: pd.Series,
    period: PeriodKind,
    level: float,
    forecaster: Forecaster,
    counts: frozenset[str] | None,
) -> pd.DataFrame:
    """Return how far the intervals of periods reach: type, device, start, below, above (kWh)."""
    whole = {"below": "sum", "above": "sum", "step": "max"}
    start = start_of(pd.DatetimeIndex(days["date"]), period)
    sums = days.assign(start=start).groupby(["device", "start"]).agg(whole)
    if counts is not None:
        days, kwh = days[days["device"].isin(counts)], kwh[kwh.index.isin(counts)]
    facility = _narrowed(days.groupby("date").agg(whole), "daily", level, forecaster, kwh)
    if LENGTHS[period] > 1:
        sums = _narrowed(sums, period, level, forecaster)
        start = start_of(pd.DatetimeIndex(facility.index), period).rename("start")
        facility = _narrowed(facility.groupby(start).agg(whole), period, level, forecaster, kwh)
    facility = facility.rename_axis("start")
    both = pd.concat([sums.reset_index(), facility.reset_index().assign(device=FACILITY)])
    return both.drop(columns="step").assign(type=period)


def _narrowed(
    sums: pd.DataFrame, period: PeriodKind, level: float, forecaster: Forecaster, kwh: pd.Series | None = None
) -> pd.DataFrame:
    shares = narrowing(forecaster.intervals, level, LENGTHS[period], sums["step"].to_numpy(), kwh)
    return sums.assign(below=sums["below"] * shares, above=sums["above"] * shares)
