"""One alert, and how it stands in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.errors import LoadlensError
from services.scope import Document


class AlertRefused(LoadlensError):
    """An alert that was asked for is deleted, or another user's."""

    def __init__(self) -> None:
        super().__init__("This alert is not there any more. Refresh the list.")


SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Alert:
    """One event of one device, in a sentence for its manager."""

    id: str
    type: str
    """spike, threshold or anomaly."""
    severity: str
    """low, medium or high."""
    message: str
    read: bool
    device_id: str
    device: str
    start: datetime
    end: datetime
    """When the last of its intervals ends; UTC, as the start."""
    expected: float | None
    """kWh that are usual, or allowed, over the event."""
    actual: float | None
    """kWh over the event."""
    created_at: datetime


def from_document(document: Document, device: str) -> Alert:
    """The alert that a document of `alerts` describes; ``device`` is the name of its device."""
    return Alert(
        id=str(document["_id"]),
        type=document["type"],
        severity=document["severity"],
        message=document["message"],
        read=document["read"],
        device_id=str(document["deviceId"]),
        device=device,
        start=document["start"],
        end=document["end"],
        expected=document["expected"],
        actual=document["actual"],
        created_at=document["createdAt"],
    )


def worst_first(alerts: Sequence[Alert]) -> list[Alert]:
    """By severity, then by how many kWh it is about."""
    return sorted(alerts, key=_badness)


def _badness(alert: Alert) -> tuple[int, float]:
    return SEVERITIES.index(alert.severity), -abs((alert.actual or 0) - (alert.expected or 0))
