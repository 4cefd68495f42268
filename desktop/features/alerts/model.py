"""One alert in words, for a list of alerts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QObject, Qt

from desktop.features.alerts.alert_reasons import held_against, kind_name, measured, what_to_check, why
from desktop.features.alerts.alert_text import in_words, lasting, subject
from desktop.framework.formatting import NOTHING, kwh, moment, money, number, percent
from desktop.framework.record_table import Column, Index, RecordTable
from services.alerts import Alert

translate = QCoreApplication.translate

SEVERITIES = ("high", "medium", "low")
STATES = ("unread", "open", "acknowledged", "snoozed", "normal")

SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 10
READ_ROLE = SEVERITY_ROLE + 1
MESSAGE_ROLE = SEVERITY_ROLE + 2
CAPTION_ROLE = SEVERITY_ROLE + 3
IMPACT_ROLE = SEVERITY_ROLE + 4
SEVERITY_NAME_ROLE = SEVERITY_ROLE + 5

LEAST_KWH = 0.05
"""Less is next to nothing: no share of it says anything."""
TIMES = 3
"""From so many times the usual on, it is told in times."""


class AlertsModel(RecordTable[Alert]):
    """Rows of alerts; the roles above give a delegate what it paints, in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([Column(self.tr("Alert"), self.message)], lambda alert: alert.id, parent)
        self.timezone = "UTC"
        self.priced = True
        """Whether it is known what energy costs."""
        self.rules: dict[str, str] = {}
        """Rules in words, by id."""

    def message(self, alert: Alert) -> str:
        """What the alert says."""
        return in_words(alert, self.timezone)

    def in_brief(self, alert: Alert) -> str:
        """What it says without the cost, which a list tells beside it."""
        return in_words(replace(alert, sentences=_without_cost(alert)), self.timezone)

    def impact(self, alert: Alert) -> str:
        """How much more or less was used, and what that costs; else when it began."""
        told = [] if alert.expected is None or alert.actual is None else [_signed(alert)]
        if alert.cost is not None:
            told.append(money(alert.cost, alert.currency))
        return " · ".join(told) or moment(alert.start, self.timezone)

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
            MESSAGE_ROLE: self.in_brief(alert),
            SEVERITY_NAME_ROLE: self.severity_name(alert.severity),
            CAPTION_ROLE: " · ".join([subject(alert), kind_name(alert.reason), *self._states(alert)]),
            IMPACT_ROLE: self.impact(alert),
        }
        return shown.get(role) if role >= SEVERITY_ROLE else self.spoken(alert)

    def spoken(self, alert: Alert) -> str:
        """The whole row as a screen reader says it."""
        state = self.tr("read") if alert.read else self.tr("unread")
        when = moment(alert.start, self.timezone)
        named = f"{self.severity_name(alert.severity)}, {kind_name(alert.reason)}"
        return f"{named}, {state}, {when}: {self.message(alert)}"

    def details(self, alert: Alert) -> list[tuple[str, str]]:
        """The (label, value) pairs of the detail pane."""
        rows = [
            (self.tr("Difference"), _difference(alert)),
            *self._costs(alert),
            (self.tr("Device"), subject(alert)),
            (self.tr("From"), moment(alert.start, self.timezone)),
            (self.tr("To"), f"{moment(alert.end, self.timezone)} ({lasting(alert)})"),
            (self.tr("Kind"), kind_name(alert.reason)),
            (self.tr("Why"), why(alert, self.rules.get(alert.rule_id or ""))),
            (self.tr("Look at"), what_to_check(alert)),
            (self.tr("Found"), moment(alert.created_at, self.timezone)),
        ]
        return [row for row in rows if row[1] not in ("", NOTHING)] + self._handled(alert)

    def _costs(self, alert: Alert) -> list[tuple[str, str]]:
        """What was used too much costs, or what is needed to tell."""
        if alert.cost is not None:
            return [(self.tr("Extra cost"), money(alert.cost, alert.currency))]
        too_much = alert.actual is not None and alert.expected is not None and alert.actual > alert.expected
        if too_much and not self.priced:
            return [(self.tr("Extra cost"), self.tr("Enter the tariff under Settings, Facility, to see it."))]
        return []

    def _handled(self, alert: Alert) -> list[tuple[str, str]]:
        """What people made of it."""
        rows = []
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
        energies = [(held_against(alert), alert.expected), (measured(alert), alert.actual)]
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


def _without_cost(alert: Alert) -> tuple[str, ...]:
    return tuple(sentence for sentence in alert.sentences if "{cost}" not in sentence)


def _signed(alert: Alert) -> str:
    over = (alert.actual or 0) - (alert.expected or 0)
    return f"+{kwh(over)}" if over > 0 else kwh(over)


def _difference(alert: Alert) -> str:
    """What was used beyond what was expected, in kWh and beside it."""
    if alert.expected is None or alert.actual is None:
        return NOTHING
    if alert.expected < LEAST_KWH:
        return _signed(alert)
    times = alert.actual / alert.expected
    if times >= TIMES:
        return translate("alerts", "{energy} ({times} times as much)").format(
            energy=_signed(alert), times=number(times, 1 if times < 10 else 0)
        )
    sign = "+" if times > 1 else ""
    return f"{_signed(alert)} ({sign}{percent(times - 1)})"
