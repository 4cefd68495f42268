"""Where the energy went: a filter, and the figures and charts of what it lets through."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.features.dashboard.charts_grid import DashboardChartsGrid
from desktop.features.dashboard.figures import FigureText, FigureTexts
from desktop.features.dashboard.filter_bar import DashboardFilterBar
from desktop.features.dashboard.loading import State
from desktop.features.dashboard.readings_dialog import ReadingsDialog
from desktop.features.dashboard.readings_view_model import ReadingsViewModel
from desktop.features.dashboard.saved_views import SavedViewsButton
from desktop.features.dashboard.view_model import DashboardViewModel, SavedViewsViewModel
from desktop.framework.table_export import TableExport
from desktop.widgets.banner import Banner
from desktop.widgets.card import Card
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.flow_rows import FlowRows
from desktop.widgets.page_scroll import PageScroll

NARROWEST = 176
"""Pixels that a card needs."""
MOST_IN_A_ROW = 5
CARD_GAP = 12
LEAST_WIDTH = 360
"""Narrower than this the page scrolls sideways."""
SLOW = 300
"""Milliseconds after which it is worth saying that something is loading."""


class DashboardCards(QWidget):
    """Shows `FigureTexts`; ``settings_wanted`` when the user asks for what one of them lacks."""

    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.total = Card(self.tr("Total consumption"), self)
        self.cost = Card(self.tr("Cost"), self)
        self.average = Card(self.tr("Average per day"), self)
        self.peak_demand = Card(self.tr("Peak demand"), self)
        self.next_month = Card(self.tr("Predicted next month"), self)
        self.baseload = Card(self.tr("Baseload"), self)
        self.load_factor = Card(self.tr("Load factor"), self)
        self.peak = Card(self.tr("Peak consumption"), self)
        self.carbon = Card(self.tr("CO₂"), self)
        self.eui = Card(self.tr("Energy use intensity"), self)
        self._cards = [
            self.total,
            self.cost,
            self.average,
            self.peak_demand,
            self.next_month,
            self.baseload,
            self.load_factor,
            self.peak,
            self.carbon,
            self.eui,
        ]
        for card in self._cards:
            card.wanted.connect(self.settings_wanted)
        self._rows = FlowRows(CARD_GAP)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._rows)
        self._arrange()

    def show_figures(self, figures: FigureTexts) -> None:
        for name, figure in vars(figures).items():
            card: Card = getattr(self, name)
            _show_card(card, figure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        fitting = (self.width() + CARD_GAP) // (NARROWEST + CARD_GAP)
        self._rows.arrange(self._cards, max(1, min(MOST_IN_A_ROW, fitting)))


def _show_card(card: Card, figure: FigureText) -> None:
    card.set_value(figure.value)
    card.set_hint(figure.hint)
    card.set_changes(figure.changes)
    card.set_link(figure.wanted)


class DashboardWindow(QWidget):
    """Asks for a file while there are no readings, for the settings while one that a figure takes is
    missing, and for the page of the one device that is shown."""

    import_wanted = Signal()
    settings_wanted = Signal()
    device_wanted = Signal(str)

    def __init__(
        self,
        view_model: DashboardViewModel,
        views: SavedViewsViewModel,
        readings: ReadingsViewModel,
        export: TableExport,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model, self._readings = view_model, readings
        self.dialog: ReadingsDialog | None = None
        self.banner = Banner(self)
        self.filter = DashboardFilterBar(view_model, self)
        self.views = SavedViewsButton(view_model, views, self)
        self.readings = QPushButton(self.tr("Readin&gs…"), self)
        self.readings.setIcon(theme.icon("table"))
        self.busy = QProgressBar(self)
        self._slow = QTimer(self)
        self.nothing = QWidget(self)
        self.cards = DashboardCards(self)
        self.charts = DashboardChartsGrid(view_model.chart_headings, export.save, self)
        self._scroll = PageScroll(self._make_content(), self)
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
        for failed in (views.failed, export.failed, *(panel.failed for panel in self.charts.panels)):
            failed.connect(self.banner.show_error)
        export.saved.connect(
            lambda path: self.banner.show_info(self.tr("The table is saved: {path}").format(path=path))
        )

    def _make_content(self) -> QWidget:
        content = QWidget(self)
        content.setMinimumWidth(LEAST_WIDTH)
        layout = QVBoxLayout(content)
        layout.setSpacing(16)
        layout.addWidget(self.cards)
        layout.addWidget(self.charts, 1)
        return content

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
        head.addWidget(self.readings)
        head.addWidget(self.views)
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
        view_model, charts = self._view_model, self.charts
        view_model.loaded.connect(self._show)
        view_model.loaded.connect(self.banner.hide)
        view_model.failed.connect(self.banner.show_error)
        view_model.busy_changed.connect(self._show_busy)
        view_model.loaded.connect(self._load_readings)
        self._slow.timeout.connect(self.busy.show)
        self.readings.clicked.connect(self.show_readings)
        charts.brushed.connect(view_model.brush)
        charts.brush_cleared.connect(view_model.clear_brush)
        charts.device_chosen.connect(lambda device: view_model.choose(device_ids=(device,)))
        charts.category_chosen.connect(lambda category: view_model.choose(category_ids=(category,)))
        self.cards.settings_wanted.connect(self.settings_wanted)
        self.filter.device_wanted.connect(self.device_wanted)
        self.empty.triggered.connect(self.import_wanted)
        self.none_chosen.triggered.connect(view_model.reset)

    def show_readings(self) -> None:
        """Show the readings behind the figures, one by one, in a window of their own."""
        if self.dialog is None:
            self.dialog = ReadingsDialog(self._readings, self)
        self.dialog.show()
        self.dialog.activateWindow()
        self._load_readings()

    def _load_readings(self) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self._readings.load(self._view_model.selected)

    def _show_busy(self, busy: bool) -> None:
        """Show that something is loading, unless it comes at once."""
        if busy:
            self._slow.start()
        else:
            self._slow.stop()
            self.busy.hide()

    def _show(self) -> None:
        view_model = self._view_model
        pages = {
            State.LOADING: self.nothing,
            State.NO_READINGS: self.empty,
            State.NONE_CHOSEN: self.none_chosen,
            State.READY: self._scroll,
        }
        for part in (self.filter, self.readings, self.views):
            part.setVisible(view_model.state in (State.NONE_CHOSEN, State.READY))
        if view_model.figures and view_model.drawings:
            self.cards.show_figures(view_model.figures)
            self.charts.show_charts(view_model.drawings, view_model.brushed_seconds)
        self.pages.setCurrentWidget(pages[view_model.state])
