"""What one signed-in user works with: the view-models, the main window and its pages, wired by hand."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.navigation import Page
from desktop.tray import Tray
from desktop.viewmodels.alerts_viewmodel import AlertsViewModel
from desktop.viewmodels.dashboard_viewmodel import DashboardViewModel
from desktop.viewmodels.devices_viewmodel import DevicesViewModel
from desktop.viewmodels.import_viewmodel import ImportViewModel, Stage
from desktop.viewmodels.main_viewmodel import MainViewModel
from desktop.viewmodels.predictions_viewmodel import PredictionsViewModel
from desktop.windows.alerts_window import AlertsWindow
from desktop.windows.confirmation import confirm
from desktop.windows.dashboard_window import DashboardWindow
from desktop.windows.devices_window import DevicesWindow
from desktop.windows.import_window import ImportWindow
from desktop.windows.main_window import MainWindow
from desktop.windows.predictions_window import PredictionsWindow
from services.accounts import Session
from services.importing import ImportSummary
from services.settings import Settings

translate = QCoreApplication.translate


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
        self.dashboard = DashboardViewModel(session, self)
        self.devices = DevicesViewModel(session, self)
        self.predictions = PredictionsViewModel(session, settings, self)
        self.imports = ImportViewModel(session, self)
        self.main = MainViewModel(session, settings, self.alerts, self.predictions, self)
        self.window = MainWindow(self.main, self._pages())
        self.destroyed.connect(self.window.deleteLater)
        self._connect()
        self.alerts.greet()

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

    def import_file(self, path: str) -> None:
        """Begin the import of a file on its page."""
        self.go("import")
        self.imports.open_file(path)

    def choose_file(self) -> None:
        """Ask for a file on the import page."""
        page = self.go("import")
        if isinstance(page, ImportWindow):
            page.choose_file()

    def show_alerts(self) -> None:
        """Show the alerts page."""
        self.go("alerts")

    def show_alert(self, alert_id: str) -> None:
        """Show one alert on its page."""
        self.go("alerts")
        self.alerts.show_alert(alert_id)

    def _pages(self) -> list[Page]:
        return [
            Page(
                "dashboard", translate("pages", "&Dashboard"), "view-dashboard-outline", self._build_dashboard
            ),
            Page("devices", translate("pages", "D&evices"), "power-plug-outline", self._build_devices),
            Page("predictions", translate("pages", "&Predictions"), "chart-line", self._build_predictions),
            Page("alerts", translate("pages", "&Alerts"), "bell-outline", self._build_alerts),
            Page("import", translate("pages", "&Import"), "file-import-outline", self._build_import),
        ]

    def _build_dashboard(self) -> QWidget:
        page = DashboardWindow(self.dashboard)
        page.import_wanted.connect(self.choose_file)
        return self._visit(self.dashboard, page)

    def _build_devices(self) -> QWidget:
        page = DevicesWindow(self.devices)
        page.import_wanted.connect(self.choose_file)
        return self._visit(self.devices, page)

    def _build_predictions(self) -> QWidget:
        page = PredictionsWindow(self.predictions)
        page.import_wanted.connect(self.choose_file)
        return self._visit(self.predictions, page)

    def _build_alerts(self) -> QWidget:
        return self._visit(self.alerts, AlertsWindow(self.alerts))

    def _build_import(self) -> QWidget:
        page = ImportWindow(self.imports)
        page.dashboard_wanted.connect(lambda: self.go("dashboard"))
        return page

    def _visit(self, view_model: Refreshable, page: QWidget) -> QWidget:
        """A page that was just built: it shows what it reads now, and whatever changes later."""
        self._visited.append(view_model)
        view_model.refresh()
        return page

    def _connect(self) -> None:
        self.imports.imported.connect(self._take_in)
        self.devices.changed.connect(lambda: self._refresh_all(but=self.devices))
        self.devices.changed.connect(self.alerts.refresh)
        self.main.predicted.connect(self._refresh_all)
        self.window.sign_out_wanted.connect(lambda: self.leave(self.main.sign_out))
        self.window.file_dropped.connect(self.import_file)
        self.window.file_wanted.connect(self.choose_file)
        self.alerts.unreadChanged.connect(self._tray.set_unread)
        self.alerts.arrived.connect(self._tray.announce)
        self._tray.opened.connect(self.show_window)
        self._tray.alerts_wanted.connect(self.show_alerts)
        self._tray.alert_wanted.connect(self.show_alert)
        self._tray.import_wanted.connect(self.choose_file)

    def _take_in(self, summary: ImportSummary) -> None:
        """What an import changes: every page, the alerts, and then the predictions."""
        self._refresh_all(but=self.alerts)
        self.alerts.announce(summary.alerts)
        if summary.added or summary.changed:
            self.main.predict_anew()

    def _refresh_all(self, but: Refreshable | None = None) -> None:
        for view_model in self._visited:
            if view_model is not but:
                view_model.refresh()
