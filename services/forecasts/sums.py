"""Sum stored predictions over a choice of devices, with an interval calibrated on that choice's own sums.

The backtest's predictions are stored device by device, beside what came. What their sums were off by, as a
share of their devices' half-widths together, says how much of these cancels out when the same devices are
summed for the days to come.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
from bson import ObjectId
from pymongoarrow.api import Schema, find_pandas_all
from pymongoarrow.types import ObjectIdType

from ml.arrays import Floats
from ml.forecasting.prediction_intervals import margin
from ml.forecasting.training import COMBINATION
from services.day_label import as_label
from services.forecasts.periods import FACILITY, PeriodKind
from services.scope import Scope

LIKELY = 0.8
"""The share of cases that an interval holds which is called likely."""
COLUMNS = ["date", "consumption", "lower", "upper"]
FIELDS = {"predictedValue": "consumption", "lower80": "lower", "upper80": "upper", "actualValue": "actual"}
CACHED = 16
SCHEMA = Schema(
    {
        "deviceId": ObjectIdType(),
        "modelUsed": pa.string(),
        "createdAt": pa.timestamp("ms"),
        "timestamp": pa.timestamp("ms"),
        **dict.fromkeys(FIELDS, pa.float64()),
    }
)
ALIKE = 0.5
"""The part of the devices' errors that they are taken to have in common, where no backtest tells."""
LEAST_TESTED = 8
"""Fewer periods of a backtest do not tell it."""
TESTED: dict[PeriodKind, PeriodKind] = {"daily": "daily", "weekly": "weekly", "monthly": "weekly"}
"""Periods whose sums tell it: a backtest has but three months."""


def prediction_times(scope: Scope) -> frozenset[datetime]:
    """Return when predictions were stored: another set of times means other predictions.

    Not the last moment alone: those of a clock that was ahead would hide all others.
    """
    return frozenset(scope.db["predictions"].distinct("createdAt", scope.owned()))


def sum_predictions(
    scope: Scope, period: PeriodKind, device_ids: Sequence[str] | None, start: date, end: date
) -> pd.DataFrame:
    """Sum predictions of the periods that begin from ``start`` to ``end``, over all devices (None) or some.

    Those of the combination, else of the model that predicted last. Columns: date (the first day, naive),
    consumption, lower, upper (kWh; the interval holds 80 %), by date; empty where none are stored. Days hold
    their part of the months of meters that are predicted by the month, unless all are.
    """
    found = read_predictions(scope, period, device_ids, start, end)
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    if device_ids is None:
        return found[COLUMNS].sort_values("date", ignore_index=True)
    if period == "daily":
        months = read_predictions(scope, "monthly", device_ids, start.replace(day=1), end)
        found = pd.concat([found, _spread(months[~months["device"].isin(found["device"])], found["date"])])
    return sum_devices(found, tested_predictions(scope, period, device_ids))


def read_predictions(
    scope: Scope, period: PeriodKind, device_ids: Sequence[str] | None, start: date, end: date
) -> pd.DataFrame:
    """Read the predictions of these devices, or of the facility (None), as `sum_predictions` chooses them.

    Columns: device, `COLUMNS`.
    """
    found = _read(scope, prediction_times(scope), device_ids is not None, period, False, start, end)
    if device_ids is not None:
        found = found[found["device"].isin(list(device_ids))]
    if found.empty:
        return pd.DataFrame(columns=["device", *COLUMNS])
    latest = found.groupby("modelUsed", observed=True)["createdAt"].max()
    found = found[found["modelUsed"] == (COMBINATION if COMBINATION in latest else latest.idxmax())]
    return found[["device", *COLUMNS]].astype({"device": "str"})


def tested_predictions(scope: Scope, period: PeriodKind, device_ids: Sequence[str]) -> pd.DataFrame:
    """Read what the combination's backtest predicted of these devices, and what came."""
    stored = prediction_times(scope)
    found = _read(scope, stored, True, TESTED[period], True, date(1900, 1, 1), date(2200, 1, 1))
    chosen = found["device"].isin(list(device_ids)) & (found["modelUsed"] == COMBINATION)
    return found[chosen].dropna(subset=["actual", "lower", "upper"]).astype({"device": "str"})


@lru_cache(maxsize=CACHED)
def _read(
    scope: Scope,
    stored: frozenset[datetime],
    of_devices: bool,
    period: PeriodKind,
    held_out: bool,
    start: date,
    end: date,
) -> pd.DataFrame:
    """Read the predictions of every device, once for all choices of them, or those of the facility."""
    query = {
        "type": period,
        "heldOut": held_out,
        "deviceId": {"$ne": None} if of_devices else None,
        "timestamp": {"$gte": as_label(start), "$lte": as_label(end)},
    }
    found = find_pandas_all(scope.db["predictions"], scope.owned(query), schema=SCHEMA)
    device = [FACILITY if raw is None else str(ObjectId(raw)) for raw in found["deviceId"]]
    dates = found["timestamp"].astype("datetime64[us]")
    predictions: pd.DataFrame = found.drop(columns=["deviceId", "timestamp"]).rename(columns=FIELDS)
    named: pd.DataFrame = predictions.assign(device=device, date=dates).astype(
        {"device": "category", "modelUsed": "category"}
    )
    return named


def _spread(months: pd.DataFrame, dates: pd.Series) -> pd.DataFrame:
    """Spread predicted months evenly over those of their days that are among ``dates``."""
    days = pd.DataFrame({"day": pd.DatetimeIndex(dates.unique())})
    days["date"] = days["day"].dt.to_period("M").dt.start_time.astype("datetime64[us]")
    both = days.merge(months, on="date")
    length = both["day"].dt.days_in_month
    parts = {name: both[name] / length for name in COLUMNS[1:]}
    return both[["device"]].assign(date=both["day"].astype("datetime64[us]"), **parts)


def sum_devices(found: pd.DataFrame, tested: pd.DataFrame) -> pd.DataFrame:
    """Sum all devices' predictions, one row a date.

    The errors of devices that were tested and of the others are taken to be independent.
    """
    dates, number = np.unique(found["date"], return_inverse=True)
    value, lower, upper = (found[name].to_numpy("float64") for name in COLUMNS[1:])
    known = found["device"].isin(tested["device"]).to_numpy()
    share = _share(tested)
    total = np.bincount(number, np.nan_to_num(value), len(dates))

    def reach(side: Floats) -> Floats:
        of_tested = _reach(np.where(known, side, 0.0), number, len(dates), share)
        of_others = _reach(np.where(known, 0.0, side), number, len(dates), None)
        found: Floats = np.hypot(of_tested, of_others)
        return found

    below, above = reach(value - lower), reach(upper - value)
    return pd.DataFrame(dict(zip(COLUMNS, (dates, total, total - below, total + above), strict=True)))


def _reach(side: Floats, number: np.ndarray, count: int, share: float | None) -> Floats:
    """Return how far the sums' intervals reach, (count,): that share of their parts' together."""
    side = np.nan_to_num(side)
    together = np.bincount(number, side, count)
    if share is not None:
        return np.asarray(share * together, "float64")
    return np.sqrt(ALIKE * together**2 + (1 - ALIKE) * np.bincount(number, side**2, count))


def _share(tested: pd.DataFrame) -> float | None:
    """Return the share of the half-widths together within which the sums' errors were in `LIKELY` of all
    periods; None where too few tell it.
    """
    if tested.empty:
        return None
    each = tested.assign(
        error=tested["actual"] - tested["consumption"], width=(tested["upper"] - tested["lower"]) / 2
    )
    by_date = each.groupby("date")[["error", "width"]].sum()
    counts = each.groupby("date").size()
    whole = by_date[(counts == counts.max()) & (by_date["width"] > 0)]
    if len(whole) < LEAST_TESTED:
        return None
    quantile = float((whole["error"].abs() / whole["width"]).quantile(LIKELY))
    return min(quantile * margin(np.array([len(whole)]), LIKELY), 1.0)
