"""The session of a signed-in user, with its view-models by short names."""

from typing import Any

from desktop.app.application import Application
from desktop.app.session_context import SessionContext
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.features.alerts.delivery import AlertDelivery
from desktop.features.alerts.view_model import AlertsViewModel
from desktop.features.dashboard.readings_view_model import ReadingsViewModel
from desktop.features.dashboard.view_model import DashboardViewModel, SavedViewsViewModel
from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.features.devices.view_model import DevicesViewModel
from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.features.imports.view_model import ImportViewModel
from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from desktop.features.predictions.renewal import PredictionRenewal
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.features.reports.schedules_view_model import ReportSchedulesViewModel
from desktop.features.reports.view_model import ReportsViewModel
from desktop.features.settings.account_view_model import AccountViewModel
from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.backup_view_model import BackupViewModel
from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.diagnostics_view_model import DiagnosticsViewModel
from desktop.features.settings.facility_settings_view_model import FacilitySettingsViewModel
from desktop.features.settings.mail_view_model import MailViewModel
from desktop.framework.table_export import TableExport

KINDS = {
    "alerts": AlertsViewModel,
    "delivery": AlertDelivery,
    "alert_rules": AlertRulesViewModel,
    "mail": MailViewModel,
    "backups": BackupViewModel,
    "diagnostics": DiagnosticsViewModel,
    "database": DatabaseViewModel,
    "dashboard": DashboardViewModel,
    "saved_views": SavedViewsViewModel,
    "readings": ReadingsViewModel,
    "devices": DevicesViewModel,
    "device": DeviceViewModel,
    "device_lists": DeviceListViewModel,
    "predictions": PredictionsViewModel,
    "renewal": PredictionRenewal,
    "facility": FacilitySettingsViewModel,
    "imports": ImportViewModel,
    "history": ImportHistoryViewModel,
    "watched": WatchedFolderViewModel,
    "reports": ReportsViewModel,
    "report_schedules": ReportSchedulesViewModel,
    "account": AccountViewModel,
    "users": UsersViewModel,
    "table_export": TableExport,
}


class Workplace:
    """What a test works with: ``workplace.imports`` is the context's view-model of the imports."""

    def __init__(self, context: SessionContext) -> None:
        self.context = context

    def __getattr__(self, name: str) -> Any:
        return self.context.get(KINDS[name]) if name in KINDS else getattr(self.context, name)


def workplace_of(application: Application) -> Workplace:
    """Return the workplace of who is signed in."""
    assert application.context is not None
    return Workplace(application.context)
