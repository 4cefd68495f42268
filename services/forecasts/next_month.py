"""The one figure of the dashboard that lies in the future."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from bson import ObjectId

from services import readings
from services.forecasts.days import whole_days
from services.readings.storage.rollup import as_label
from services.scope import Scope

LOOK_BACK = timedelta(days=27)
"""Four weeks, the last day among them."""
LEAST_DAYS = 7


def next_month(scope: Scope, device_ids: Sequence[str] | None = None) -> float | None:
    """kWh predicted for the calendar month after the last reading's; of all devices unless some are named.

    From the stored predictions of the model that did best in its test; without any, each day is taken to
    be like the mean of its weekday in the last four weeks. None where less than a week was metered.
    """
    span = readings.span(scope)
    if span is None:
        return None
    month = (pd.Period(span[1], "M") + 1).start_time.date()
    predicted = _stored(scope, month, device_ids)
    return _seasonal_naive(scope, span[1], month, device_ids) if predicted is None else predicted


def _stored(scope: Scope, month: date, device_ids: Sequence[str] | None) -> float | None:
    devices: Any = None if device_ids is None else {"$in": [ObjectId(i) for i in device_ids]}
    query = {"type": "monthly", "timestamp": as_label(month), "heldOut": False, "deviceId": devices}
    predicted: dict[str, float] = {}
    for document in scope.db["predictions"].find(scope.owned(query)):
        model = document["modelUsed"]
        predicted[model] = predicted.get(model, 0.0) + document["predictedValue"]
    ranking = [model for model in _best_first(scope) if model in predicted] or list(predicted)
    return predicted[ranking[0]] if ranking else None


def _best_first(scope: Scope) -> list[str]:
    """The models by the WAPE of their held-out days."""
    tested = scope.owned(
        {"type": "daily", "heldOut": True, "deviceId": {"$ne": None}, "actualValue": {"$ne": None}}
    )
    error = {"$abs": {"$subtract": ["$actualValue", "$predictedValue"]}}
    groups = scope.db["predictions"].aggregate(
        [
            {"$match": tested},
            # Every model was tested on the same days, so that the divisor of WAPE is the same.
            {"$group": {"_id": "$modelUsed", "error": {"$sum": error}}},
            {"$sort": {"error": 1}},
        ]
    )
    return [group["_id"] for group in groups]


def _seasonal_naive(scope: Scope, last: date, month: date, device_ids: Sequence[str] | None) -> float | None:
    daily = readings.daily_consumption(scope, start=last - LOOK_BACK, device_ids=device_ids)
    if daily["date"].nunique() < LEAST_DAYS:
        return None
    days = whole_days(daily)
    weekday = pd.DatetimeIndex(days.index).day_of_week
    of_weekday = days.groupby(weekday).mean().reindex(range(7)).fillna(days.mean()).sum(axis=1)
    period = pd.Period(month, "M")
    to_come = pd.date_range(period.start_time, period.end_time.normalize())
    return float(of_weekday.loc[to_come.day_of_week].sum())
