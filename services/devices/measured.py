"""What the readings say each device used, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from services import readings
from services.scope import Scope
from services.typed import typed


@dataclass(frozen=True)
class Measured:
    """The readings of one device in sum."""

    kwh: float
    days: float
    """Days with readings; of a meter that is read less often than daily, the days its readings cover."""
    places: dict[str, float]
    """kWh at each location that the readings name; under "" what names none."""

    @property
    def per_day(self) -> float:
        """kWh on a day with readings."""
        return self.kwh / self.days


@typed
def measured(scope: Scope, device_ids: Sequence[str] | None = None) -> dict[str, Measured]:
    """The devices that have readings, all or among those given, by id."""
    daily = _daily(scope, device_ids)
    sums = daily.groupby(["deviceId", "location"], as_index=False)["consumption"].sum()
    places: dict[str, dict[str, float]] = {}
    for device, place, kwh in zip(*(sums[column].tolist() for column in sums), strict=True):
        places.setdefault(device, {})[place] = kwh
    days = _days(daily)
    return {device: Measured(sum(of.values()), days[device], of) for device, of in places.items()}


def _daily(scope: Scope, device_ids: Sequence[str] | None) -> pd.DataFrame:
    """`daily_consumption` with one more column: location."""
    places = readings.locations(scope)
    if not places:
        return readings.daily_consumption(scope, device_ids=device_ids).assign(location="")
    return pd.concat(
        [
            readings.daily_consumption(scope, device_ids=device_ids, locations=[place]).assign(location=place)
            for place in [*places, ""]
        ],
        ignore_index=True,
    )


def _days(daily: pd.DataFrame) -> dict[str, float]:
    days = daily[["deviceId", "date"]].drop_duplicates().sort_values(["deviceId", "date"])
    of_device = days.groupby("deviceId")["date"]
    step = days["date"].diff().dt.days.where(of_device.cumcount() > 0)
    usual = step.groupby(days["deviceId"]).median()
    count, covered = of_device.size(), (of_device.max() - of_device.min()).dt.days + usual
    known = count.where(~(usual > 1), covered).astype("float64")
    return {str(device): days for device, days in known.items()}
