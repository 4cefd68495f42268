"""The page of the alerts, as the window knows it."""

from collections.abc import Sequence
from typing import Any

from desktop.features.alerts.delivery import AlertDelivery
from desktop.features.alerts.page import AlertsWindow
from desktop.features.alerts.view_model import AlertsViewModel
from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.facility_settings_view_model import FacilitySettingsViewModel
from desktop.features.settings.mail_view_model import MailViewModel
from desktop.framework.page_spec import Command, PageContext, PageSpec, ViewModelSpec
from services import jobs
from services.messages import N_


def _build(at: PageContext) -> AlertsWindow:
    alerts = at.get(AlertsViewModel)
    page = AlertsWindow(alerts)
    page.rules_wanted.connect(lambda: at.show("settings", "rules"))
    page.mail_wanted.connect(lambda: at.show("settings", "mail"))
    page.device_wanted.connect(lambda device_id: at.show("devices", device_id))
    at.visit(alerts)
    return page


def _show(at: PageContext, _page: Any, alert_ids: Sequence[str]) -> None:
    """Show the first of these alerts, which are in order of severity where there are several."""
    alerts = at.get(AlertsViewModel)
    if len(alert_ids) > 1:
        alerts.set_order("worst")
    if alert_ids:
        alerts.show_alert(alert_ids[0])


def _connect(at: PageContext) -> None:
    alerts, delivery, rules = at.get(AlertsViewModel), at.get(AlertDelivery), at.get(AlertRulesViewModel)
    alerts.unreadChanged.connect(lambda count: at.unread_changed.emit("alerts", count))
    alerts.handled.connect(rules.refresh)
    delivery.arrived.connect(at.announced)
    delivery.found.connect(alerts.refresh)
    delivery.tried.connect(at.get(MailViewModel).refresh_mails)
    rules.changed.connect(alerts.refresh)
    rules.changed.connect(delivery.work)
    at.get(FacilitySettingsViewModel).saved.connect(alerts.price_anew)
    at.imported.connect(lambda _summaries: delivery.notify())
    at.reconnected.connect(delivery.work)
    at.collections_changed.connect(lambda names: delivery.notify() if "alerts" in names else None)
    alerts.refresh()


ALERTS = PageSpec(
    name="alerts",
    title=N_("&Alerts"),
    icon="bell-outline",
    build=_build,
    connect=_connect,
    show=_show,
    commands=(Command(N_("&Alerts"), "bell-outline", lambda at: at.go("alerts")),),
    view_models=(
        ViewModelSpec(
            AlertsViewModel,
            lambda at: AlertsViewModel(at.session, at),
            follows=frozenset({"alerts", "devices"}),
            always=True,
        ),
        ViewModelSpec(AlertDelivery, lambda at: AlertDelivery(at.session, at.settings, at)),
    ),
    jobs={
        jobs.ALERTS.name: lambda at: at.get(AlertDelivery).check(),
        jobs.MAIL.name: lambda at: at.get(AlertDelivery).work(),
    },
)
