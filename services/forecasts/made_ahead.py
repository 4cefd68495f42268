"""What had been forecast of a week or month before it began, as it was stored then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from ml.forecasting.training import COMBINATION
from services import ids
from services.day_label import as_label
from services.forecasts.periods import PeriodKind
from services.forecasts.sums import sum_devices, tested_predictions
from services.scope import Scope
from services.typed import typed

FIELDS = {"predictedValue": "consumption", "lower80": "lower", "upper80": "upper"}


@dataclass(frozen=True)
class MadeAhead:
    """kWh that were forecast of a period before it began, and the interval that holds them 4 times in 5."""

    value: float
    lower: float
    upper: float
    read_to: date
    """The last day whose readings it knew."""
    made_at: datetime
    """When it was made, aware."""


@typed
def made_ahead(
    scope: Scope, period: PeriodKind, start: date, device_ids: Sequence[str] | None = None
) -> MadeAhead | None:
    """Return what had been forecast of the week or month that begins on ``start``, from readings before it.

    It is the last forecast before the first reading of the period, by the combination of models, else by the
    one that made it last: of the whole facility (None), or summed over devices. None where none was made, or
    not of all of these devices.
    """
    if device_ids is not None and not device_ids:
        return None
    owners = [None] if device_ids is None else ids.object_ids(device_ids)
    query = {"type": period, "timestamp": as_label(start), "heldOut": False, "deviceId": {"$in": owners}}
    found = list(scope.db["predictions"].find(scope.owned({**query, "ahead": {"$exists": True}})))
    by_model: dict[str, list[dict[str, object]]] = {}
    for document in found:
        row = {name: document["ahead"][field] for field, name in FIELDS.items()}
        row |= {"device": str(document["deviceId"] or ""), "date": pd.Timestamp(start)}
        row |= {"origin": document["ahead"]["origin"], "createdAt": document["ahead"]["createdAt"]}
        by_model.setdefault(document["modelUsed"], []).append(row)
    whole = {model: rows for model, rows in by_model.items() if len(rows) == len(owners)}
    if not whole:
        return None
    latest = max(
        whole, key=lambda model: (model == COMBINATION, max(str(row["createdAt"]) for row in whole[model]))
    )
    rows = pd.DataFrame(whole[latest])
    sums = rows if device_ids is None else sum_devices(rows, tested_predictions(scope, period, device_ids))
    value, lower, upper = (float(sums[name].iloc[0]) for name in FIELDS.values())
    made_at: datetime = rows["createdAt"].max().to_pydatetime()
    return MadeAhead(value, lower, upper, rows["origin"].max().date(), made_at)
