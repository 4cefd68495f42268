"""What one signed-in user works with: the view-models, the main window and its pages, wired by hand."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.app import schedule
from desktop.app import signals as wiring
from desktop.app.connection_view_model import ConnectionViewModel
from desktop.app.main_view_model import MainViewModel
from desktop.app.main_window import MainWindow
from desktop.app.pages import pages
from desktop.app.tray import Tray
from desktop.features.administration.all_users import everyones_devices, everyones_imports
from desktop.features.administration.audit_view_model import AuditViewModel
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.features.alerts.delivery import AlertDelivery
from desktop.features.alerts.view_model import AlertsViewModel
from desktop.features.dashboard.readings_view_model import ReadingsViewModel
from desktop.features.dashboard.view_model import DashboardViewModel, SavedViewsViewModel
from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.features.devices.page import DevicesWindow
from desktop.features.devices.view_model import DevicesViewModel
from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.features.imports.page import ImportWindow
from desktop.features.imports.view_model import ImportViewModel, Stage
from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.features.reports.schedules_view_model import ReportSchedulesViewModel
from desktop.features.reports.view_model import ReportsViewModel
from desktop.features.settings.account_view_model import AccountViewModel
from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.backup_view_model import BackupViewModel
from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.diagnostics_panel import DiagnosticsPanel
from desktop.features.settings.diagnostics_view_model import DiagnosticsViewModel
from desktop.features.settings.facility_settings_view_model import FacilitySettingsViewModel
from desktop.features.settings.mail_view_model import MailViewModel
from desktop.features.settings.page import SettingsWindow
from desktop.framework.confirmation import confirm
from desktop.framework.table_export import TableExport
from services.accounts import Session
from services.settings import Settings


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
        self._visited: list[Refreshable] = []
        self._read_at: dict[Refreshable, float] = {}
        self.alerts = AlertsViewModel(session, self)
        self.delivery = AlertDelivery(session, settings, self)
        self.alert_rules = AlertRulesViewModel(session, self)
        self.mail = MailViewModel(session, settings, self)
        self.backups = BackupViewModel(session, settings, self)
        self.diagnostics = DiagnosticsViewModel(session, settings, self)
        self.database = DatabaseViewModel(session, settings, self)
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
        self.account = AccountViewModel(session, self)
        self.users = UsersViewModel(session, self)
        self.everyones_devices = everyones_devices(session, self)
        self.everyones_imports = everyones_imports(session, self)
        self.audit = AuditViewModel(session, self)
        self.connection = ConnectionViewModel(session, self)
        self.main = MainViewModel(session, settings, self.alerts, self.predictions, self)
        self.window = MainWindow(self.main, pages(self))
        self.destroyed.connect(self.window.deleteLater)
        wiring.connect(self, tray)
        self.alerts.refresh()
        self.diagnostics.check_last_end()
        schedule.begin(self)

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

    def show_worst_alert(self, alert_id: str) -> None:
        """Show an alert on its page, and below it those that are less bad."""
        self.alerts.set_order("worst")
        self.show_alert(alert_id)

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

    def save_bundle(self) -> None:
        """Ask on the page that shows what is in it where the bundle for support is to be saved."""
        self.show_settings(DiagnosticsPanel)
        panel = self.window.findChild(DiagnosticsPanel)
        assert panel is not None
        panel.choose_path()

    def _import_page(self) -> ImportWindow:
        page = self.go("import")
        assert isinstance(page, ImportWindow)
        return page

    def visit(self, view_model: Refreshable, page: QWidget) -> QWidget:
        """A page that was just built: it shows what it reads now, and whatever changes later."""
        self._visited.append(view_model)
        self._refresh(view_model)
        return page

    def refresh_all(self, but: Refreshable | None = None) -> None:
        """Read anew what the pages show that were visited."""
        for view_model in self._visited:
            if view_model is not but:
                self._refresh(view_model)

    def catch_up(self, view_model: Refreshable, seen: float) -> None:
        """Read anew what the page shows, unless it was since ``seen`` (`time.monotonic`).

        Pages that were never visited are left alone, but for the alerts: how many there are is always shown.
        """
        shown = view_model in self._visited or view_model is self.alerts
        if shown and self._read_at.get(view_model, seen) <= seen:
            self._refresh(view_model)

    def _refresh(self, view_model: Refreshable) -> None:
        self._read_at[view_model] = time.monotonic()
        view_model.refresh()
