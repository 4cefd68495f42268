"""What follows when something changes: which view-models read anew, and what is said of it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop.features.imports.view_model import Stage
from desktop.features.settings.account_panel import AccountPanel
from services.database.changes import Changes
from services.importing import ImportSummary

if TYPE_CHECKING:
    from desktop.app.session_context import Workplace
    from desktop.app.tray import Tray

AFTER_IMPORT_MS = 2_000
"""Between two looks whether an import is over."""


def connect(at: "Workplace", tray: "Tray") -> None:
    """Connect the view-models with each other, the window and the tray."""
    _connect_data(at)
    _connect_alerts(at, tray)
    _connect_others(at)
    at.window.sign_out_wanted.connect(lambda: at.leave(at.main.sign_out))
    at.window.account_wanted.connect(lambda: at.show_settings(AccountPanel))
    at.account.renamed.connect(at.window.show_user)
    at.window.files_dropped.connect(at.import_files)
    at.window.file_wanted.connect(at.choose_files)
    at.report_schedules.made.connect(partial(_tell, at, tray))
    at.report_schedules.refused.connect(partial(_warn, at, tray))
    at.backups.made.connect(partial(_tell, at, tray))
    at.backups.refused.connect(partial(_warn, at, tray))
    tray.opened.connect(at.show_window)
    tray.alerts_wanted.connect(at.show_alerts)
    tray.alert_wanted.connect(at.show_alert)
    tray.worst_wanted.connect(at.show_worst_alert)
    tray.import_wanted.connect(at.choose_files)


def _connect_data(at: "Workplace") -> None:
    at.imports.imported.connect(partial(_take_in, at))
    at.watched.imported.connect(partial(_take_in, at))
    at.history.undone.connect(at.refresh_all)
    at.devices.changed.connect(lambda: at.refresh_all(but=at.devices))
    at.devices.changed.connect(at.alerts.refresh)
    at.main.predicted.connect(at.refresh_all)
    at.facility.saved.connect(at.refresh_all)
    at.facility.saved.connect(at.alerts.price_anew)


def _connect_alerts(at: "Workplace", tray: "Tray") -> None:
    at.alerts.unreadChanged.connect(tray.set_unread)
    at.delivery.arrived.connect(tray.announce)
    at.delivery.found.connect(at.alerts.refresh)
    at.delivery.tried.connect(at.mail.refresh_mails)
    at.alerts.handled.connect(at.alert_rules.refresh)
    at.alert_rules.changed.connect(at.alerts.refresh)
    at.alert_rules.changed.connect(at.delivery.work)


def _connect_others(at: "Workplace") -> None:
    """The database away and back, what other programs change in it, and programs that ended unexpectedly."""
    at.connection.lost.connect(at.window.connection_banner.show_lasting)
    at.connection.back.connect(at.window.connection_banner.hide)
    at.connection.back.connect(at.refresh_all)
    at.connection.back.connect(at.alerts.refresh)
    at.connection.back.connect(at.delivery.work)
    at.connection.changed.connect(partial(_show_changes, at))
    at.diagnostics.ended_unexpectedly.connect(at.window.end_banner.show_offer)
    at.diagnostics.acknowledged.connect(at.window.end_banner.hide)
    at.window.end_banner.accepted.connect(at.save_bundle)
    at.window.end_banner.dismissed.connect(at.diagnostics.acknowledge)


def _show_changes(at: "Workplace", changes: Changes) -> None:
    """Read anew what rests on what changed, unless it was read since.

    An import of our own is seen when it is whole, and not bit by bit.
    """
    if at.imports.stage is Stage.IMPORTING:
        QTimer.singleShot(AFTER_IMPORT_MS, at, partial(_show_changes, at, changes))
        return
    for view_model, collections in (
        (at.dashboard, {"revisions", "devices", "categories", "facilities", "predictions"}),
        (at.devices, {"revisions", "devices", "categories", "facilities"}),
        (at.device, {"revisions", "devices", "categories", "alerts", "predictions"}),
        (at.predictions, {"revisions", "predictions", "devices"}),
        (at.alerts, {"alerts", "devices"}),
        (at.alert_rules, {"alert_rules", "quiet_hours", "devices", "categories"}),
        (at.reports, {"revisions", "devices", "categories"}),
        (at.report_schedules, {"report_schedules"}),
        (at.history, {"imports"}),
    ):
        if changes.collections & collections:
            at.catch_up(view_model, changes.seen)
    if "alerts" in changes.collections:
        at.delivery.notify()


def _take_in(at: "Workplace", summaries: Sequence[ImportSummary]) -> None:
    """What imports change: every page, the alerts, and then the predictions."""
    at.refresh_all(but=at.alerts)
    at.alerts.refresh()
    at.delivery.notify()
    if any(summary.added or summary.changed for summary in summaries):
        at.main.predict_anew()
        at.report_schedules.make_due()


def _tell(at: "Workplace", tray: "Tray", title: str, text: str) -> None:
    """What was done while the window may be in the tray."""
    tray.tell(title, text)
    at.window.banner.show_info(f"{title}: {text}")


def _warn(at: "Workplace", tray: "Tray", title: str, text: str) -> None:
    """What went wrong while the window may be in the tray."""
    tray.tell(title, text)
    at.window.banner.show_error(f"{title}: {text}")
