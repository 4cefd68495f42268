"""What had been forecast for the days of a report."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from services import forecasts
from services.readings.storage.rollup import as_label
from services.reports.period import Period
from services.scope import Scope
from services.settings import Settings


def expected_days(
    scope: Scope, settings: Settings, period: Period, device_ids: Sequence[str] | None
) -> npt.NDArray[np.float64] | None:
    """kWh forecast for each day of the period, by the model with the least test WAPE; NaN without one.

    Of the whole facility (None), or the sum over devices. A day that was foretold in earnest counts as it
    was foretold; one that the model was tested on, as it was held out. None where no day was forecast.
    """
    model = _best_model(scope, settings)
    if model is None:
        return None
    owners = [None] if device_ids is None else [ObjectId(i) for i in device_ids]
    query = {
        "type": "daily",
        "modelUsed": model,
        "deviceId": {"$in": owners},
        "timestamp": {"$gte": as_label(period.start), "$lte": as_label(period.end)},
    }
    # Of each device's day the last one stays: foretold after held out.
    found = scope.db["predictions"].find(scope.owned(query)).sort("heldOut", -1)
    once = {(p["deviceId"], p["timestamp"].date()): p["predictedValue"] for p in found}
    days = [period.start + timedelta(days=i) for i in range(period.days)]
    # A device without a forecast that day leaves the sum unknown.
    sums = np.array([sum(once.get((owner, day), np.nan) for owner in owners) for day in days])
    return sums if np.isfinite(sums).any() else None


def _best_model(scope: Scope, settings: Settings) -> str | None:
    known = sorted(forecasts.reports(scope, settings), key=lambda report: report.metrics["WAPE"])
    return known[0].name if known else None
