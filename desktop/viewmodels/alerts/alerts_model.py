"""One alert in words, for a list of alerts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt

from desktop.viewmodels.alerts.alert_words import in_words, subject
from desktop.viewmodels.quantities import NOTHING, kwh, moment, money, percent
from desktop.viewmodels.record_table import Column, Index, RecordTable
from services.alerts import Alert

SEVERITIES = ("high", "medium", "low")
TYPES = ("spike", "threshold", "anomaly")
STATES = ("unread", "open", "acknowledged", "snoozed", "normal")

SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 10
READ_ROLE = SEVERITY_ROLE + 1
MESSAGE_ROLE = SEVERITY_ROLE + 2
CAPTION_ROLE = SEVERITY_ROLE + 3
WHEN_ROLE = SEVERITY_ROLE + 4
SEVERITY_NAME_ROLE = SEVERITY_ROLE + 5


class AlertsModel(RecordTable[Alert]):
    """Rows of alerts; the roles above give a delegate what it paints, in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([Column(self.tr("Alert"), self.message)], lambda alert: alert.id, parent)
        self.timezone = "UTC"

    def message(self, alert: Alert) -> str:
        """What the alert says."""
        return in_words(alert, self.timezone)

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
            MESSAGE_ROLE: self.message(alert),
            SEVERITY_NAME_ROLE: self.severity_name(alert.severity),
            CAPTION_ROLE: " · ".join([subject(alert), self.type_name(alert.type), *self._states(alert)]),
            WHEN_ROLE: moment(alert.start, self.timezone),
        }
        return shown.get(role) if role >= SEVERITY_ROLE else self.spoken(alert)

    def spoken(self, alert: Alert) -> str:
        """The whole row as a screen reader says it."""
        state = self.tr("read") if alert.read else self.tr("unread")
        when = moment(alert.start, self.timezone)
        named = f"{self.severity_name(alert.severity)}, {self.type_name(alert.type)}"
        return f"{named}, {state}, {when}: {self.message(alert)}"

    def details(self, alert: Alert) -> list[tuple[str, str]]:
        """The (label, value) pairs of the detail pane."""
        rows = [
            (self.tr("Kind"), self.type_name(alert.type)),
            (self.tr("Device"), subject(alert)),
            (self.tr("From"), moment(alert.start, self.timezone)),
            (self.tr("To"), moment(alert.end, self.timezone)),
            (self.tr("Difference"), _difference(alert)),
        ]
        if alert.cost is not None:
            rows.append((self.tr("Costs"), money(alert.cost, alert.currency)))
        rows.append((self.tr("Found"), moment(alert.created_at, self.timezone)))
        if alert.snoozed_until and alert.snoozed_until > datetime.now(UTC):
            rows.append((self.tr("Snoozed until"), moment(alert.snoozed_until, self.timezone)))
        if noted := alert.acknowledged:
            by = self.tr("{who}, {when}").format(who=noted.by, when=moment(noted.at, self.timezone))
            rows.append((self.tr("Acknowledged"), by))
            if noted.note:
                rows.append((self.tr("Note"), noted.note))
        return rows

    def comparison(self, alert: Alert) -> list[tuple[str, str, float]]:
        """(label, energy in words, kWh) of the expected and the actual, as far as they are known."""
        energies = [(self.tr("Expected"), alert.expected), (self.tr("Actual"), alert.actual)]
        return [(label, kwh(energy), energy) for label, energy in energies if energy is not None]

    def state_name(self, state: str) -> str:
        names = {
            "unread": self.tr("Unread"),
            "open": self.tr("Not acknowledged"),
            "acknowledged": self.tr("Acknowledged"),
            "snoozed": self.tr("Snoozed"),
            "normal": self.tr("Normal after all"),
        }
        return names[state]

    def _states(self, alert: Alert) -> list[str]:
        """What people made of it, as far as a list says so."""
        snoozed = alert.snoozed_until is not None and alert.snoozed_until > datetime.now(UTC)
        states = {"snoozed": snoozed, "acknowledged": alert.acknowledged is not None, "normal": alert.normal}
        return [self.state_name(state) for state, so in states.items() if so]

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
