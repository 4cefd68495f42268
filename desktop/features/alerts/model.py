"""One alert in words, for a list of alerts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QObject, Qt

from desktop.framework.formatting import NOTHING, kwh, moment, money, number, percent
from desktop.framework.record_table import Column, Index, RecordTable
from services.alerts import (
    LEAST_KWH,
    Alert,
    State,
    actual_text,
    advice_text,
    alert_text,
    expected_text,
    kind_text,
    severity_text,
    state_text,
    subject_text,
    why_text,
)

translate = QCoreApplication.translate

SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 10
READ_ROLE = SEVERITY_ROLE + 1
MESSAGE_ROLE = SEVERITY_ROLE + 2
CAPTION_ROLE = SEVERITY_ROLE + 3
IMPACT_ROLE = SEVERITY_ROLE + 4
SEVERITY_NAME_ROLE = SEVERITY_ROLE + 5

TIMES = 3
"""From so many times the usual on, the difference is written in times."""
HOURS, FEW_HOURS = 24, 48
"""Of a day; what lasts longer is written in days."""


class AlertsModel(RecordTable[Alert]):
    """Rows of alerts; the roles above give a delegate what it paints, in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([Column(self.tr("Alert"), self.message)], lambda alert: alert.id, parent)
        self._shown: dict[int, Callable[[Alert], object]] = {
            SEVERITY_ROLE: lambda alert: alert.severity,
            READ_ROLE: lambda alert: alert.read,
            MESSAGE_ROLE: self.message_without_cost,
            SEVERITY_NAME_ROLE: lambda alert: severity_text(alert.severity),
            CAPTION_ROLE: self.caption,
            IMPACT_ROLE: self.impact,
        }
        self.timezone = "UTC"
        self.priced = True
        """Whether it is known what energy costs."""
        self.rules: dict[str, str] = {}
        """Rules in words, by id."""

    def message(self, alert: Alert) -> str:
        """Return what the alert says."""
        return alert_text(alert, self.timezone)

    def message_without_cost(self, alert: Alert) -> str:
        """Return what it says without the cost, which a list shows beside it."""
        return alert_text(alert, self.timezone, with_cost=False)

    def caption(self, alert: Alert) -> str:
        """Return what it is about, its kind, and what people made of it."""
        return " · ".join([subject_text(alert), kind_text(alert.reason), *self._states(alert)])

    def impact(self, alert: Alert) -> str:
        """Return how much more or less was used, and what that costs; else when it began."""
        parts = [] if alert.expected is None or alert.actual is None else [_signed(alert)]
        if alert.cost is not None:
            parts.append(money(alert.cost, alert.currency))
        return " · ".join(parts) or moment(alert.start, self.timezone)

    def set_read(self, alert_ids: Sequence[str], read: bool) -> None:
        chosen = set(alert_ids)
        for alert in self.records:
            if alert.id in chosen and alert.read != read:
                self.update(replace(alert, read=read))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or (role < SEVERITY_ROLE and role != Qt.ItemDataRole.AccessibleTextRole):
            return super().data(index, role)
        alert = self.record(index.row())
        if role < SEVERITY_ROLE:
            return self.spoken(alert)
        return self._shown[role](alert) if role in self._shown else None

    def spoken(self, alert: Alert) -> str:
        """Return the whole row as a screen reader says it."""
        state = self.tr("read") if alert.read else self.tr("unread")
        when = moment(alert.start, self.timezone)
        named = f"{severity_text(alert.severity)}, {kind_text(alert.reason)}"
        return f"{named}, {state}, {when}: {self.message(alert)}"

    def details(self, alert: Alert) -> list[tuple[str, str]]:
        """Return the (label, value) pairs of the detail pane."""
        rows = [
            (self.tr("Difference"), _difference(alert)),
            *self._costs(alert),
            (self.tr("Device"), subject_text(alert)),
            (self.tr("From"), moment(alert.start, self.timezone)),
            (self.tr("To"), f"{moment(alert.end, self.timezone)} ({_duration(alert)})"),
            (self.tr("Kind"), kind_text(alert.reason)),
            (self.tr("Why"), why_text(alert, self.rules.get(alert.rule_id or ""))),
            (self.tr("Look at"), advice_text(alert)),
            (self.tr("Found"), moment(alert.created_at, self.timezone)),
        ]
        return [row for row in rows if row[1] not in ("", NOTHING)] + self._handled(alert)

    def _costs(self, alert: Alert) -> list[tuple[str, str]]:
        """Return what was used too much costs, or what is needed to know it."""
        if alert.cost is not None:
            return [(self.tr("Extra cost"), money(alert.cost, alert.currency))]
        too_much = alert.actual is not None and alert.expected is not None and alert.actual > alert.expected
        if too_much and not self.priced:
            return [(self.tr("Extra cost"), self.tr("Enter the tariff under Settings, Facility, to see it."))]
        return []

    def _handled(self, alert: Alert) -> list[tuple[str, str]]:
        """Return what people made of it."""
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
        """Return (label, energy in words, kWh) of the expected and the actual, as far as they are known."""
        energies = [(expected_text(alert), alert.expected), (actual_text(alert), alert.actual)]
        return [(label, kwh(energy), energy) for label, energy in energies if energy is not None]

    def _states(self, alert: Alert) -> list[str]:
        """Return what people made of it, as far as a list says so."""
        snoozed = alert.snoozed_until is not None and alert.snoozed_until > datetime.now(UTC)
        states: dict[State, bool] = {
            "snoozed": snoozed,
            "acknowledged": alert.acknowledged is not None,
            "normal": alert.normal,
        }
        return [state_text(state) for state, holds in states.items() if holds]


def _duration(alert: Alert) -> str:
    """Return how long it lasted, in hours or in days."""
    hours = (alert.end - alert.start) / timedelta(hours=1)
    if hours < 1:
        return translate("alerts", "{count} min").format(count=number(60 * hours))
    if hours < FEW_HOURS:
        return translate("alerts", "{count} h").format(count=number(hours, 0 if hours == int(hours) else 1))
    return translate("alerts", "{count} days").format(count=number(hours / HOURS))


def _signed(alert: Alert) -> str:
    over = (alert.actual or 0) - (alert.expected or 0)
    return f"+{kwh(over)}" if over > 0 else kwh(over)


def _difference(alert: Alert) -> str:
    """Return what was used beyond what was expected, in kWh and beside it."""
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
