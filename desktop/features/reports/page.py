"""A month or a week on paper: made now, or by itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.features.reports.report_panel import ReportPanel
from desktop.features.reports.schedules_panel import ReportSchedulesPanel
from desktop.features.reports.schedules_view_model import ReportSchedulesViewModel
from desktop.features.reports.view_model import ReportsViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.tabbed_title import TabbedTitle


class ReportsWindow(QWidget):
    """A tab each; what was done or went wrong on either is said above them."""

    import_wanted = Signal()

    def __init__(
        self,
        view_model: ReportsViewModel,
        schedules: ReportSchedulesViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.banner = Banner(self)
        self.report = ReportPanel(view_model, self)
        self.schedules = ReportSchedulesPanel(schedules, view_model, self)
        top = TabbedTitle(self.tr("Reports"), self)
        top.add(self.tr("Repor&t"), self.report)
        top.add(self.tr("Sche&dule"), self.schedules)
        self.tabs = top.tabs
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(top.pages, 1)
        self.report.import_wanted.connect(self.import_wanted)
        view_model.notified.connect(self.banner.show_info)
        for failed in (view_model.failed, schedules.failed):
            failed.connect(self.banner.show_error)
