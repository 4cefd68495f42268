"""What one signed-in user works with: the view-models, the main window and its pages, wired by hand."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from desktop.pages import pages
from desktop.tray import Tray
from desktop.viewmodels.alert_delivery import AlertDelivery
from desktop.viewmodels.alert_rules_viewmodel import AlertRulesViewModel
from desktop.viewmodels.alerts_viewmodel import AlertsViewModel
from desktop.viewmodels.dashboard_viewmodel import DashboardViewModel
from desktop.viewmodels.device_list_viewmodel import DeviceListViewModel
from desktop.viewmodels.device_viewmodel import DeviceViewModel
from desktop.viewmodels.devices_viewmodel import DevicesViewModel
from desktop.viewmodels.facility_settings_viewmodel import FacilitySettingsViewModel
from desktop.viewmodels.import_history_viewmodel import ImportHistoryViewModel
from desktop.viewmodels.import_viewmodel import ImportViewModel, Stage
from desktop.viewmodels.mail_viewmodel import MailViewModel
from desktop.viewmodels.main_viewmodel import MainViewModel
from desktop.viewmodels.predictions_viewmodel import PredictionsViewModel
from desktop.viewmodels.readings_viewmodel import ReadingsViewModel
from desktop.viewmodels.report_schedules_viewmodel import ReportSchedulesViewModel
from desktop.viewmodels.reports_viewmodel import ReportsViewModel
from desktop.viewmodels.saved_views_viewmodel import SavedViewsViewModel
from desktop.viewmodels.table_export import TableExport
from desktop.viewmodels.watched_folder_viewmodel import WatchedFolderViewModel
from desktop.windows.confirmation import confirm
from desktop.windows.devices_window import DevicesWindow
from desktop.windows.import_window import ImportWindow
from desktop.windows.main_window import MainWindow
from desktop.windows.settings_window import SettingsWindow
from services.accounts import Session
from services.importing import ImportSummary
from services.settings import Settings

DELIVERY_MS = 30_000
"""Between two looks at what is to be told and mailed."""
WATCH_MS = 15_000
"""Between two looks into the watched folder."""
REPORTS_MS = 600_000
"""Between two looks whether a scheduled report is due."""
FIRST_REPORTS_MS = 20_000
"""After the start, when the pages have come up."""


class Refreshable(Protocol):
    """A page's view-model."""

    def refresh(self) -> None:
        """Read anew what the page shows."""


class Workplace(QObject):
    """Lives from sign-in to sign-out; deleting it cancels its tasks."""

    def __init__(
        self, session: Session, settings: Settings, tray: Tray, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tray = tray
        self._visited: list[Refreshable] = []
        self.alerts = AlertsViewModel(session, self)
        self.delivery = AlertDelivery(session, settings, self)
        self.alert_rules = AlertRulesViewModel(session, self)
        self.mail = MailViewModel(session, settings, self)
        self.dashboard = DashboardViewModel(session, self)
        self.saved_views = SavedViewsViewModel(session, self)
        self.readings = ReadingsViewModel(session, self)
        self.table_export = TableExport(self)
        self.devices = DevicesViewModel(session, self)
        self.device = DeviceViewModel(session, self)
        self.device_lists = DeviceListViewModel(session, self.devices, self)
        self.predictions = PredictionsViewModel(session, settings, self)
        self.facility = FacilitySettingsViewModel(session, self)
        self.imports = ImportViewModel(session, self)
        self.history = ImportHistoryViewModel(session, self)
        self.watched = WatchedFolderViewModel(session, settings, self)
        self.reports = ReportsViewModel(session, settings, self)
        self.report_schedules = ReportSchedulesViewModel(session, settings, self)
        self.main = MainViewModel(session, settings, self.alerts, self.predictions, self)
        self.window = MainWindow(self.main, pages(self))
        self.destroyed.connect(self.window.deleteLater)
        self._connect()
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look_into_folder)
        self._watch.start(WATCH_MS)
        self._reporting = QTimer(self)
        self._reporting.timeout.connect(self._make_reports)
        self._reporting.start(FIRST_REPORTS_MS)
        self._delivering = QTimer(self)
        self._delivering.timeout.connect(self.delivery.work)
        self._delivering.start(DELIVERY_MS)
        self.alerts.refresh()
        self.delivery.work()

    def leave(self, leave: Callable[[], None]) -> None:
        """Call ``leave``; while an import runs, only if the user would rather lose it."""
        if self.imports.stage is not Stage.IMPORTING:
            leave()
            return
        self.show_window()
        confirm(
            self.window,
            self.tr("An import is running. Stop it?"),
            self.tr("Nothing of the file will be stored. You can import it again later."),
            self.tr("Stop the import"),
            leave,
        )

    def show_window(self) -> None:
        """Bring the window before the user's eyes."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def go(self, page: str) -> QWidget:
        """Show a page in the window."""
        self.show_window()
        return self.window.navigation.go(page)

    def import_files(self, paths: Sequence[str]) -> None:
        """Begin the import of files and folders on its page."""
        self._import_page().show_files()
        self.imports.open_files(paths)

    def choose_files(self) -> None:
        """Ask for files on the import page."""
        self._import_page().choose_files()

    def show_alerts(self) -> None:
        """Show the alerts page."""
        self.go("alerts")

    def show_alert(self, alert_id: str) -> None:
        """Show one alert on its page."""
        self.go("alerts")
        self.alerts.show_alert(alert_id)

    def open_device(self, device_id: str) -> None:
        """Show one device in full on the devices page."""
        page = self.go("devices")
        assert isinstance(page, DevicesWindow)
        page.show_device(device_id)

    def show_settings(self, panel: type[QWidget]) -> None:
        """Show the settings of this kind."""
        page = self.go("settings")
        assert isinstance(page, SettingsWindow)
        page.show_panel(panel)

    def _import_page(self) -> ImportWindow:
        page = self.go("import")
        assert isinstance(page, ImportWindow)
        return page

    def visit(self, view_model: Refreshable, page: QWidget) -> QWidget:
        """A page that was just built: it shows what it reads now, and whatever changes later."""
        self._visited.append(view_model)
        view_model.refresh()
        return page

    def _connect(self) -> None:
        self.imports.imported.connect(self._take_in)
        self.watched.imported.connect(self._take_in)
        self.history.undone.connect(self._refresh_all)
        self.devices.changed.connect(lambda: self._refresh_all(but=self.devices))
        self.devices.changed.connect(self.alerts.refresh)
        self.main.predicted.connect(self._refresh_all)
        self.facility.saved.connect(self._refresh_all)
        self.window.sign_out_wanted.connect(lambda: self.leave(self.main.sign_out))
        self.window.files_dropped.connect(self.import_files)
        self.window.file_wanted.connect(self.choose_files)
        self.alerts.unreadChanged.connect(self._tray.set_unread)
        self.delivery.arrived.connect(self._tray.announce)
        self.delivery.found.connect(self.alerts.refresh)
        self.delivery.mailed.connect(self.mail.refresh_mails)
        self.alerts.handling.done.connect(self.alert_rules.refresh)
        self.alert_rules.changed.connect(self.alerts.refresh)
        self.alert_rules.changed.connect(self.delivery.work)
        self.report_schedules.made.connect(self._tell)
        self.report_schedules.refused.connect(self._warn)
        self._tray.opened.connect(self.show_window)
        self._tray.alerts_wanted.connect(self.show_alerts)
        self._tray.alert_wanted.connect(self.show_alert)
        self._tray.import_wanted.connect(self.choose_files)

    def _look_into_folder(self) -> None:
        """Files that appeared in the watched folder wait while the user imports others."""
        if not self.imports.busy:
            self.watched.look()

    def _take_in(self, summaries: Sequence[ImportSummary]) -> None:
        """What imports change: every page, the alerts, and then the predictions."""
        self._refresh_all(but=self.alerts)
        self.alerts.refresh()
        self.delivery.tell()
        if any(summary.added or summary.changed for summary in summaries):
            self.main.predict_anew()
            self.report_schedules.make_due()

    def _make_reports(self) -> None:
        self._reporting.start(REPORTS_MS)
        self.report_schedules.make_due()

    def _tell(self, title: str, text: str) -> None:
        """What was done while the window may be in the tray."""
        self._tray.tell(title, text)
        self.window.banner.show_info(f"{title}: {text}")

    def _warn(self, title: str, text: str) -> None:
        """What went wrong while the window may be in the tray."""
        self._tray.tell(title, text)
        self.window.banner.show_error(f"{title}: {text}")

    def _refresh_all(self, but: Refreshable | None = None) -> None:
        for view_model in self._visited:
            if view_model is not but:
                view_model.refresh()
