"""Where the energy went: a filter, and the figures of what it lets through."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.viewmodels.dashboard_viewmodel import DashboardViewModel, State
from desktop.widgets.banner import Banner
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.page_scroll import PageScroll
from desktop.windows.dashboard_content import DashboardContent
from desktop.windows.dashboard_filter_bar import DashboardFilterBar

SLOW = 300
"""Milliseconds after which it is worth saying that something is loading."""


class DashboardWindow(QWidget):
    """``import_wanted`` when there are no readings and the user asks for some."""

    import_wanted = Signal()

    def __init__(self, view_model: DashboardViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.filter = DashboardFilterBar(view_model, self)
        self.busy = QProgressBar(self)
        self._slow = QTimer(self)
        self.nothing = QWidget(self)
        self.content = DashboardContent(self)
        self._scroll = PageScroll(self.content, self)
        self.empty = EmptyState(
            "database-import-outline",
            self.tr("No readings yet"),
            self.tr("Import a spreadsheet of meter readings, and this page shows where the energy goes."),
            self.tr("&Import readings…"),
            self,
        )
        self.none_chosen = EmptyState(
            "filter-off-outline",
            self.tr("No readings in this selection"),
            self.tr("Nothing was measured on these days with these devices, categories and places."),
            self.tr("&Show everything"),
            self,
        )
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Dashboard"), self)
        title.setProperty("role", "title")
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(self.tr("Loading"))
        self.busy.setFixedWidth(120)
        self.busy.hide()
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.busy)
        for page in (self.nothing, self._scroll, self.empty, self.none_chosen):
            self.pages.addWidget(page)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, 16, 0)
        top.setSpacing(12)
        top.addLayout(head)
        top.addWidget(self.banner)
        top.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 8, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        self._show()

    def _connect(self) -> None:
        view_model = self._view_model
        view_model.loaded.connect(self._show)
        view_model.loaded.connect(self.banner.hide)
        view_model.failed.connect(self.banner.show_error)
        view_model.busy.connect(self._wait)
        self._slow.timeout.connect(self.busy.show)
        self.content.breakdown.chosen.connect(lambda device: view_model.choose(device_ids=(device,)))
        self.empty.triggered.connect(self.import_wanted)
        self.none_chosen.triggered.connect(view_model.reset)

    def _wait(self, busy: bool) -> None:
        """Say that something is on its way, unless it comes at once."""
        if busy:
            self._slow.start()
        else:
            self._slow.stop()
            self.busy.hide()

    def _show(self) -> None:
        state = self._view_model.state
        pages = {
            State.LOADING: self.nothing,
            State.NO_READINGS: self.empty,
            State.NONE_CHOSEN: self.none_chosen,
            State.READY: self._scroll,
        }
        self.filter.setVisible(state in (State.NONE_CHOSEN, State.READY))
        if state is State.READY and self._view_model.figures:
            self.content.show_figures(self._view_model.figures)
        self.pages.setCurrentWidget(pages[state])
