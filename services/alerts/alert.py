"""One alert, and how it stands in the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.errors import LoadlensError
from services.scope import Document


class AlertRefused(LoadlensError):
    """An alert that was asked for is deleted, or another user's."""

    def __init__(self) -> None:
        super().__init__("This alert is not there any more. Refresh the list.")


SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Acknowledgement:
    """Who took note of an alert, when, and what there was to say."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Alert:
    """One event of one device, in a sentence for its manager."""

    id: str
    type: str
    """spike, threshold or anomaly."""
    severity: str
    """low, medium or high."""
    message: str
    """In English; `sentences` and `details` are the same for other languages."""
    read: bool
    device_id: str | None
    """None where it is about all devices together, or about a category."""
    device: str
    """The name of the device or category; empty for the whole facility."""
    start: datetime
    end: datetime
    """When the last of its intervals ends; UTC, as the start."""
    expected: float | None
    """kWh that are usual, or allowed, over the event."""
    actual: float | None
    """kWh over the event."""
    created_at: datetime
    reason: str = ""
    """What kind of event it is, of `event.TYPES`."""
    rule_id: str | None = None
    """The rule that found it; None for what is found unasked."""
    sentences: tuple[str, ...] = ()
    """Templates whose fields are in ``details``; {when} is to be told from its start and end."""
    details: Document = field(default_factory=dict, hash=False)
    cost: float | None = None
    """What was used beyond what was expected costs, in ``currency``."""
    currency: str = ""
    acknowledged: Acknowledgement | None = None
    snoozed_until: datetime | None = None
    normal: bool = False
    """Somebody said that it was normal after all."""


def from_document(document: Document, device: str) -> Alert:
    """The alert that a document of `alerts` describes; ``device`` is the name of its device."""
    details: Document = document.get("details", {})
    noted = document.get("acknowledged")
    rule_id = document.get("ruleId")
    return Alert(
        id=str(document["_id"]),
        type=document["type"],
        severity=document["severity"],
        message=document["message"],
        read=document["read"],
        device_id=str(document["deviceId"]) if document["deviceId"] else None,
        device=device or details.get("category", ""),
        start=document["start"],
        end=document["end"],
        expected=document["expected"],
        actual=document["actual"],
        created_at=document["createdAt"],
        reason=document["reason"],
        rule_id=str(rule_id) if rule_id else None,
        sentences=tuple(document.get("sentences", ())),
        details=details,
        cost=details.get("cost"),
        currency=details.get("currency", ""),
        acknowledged=Acknowledgement(**noted) if noted else None,
        snoozed_until=document.get("snoozedUntil"),
        normal=document.get("normal", False),
    )


def worst_first(alerts: Sequence[Alert]) -> list[Alert]:
    """By severity, then by how many kWh it is about."""
    return sorted(alerts, key=_badness)


def difference(alert: Alert) -> float:
    """How many kWh it is about, too much or too little; 0 where that is not known."""
    if alert.actual is None or alert.expected is None:
        return 0.0
    return abs(alert.actual - alert.expected)


def _badness(alert: Alert) -> tuple[int, float]:
    return SEVERITIES.index(alert.severity), -difference(alert)
