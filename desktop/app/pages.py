"""The pages of the main window, each built when it is first shown."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.features.administration.page import AdministrationWindow
from desktop.features.alerts.page import AlertsWindow
from desktop.features.dashboard.page import DashboardWindow
from desktop.features.devices.page import DevicesWindow
from desktop.features.imports.page import ImportWindow
from desktop.features.predictions.page import PredictionsWindow
from desktop.features.reports.page import ReportsWindow
from desktop.features.settings.account_panel import AccountPanel
from desktop.features.settings.alert_rules_panel import AlertRulesPanel
from desktop.features.settings.backup_panel import BackupPanel
from desktop.features.settings.database_panel import DatabasePanel
from desktop.features.settings.diagnostics_panel import DiagnosticsPanel
from desktop.features.settings.facility_settings_panel import FacilitySettingsPanel
from desktop.features.settings.mail_panel import MailPanel
from desktop.features.settings.page import SettingsWindow
from desktop.framework.navigation import Page

if TYPE_CHECKING:
    from desktop.app.session_context import Workplace

translate = QCoreApplication.translate


def pages(workplace: "Workplace") -> list[Page]:
    """In the order of the sidebar; a page shows what the workplace's view-models read."""
    return [
        Page(
            "dashboard",
            translate("pages", "&Dashboard"),
            "view-dashboard-outline",
            partial(_dashboard, workplace),
        ),
        Page("devices", translate("pages", "D&evices"), "power-plug-outline", partial(_devices, workplace)),
        Page(
            "predictions", translate("pages", "&Predictions"), "chart-line", partial(_predictions, workplace)
        ),
        Page("alerts", translate("pages", "&Alerts"), "bell-outline", partial(_alerts, workplace)),
        Page("reports", translate("pages", "&Reports"), "file-chart-outline", partial(_reports, workplace)),
        Page("import", translate("pages", "&Import"), "file-import-outline", partial(_import, workplace)),
        *([_administration_page(workplace)] if workplace.main.is_admin else []),
        Page("settings", translate("pages", "Setti&ngs"), "cog-outline", partial(_settings, workplace)),
    ]


def _dashboard(at: "Workplace") -> QWidget:
    page = DashboardWindow(at.dashboard, at.saved_views, at.readings, at.table_export)
    page.import_wanted.connect(at.choose_files)
    page.settings_wanted.connect(lambda: at.go("settings"))
    page.device_wanted.connect(at.open_device)
    at.saved_views.refresh()
    return at.visit(at.dashboard, page)


def _devices(at: "Workplace") -> QWidget:
    page = DevicesWindow(at.devices, at.device_lists, at.device)
    page.import_wanted.connect(at.choose_files)
    page.alert_wanted.connect(at.show_alert)
    at.visit(at.device, page)
    return at.visit(at.devices, page)


def _predictions(at: "Workplace") -> QWidget:
    page = PredictionsWindow(at.predictions)
    page.import_wanted.connect(at.choose_files)
    return at.visit(at.predictions, page)


def _alerts(at: "Workplace") -> QWidget:
    page = AlertsWindow(at.alerts)
    page.rules_wanted.connect(lambda: at.show_settings(AlertRulesPanel))
    page.mail_wanted.connect(lambda: at.show_settings(MailPanel))
    page.device_wanted.connect(at.open_device)
    return at.visit(at.alerts, page)


def _reports(at: "Workplace") -> QWidget:
    page = ReportsWindow(at.reports, at.report_schedules)
    page.import_wanted.connect(at.choose_files)
    at.visit(at.report_schedules, page)
    return at.visit(at.reports, page)


def _import(at: "Workplace") -> QWidget:
    page = ImportWindow(at.imports, at.history, at.watched)
    page.dashboard_wanted.connect(lambda: at.go("dashboard"))
    at.visit(at.watched, page)
    return at.visit(at.history, page)


def _administration_page(workplace: "Workplace") -> Page:
    title = translate("pages", "Ad&ministration")
    return Page("administration", title, "shield-account-outline", partial(_administration, workplace))


def _administration(at: "Workplace") -> QWidget:
    return AdministrationWindow(at.users, at.everyones_devices, at.everyones_imports, at.audit)


def _settings(at: "Workplace") -> QWidget:
    page = SettingsWindow()
    page.add(translate("pages", "Fac&ility"), FacilitySettingsPanel(at.facility))
    at.facility.refresh()
    page.add(translate("pages", "Alert ru&les"), AlertRulesPanel(at.alert_rules))
    at.visit(at.alert_rules, page)
    page.add(translate("pages", "&Mail"), MailPanel(at.mail))
    at.mail.refresh()
    page.add(translate("pages", "&Account"), AccountPanel(at.account))
    page.add(translate("pages", "&Backup"), BackupPanel(at.backups))
    at.backups.refresh()
    page.add(translate("pages", "&Database"), DatabasePanel(at.database))
    at.database.refresh()
    page.add(translate("pages", "Dia&gnostics"), DiagnosticsPanel(at.diagnostics))
    return page
