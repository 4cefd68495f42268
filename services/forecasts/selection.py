"""Stored predictions of the days or months to come, for a choice of devices."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from bson import ObjectId
from pymongoarrow.api import Schema, find_pandas_all

from ml.training import COMBINATION
from services.readings.storage.rollup import as_label
from services.scope import Scope

COLUMNS = ["date", "consumption", "lower", "upper"]
FIELDS = {"timestamp": "date", "predictedValue": "consumption", "lower95": "lower", "upper95": "upper"}
STORED = Schema(
    {
        "modelUsed": pa.string(),
        "createdAt": pa.timestamp("ms"),
        "timestamp": pa.timestamp("ms"),
        **dict.fromkeys(("predictedValue", "lower95", "upper95"), pa.float64()),
    }
)


def stored_sums(
    scope: Scope, period: str, device_ids: Sequence[str] | None, start: date, end: date
) -> pd.DataFrame:
    """Predictions of the periods that begin from ``start`` to ``end``, for all devices (None) or some.

    Those of the combination, else of the model that predicted last. Columns: date (the first day, naive),
    consumption, lower, upper (kWh; the interval holds 95 %), by date; empty where none are stored.
    """
    query: dict[str, Any] = {
        "type": period,
        "heldOut": False,
        "timestamp": {"$gte": as_label(start), "$lte": as_label(end)},
        "deviceId": None if device_ids is None else {"$in": [ObjectId(i) for i in device_ids]},
    }
    found = find_pandas_all(scope.db["predictions"], scope.owned(query), schema=STORED)
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    latest = found.groupby("modelUsed")["createdAt"].max()
    found = found[found["modelUsed"] == (COMBINATION if COMBINATION in latest else latest.idxmax())]
    found = found.reindex(columns=list(FIELDS)).rename(columns=FIELDS)
    found["date"] = found["date"].astype("datetime64[us]")
    return _summed(found)


def _summed(found: pd.DataFrame) -> pd.DataFrame:
    """One row a date. Devices' errors are taken to be independent by half: neither do they all rise and fall
    together, nor does nothing move them alike."""
    below = found["consumption"] - found["lower"]
    above = found["upper"] - found["consumption"]
    parts = found.assign(below=below, above=above, below2=below**2, above2=above**2)
    sums = parts.groupby("date")[["consumption", "below", "above", "below2", "above2"]].sum()
    half = {side: np.sqrt((sums[side] ** 2 + sums[f"{side}2"]) / 2) for side in ("below", "above")}
    return sums.assign(
        lower=sums["consumption"] - half["below"], upper=sums["consumption"] + half["above"]
    ).reset_index()[COLUMNS]
