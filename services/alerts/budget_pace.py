"""On which day a month passes its budget, if it goes on as forecast or, without a forecast, as usual."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from services.alerts.event import Event
from services.alerts.rule import Rule
from services.forecasts import daily_forecast
from services.local_times import day_start
from services.readings.load import Demand
from services.scope import Document, Scope

LOOK_BACK = 28
"""Days from which each weekday's usual consumption is taken."""
LEAST_DAYS = 7


def budget_events(
    scope: Scope,
    rule: Rule,
    demand: Demand,
    budget: float | None,
    device_ids: Sequence[str] | None,
    facts: Document,
) -> Iterator[Event]:
    """An event for each month above its budget; the last one counts as it will probably end.

    ``device_ids`` are those of ``demand``, None for all there are.
    """
    if budget is None or not len(demand.kwh):
        return
    days = _daily(demand)
    months = pd.DatetimeIndex(days.index).to_period("M")
    for month in months.unique():
        measured = days[months == month]
        last_month = measured.index[-1] == days.index[-1]
        expected = _rest_of_month(scope, days, device_ids) if last_month else days.iloc[:0]
        course = pd.concat([measured, expected]).cumsum()
        if course.iloc[-1] <= budget:
            continue
        passed = course.index[int((course > budget).to_numpy().argmax())].date()
        yield Event(
            rule.device_id,
            "budget",
            rule.severity,
            day_start(month.start_time.date(), scope.timezone),
            day_start(month.end_time.date() + timedelta(days=1), scope.timezone),
            float(budget),
            float(course.iloc[-1]),
            rule.id,
            {
                **facts,
                "passed": passed.isoformat(),
                "foreseen": bool(passed > measured.index[-1].date()),
                "complete": not len(expected),
                "soFar": float(measured.sum()),
            },
        )


def _daily(demand: Demand) -> "pd.Series[float]":
    """kWh by local day, each from the first to the last with a reading."""
    read = np.flatnonzero(demand.there)
    upto = read[-1] + 1 if len(read) else 0
    days = demand.clock.local[:upto].astype("datetime64[D]").astype("datetime64[s]")
    return pd.Series(demand.kwh[:upto]).groupby(pd.DatetimeIndex(days)).sum()


def _rest_of_month(
    scope: Scope, days: "pd.Series[float]", device_ids: Sequence[str] | None
) -> "pd.Series[float]":
    """The days of the month after the last one: as forecast, else like their weekdays in the last weeks."""
    last = pd.Timestamp(days.index[-1])
    to_come = pd.date_range(last + pd.Timedelta(days=1), last.to_period("M").end_time.normalize())
    forecast = daily_forecast(scope, device_ids).set_index("date")["consumption"].reindex(to_come)
    return _like_weekdays(days, to_come) if forecast.isna().any() else forecast


def _like_weekdays(days: "pd.Series[float]", to_come: pd.DatetimeIndex) -> "pd.Series[float]":
    past = days.iloc[-LOOK_BACK:]
    if len(past) < LEAST_DAYS:
        return days.iloc[:0]
    usual = past.groupby(pd.DatetimeIndex(past.index).day_of_week).mean()
    weekday = to_come.day_of_week
    return pd.Series(usual.reindex(weekday).to_numpy(), index=to_come)
