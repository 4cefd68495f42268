"""What a manager asks first of the time to come: how much, what it costs, and whether the budget holds."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from services import readings
from services.facility import Tariff, cost, facility_of
from services.forecasts.listing import Prediction, list_predictions
from services.readings.load import load_of
from services.scope import Scope
from services.typed import typed

WEEK = 7
PRICED_BY = timedelta(days=27)
"""The last four weeks, the last day among them, tell at which hours energy is used."""


@dataclass(frozen=True)
class Outlook:
    """kWh, and money in ``currency``; None for what cannot be told."""

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
    """What is to come, of one device or the whole facility (None), as that model has foretold it."""
    days, months = (
        [p for p in list_predictions(scope, period, device_id, model) if not p.held_out and _ahead(p)]
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


def _ahead(prediction: Prediction) -> bool:
    return prediction.actual_value is None


def _year_before(scope: Scope, start: date, device_ids: list[str] | None) -> float | None:
    month = pd.Period(start, "M") - 12
    daily = readings.daily_consumption(
        scope, start=month.start_time.date(), end=month.end_time.date(), device_ids=device_ids
    )
    whole = daily["date"].nunique() == month.days_in_month
    return float(daily["consumption"].sum()) if whole else None


def _price(scope: Scope, tariff: Tariff | None, device_ids: list[str] | None) -> float | None:
    """Demand charges are not in it: one peak of a month to come is anybody's guess."""
    span, load = readings.span(scope), load_of(scope)
    rows = [row for row, (key, _) in enumerate(load.meters) if not device_ids or str(key) in device_ids]
    if tariff is None or span is None or not rows:
        return None
    demand = load.demand(np.array(rows)).part(load.days.between(span[1] - PRICED_BY, span[1]))
    read = demand.there
    local, kwh = pd.DatetimeIndex(demand.clock.local[read]), demand.kwh[read]
    total = float(kwh.sum())
    if total <= 0:
        return tariff.base_price
    return cost(replace(tariff, demand_price=0.0), local, kwh, demand.hours) / total
