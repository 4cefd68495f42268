"""What is found in the readings, before it is an alert."""

from dataclasses import dataclass
from datetime import datetime

TYPES = {
    "spike": "spike",
    "outage": "anomaly",
    "stuck": "anomaly",
    "shift": "anomaly",
    "demand": "threshold",
    "day": "threshold",
}
"""The type of alert that each reason gives."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to one device. Energy in kWh over the event; times local, aware."""

    device_id: str
    reason: str
    severity: str
    start: datetime
    end: datetime
    expected: float
    actual: float

    @property
    def type(self) -> str:
        """The type of its alert."""
        return TYPES[self.reason]

    def overlap(self, start: datetime, end: datetime) -> float:
        """For how many seconds it lasts within other times; not above zero when apart."""
        return (min(self.end, end) - max(self.start, start)).total_seconds()
