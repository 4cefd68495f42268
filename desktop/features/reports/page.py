"""A month or a week on paper: made now, or by itself."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.features.reports.report_panel import ReportPanel
from desktop.features.reports.schedules_panel import ReportSchedulesPanel
from desktop.features.reports.schedules_view_model import ReportSchedulesViewModel
from desktop.features.reports.view_model import ReportsViewModel
from desktop.framework.tabbed_page import TabbedPage


class ReportsWindow(TabbedPage):
    """A tab each; what was done or went wrong on either is said above them."""

    import_wanted = Signal()

    def __init__(
        self,
        view_model: ReportsViewModel,
        schedules: ReportSchedulesViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(QCoreApplication.translate("ReportsWindow", "Reports"), parent)
        self.report = ReportPanel(view_model, self)
        self.schedules = ReportSchedulesPanel(schedules, view_model, self)
        self.add_tab(self.tr("Repor&t"), self.report)
        self.add_tab(self.tr("Sche&dule"), self.schedules)
        self.report.import_wanted.connect(self.import_wanted)
        self.announce((view_model.notified,), (view_model.failed, schedules.failed))
