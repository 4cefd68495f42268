"""What comes after the last reading: the days, the next month, its cost, and whether the budget holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from services import readings
from services.facility import Tariff, cost, facility_of
from services.forecasts.periods import whole_days
from services.forecasts.predictions import COLUMNS, Prediction, list_predictions, sum_predictions
from services.readings import load_profile_of
from services.scope import Scope
from services.typed import typed

LOOK_BACK = timedelta(days=27)
"""Four weeks, the last day among them."""
LEAST_DAYS = 7
DEVIATIONS = 1.96
"""Of a normal distribution, within which 95 % lie."""
WEEK = 7
PRICED_BY = timedelta(days=27)
"""Prices are weighted by the hours at which the last four weeks used energy."""


class Expected(NamedTuple):
    """kWh, and the interval that holds it with 95 %."""

    value: float
    lower: float
    upper: float


@typed
def next_month(scope: Scope, device_ids: Sequence[str] | None = None) -> float | None:
    """Return the kWh predicted for the calendar month after the last reading's; see `next_month_interval`."""
    found = next_month_interval(scope, device_ids)
    return None if found is None else found.value


@typed
def next_month_interval(scope: Scope, device_ids: Sequence[str] | None = None) -> Expected | None:
    """Predict the kWh of the calendar month after the last reading's, of all devices unless some are named.

    From the stored predictions; without any, each day is taken to be like the mean of its weekday in the
    last four weeks, and the month to scatter like these weeks. None where less than a week was metered.
    """
    span = readings.span(scope)
    if span is None:
        return None
    month = (pd.Period(span[1], "M") + 1).start_time.date()
    stored = sum_predictions(scope, "monthly", device_ids, month, month)
    if len(stored):
        value, lower, upper = (float(stored[name].iloc[0]) for name in COLUMNS[1:])
        return Expected(value, lower, upper)
    return _seasonal_naive(scope, span[1], month, device_ids)


@typed
def daily_forecast(scope: Scope, device_ids: Sequence[str] | None = None, days: int = 60) -> pd.DataFrame:
    """Return the predicted days after the last reading's, of all devices unless some are named.

    Columns: date (naive), consumption, lower, upper (kWh; the interval holds 95 %); up to ``days`` rows,
    none where no predictions are stored.
    """
    span = readings.span(scope)
    if span is None:
        return pd.DataFrame(columns=COLUMNS)
    first = span[1] + timedelta(days=1)
    return sum_predictions(scope, "daily", device_ids, first, first + timedelta(days=days - 1))


def _seasonal_naive(
    scope: Scope, last: date, month: date, device_ids: Sequence[str] | None
) -> Expected | None:
    daily = readings.daily_consumption(scope, start=last - LOOK_BACK, device_ids=device_ids)
    if daily["date"].nunique() < LEAST_DAYS:
        return None
    days = whole_days(daily)
    weekday = pd.DatetimeIndex(days.index).day_of_week
    known = days.groupby(weekday).mean().reindex(range(7))
    # Not fillna, which goes from column to column.
    of_weekday = np.where(known.notna(), known, days.mean()).sum(axis=1)
    period = pd.Period(month, "M")
    to_come = pd.date_range(period.start_time, period.end_time.normalize())
    value = float(of_weekday[to_come.day_of_week].sum())
    weeks = days.sum(axis=1).groupby((days.index - days.index[0]).days // 7).mean()
    scatter = float(weeks.std()) if len(weeks) > 1 else 0.0
    half = DEVIATIONS * scatter * len(to_come)
    return Expected(value, max(value - half, min(value, 0.0)), value + half)


@dataclass(frozen=True)
class Outlook:
    """What is asked first: kWh, and money in ``currency``; None for what is not known."""

    week: float | None
    """Of the seven days after the last reading."""
    months: tuple[Prediction, ...] = ()
    """The month under way and the next one, or the next one alone."""
    year_before: float | None = None
    """Of the last of these months, a year earlier; only if all its days were read."""
    price: float | None = None
    """What a kWh cost on average in the last four weeks, by the facility's tariff."""
    currency: str = ""
    budget: float | None = None
    """Of a month of the whole facility."""


@typed
def outlook(scope: Scope, device_id: str | None = None, model: str | None = None) -> Outlook:
    """Return what that model predicts for one device or the whole facility (None)."""
    days, months = (
        [p for p in list_predictions(scope, period, device_id, model) if not p.held_out and _is_open(p)]
        for period in ("daily", "monthly")
    )
    facility, devices = facility_of(scope), [device_id] if device_id else None
    return Outlook(
        week=sum(p.predicted_value for p in days[:WEEK]) if len(days) >= WEEK else None,
        months=tuple(months[:2]),
        year_before=_year_before(scope, months[:2][-1].start, devices) if months else None,
        price=_price(scope, facility.tariff, devices),
        currency=facility.currency,
        budget=None if device_id else facility.monthly_budget,
    )


def _is_open(prediction: Prediction) -> bool:
    return prediction.actual_value is None


def _year_before(scope: Scope, start: date, device_ids: list[str] | None) -> float | None:
    month = pd.Period(start, "M") - 12
    daily = readings.daily_consumption(
        scope, start=month.start_time.date(), end=month.end_time.date(), device_ids=device_ids
    )
    whole = daily["date"].nunique() == month.days_in_month
    return float(daily["consumption"].sum()) if whole else None


def _price(scope: Scope, tariff: Tariff | None, device_ids: list[str] | None) -> float | None:
    """Return the mean price of a kWh; without demand charges, as a month's peak cannot be predicted."""
    span, load = readings.span(scope), load_profile_of(scope)
    rows = [row for row, (key, _) in enumerate(load.meters) if not device_ids or str(key) in device_ids]
    if tariff is None or span is None or not rows:
        return None
    demand = load.demand(np.array(rows)).part(load.days.between(span[1] - PRICED_BY, span[1]))
    read = demand.read
    local, kwh = pd.DatetimeIndex(demand.clock.local[read]), demand.energy[read]
    total = float(kwh.sum())
    if total <= 0:
        return tariff.base_price
    return cost(replace(tariff, demand_price=0.0), local, kwh, demand.hours) / total
