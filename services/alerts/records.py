"""Events, alerts and rules as plain values, and how they stand in the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from services.documents import from_document
from services.errors import LoadlensError
from services.scope import Document

AlertType = Literal["spike", "threshold", "anomaly"]
Severity = Literal["high", "medium", "low"]
State = Literal["unread", "open", "acknowledged", "snoozed", "normal"]
"""Not read; neither acknowledged nor normal; acknowledged; put off; normal after all."""
Unit = Literal["kWh", "kW", "cost"]
Per = Literal["hour", "day", "month"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first."""
STATES: tuple[State, ...] = get_args(State)
UNITS: tuple[Unit, ...] = get_args(Unit)
PERIODS: tuple[Per, ...] = get_args(Per)
WORKING_DAYS = frozenset(range(5))
LEAST_KWH = 0.05
"""Less than this reads as nothing."""


class AlertRefused(LoadlensError):
    """An alert that was asked for is deleted, or another user's."""

    def __init__(self) -> None:
        super().__init__("This alert is not there any more. Refresh the list.")


class RuleRefused(LoadlensError):
    """A rule that cannot be kept as it is, or that is not there any more."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to one device. Energy in kWh over the event; times local, aware."""

    device_id: str | None
    """None: to all devices together, or to those of a category."""
    reason: str
    """The name of its kind, of `kinds.KINDS`."""
    severity: Severity
    start: datetime
    end: datetime
    expected: float | None
    actual: float | None
    rule_id: str | None = None
    """The rule that asked for it; None for what is found unasked."""
    facts: Document = field(default_factory=dict, hash=False, compare=False)
    """What else its sentence speaks of."""

    def overlap(self, start: datetime, end: datetime) -> float:
        """Return for how many seconds it lasts within other times; not above zero when apart."""
        return (min(self.end, end) - max(self.start, start)).total_seconds()


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
    type: AlertType
    severity: Severity
    message: str
    """In English; `text.alert_text` says the same in the language that is shown."""
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
    """What kind of event it is, of `kinds.KINDS`."""
    rule_id: str | None = None
    """The rule that found it; None for what is found unasked."""
    sentences: tuple[str, ...] = ()
    """Messages of the catalogue whose places ``details`` fill in; {when} goes by its start and end."""
    details: Document = field(default_factory=dict, hash=False)
    cost: float | None = None
    """What was used beyond what was expected costs, in ``currency``."""
    currency: str = ""
    acknowledged: Acknowledgement | None = None
    snoozed_until: datetime | None = None
    normal: bool = False
    """Somebody said that it was normal after all."""


@dataclass(frozen=True)
class Rule:
    """What a manager wants to know of a device, a category or, where neither is named, the facility."""

    kind: str
    """The name of its kind, of `kinds.rule_kinds`."""
    severity: Severity = "medium"
    device_id: str | None = None
    category_id: str | None = None
    limit: float | None = None
    """What is allowed: in ``unit``; for no_data in days; None for the facility's monthly budget."""
    unit: Unit = "kWh"
    """Of a limit: kWh, kW (the demand of each interval), or cost by the facility's tariff."""
    per: Per = "day"
    """Which a limit in kW is not asked for."""
    weekdays: frozenset[int] = WORKING_DAYS
    """0 = Monday: the days with working hours."""
    from_hour: int = 8
    to_hour: int = 18
    """Exclusive, 24 allowed."""
    enabled: bool = True
    since: date | None = None
    """Earlier readings are left alone; set when the rule is added."""
    snoozed_until: datetime | None = None
    """What it finds before is listed at once, but due only then."""
    id: str = ""


def read_alert(document: Document, device: str) -> Alert:
    """Return the alert that a document of `alerts` describes; ``device`` is the name of its device."""
    details: Document = document.get("details", {})
    return from_document(
        Alert,
        document,
        device=device or details.get("category", ""),
        cost=details.get("cost"),
        currency=details.get("currency", ""),
    )


def worst_first(alerts: Sequence[Alert]) -> list[Alert]:
    """Sort by severity, then by how many kWh it is about."""
    return sorted(alerts, key=lambda alert: (SEVERITIES.index(alert.severity), -difference(alert)))


def difference(alert: Alert) -> float:
    """Return how many kWh it is about, too much or too little; 0 where that is not known."""
    if alert.actual is None or alert.expected is None:
        return 0.0
    return abs(alert.actual - alert.expected)
