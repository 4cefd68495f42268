"""What comes after the last reading: the days, the next month, its cost, and whether the budget holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import hypot
from typing import NamedTuple

import numpy as np
import pandas as pd

from ml.forecasting.naive import naive_forecast
from ml.forecasting.prediction_intervals import Range
from services import readings
from services.devices import counted_devices
from services.facility import Tariff, cost, facility_of
from services.forecasts.coarse_periods import CoarseForecasts
from services.forecasts.metered import Ends, ends, metered
from services.forecasts.periods import end_of
from services.forecasts.predictions import Prediction, list_predictions
from services.forecasts.sums import COLUMNS, LIKELY, read_predictions, sum_predictions
from services.readings import load_profile_of
from services.scope import Scope
from services.typed import typed

LOOK_BACK = timedelta(days=363)
"""What the interval of a forecast without a model is calibrated on, the last day among them."""
COARSE_LOOK_BACK = timedelta(days=3 * 366)
LEAST_DAYS = 7
WEEK = 7
PRICED_BY = timedelta(days=27)
"""Prices are weighted by the hours at which the last four weeks used energy."""


class Expected(NamedTuple):
    """kWh, and the interval that holds it four times in five."""

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

    From the stored predictions. Devices that none is stored of are taken to use on each day the mean of its
    weekday in the last four weeks; those read by the week or longer go on at their own step. Those that have
    stopped use nothing, and stray readings end nothing. None where nothing goes on or less than a week was
    metered.
    """
    found = ends(scope)
    if found is None:
        return None
    chosen = [device.id for device in counted_devices(scope)] if device_ids is None else device_ids
    wanted = found.running.intersection(chosen)
    if not wanted:
        return None
    month = next_period(found).start_time.date()
    of_devices = read_predictions(scope, "monthly", sorted(_all_devices(scope)), month, month)
    stored = frozenset(of_devices["device"])
    sums = sum_predictions(scope, "monthly", sorted(wanted & stored), month, month)
    if device_ids is None and wanted <= stored and not sums.empty:
        facility = sum_predictions(scope, "monthly", None, month, month)
        # It was made of those that were read and counted then; if these are others now, it is not theirs.
        if np.allclose(facility["consumption"], sums["consumption"]):
            sums = facility
    if sums.empty:
        return _without_model(scope, found, sorted(wanted), LEAST_DAYS)
    value, lower, upper = (float(sums[name].iloc[0]) for name in COLUMNS[1:])
    new = _without_model(scope, found, sorted(wanted - stored), 1) if wanted - stored else None
    if new is None:
        return Expected(value, lower, upper)
    return Expected(
        value + new.value,
        value + new.value - hypot(value - lower, new.value - new.lower),
        value + new.value + hypot(upper - value, new.upper - new.value),
    )


def next_period(found: Ends) -> pd.Period:
    """Return the calendar month after the last reading's."""
    return pd.Period(found.origin, "M") + 1


@typed
def daily_forecast(scope: Scope, device_ids: Sequence[str] | None = None, days: int = 60) -> pd.DataFrame:
    """Return the predicted days after the last reading's, of all devices unless some are named.

    Columns: date (naive), consumption, lower, upper (kWh; the interval holds 80 %); up to ``days`` rows,
    none where no predictions are stored.
    """
    found = ends(scope)
    if found is None:
        return pd.DataFrame(columns=COLUMNS)
    first = found.origin + timedelta(days=1)
    chosen = device_ids if device_ids is None else sorted(found.running.intersection(device_ids))
    return sum_predictions(scope, "daily", chosen, first, first + timedelta(days=days - 1))


def _all_devices(scope: Scope) -> set[str]:
    return {str(device_id) for device_id, _ in load_profile_of(scope).meters}


def _without_model(scope: Scope, found: Ends, device_ids: list[str], least: int) -> Expected | None:
    """Predict the next month of running devices; None where less than ``least`` days were metered."""
    origin, month = pd.Timestamp(found.origin), next_period(found)
    steps = _steps(scope)
    coarse = [device for device in device_ids if steps[device] > 1]
    since = found.origin - (COARSE_LOOK_BACK if coarse else LOOK_BACK)
    known = metered(readings.daily_consumption(scope, since, device_ids=device_ids))
    parts: list[Range] = []
    days = known.days[known.days.index <= origin].tail(LOOK_BACK.days + 1)
    if days.tail(WEEK * 4).notna().any(axis=1).sum() >= min(least, LEAST_DAYS) and len(days):
        first = (month.start_time - days.index[-1]).days
        of_days = naive_forecast(
            days.to_numpy("float64"),
            pd.DatetimeIndex(days.index).day_of_week.to_numpy(),
            first,
            month.days_in_month,
        )
        parts += [] if of_days is None else [of_days]
    forecasts = CoarseForecasts(known)
    for device in known.coarse:
        of_month = forecasts.of_period(device, origin, month.start_time, month.days_in_month)
        parts += [] if of_month is None else [of_month]
    if not parts:
        return None
    value, reach = sum(part.value for part in parts), hypot(*(part.reach[LIKELY] for part in parts))
    return Expected(value, max(value - reach, min(value, 0.0)), value + reach)


def _steps(scope: Scope) -> dict[str, float]:
    """Return the days that a reading of each device usually covers."""
    load = load_profile_of(scope)
    return {
        str(device_id): step / 86_400
        for (device_id, _), step in zip(load.meters, load.intervals, strict=True)
    }


@dataclass(frozen=True)
class Outlook:
    """What is asked first: kWh, and money in ``currency``; None for what is not known."""

    week: float | None
    """Of the seven days after the last reading."""
    origin: date | None = None
    """The last day with readings, strays left out: what is predicted begins after it."""
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
    found = ends(scope)
    days, months = (
        [
            p
            for p in list_predictions(scope, period, device_id, model)
            if not p.held_out and p.actual_value is None and found and _end(p) > found.origin
        ]
        for period in ("daily", "monthly")
    )
    facility, devices = facility_of(scope), [device_id] if device_id else None
    return Outlook(
        origin=found.origin if found else None,
        week=sum(p.predicted_value for p in days[:WEEK]) if len(days) >= WEEK else None,
        months=tuple(months[:2]),
        year_before=_year_before(scope, months[:2][-1].start, devices) if months else None,
        price=_price(scope, facility.tariff, devices),
        currency=facility.currency,
        budget=None if device_id else facility.monthly_budget,
    )


def _end(prediction: Prediction) -> date:
    """Return the last day of the period."""
    return end_of(pd.DatetimeIndex([prediction.start]), prediction.type)[0].date()


def _year_before(scope: Scope, start: date, device_ids: list[str] | None) -> float | None:
    month = pd.Period(start, "M") - 12
    daily = readings.daily_consumption(
        scope, start=month.start_time.date(), end=month.end_time.date(), device_ids=device_ids
    )
    whole = daily["date"].nunique() == month.days_in_month
    return float(daily["consumption"].sum()) if whole else None


def _price(scope: Scope, tariff: Tariff | None, device_ids: list[str] | None) -> float | None:
    """Return the mean price of a kWh; without demand charges, as a month's peak cannot be predicted."""
    found, load = ends(scope), load_profile_of(scope)
    rows = [row for row, (key, _) in enumerate(load.meters) if not device_ids or str(key) in device_ids]
    if tariff is None or found is None or not rows:
        return None
    demand = load.demand(np.array(rows)).part(load.days.between(found.origin - PRICED_BY, found.origin))
    read = demand.read
    local, kwh = pd.DatetimeIndex(demand.clock.local[read]), demand.energy[read]
    total = float(kwh.sum())
    if total <= 0:
        return tariff.base_price
    return cost(replace(tariff, demand_price=0.0), local, kwh, demand.hours) / total
