"""What a device should use by its nameplate, against what was measured.

Expected kWh a day = rated power (W) ÷ 1000 × average use (hours a day), as loads are reckoned from their
equipment (CIBSE TM54), held against the mean of the days with readings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.devices.devices import Device
from services.devices.measured import Measured

ABOVE, BELOW = 1.5, 0.5
"""Beyond these ratios a device is suspicious: average hours are estimates, but no worse than this."""
LEAST_DAYS = 7
"""A week shows weekdays and weekend; fewer days do not tell the average."""
HOURS_A_DAY = 24

TOO_MUCH = "{device} used {ratio} times what its nameplate says."
TOO_LITTLE = "{device} used only {percent} % of what its nameplate says."
IMPOSSIBLE = "{device} used {ratio} times what it could if it ran at its rated power all day."
IDLE = "{device} is said to run 0 hours a day, but used {measured} kWh a day."
AS_SAID = "{device} used {percent} % of what its nameplate says."
UNRATED = "{device} cannot be checked: its rated power is not known."
NO_HOURS = "{device} cannot be checked: how many hours a day it runs is not known."
UNMEASURED = "{device} cannot be checked: it has no readings."
TOO_SHORT = "{device} cannot be checked yet: it has readings of {days} days, and {least} are needed."


@dataclass(frozen=True)
class Nameplate:
    """One device held against its nameplate."""

    device_id: str
    device: str
    expected: float | None
    """kWh a day; None where the rating or the hours are not known."""
    measured: float | None
    """kWh on a day with readings; None without readings."""
    days: float
    sentence: str
    """A template to be translated, with the fields of ``details``."""
    suspicious: bool = False

    @property
    def ratio(self) -> float | None:
        """Measured ÷ expected; None where one of them is not known or nothing is expected."""
        return self.measured / self.expected if self.measured is not None and self.expected else None

    @property
    def details(self) -> dict[str, str | float | int]:
        """What the sentence names: text, whole numbers, and numbers to be written with one decimal."""
        ratio = self.ratio or 0.0
        return {
            "device": self.device,
            "ratio": ratio,
            "percent": round(100 * ratio),
            "measured": self.measured or 0.0,
            "days": round(self.days),
            "least": LEAST_DAYS,
        }

    def __str__(self) -> str:
        """The English sentence."""
        numbers = {k: f"{v:,.1f}" if isinstance(v, float) else v for k, v in self.details.items()}
        return self.sentence.format(**numbers)


def check(devices: Sequence[Device], used: Mapping[str, Measured]) -> list[Nameplate]:
    """The devices held against what was measured (by id), in the order given."""
    return [_check(device, used.get(device.id)) for device in devices]


def _check(device: Device, used: Measured | None) -> Nameplate:
    expected, per_day, days = _expected(device), used.per_day if used else None, used.days if used else 0
    known = device.id, device.name, expected, per_day, days
    if device.rated_power is None:
        return Nameplate(*known, UNRATED)
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
        return Nameplate(*known, IDLE if per_day > 0 else AS_SAID, suspicious=per_day > 0)
    ratio = per_day / expected
    sentence = TOO_MUCH if ratio > ABOVE else TOO_LITTLE if ratio < BELOW else AS_SAID
    return Nameplate(*known, sentence, suspicious=sentence is not AS_SAID)


def _expected(device: Device) -> float | None:
    if device.rated_power is None or device.avg_usage_hours is None:
        return None
    return device.rated_power / 1000 * device.avg_usage_hours
