"""Stored predictions of the days or months to come, for a choice of devices."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from bson import ObjectId
from pymongoarrow.api import Schema, find_pandas_all
from pymongoarrow.types import ObjectIdType

from ml.forecasting.training import COMBINATION
from services.day_label import as_label
from services.forecasts.periods import FACILITY
from services.scope import Scope

COLUMNS = ["date", "consumption", "lower", "upper"]
FIELDS = {"predictedValue": "consumption", "lower95": "lower", "upper95": "upper"}
KEPT = 8
STORED = Schema(
    {
        "deviceId": ObjectIdType(),
        "modelUsed": pa.string(),
        "createdAt": pa.timestamp("ms"),
        "timestamp": pa.timestamp("ms"),
        **dict.fromkeys(("predictedValue", "lower95", "upper95"), pa.float64()),
    }
)


def stored_at(scope: Scope) -> frozenset[datetime]:
    """When predictions were stored, by which it is seen that there are others.

    Not the last moment alone: those of a clock that was ahead would hide all others.
    """
    return frozenset(scope.db["predictions"].distinct("createdAt", scope.owned()))


def stored_sums(
    scope: Scope, period: str, device_ids: Sequence[str] | None, start: date, end: date
) -> pd.DataFrame:
    """Predictions of the periods that begin from ``start`` to ``end``, for all devices (None) or some.

    Those of the combination, else of the model that predicted last. Columns: date (the first day, naive),
    consumption, lower, upper (kWh; the interval holds 95 %), by date; empty where none are stored.
    """
    found = _found(scope, stored_at(scope), device_ids is not None, period, start, end)
    if device_ids is not None:
        found = found[found["device"].isin(list(device_ids))]
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    latest = found.groupby("modelUsed", observed=True)["createdAt"].max()
    found = found[found["modelUsed"] == (COMBINATION if COMBINATION in latest else latest.idxmax())]
    return _summed(found.reindex(columns=COLUMNS))


@lru_cache(maxsize=KEPT)
def _found(
    scope: Scope, stored: frozenset[datetime], of_devices: bool, period: str, start: date, end: date
) -> pd.DataFrame:
    """The predictions of every device, read once for all choices of them, or those of the facility."""
    query = {
        "type": period,
        "heldOut": False,
        "deviceId": {"$ne": None} if of_devices else None,
        "timestamp": {"$gte": as_label(start), "$lte": as_label(end)},
    }
    found = find_pandas_all(scope.db["predictions"], scope.owned(query), schema=STORED)
    device = [FACILITY if raw is None else str(ObjectId(raw)) for raw in found["deviceId"]]
    dates = found["timestamp"].astype("datetime64[us]")
    predictions: pd.DataFrame = found.drop(columns=["deviceId", "timestamp"]).rename(columns=FIELDS)
    named: pd.DataFrame = predictions.assign(device=device, date=dates).astype(
        {"device": "category", "modelUsed": "category"}
    )
    return named


def _summed(found: pd.DataFrame) -> pd.DataFrame:
    """One row a date. Devices' errors are taken to be independent by half: neither do they all rise and fall
    together, nor does nothing move them alike."""
    dates, number = np.unique(found["date"], return_inverse=True)
    value, lower, upper = (found[name].to_numpy() for name in COLUMNS[1:])

    def summed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.bincount(number, np.nan_to_num(values), len(dates)).astype("float64")

    below, above = (
        np.sqrt((summed(side) ** 2 + summed(side**2)) / 2) for side in (value - lower, upper - value)
    )
    total = summed(value)
    return pd.DataFrame(dict(zip(COLUMNS, (dates, total, total - below, total + above), strict=True)))
