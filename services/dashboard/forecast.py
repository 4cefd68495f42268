"""The forecast that continues the consumption."""

from collections.abc import Sequence
from typing import NamedTuple

from services import forecasts
from services.dashboard.comparison import Period
from services.dashboard.selection import Selection
from services.dashboard.series import Resolution, Series, Values
from services.scope import Scope


class Forecast(NamedTuple):
    """What comes after the last reading; kWh, as are the ends of its interval."""

    series: Series
    lower: Values
    upper: Values


def next_month(scope: Scope, device_ids: Sequence[str] | None) -> tuple[float, float, float] | None:
    """kWh predicted for the calendar month after the last reading's, and its interval, NaN where unknown."""
    value = forecasts.next_month(scope, device_ids)
    return None if value is None else (value, float("nan"), float("nan"))


def continued(
    scope: Scope,
    selection: Selection,
    period: Period,
    device_ids: Sequence[str] | None,
    resolution: Resolution,
) -> Forecast | None:
    """The days, weeks or months to come, where the period goes to the last reading; None without one."""
    return None
