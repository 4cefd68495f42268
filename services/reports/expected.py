"""What had been forecast for the days of a report."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from services import forecasts, ids
from services.day_label import as_label
from services.reports.period import Period
from services.scope import Scope
from services.settings import Settings


def expected_days(
    scope: Scope, settings: Settings, period: Period, device_ids: Sequence[str] | None
) -> npt.NDArray[np.float64] | None:
    """kWh forecast for each day of the period, by the best model; NaN without one.

    Of the whole facility (None), or the sum over devices. A day that was foretold in earnest counts as it
    was foretold; one that the model was tested on, as it was held out. None where no day was forecast.
    """
    known = forecasts.reports(scope, settings)
    if not known:
        return None
    owners = [None] if device_ids is None else ids.object_ids(device_ids)
    query = {
        "type": "daily",
        "modelUsed": known[0].name,
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
