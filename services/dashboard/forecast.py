"""The forecast that continues the consumption."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from bson import ObjectId

from services import forecasts
from services.dashboard.comparison import Period
from services.dashboard.selection import Selection
from services.dashboard.series import Resolution, Series, Values
from services.scope import Scope

KEPT = 64
"""Forecasts of so many choices of devices are remembered."""


class Forecast(NamedTuple):
    """What comes after the last reading; kWh, as are the ends of its interval."""

    series: Series
    lower: Values
    upper: Values


def next_month(
    scope: Scope, selection: Selection, device_ids: Sequence[str] | None
) -> tuple[float, float, float] | None:
    """kWh predicted for the calendar month after the last reading's, and its interval, NaN where unknown."""
    return _next_month(scope, _state(scope, selection), None if device_ids is None else tuple(device_ids))


def continued(
    scope: Scope,
    selection: Selection,
    period: Period,
    device_ids: Sequence[str] | None,
    resolution: Resolution,
) -> Forecast | None:
    """The days, weeks or months to come, where the period goes to the last reading; None without one."""
    return None


State = tuple[ObjectId | None, datetime | None]
"""Of readings and predictions: as long as it is the same, a forecast is."""


def _state(scope: Scope, selection: Selection) -> State:
    newest = scope.db["predictions"].find_one(scope.owned(), {"createdAt": True}, sort=[("createdAt", -1)])
    return selection.load.revision, newest["createdAt"] if newest else None


@lru_cache(maxsize=KEPT)
def _next_month(
    scope: Scope, state: State, device_ids: tuple[str, ...] | None
) -> tuple[float, float, float] | None:
    # The state is there to be remembered by: no choice of days changes the forecast.
    value = forecasts.next_month(scope, device_ids)
    return None if value is None else (value, float("nan"), float("nan"))
