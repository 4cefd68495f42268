"""What went wrong: what is read and what is not, and what people do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from desktop.features.alerts.alert_chart import chart_of
from desktop.features.alerts.model import AlertsModel
from desktop.features.settings.rule_text import rule_text
from desktop.framework.formatting import number
from desktop.framework.view_model import SessionViewModel
from services import alerts, devices
from services.accounts import Session
from services.alerts import Alert, Severity, State
from services.facility import facility_of
from services.scope import Scope

MORNING = 8
"""The hour that "tomorrow morning" is."""
ORDERS: dict[str, Callable[[list[Alert]], list[Alert]]] = {
    "newest": lambda found: found,
    "worst": alerts.worst_first,
    "most": lambda found: sorted(found, key=alerts.difference, reverse=True),
}
"""In which order the list can be; the services give the newest first."""

Choices = list[tuple[str, str]]
"""(text, value)."""


@dataclass(frozen=True)
class AlertFilter:
    """None means any."""

    reason: str | None = None
    severity: Severity | None = None
    device_id: str | None = None
    state: State | None = None


@dataclass(frozen=True)
class _Loaded:
    marked: int
    alerts: list[Alert]
    unread: int
    timezone: str
    devices: list[tuple[object, str]]
    muted: set[str]
    rules: dict[str, str]
    priced: bool
    unwatched: list[str]


class AlertsViewModel(SessionViewModel):
    """Alerts through a filter, and what can be done with them: ``handled`` when that is stored."""

    loaded = Signal()
    filter_changed = Signal()
    unreadChanged = Signal(int)  # noqa: N815 - named as the tray binds it
    selected = Signal(int)
    handled = Signal()
    chart_known = Signal(object)
    """`AlertChart` of the alert that was asked for last."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._filter = AlertFilter()
        self.order = "newest"
        self._unread = 0
        self._marked = 0
        self._wanted: Alert | None = None
        self.devices: list[tuple[object, str]] = []
        """(id, name) of those that alerts are about."""
        self.muted: set[str] = set()
        """Ids of the devices whose alerts nobody is notified of."""
        self.unwatched: list[str] = []
        """A sentence about each meter of which nothing unusual would be found."""
        self.table = AlertsModel(self)
        self.handled.connect(self.refresh)

    @property
    def unread(self) -> int:
        return self._unread

    @property
    def filter(self) -> AlertFilter:
        return self._filter

    @property
    def filtered(self) -> bool:
        return self._filter != AlertFilter()

    @property
    def caption(self) -> str:
        """How many alerts the list holds, and how many are unread in all."""
        if not self.table.rowCount() and not self._unread:
            return ""
        return self.tr("{count} shown, {unread} unread").format(
            count=number(self.table.rowCount()), unread=number(self._unread)
        )

    @property
    def unwatched_caption(self) -> str:
        """Whether there are meters of which nothing unusual would be found; empty where there are none."""
        if len(self.unwatched) <= 1:
            return "".join(self.unwatched)
        return self.tr(
            "{count} meters are not watched for unusual consumption: point here to see why."
        ).format(count=number(len(self.unwatched)))

    @property
    def severities(self) -> Choices:
        """What can be filtered by; so are `kinds` and `states`."""
        return [(alerts.severity_text(severity), severity) for severity in alerts.SEVERITIES]

    @property
    def kinds(self) -> Choices:
        return [(alerts.kind_text(name), name) for name in alerts.KINDS]

    @property
    def states(self) -> Choices:
        return [(alerts.state_text(state), state) for state in alerts.STATES]

    def severity_text(self, severity: Severity) -> str:
        """Return the label of a severity."""
        return alerts.severity_text(severity)

    def set_filter(self, chosen: AlertFilter) -> None:
        if chosen != self._filter:
            self._filter = chosen
            self.filter_changed.emit()
            self.refresh()

    def set_order(self, order: str) -> None:
        """Sort by one of `ORDERS`."""
        self.order = order
        self.refresh()

    def alert(self, row: int) -> Alert:
        return self.table.record(row)

    def refresh(self) -> None:
        chosen, marked = self._filter, self._marked
        self.ask(lambda scope: _load(scope, chosen, marked), self._show, name="list")

    def price_anew(self) -> None:
        """Compute what went wrong costs anew: energy has another price now."""
        self.ask(alerts.price_anew, self.refresh)

    def show_alert(self, alert_id: str) -> None:
        """Select this alert, whatever the filter hides, and mark it read."""
        self.ask(lambda scope: alerts.get_alert(scope, alert_id), self._show_wanted)

    def chart(self, alert: Alert) -> None:
        """Ask for the readings around an alert: `chart_known`, unless another one is asked for meanwhile."""
        self.ask(lambda scope: chart_of(scope, alert), self.chart_known, name="chart")

    def mark(self, alert_ids: list[str], read: bool = True) -> None:
        """Mark alerts as read or unread."""

        def mark(scope: Scope) -> int:
            alerts.mark(scope, alert_ids, read)
            return alerts.unread_count(scope)

        if alert_ids:
            self.ask(mark, lambda unread: self._show_marked(alert_ids, read, unread))

    def mark_all_read(self) -> None:
        self.ask(alerts.mark_all_read, self.refresh)

    def acknowledge(self, alert_ids: Sequence[str], note: str) -> None:
        """Take note of these alerts, which makes them read."""
        self.ask(lambda scope: alerts.acknowledge(scope, alert_ids, note), self.handled)

    def snooze(self, alert_ids: Sequence[str], wait: timedelta | None) -> None:
        """Put these alerts off; until tomorrow morning without a ``wait``."""
        self.ask(lambda scope: alerts.snooze(scope, alert_ids, _until(wait, scope)), self.handled)

    def snooze_devices(self, device_ids: Sequence[str], wait: timedelta | None) -> None:
        """Notify of nothing at these devices; until tomorrow morning without a ``wait``."""
        self.ask(lambda scope: alerts.snooze_device(scope, device_ids, _until(wait, scope)), self.handled)

    def mute(self, device_ids: Sequence[str], muted: bool) -> None:
        self.ask(lambda scope: alerts.mute(scope, device_ids, muted), self.handled)

    def mark_normal(self, alert_ids: Sequence[str], normal: bool) -> None:
        """Say that these events were normal after all, or were not; the detector learns it at once."""

        def teach(scope: Scope) -> None:
            if taught := alerts.mark_normal(scope, alert_ids, normal):
                alerts.evaluate(scope, taught)

        self.ask(teach, self.handled)

    def _show_marked(self, alert_ids: list[str], read: bool, unread: int) -> None:
        self._marked += 1
        self._set_unread(unread)
        self.table.set_read(alert_ids, read)

    def _show(self, loaded: _Loaded) -> None:
        if loaded.marked != self._marked:
            self.refresh()  # it was read before something was marked
            return
        self.table.timezone = loaded.timezone
        self.table.rules, self.table.priced = loaded.rules, loaded.priced
        self.devices, self.muted, self.unwatched = loaded.devices, loaded.muted, loaded.unwatched
        wanted, self._wanted = self._wanted, None
        found = ORDERS[self.order](loaded.alerts)
        if wanted is not None and all(alert.id != wanted.id for alert in found):
            found = [*found, wanted]  # older than what the list holds
        self.table.show(found)
        self._set_unread(loaded.unread)
        self.loaded.emit()
        if wanted is not None:
            self.selected.emit(self.table.row_of(wanted.id))
            self.mark([wanted.id])

    def _show_wanted(self, alert: Alert) -> None:
        self._wanted = alert
        if self.filtered:
            self._filter = AlertFilter()
            self.filter_changed.emit()
        self.refresh()

    def _set_unread(self, count: int) -> None:
        if count != self._unread:
            self._unread = count
            self.unreadChanged.emit(count)


def _load(scope: Scope, chosen: AlertFilter, marked: int) -> _Loaded:
    found = alerts.list_alerts(
        scope,
        severity=chosen.severity,
        device_id=chosen.device_id,
        state=chosen.state,
        reason=chosen.reason,
    )
    facility = facility_of(scope)
    return _Loaded(
        marked,
        found,
        alerts.unread_count(scope),
        scope.timezone,
        [(device.id, device.name) for device in devices.list_devices(scope)],
        alerts.muted_devices(scope),
        {rule.id: rule_text(rule, facility.currency) for rule in alerts.list_rules(scope)},
        facility.tariff is not None,
        [str(meter) for meter in alerts.unwatched_meters(scope)],
    )


def _until(wait: timedelta | None, scope: Scope) -> datetime:
    now = datetime.now(ZoneInfo(scope.timezone))
    if wait is not None:
        return now.astimezone(UTC) + wait
    tomorrow = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return tomorrow.astimezone(UTC)
