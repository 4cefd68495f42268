"""What a device should use by its nameplate, compared with what was measured.

Expected kWh a day = rated power (W) ÷ 1000 × average use (hours a day), as loads are estimated from their
equipment (CIBSE TM54), compared with the mean of the days with readings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from services import readings
from services.devices import Device, list_devices
from services.messages import N_, formats, gettext
from services.scope import Scope
from services.typed import typed
from services.units import is_energy

ABOVE, BELOW = 1.5, 0.5
"""Beyond these ratios a device is suspicious: average hours are estimates, but no worse than this."""
LEAST_DAYS = 7
"""A week shows weekdays and weekend; fewer days do not tell the average."""
HOURS_A_DAY = 24

USED_MORE = N_("{device} used {ratio} times what its nameplate says.")
USED_LESS = N_("{device} used only {percent} % of what its nameplate says.")
IMPOSSIBLE = N_("{device} used {ratio} times what it could if it ran at its rated power all day.")
IDLE = N_("{device} is said to run 0 hours a day, but used {measured} kWh a day.")
AS_EXPECTED = N_("{device} used {percent} % of what its nameplate says.")
NO_POWER = N_("{device} cannot be checked: its rated power is not known.")
NO_ENERGY = N_("{device} cannot be checked: it counts in {unit}, its nameplate tells of kWh.")
NOT_USED = N_("{device} cannot be checked: what it measures is generated or exported, not used.")
NO_HOURS = N_("{device} cannot be checked: how many hours a day it runs is not known.")
UNMEASURED = N_("{device} cannot be checked: it has no readings.")
TOO_SHORT = N_("{device} cannot be checked yet: it has readings of {days} days, and {least} are needed.")


@dataclass(frozen=True)
class Nameplate:
    """One device compared with its nameplate."""

    device_id: str
    device: str
    expected: float | None
    """kWh a day; None where the rating or the hours are not known."""
    measured: float | None
    """kWh on a day with readings; None without readings, and of what is no energy."""
    days: float
    sentence: str
    """A message with the places of ``details``."""
    suspicious: bool = False
    unit: str = "kWh"

    @property
    def ratio(self) -> float | None:
        """Return measured ÷ expected; None where one of them is not known or nothing is expected."""
        return self.measured / self.expected if self.measured is not None and self.expected else None

    @property
    def details(self) -> dict[str, str | float | int]:
        """Return the places of the sentence: text, whole numbers, and numbers to write with one decimal."""
        ratio = self.ratio or 0.0
        return {
            "device": self.device,
            "ratio": ratio,
            "percent": round(100 * ratio),
            "measured": self.measured or 0.0,
            "days": round(self.days),
            "least": LEAST_DAYS,
            "unit": self.unit,
        }

    def __str__(self) -> str:
        """Return the sentence in the language in use."""
        return gettext(self.sentence, **{name: _written(value) for name, value in self.details.items()})


@dataclass(frozen=True)
class Measured:
    """The readings of one device in sum."""

    kwh: float
    """In the device's own unit where that is none of energy, as below."""
    days: float
    """Days with readings; of a meter that is read less often than daily, the days its readings cover."""
    places: dict[str, float]
    """kWh at each location that the readings name; under "" what names none."""

    @property
    def per_day(self) -> float:
        """Return the kWh on a day with readings."""
        return self.kwh / self.days


@typed
def measure(scope: Scope, device_ids: Sequence[str] | None = None) -> dict[str, Measured]:
    """Sum the readings of the devices that have some, all or among those given, by id."""
    daily = _daily(scope, device_ids)
    sums = daily.groupby(["deviceId", "location"], as_index=False)["consumption"].sum()
    places: dict[str, dict[str, float]] = {}
    for device, place, kwh in zip(*(sums[column].tolist() for column in sums), strict=True):
        places.setdefault(device, {})[place] = kwh
    days = _days(daily)
    return {
        device: Measured(sum(of.values()), days[device], of)
        for device, of in places.items()
        if device in days
    }


def check_nameplates(devices: Sequence[Device], used: Mapping[str, Measured]) -> list[Nameplate]:
    """Compare the devices with what was measured (by id), in the order given."""
    return [_check(device, used.get(device.id)) for device in devices]


def _check(device: Device, used: Measured | None) -> Nameplate:
    expected, per_day, days = _expected(device), used.per_day if used else None, used.days if used else 0
    known = device.id, device.name, expected, per_day, days
    if not is_energy(device.unit):
        return Nameplate(device.id, device.name, None, None, days, NO_ENERGY, unit=device.unit)
    if device.direction != "consumption":
        return Nameplate(device.id, device.name, None, per_day, days, NOT_USED)
    if device.rated_power is None:
        return Nameplate(*known, NO_POWER)
    if per_day is None:
        return Nameplate(*known, UNMEASURED)
    if days < LEAST_DAYS:
        return Nameplate(*known, TOO_SHORT)
    if expected is None:
        most = device.rated_power / 1000 * HOURS_A_DAY
        if per_day > most:
            return Nameplate(device.id, device.name, most, per_day, days, IMPOSSIBLE, suspicious=True)
        return Nameplate(*known, NO_HOURS)
    if not expected:
        return Nameplate(*known, IDLE if per_day > 0 else AS_EXPECTED, suspicious=per_day > 0)
    ratio = per_day / expected
    sentence = USED_MORE if ratio > ABOVE else USED_LESS if ratio < BELOW else AS_EXPECTED
    return Nameplate(*known, sentence, suspicious=sentence is not AS_EXPECTED)


def _expected(device: Device) -> float | None:
    if device.rated_power is None or device.avg_usage_hours is None:
        return None
    return device.rated_power / 1000 * device.avg_usage_hours


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else formats().number(value, int(isinstance(value, float)))


def _daily(scope: Scope, device_ids: Sequence[str] | None) -> pd.DataFrame:
    """Return `daily_consumption` of all or some devices with one more column: location."""
    if device_ids is None:
        device_ids = [device.id for device in list_devices(scope)]
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
    covered = daily.groupby(["deviceId", "date"])["covered"].max().groupby("deviceId").sum()
    return {str(device): days for device, days in covered.items() if days}
