"""One alert in words, for a list of alerts."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt

from desktop.viewmodels.quantities import NOTHING, kwh, moment, percent
from desktop.viewmodels.record_table import Column, Index, RecordTable
from services.alerts import Alert

SEVERITIES = ("high", "medium", "low")
TYPES = ("spike", "threshold", "anomaly")

SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 10
READ_ROLE = SEVERITY_ROLE + 1
MESSAGE_ROLE = SEVERITY_ROLE + 2
CAPTION_ROLE = SEVERITY_ROLE + 3
WHEN_ROLE = SEVERITY_ROLE + 4
SEVERITY_NAME_ROLE = SEVERITY_ROLE + 5


class AlertsModel(RecordTable[Alert]):
    """Rows of alerts; the roles above give a delegate what it paints, in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            [Column(self.tr("Alert"), lambda alert: alert.message)], lambda alert: alert.id, parent
        )
        self.timezone = "UTC"

    def set_read(self, alert_ids: Sequence[str], read: bool) -> None:
        chosen = set(alert_ids)
        for alert in self.records:
            if alert.id in chosen and alert.read != read:
                self.update(replace(alert, read=read))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or (role < SEVERITY_ROLE and role != Qt.ItemDataRole.AccessibleTextRole):
            return super().data(index, role)
        alert = self.record(index.row())
        shown = {
            SEVERITY_ROLE: alert.severity,
            READ_ROLE: alert.read,
            MESSAGE_ROLE: alert.message,
            SEVERITY_NAME_ROLE: self.severity_name(alert.severity),
            CAPTION_ROLE: f"{alert.device or NOTHING} · {self.type_name(alert.type)}",
            WHEN_ROLE: moment(alert.start, self.timezone),
        }
        return shown.get(role) if role >= SEVERITY_ROLE else self.spoken(alert)

    def spoken(self, alert: Alert) -> str:
        """The whole row as a screen reader says it."""
        state = self.tr("read") if alert.read else self.tr("unread")
        when = moment(alert.start, self.timezone)
        named = f"{self.severity_name(alert.severity)}, {self.type_name(alert.type)}"
        return f"{named}, {state}, {when}: {alert.message}"

    def details(self, alert: Alert) -> list[tuple[str, str]]:
        """The (label, value) pairs of the detail pane."""
        return [
            (self.tr("Kind"), self.type_name(alert.type)),
            (self.tr("Device"), alert.device or NOTHING),
            (self.tr("From"), moment(alert.start, self.timezone)),
            (self.tr("To"), moment(alert.end, self.timezone)),
            (self.tr("Difference"), _difference(alert)),
            (self.tr("Found"), moment(alert.created_at, self.timezone)),
        ]

    def comparison(self, alert: Alert) -> list[tuple[str, str, float]]:
        """(label, energy in words, kWh) of the expected and the actual, as far as they are known."""
        energies = [(self.tr("Expected"), alert.expected), (self.tr("Actual"), alert.actual)]
        return [(label, kwh(energy), energy) for label, energy in energies if energy is not None]

    def severity_name(self, severity: str) -> str:
        names = {"high": self.tr("High"), "medium": self.tr("Medium"), "low": self.tr("Low")}
        return names.get(severity, severity)

    def type_name(self, kind: str) -> str:
        names = {
            "spike": self.tr("Spike"),
            "threshold": self.tr("Threshold"),
            "anomaly": self.tr("Anomaly"),
        }
        return names.get(kind, kind)


def _difference(alert: Alert) -> str:
    """What was used beyond what was expected, in kWh and as a share of it."""
    if alert.expected is None or alert.actual is None:
        return NOTHING
    over = alert.actual - alert.expected
    sign = "+" if over > 0 else ""
    share = f" ({sign}{percent(over / alert.expected)})" if alert.expected else ""
    return f"{sign}{kwh(over)}{share}"
