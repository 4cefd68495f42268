"""What went wrong, what is read and what is not."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.features.alerts.alert_chart import AlertChart, chart_of
from desktop.features.alerts.alert_handling import AlertHandling
from desktop.features.alerts.model import AlertsModel
from desktop.features.settings.rule_text import rule_in_words
from desktop.framework.formatting import number
from desktop.framework.tasks import run
from services import devices
from services.accounts import Session
from services.alerts import (
    Alert,
    difference,
    get_alert,
    list_alerts,
    list_rules,
    mark,
    mark_all_read,
    muted_devices,
    price_anew,
    unread_count,
    worst_first,
)
from services.facility import facility_of


@dataclass(frozen=True)
class AlertFilter:
    """None means any."""

    reason: str | None = None
    severity: str | None = None
    device_id: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class _Loaded:
    filter: AlertFilter
    marked: int
    alerts: list[Alert]
    unread: int
    timezone: str
    devices: list[tuple[object, str]]
    muted: set[str]
    rules: dict[str, str]
    priced: bool


ORDERS: dict[str, Callable[[list[Alert]], list[Alert]]] = {
    "newest": lambda found: found,
    "worst": worst_first,
    "most": lambda found: sorted(found, key=difference, reverse=True),
}
"""In which order the list can be; the services give the newest first."""


class AlertsViewModel(QObject):
    """Alerts through a filter; what else can be done about them is `handling`."""

    loaded = Signal()
    filter_changed = Signal()
    unreadChanged = Signal(int)  # noqa: N815 - named as the tray binds it
    selected = Signal(int)
    chart_known = Signal(object)
    """`AlertChart` of the alert that was asked for last."""
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filter = AlertFilter()
        self.order = "newest"
        self._unread = 0
        self._marked = 0
        self._wanted: Alert | None = None
        self._charted = ""
        self.devices: list[tuple[object, str]] = []
        """(id, name) of those that alerts are about."""
        self.muted: set[str] = set()
        """Ids of the devices whose alerts are told to nobody."""
        self.table = AlertsModel(self)
        self.handling = AlertHandling(session, self)
        self.handling.done.connect(self.refresh)
        self.handling.failed.connect(self.failed)

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

    def set_filter(self, chosen: AlertFilter) -> None:
        if chosen != self._filter:
            self._filter = chosen
            self.filter_changed.emit()
            self.refresh()

    def set_order(self, order: str) -> None:
        """One of `ORDERS`."""
        self.order = order
        self.refresh()

    def alert(self, row: int) -> Alert:
        return self.table.record(row)

    def refresh(self) -> None:
        task = run(self._load, self._filter, self._marked, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def price_anew(self) -> None:
        """Energy costs something else now, and so does what went wrong."""
        task = run(lambda: price_anew(self._session.scope()), parent=self)
        task.succeeded.connect(self.refresh)
        task.failed.connect(self.failed)

    def show_alert(self, alert_id: str) -> None:
        """Select this alert, whatever the filter hides, and mark it read."""
        task = run(lambda: get_alert(self._session.scope(), alert_id), parent=self)
        task.succeeded.connect(self._bring)
        task.failed.connect(self.failed)

    def mark(self, alert_ids: list[str], read: bool = True) -> None:
        if not alert_ids:
            return
        task = run(lambda: self._mark(alert_ids, read), parent=self)
        task.succeeded.connect(lambda unread: self._show_marked(alert_ids, read, unread))
        task.failed.connect(self.failed)

    def mark_all_read(self) -> None:
        task = run(lambda: mark_all_read(self._session.scope()), parent=self)
        task.succeeded.connect(self.refresh)
        task.failed.connect(self.failed)

    def chart(self, alert: Alert) -> None:
        """Ask for the readings around an alert: `chart_known`."""
        self._charted = alert.id
        task = run(lambda: chart_of(self._session.scope(), alert), parent=self)
        task.succeeded.connect(lambda found: self._show_chart(alert.id, found))
        task.failed.connect(self.failed)

    def _show_chart(self, alert_id: str, found: AlertChart) -> None:
        if alert_id == self._charted:  # else another alert was asked for meanwhile
            self.chart_known.emit(found)

    def _show_marked(self, alert_ids: list[str], read: bool, unread: int) -> None:
        self._marked += 1
        self._set_unread(unread)
        self.table.set_read(alert_ids, read)

    def _mark(self, alert_ids: list[str], read: bool) -> int:
        scope = self._session.scope()
        mark(scope, alert_ids, read)
        return unread_count(scope)

    def _load(self, chosen: AlertFilter, marked: int) -> _Loaded:
        scope = self._session.scope()
        found = list_alerts(
            scope,
            severity=chosen.severity,
            device_id=chosen.device_id,
            state=chosen.state,
            reason=chosen.reason,
        )
        names: list[tuple[object, str]] = [(d.id, d.name) for d in devices.list_devices(scope)]
        known = facility_of(scope)
        return _Loaded(
            chosen,
            marked,
            found,
            unread_count(scope),
            scope.timezone,
            names,
            muted_devices(scope),
            {rule.id: rule_in_words(rule, known.currency) for rule in list_rules(scope)},
            known.tariff is not None,
        )

    def _show(self, loaded: _Loaded) -> None:
        if loaded.filter != self._filter:
            return  # overtaken: the answer to the newer question is under way
        if loaded.marked != self._marked:
            self.refresh()  # it was read before something was marked
            return
        self.table.timezone = loaded.timezone
        self.table.rules, self.table.priced = loaded.rules, loaded.priced
        self.devices, self.muted = loaded.devices, loaded.muted
        wanted, self._wanted = self._wanted, None
        alerts = ORDERS[self.order](loaded.alerts)
        if wanted is not None and all(alert.id != wanted.id for alert in alerts):
            alerts = [*alerts, wanted]  # older than what the list holds
        self.table.show(alerts)
        self._set_unread(loaded.unread)
        self.loaded.emit()
        if wanted is not None:
            self.selected.emit(self.table.row_of(wanted.id))
            self.mark([wanted.id])

    def _bring(self, alert: Alert) -> None:
        self._wanted = alert
        if self._filter != AlertFilter():
            self._filter = AlertFilter()
            self.filter_changed.emit()
        self.refresh()

    def _set_unread(self, count: int) -> None:
        if count != self._unread:
            self._unread = count
            self.unreadChanged.emit(count)
