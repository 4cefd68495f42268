"""The rules that alerts are raised by, the hours in which nobody is notified, and the muted devices."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.features.settings.rule_text import rule_text
from desktop.framework.formatting import moment, number
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import SessionViewModel
from services import alerts, devices, facility, notifications
from services.accounts import Session
from services.alerts import Rule
from services.notifications import QuietHours
from services.scope import Scope

WHOLE = "facility"
DEVICE, CATEGORY = "device ", "category "
"""Begin what names the subject of a rule, before its id."""


@dataclass(frozen=True)
class _Loaded:
    rules: list[Rule]
    subjects: list[tuple[object, str]]
    muted: list[tuple[str, str]]
    quiet: QuietHours | None
    currency: str
    timezone: str


class AlertRulesViewModel(SessionViewModel):
    """``loaded`` when all is as it is stored; ``notified`` with what a change has brought."""

    loaded = Signal()
    saved = Signal()
    changed = Signal()
    """Alerts may have come or gone."""
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._zone = "UTC"
        self._names: dict[object, str] = {}
        self.currency = "EUR"
        self.subjects: list[tuple[object, str]] = []
        """(key, name) of what a rule can be about."""
        self.muted: list[tuple[str, str]] = []
        """(id, name) of the devices whose alerts nobody is notified of."""
        self.quiet: tuple[int, int] | None = None
        """The hours from and to which it is quiet."""
        self.rules: RecordTable[Rule] = RecordTable(self._columns(), lambda rule: rule.id, self)

    @property
    def severities(self) -> list[tuple[str, str | None]]:
        """(text, severity) of what a rule can be."""
        return [(alerts.severity_text(severity), severity) for severity in alerts.SEVERITIES]

    def refresh(self) -> None:
        self.ask(_load, self._show)

    def fields(self, row: int) -> dict[str, Any]:
        """Return what `save` takes of the rule in this row; of a new one below the last."""
        rules = self.rules.records
        rule = rules[row] if row < len(rules) else Rule("limit", limit=None)
        return {**vars(rule), "subject": subject_of(rule)}

    def save(self, row: int, subject: str, **fields: Any) -> None:
        """Store the rule of this row anew, or one more below the last: `saved`, or `refused` and why."""
        rules = self.rules.records
        before = rules[row] if row < len(rules) else Rule("limit")
        rule = replace(
            before,
            device_id=subject.removeprefix(DEVICE) if subject.startswith(DEVICE) else None,
            category_id=subject.removeprefix(CATEGORY) if subject.startswith(CATEGORY) else None,
            **fields,
        )

        def save(scope: Scope) -> int:
            kept = alerts.save_rule(scope, rule)
            return sum(alert.rule_id == kept.id for alert in alerts.check_rules(scope))

        self.ask(save, self._on_saved, on_failed=self.refused)

    def remove(self, row: int) -> None:
        rule = self.rules.record(row)
        self._do(lambda scope: alerts.delete_rule(scope, rule.id), check=True)

    def switch(self, row: int) -> None:
        """Switch the rule of this row on if it is off, off if it is on."""
        rule = self.rules.record(row)
        change = replace(rule, enabled=not rule.enabled)
        self._do(lambda scope: alerts.save_rule(scope, change), check=True)

    def snooze(self, row: int, wait: timedelta | None) -> None:
        """Notify of nothing that the rule finds for so long; None: notify again."""
        rule = self.rules.record(row)
        until = datetime.now(UTC) + wait if wait else None
        self._do(lambda scope: alerts.snooze_rule(scope, rule.id, until))

    def set_quiet(self, hours: tuple[int, int] | None) -> None:
        quiet = QuietHours(*hours) if hours else None
        self._do(lambda scope: notifications.set_quiet_hours(scope, quiet))

    def unmute(self, device_id: str) -> None:
        self._do(lambda scope: alerts.mute(scope, [device_id], False))

    def _on_saved(self, count: int) -> None:
        self.saved.emit()
        found = {
            0: self.tr("The rule is saved. Nothing new in the readings breaks it."),
            1: self.tr("The rule is saved, and has found one event already."),
        }
        several = self.tr("The rule is saved, and has found {count} events already.")
        self.notified.emit(found.get(count, several).format(count=number(count)))
        self._refresh_all()

    def _do(self, work: Callable[[Scope], object], check: bool = False) -> None:
        def change(scope: Scope) -> None:
            work(scope)
            if check:
                alerts.check_rules(scope)

        self.ask(change, self._refresh_all)

    def _refresh_all(self) -> None:
        self.changed.emit()
        self.refresh()

    def _show(self, loaded: _Loaded) -> None:
        self._zone, self.currency, self.muted = loaded.timezone, loaded.currency, loaded.muted
        self.subjects = [(WHOLE, self.tr("The whole facility")), *loaded.subjects]
        self._names = dict(self.subjects)
        self.quiet = (loaded.quiet.from_hour, loaded.quiet.to_hour) if loaded.quiet else None
        self.rules.show(loaded.rules)
        self.loaded.emit()

    def _columns(self) -> list[Column[Rule]]:
        return [
            Column(self.tr("Tell me when"), lambda rule: rule_text(rule, self.currency)),
            Column(self.tr("About"), self._about),
            Column(self.tr("Severity"), lambda rule: alerts.severity_text(rule.severity)),
            Column(self.tr("State"), self._state),
        ]

    def _about(self, rule: Rule) -> str:
        if alerts.rule_kinds()[rule.kind].each_device and subject_of(rule) == WHOLE:
            return self.tr("Every device")
        return self._names.get(subject_of(rule), self.tr("deleted"))

    def _state(self, rule: Rule) -> str:
        if not rule.enabled:
            return self.tr("Off")
        if rule.snoozed_until and rule.snoozed_until > datetime.now(UTC):
            return self.tr("Snoozed until {when}").format(when=moment(rule.snoozed_until, self._zone))
        return self.tr("On")


def subject_of(rule: Rule) -> str:
    """Return the key of what a rule is about."""
    if rule.device_id:
        return DEVICE + rule.device_id
    return CATEGORY + rule.category_id if rule.category_id else WHOLE


def _load(scope: Scope) -> _Loaded:
    known = devices.list_devices(scope)
    categories = [(CATEGORY + c.id, c.name) for c in devices.list_categories(scope)]
    muted = alerts.muted_devices(scope)
    return _Loaded(
        rules=alerts.list_rules(scope),
        subjects=[*categories, *((DEVICE + d.id, d.name) for d in known)],
        muted=[(d.id, d.name) for d in known if d.id in muted],
        quiet=notifications.quiet_hours_of(scope),
        currency=facility.facility_of(scope).currency,
        timezone=scope.timezone,
    )
