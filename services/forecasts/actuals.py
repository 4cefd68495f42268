"""Predictions that have come true, or not."""

import numpy as np
import pandas as pd
from bson import ObjectId
from pymongo import UpdateOne

from ml.forecasting.forecast import last_known
from services import readings
from services.forecasts.days import whole_days
from services.forecasts.periods import FACILITY, PERIODS, period_sums
from services.scope import Scope

PATIENCE = pd.Timedelta(days=60)
"""How long a facility's sums wait for a device that other devices' readings have overtaken: meters are
often imported one after the other, a month or two at a time."""
NOTHING = 0.0005
"""kWh that are shown as 0."""


def fill_actuals(scope: Scope) -> int:
    """Enter what was metered, and the accuracy, into predictions whose period is over; how many changed.

    A device's period is over once every day of it was metered whole. The facility's is once no device
    lacks its last days, unless it has lacked them for long; then all that was metered in it counts.
    What was entered before is corrected where readings have changed.
    """
    fields = {"deviceId": 1, "type": 1, "timestamp": 1, "predictedValue": 1, "actualValue": 1, "accuracy": 1}
    predictions = pd.DataFrame(list(scope.db["predictions"].find(scope.owned(), fields)))
    if predictions.empty:
        return 0
    predictions["start"] = predictions["timestamp"].dt.tz_localize(None).astype("datetime64[us]")
    predictions["device"] = predictions["deviceId"].map(
        lambda i: str(i) if isinstance(i, ObjectId) else FACILITY
    )
    daily = readings.daily_consumption(scope, start=predictions["start"].min().date())
    if daily.empty:
        return 0
    found = predictions.merge(_actuals(daily), on=["type", "device", "start"])
    found["now"] = accuracy(found["predictedValue"], found["actual"])
    changed = found[(found["actualValue"] != found["actual"]) | (found["accuracy"] != found["now"])]
    updates = [
        UpdateOne(scope.owned({"_id": _id}), {"$set": {"actualValue": actual, "accuracy": now}})
        for _id, actual, now in zip(
            changed["_id"], changed["actual"].tolist(), changed["now"].tolist(), strict=True
        )
    ]
    if updates:
        scope.db["predictions"].bulk_write(updates, ordered=False)
    return len(updates)


def accuracy(predicted: pd.Series, actual: pd.Series) -> pd.Series:
    """max(0, 1 - |actual - predicted| / |actual|); of an actual 0 it is 1 if 0 was predicted, else 0."""
    error = (actual - predicted).abs()
    nothing = actual.abs() < NOTHING
    ratio = (1 - error / actual.abs().where(~nothing, 1.0)).clip(lower=0.0)
    return ratio.where(~nothing, np.where(error < NOTHING, 1.0, 0.0))


def _actuals(daily: pd.DataFrame) -> pd.DataFrame:
    """kWh of every period that is over: type, device, start, actual."""
    days = whole_days(daily)
    days[FACILITY] = _facility(daily, days)
    parts: list[pd.DataFrame] = []
    for period in PERIODS:
        sums = period_sums(days, period).rename_axis(index="start")
        long = sums.melt(ignore_index=False, var_name="device", value_name="actual")
        parts.append(long.dropna().reset_index().assign(type=period))
    return pd.concat(parts, ignore_index=True)


def _facility(daily: pd.DataFrame, whole: pd.DataFrame) -> pd.Series:
    """All kWh metered on each day that no device is still waited for."""
    last = last_known(whole)
    complete_to = last[last >= last.max() - PATIENCE].min()
    metered: pd.Series = daily.groupby("date")["consumption"].sum()
    complete: pd.Series = metered[metered.index <= complete_to].reindex(whole.index)
    return complete
