"""The dashboard's page, as the window knows it."""

from desktop.features.dashboard.page import DashboardWindow
from desktop.features.dashboard.readings_view_model import ReadingsViewModel
from desktop.features.dashboard.view_model import DashboardViewModel, SavedViewsViewModel
from desktop.framework.page_spec import PageContext, PageSpec, ViewModelSpec
from desktop.framework.table_export import TableExport
from services.messages import N_


def _build(at: PageContext) -> DashboardWindow:
    dashboard, views = at.get(DashboardViewModel), at.get(SavedViewsViewModel)
    page = DashboardWindow(dashboard, views, at.get(ReadingsViewModel), at.get(TableExport))
    page.import_wanted.connect(lambda: at.show("import", ()))
    page.settings_wanted.connect(lambda: at.go("settings"))
    page.device_wanted.connect(lambda device_id: at.show("devices", device_id))
    views.refresh()
    at.visit(dashboard)
    return page


DASHBOARD = PageSpec(
    name="dashboard",
    title=N_("&Dashboard"),
    icon="view-dashboard-outline",
    build=_build,
    view_models=(
        ViewModelSpec(
            DashboardViewModel,
            lambda at: DashboardViewModel(at.session, at),
            follows=frozenset({"revisions", "devices", "categories", "facilities", "predictions"}),
        ),
        ViewModelSpec(SavedViewsViewModel, lambda at: SavedViewsViewModel(at.session, at)),
        ViewModelSpec(ReadingsViewModel, lambda at: ReadingsViewModel(at.session, at)),
        ViewModelSpec(TableExport, TableExport),
    ),
)
