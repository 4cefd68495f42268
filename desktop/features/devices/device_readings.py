"""What the readings of one device show: figures, consumption, load profile and heat map."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.load_charts import HeatMapChart, ProfileChart
from desktop.charts.time_plot import link
from desktop.features.devices.device_figures import DeviceFigures
from desktop.framework.chart_panel import ChartPanel
from desktop.framework.table_export import TableExport
from desktop.widgets.card import Card
from desktop.widgets.flow_rows import FlowRows

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
        """All days again."""
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
