"""The dashboard's charts over time."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from desktop.framework.drawing import (
    Drawing,
    Moments,
    Values,
    Words,
    energy,
    extremes,
    instants,
    interval,
    seconds,
)
from desktop.framework.formatting import kw, kwh, percent
from desktop.framework.table_export import Table
from services.dashboard import Overview, Resolution, sum_by

translate = QCoreApplication.translate

LEAST_AHEAD = {"hour": 24, "day": 7, "week": 4, "month": 1}
"""Intervals of the forecast that are shown at least; the more of the past, the more of them."""


def consumption(seen: Overview, resolution: Resolution, budget: float | None) -> Drawing:
    """With the forecast that continues it; ``budget`` in kWh of an interval."""
    start, used = seen.consumption.start, seen.consumption.kwh
    whole = _whole(seen, start, resolution)
    ahead, expected, lower, upper = _to_come(seen, resolution)
    forecast = (seconds(ahead), expected, lower, upper) if len(ahead) else None

    def words(at: int) -> str:
        if at < len(start):
            return _interval(start[at], used[at], bool(whole[at]), resolution)
        to_come = at - len(start)
        bounds = translate("dashboard", "forecast, likely {lower} to {upper}")
        told = bounds.format(lower=kwh(float(lower[to_come])), upper=kwh(float(upper[to_come])))
        return f"{interval(ahead[to_come], resolution)}\n{energy(expected[to_come])}\n{told}"

    def table() -> Table:
        headings = ["Start", "kWh", "Forecast kWh", "Lower kWh", "Upper kWh"]
        past = [(when, value, None, None, None) for when, value in _rows(start, used)]
        to_come = [
            (when, None, *bounds)
            for when, bounds in zip(instants(ahead), zip(expected, lower, upper, strict=True), strict=True)
        ]
        return headings, [*past, *to_come]

    mean = seen.figures.average_day.value if resolution == "day" else None
    return Drawing(
        (seconds(start), used, Words(words), forecast, budget, whole, mean),
        table,
        extremes(used, lambda at: interval(start[at], resolution), kwh),
    )


def weeks(seen: Overview) -> Drawing:
    """The consumption week by week, whatever else is shown by."""
    days = sum_by(seen.heat_map.days, _by_day(seen), "week")
    whole = _whole(seen, days.start, "week")
    return Drawing(
        (
            seconds(days.start),
            days.kwh,
            Words(lambda at: _interval(days.start[at], days.kwh[at], bool(whole[at]), "week")),
            None,
            None,
            whole,
        ),
        lambda: (["Week", "kWh"], _rows(days.start, days.kwh)),
        extremes(days.kwh, lambda at: interval(days.start[at], "week"), kwh),
    )


def baseload(seen: Overview) -> Drawing:
    start, demand = seen.baseload_trend.start, seen.baseload_trend.kw
    return Drawing(
        (
            seconds(start),
            demand,
            Words(lambda at: f"{interval(start[at], 'day')}\n{kw(float(demand[at]))}"),
        ),
        lambda: (["Day", "Baseload kW"], _rows(start, demand)),
        extremes(demand, lambda at: interval(start[at], "day"), kw),
    )


def cusum(seen: Overview) -> Drawing:
    start, sums = seen.cusum.start, seen.cusum.kwh

    def words(at: int) -> str:
        template = (
            translate("dashboard", "{energy} more than the baseline until then")
            if sums[at] > 0
            else translate("dashboard", "{energy} less than the baseline until then")
        )
        return f"{interval(start[at], 'day')}\n{template.format(energy=kwh(abs(float(sums[at]))))}"

    return Drawing(
        (seconds(start), sums, Words(words)),
        lambda: (["Day", "Cumulated difference kWh"], _rows(start, sums)),
        words(len(sums) - 1).replace("\n", ": ") if len(sums) else "",
    )


def budget(seen: Overview) -> Drawing:
    start, used, planned = seen.budget.start, seen.budget.kwh, seen.budget.budget

    def words(at: int) -> str:
        lines = [interval(start[at], "month"), energy(used[at])]
        if planned:
            share = translate("dashboard", "{share} of the budget of {budget}")
            lines.append(share.format(share=percent(float(used[at]) / planned), budget=kwh(planned)))
        return "\n".join(lines)

    return Drawing(
        (seconds(start), used, Words(words), planned),
        lambda: (
            ["Month", "kWh", "Budget kWh"],
            [(when, value, planned) for when, value in _rows(start, used)],
        ),
        "; ".join(words(at).replace("\n", ", ") for at in range(len(start))),
    )


def _to_come(seen: Overview, resolution: Resolution) -> tuple[Moments, Values, Values, Values]:
    """As much of the forecast as goes with what is shown of the past, in whole weeks or months."""
    start, used = seen.consumption.start, seen.consumption.kwh
    if seen.forecast is None or not len(start):
        return start[:0], used[:0], used[:0], used[:0]
    series, lower, upper = seen.forecast
    # Of an interval that has begun, what was measured is shown.
    first = int(series.start.searchsorted(start[-1], side="right"))
    end = len(series.start) - (resolution in ("week", "month"))
    shown = slice(first, min(end, first + max(LEAST_AHEAD[resolution], len(start) // 3)))
    return series.start[shown], series.kwh[shown], lower[shown], upper[shown]


def _interval(start: np.datetime64, used: float, whole: bool, resolution: str) -> str:
    lines = [interval(start, resolution), energy(used)]
    if not whole and not np.isnan(used):
        lines.append(translate("dashboard", "Not all of its days are there."))
    return "\n".join(lines)


def _by_day(seen: Overview) -> Values:
    """kWh of each day of the heat map, NaN where nothing was read."""
    read = np.isfinite(seen.heat_map.kwh).any(axis=1)
    used: Values = np.where(read, np.nansum(seen.heat_map.kwh, axis=1), np.nan)
    return used


def _whole(seen: Overview, start: Moments, resolution: Resolution) -> npt.NDArray[np.bool_]:
    """Whether all days of each interval have readings."""
    if resolution in ("hour", "day"):
        return np.ones(len(start), "bool")
    days = seen.heat_map.days[np.isfinite(_by_day(seen))]
    counts = np.bincount(start.searchsorted(days.astype(start.dtype), side="right") - 1, minlength=len(start))
    month = start.astype("datetime64[M]")
    lengths = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype("int64")
    whole: npt.NDArray[np.bool_] = counts == (7 if resolution == "week" else lengths)
    return whole


def _rows(start: Moments, values: Values) -> list[tuple[object, object]]:
    shown = [None if np.isnan(value) else float(value) for value in values]
    return list(zip(instants(start), shown, strict=True))
