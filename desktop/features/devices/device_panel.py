"""One device in full."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.load_charts import HeatMapChart, ProfileChart
from desktop.charts.time_plot import link
from desktop.features.alerts.alert_delegate import AlertDelegate
from desktop.features.devices.device_view_model import DeviceFigures, DeviceViewModel
from desktop.features.devices.dialogs import DeviceDialog
from desktop.features.devices.fields import field_values
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.chart_panel import ChartPanel
from desktop.framework.table_export import TableExport
from desktop.widgets.banner import Banner
from desktop.widgets.card import Card
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.flow_rows import FlowRows
from desktop.widgets.page_scroll import PageScroll
from desktop.widgets.plain_label import PlainLabel


class DevicePanel(QWidget):
    """``left`` when the user goes back, by the button, Esc or Alt+Left; ``alert_wanted`` with an id."""

    left = Signal()
    alert_wanted = Signal(str)

    def __init__(
        self, view_model: DeviceViewModel, devices: DevicesViewModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._devices = devices
        self.back = QPushButton(theme.icon("arrow-left"), self.tr("&Back"), self)
        self.back.setToolTip(self.tr("To all devices (Esc)"))
        self.name = PlainLabel(parent=self)
        self.name.setProperty("role", "title")
        self.edit = QPushButton(self.tr("&Edit…"), self)
        self.description = PlainLabel(parent=self)
        self.description.setProperty("role", "muted")
        self.verdict = PlainLabel(parent=self)
        for label in (self.name, self.description, self.verdict):
            label.setWordWrap(True)
        self.banner = Banner(self)
        self.readings = DeviceReadings(view_model.export, self)
        self.history = DeviceHistory(view_model, self)
        self.none = EmptyState(
            "chart-line",
            self.tr("No readings yet"),
            self.tr("Import a file that names this device, and its figures and charts appear here."),
        )
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.back)
        top.addWidget(self.name, 1)
        top.addWidget(self.edit)
        content = QWidget(self)
        inside = QVBoxLayout(content)
        inside.setSpacing(16)
        inside.addWidget(self.readings)
        inside.addWidget(self.history)
        inside.addStretch()
        self._scroll = PageScroll(content, self)
        for page in (self._scroll, self.none):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 8, 0)
        layout.setSpacing(10)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, 16, 0)
        head.setSpacing(6)
        head.addLayout(top)
        for widget in (self.description, self.verdict, self.banner):
            head.addWidget(widget)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self._view_model.opened.connect(self._begin)
        self._view_model.facts_known.connect(self._show_facts)
        self._view_model.figures_known.connect(self._show_figures)
        self._view_model.gone.connect(self.left)
        self._view_model.failed.connect(self.banner.show_error)
        self._view_model.export.saved.connect(self._tell_saved)
        self.readings.failed.connect(self.banner.show_error)
        self.readings.brushed.connect(self._view_model.brush)
        self.history.alert_wanted.connect(self.alert_wanted)
        self.back.clicked.connect(self.left)
        self.edit.clicked.connect(self._edit)
        theme.changed.connect(self._colour)
        for key, command in (("Esc", self._escape), ("Alt+Left", self.left.emit)):
            shortcut = QShortcut(QKeySequence(key), self, command)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_top(self) -> None:
        """Show the page as it is when it is opened."""
        self._scroll.verticalScrollBar().setValue(0)
        self.back.setFocus()

    def _escape(self) -> None:
        """From a span of time to all days, from there to all devices."""
        if self.readings.span:
            self.readings.clear_brush()
        else:
            self.left.emit()

    def _tell_saved(self, path: str) -> None:
        self.banner.show_info(self.tr("Saved as {path}.").format(path=path))

    def _begin(self) -> None:
        """Nothing of the device before is left on screen."""
        self.name.clear()
        self.description.clear()
        self.verdict.clear()
        self.banner.hide()
        self.readings.hide()
        self.readings.clear_brush()
        self.pages.setCurrentWidget(self._scroll)

    def _show_facts(self) -> None:
        self.name.setText(self._view_model.name)
        self.description.setText(self._view_model.description)
        self.verdict.setText(self._view_model.verdict)
        self._colour()

    def _show_figures(self) -> None:
        figures = self._view_model.figures
        if figures is None:
            return
        self.pages.setCurrentWidget(self.none if figures.empty else self._scroll)
        self.readings.setVisible(True)
        self.readings.show_figures(figures)

    def _edit(self) -> None:
        if facts := self._view_model.facts:
            dialog = DeviceDialog(self._devices, facts.device.id, field_values(facts.device), self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _colour(self) -> None:
        colour = theme.tokens().danger if self._view_model.suspicious else theme.tokens().text
        weight = 600 if self._view_model.suspicious else 400
        self.verdict.setStyleSheet(f"color: {colour}; font-weight: {weight}")


WIDE = 860
"""From so many pixels on the charts stand side by side."""
CARD = 172
"""Pixels that a card needs."""
LEAST_WIDTH = 360
CHART_HEIGHT = 300
GAP = 16
REST_MS = 150
"""A span of time is looked at once it has stayed the same so long."""


class DeviceReadings(QWidget):
    """Shows `DeviceFigures`; ``brushed`` with the span (seconds), or None when all days are wanted again."""

    brushed = Signal(object)
    failed = Signal(str)

    def __init__(self, export: TableExport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._export = export
        self.cards = [Card("", self) for _ in range(5)]
        self.profile, self.heat_map = ProfileChart(self), HeatMapChart(self)
        self.consumption = ConsumptionChart(self)
        self._panels = {
            "consumption": ChartPanel(
                self.tr("Consumption, kWh a day"),
                self.tr("Shift with a drag picks a span of time: figures and load profile follow."),
                self.consumption,
                self,
            ),
            "profile": ChartPanel(
                self.tr("Load profile, kW"),
                self.tr("Mean of each hour; the bands hold eight days of ten."),
                self.profile,
                self,
            ),
            "heat_map": ChartPanel(
                self.tr("Heat map, kWh an hour"),
                self.tr("Days from left to right, hours from top to bottom."),
                self.heat_map,
                self,
            ),
        }
        self._lay_out()
        self._connect()

    @property
    def span(self) -> tuple[float, float] | None:
        """The brushed span."""
        return self.heat_map.span

    def clear_brush(self) -> None:
        """Show all days again."""
        for chart in (self.consumption, self.heat_map):
            chart.select(None)
        self._wait.start()

    def show_figures(self, figures: DeviceFigures) -> None:
        for card, figure in zip(self.cards, figures.figures, strict=True):
            card.set_title(figure.name)
            card.set_value(figure.value)
            card.set_hint(figure.hint)
        for name, panel in self._panels.items():
            drawing = getattr(figures, name)
            panel.chart.draw(*drawing.args)
            panel.chart.setAccessibleDescription(drawing.description)
            panel.set_table(drawing.table, self._export.save)

    def _lay_out(self) -> None:
        self._rows = FlowRows(12)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(GAP)
        for name, panel in self._panels.items():
            panel.setMinimumHeight(CHART_HEIGHT)
            if name != "consumption":
                self._beside.addWidget(panel, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(self._rows)
        layout.addWidget(self._panels["consumption"])
        layout.addLayout(self._beside)
        self.setMinimumWidth(LEAST_WIDTH)  # whatever stands in a row now: narrower, fewer do
        self._arrange()

    def _connect(self) -> None:
        link([self.consumption, self.heat_map])
        self._wait = QTimer(self, singleShot=True, interval=REST_MS)
        self._wait.timeout.connect(lambda: self.brushed.emit(self.span))
        for chart in (self.consumption, self.heat_map):
            chart.brushed.connect(lambda _start, _end: self._wait.start())
            chart.brush_cleared.connect(self._wait.start)
        for panel in self._panels.values():
            panel.failed.connect(self.failed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._rows.arrange(self.cards, min(5, max(1, self.width() // CARD)))
        wide = self.width() >= WIDE
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(direction)


WIDE = 860
LEAST_WIDTH = 360
MOST_ROWS = 4
"""So many events are seen without scrolling."""


class DeviceHistory(QWidget):
    """Its alerts, newest first; a click or Enter on one wants it (``alert_wanted`` with its id)."""

    alert_wanted = Signal(str)

    def __init__(self, view_model: DeviceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = QListView(self)
        self.list.setAccessibleName(self.tr("Events of the device"))
        self.list.setModel(view_model.events)
        self.list.setItemDelegate(AlertDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setTabKeyNavigation(False)
        self.none = _words(self.tr("There are no alerts for this device."))
        self.events = QStackedWidget(self)
        self.events.addWidget(self.list)
        self.events.addWidget(self.none)
        self.quality = _words("")
        self.keep = QPushButton(self.tr("&Keep what was set aside"), self)
        self.keep.setToolTip(self.tr("Counts these readings in all figures, forecasts and alerts."))
        self.leave_out = QPushButton(self.tr("&Leave out what was kept"), self)
        self.leave_out.setToolTip(self.tr("Sets the readings aside again that are not plausible."))
        found = QWidget(self)
        below = QVBoxLayout(found)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.quality)
        for button in (self.keep, self.leave_out):
            button.hide()
            below.addWidget(button)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self.setMinimumWidth(LEAST_WIDTH)
        for title, widget in ((self.tr("Events"), self.events), (self.tr("Data quality"), found)):
            self._row.addWidget(_card(title, widget), 1)
        view_model.opened.connect(self._show_quality)
        view_model.events_known.connect(self._show_events)
        view_model.quality_known.connect(self._show_quality)
        self.list.clicked.connect(lambda index: self._want(index.row()))
        self.keep.clicked.connect(lambda: view_model.decide_implausible(True))
        self.leave_out.clicked.connect(lambda: view_model.decide_implausible(False))
        self.list.activated.connect(lambda index: self._want(index.row()))

    def _show_events(self) -> None:
        rows = self._view_model.events.rowCount()
        self.events.setCurrentWidget(self.list if rows else self.none)
        seen = min(rows, MOST_ROWS) * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth()
        self.events.setFixedHeight(seen if rows else self.none.sizeHint().height())

    def _show_quality(self) -> None:
        found = self._view_model.quality
        self.quality.setText("\n\n".join(found.sentences))
        self.keep.setVisible(bool(found.left_out))
        self.leave_out.setVisible(bool(found.kept))

    def _want(self, row: int) -> None:
        self.alert_wanted.emit(self._view_model.events.record(row).id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def _words(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    return label


def _card(title: str, widget: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    heading = QLabel(title, card)
    heading.setProperty("role", "heading")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.addWidget(heading)
    layout.addWidget(widget)
    layout.addStretch()
    return card
