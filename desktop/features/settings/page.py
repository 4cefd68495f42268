"""What Loadlens is to know of the facility, and what it does by itself: a tab for each."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.features.settings.account_panel import AccountPanel
from desktop.features.settings.account_view_model import AccountViewModel
from desktop.features.settings.alert_rules_panel import AlertRulesPanel
from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.backup_panel import BackupPanel
from desktop.features.settings.backup_view_model import BackupViewModel
from desktop.features.settings.database_panel import DatabasePanel
from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.diagnostics_panel import DiagnosticsPanel
from desktop.features.settings.diagnostics_view_model import DiagnosticsViewModel
from desktop.features.settings.facility_settings_panel import FacilitySettingsPanel
from desktop.features.settings.facility_settings_view_model import FacilitySettingsViewModel
from desktop.features.settings.mail_panel import MailPanel
from desktop.features.settings.mail_view_model import MailViewModel
from desktop.framework.tabbed_page import TabbedPage
from desktop.widgets.page_scroll import PageScroll


class SettingsWindow(TabbedPage):
    """Panels that know nothing of each other; each says itself what it refused or did."""

    def __init__(
        self,
        facility: FacilitySettingsViewModel,
        rules: AlertRulesViewModel,
        mail: MailViewModel,
        account: AccountViewModel,
        backups: BackupViewModel,
        database: DatabaseViewModel,
        diagnostics: DiagnosticsViewModel,
        parent: QWidget | None = None,
    ) -> None:
        # Each panel scrolls by itself, up to the edge of the window.
        title = QCoreApplication.translate("SettingsWindow", "Settings")
        super().__init__(title, parent, margins=(24, 20, 8, 0), spacing=12)
        self._names: list[str] = []
        self.diagnostics = DiagnosticsPanel(diagnostics)
        self._add("facility", self.tr("Fac&ility"), FacilitySettingsPanel(facility))
        self._add("rules", self.tr("Alert ru&les"), AlertRulesPanel(rules))
        self._add("mail", self.tr("&Mail"), MailPanel(mail))
        self._add("account", self.tr("&Account"), AccountPanel(account))
        self._add("backup", self.tr("&Backup"), BackupPanel(backups))
        self._add("database", self.tr("&Database"), DatabasePanel(database))
        self._add("diagnostics", self.tr("Dia&gnostics"), self.diagnostics)

    def show_panel(self, name: str) -> None:
        """Bring the panel of this name before the user's eyes; ``bundle`` asks where that is saved."""
        self.tabs.setCurrentIndex(self._names.index("diagnostics" if name == "bundle" else name))
        if name == "bundle":
            self.diagnostics.choose_path()

    def _add(self, name: str, title: str, panel: QWidget) -> None:
        self._names.append(name)
        self.add_tab(title, PageScroll(panel, self))
