"""What is found in the readings, before it is an alert."""

from dataclasses import dataclass, field
from datetime import datetime

from services.scope import Document

TYPES = {
    "spike": "spike",
    "outage": "anomaly",
    "stuck": "anomaly",
    "shift": "anomaly",
    "demand": "threshold",
    "day": "threshold",
    # What rules find.
    "limit": "threshold",
    "outside_hours": "threshold",
    "budget": "threshold",
    "no_data": "anomaly",
}
"""The type of alert that each reason gives."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to one device. Energy in kWh over the event; times local, aware."""

    device_id: str | None
    """None: to all devices together, or to those of a category."""
    reason: str
    severity: str
    start: datetime
    end: datetime
    expected: float | None
    actual: float | None
    rule_id: str | None = None
    """The rule that asked for it; None for what is found unasked."""
    facts: Document = field(default_factory=dict, hash=False, compare=False)
    """What else its sentence speaks of."""

    @property
    def type(self) -> str:
        """The type of its alert."""
        return TYPES[self.reason]

    def overlap(self, start: datetime, end: datetime) -> float:
        """For how many seconds it lasts within other times; not above zero when apart."""
        return (min(self.end, end) - max(self.start, start)).total_seconds()
