"""The page of the reports, as the window knows it."""

from desktop.features.reports.page import ReportsWindow
from desktop.features.reports.schedules_view_model import ReportSchedulesViewModel
from desktop.features.reports.view_model import ReportsViewModel
from desktop.framework.page_spec import PageContext, PageSpec, ViewModelSpec
from services import jobs
from services.messages import N_


def _build(at: PageContext) -> ReportsWindow:
    reports, schedules = at.get(ReportsViewModel), at.get(ReportSchedulesViewModel)
    page = ReportsWindow(reports, schedules)
    page.import_wanted.connect(lambda: at.show("import", ()))
    at.visit(schedules)
    at.visit(reports)
    return page


def _connect(at: PageContext) -> None:
    schedules = at.get(ReportSchedulesViewModel)
    schedules.made.connect(at.notify)
    schedules.refused.connect(at.warn)
    at.imported.connect(
        lambda summaries: schedules.make_due() if any(of.added or of.changed for of in summaries) else None
    )


REPORTS = PageSpec(
    name="reports",
    title=N_("&Reports"),
    icon="file-chart-outline",
    build=_build,
    connect=_connect,
    view_models=(
        ViewModelSpec(
            ReportsViewModel,
            lambda at: ReportsViewModel(at.session, at.settings, at),
            follows=frozenset({"revisions", "devices", "categories"}),
        ),
        ViewModelSpec(
            ReportSchedulesViewModel,
            lambda at: ReportSchedulesViewModel(at.session, at.settings, at),
            follows=frozenset({"report_schedules"}),
        ),
    ),
    jobs={jobs.REPORTS.name: lambda at: at.get(ReportSchedulesViewModel).make_due()},
)
