"""The settings' page, as the window knows it."""

from desktop.features.settings.account_view_model import AccountViewModel
from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.backup_view_model import BackupViewModel
from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.diagnostics_view_model import DiagnosticsViewModel
from desktop.features.settings.facility_settings_view_model import FacilitySettingsViewModel
from desktop.features.settings.mail_view_model import MailViewModel
from desktop.features.settings.page import SettingsWindow
from desktop.framework.page_spec import PageContext, PageSpec, ViewModelSpec
from services import jobs
from services.messages import N_


def _build(at: PageContext) -> SettingsWindow:
    page = SettingsWindow(
        at.get(FacilitySettingsViewModel),
        at.get(AlertRulesViewModel),
        at.get(MailViewModel),
        at.get(AccountViewModel),
        at.get(BackupViewModel),
        at.get(DatabaseViewModel),
        at.get(DiagnosticsViewModel),
    )
    at.visit(at.get(AlertRulesViewModel))
    # Read once: what is edited there is not overwritten by what changes elsewhere.
    at.get(FacilitySettingsViewModel).refresh()
    at.get(MailViewModel).refresh()
    at.get(BackupViewModel).refresh()
    at.get(DatabaseViewModel).refresh()
    return page


def _connect(at: PageContext) -> None:
    at.get(AccountViewModel).renamed.connect(at.window.show_user)
    at.get(FacilitySettingsViewModel).saved.connect(lambda: at.refresh_all())
    at.get(DatabaseViewModel).changed.connect(at.restart_wanted)
    backups, diagnostics = at.get(BackupViewModel), at.get(DiagnosticsViewModel)
    backups.made.connect(at.notify)
    backups.refused.connect(at.warn)
    offer = at.window.end_banner
    diagnostics.ended_unexpectedly.connect(offer.show_offer)
    diagnostics.acknowledged.connect(offer.hide)
    offer.accepted.connect(lambda: at.show("settings", "bundle"))
    offer.dismissed.connect(diagnostics.acknowledge)
    diagnostics.check_last_end()


SETTINGS = PageSpec(
    name="settings",
    title=N_("Setti&ngs"),
    icon="cog-outline",
    build=_build,
    connect=_connect,
    show=lambda _at, page, panel: page.show_panel(panel),
    view_models=(
        ViewModelSpec(FacilitySettingsViewModel, lambda at: FacilitySettingsViewModel(at.session, at)),
        ViewModelSpec(
            AlertRulesViewModel,
            lambda at: AlertRulesViewModel(at.session, at),
            follows=frozenset({"alert_rules", "quiet_hours", "devices", "categories"}),
        ),
        ViewModelSpec(MailViewModel, lambda at: MailViewModel(at.session, at.settings, at)),
        ViewModelSpec(AccountViewModel, lambda at: AccountViewModel(at.session, at)),
        ViewModelSpec(BackupViewModel, lambda at: BackupViewModel(at.session, at.settings, at)),
        ViewModelSpec(DatabaseViewModel, lambda at: DatabaseViewModel(at.session, at.settings, at)),
        ViewModelSpec(DiagnosticsViewModel, lambda at: DiagnosticsViewModel(at.session, at.settings, at)),
    ),
    jobs={jobs.BACKUPS.name: lambda at: at.get(BackupViewModel).make_due()},
    # What is written while the database is moved would have to be compared again.
    holds_jobs=lambda at: at.get(DatabaseViewModel).moving,
)
