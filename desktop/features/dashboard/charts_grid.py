"""The dashboard's charts, each on a surface of its own, in as many columns as there is room for."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.load_charts import HeatMapChart, LoadDurationChart, ProfileChart
from desktop.charts.plot import Plot
from desktop.charts.share_charts import BreakdownChart, ChoicePlot, ParetoChart
from desktop.charts.time_plot import TimePlot, link
from desktop.charts.trend_charts import BaseloadChart, BudgetChart, CusumChart
from desktop.framework.chart_panel import ChartPanel
from desktop.framework.drawing import Drawing
from desktop.framework.table_export import Table

GAP = 16
TALL, USUAL = 360, 300
"""Least heights of a chart's surface."""
TWO_COLUMNS, THREE_COLUMNS = 760, 1280
"""From so many pixels on."""

Write = Callable[[str, Table], None]
"""Writes a table into the file of that path."""


class ChartItem(NamedTuple):
    """What draws a chart, and what a click on one of its bars chooses."""

    plot: Callable[[QWidget], Plot]
    chooses: Literal["device", "category"] | None = None


ITEMS = {
    "consumption": ChartItem(ConsumptionChart),
    "weeks": ChartItem(ConsumptionChart),
    "heat_map": ChartItem(HeatMapChart),
    "baseload": ChartItem(BaseloadChart),
    "cusum": ChartItem(CusumChart),
    "budget": ChartItem(BudgetChart),
    "profile": ChartItem(ProfileChart),
    "load_duration": ChartItem(LoadDurationChart),
    "devices": ChartItem(BreakdownChart, "device"),
    "categories": ChartItem(BreakdownChart, "category"),
    "pareto": ChartItem(ParetoChart, "device"),
}
"""By the names of `services.dashboard.CHARTS`."""
ON_TOP = "consumption"
"""Across all columns."""
COLUMNS = (
    [
        [
            "devices",
            "profile",
            "heat_map",
            "weeks",
            "load_duration",
            "pareto",
            "categories",
            "baseload",
            "cusum",
            "budget",
        ]
    ],
    [
        ["profile", "heat_map", "load_duration", "baseload", "budget"],
        ["devices", "pareto", "categories", "weeks", "cusum"],
    ],
    [
        ["profile", "load_duration", "baseload"],
        ["heat_map", "weeks", "cusum", "budget"],
        ["devices", "categories", "pareto"],
    ],
)
"""Which charts stand below each other, for each number of columns; others come at the end."""


class DashboardChartsGrid(QWidget):
    """Draws charts by their names; ``brushed`` (seconds) and ``brush_cleared`` come from any chart over time.

    ``headings`` are title and note of each chart. A click on a bar is ``device_chosen`` or
    ``category_chosen`` (id).
    """

    brushed = Signal(float, float)
    brush_cleared = Signal()
    device_chosen = Signal(str)
    category_chosen = Signal(str)

    def __init__(
        self, headings: Mapping[str, tuple[str, str]], write: Write, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.plots = {name: ITEMS[name].plot(self) for name in headings}
        self._over_time = [plot for plot in self.plots.values() if isinstance(plot, TimePlot)]
        self._write = write
        self._panels = {name: ChartPanel(*headings[name], plot, self) for name, plot in self.plots.items()}
        for name, panel in self._panels.items():
            panel.setMinimumHeight(TALL if name == ON_TOP else USUAL)
        self._columns: list[QVBoxLayout] = []
        self._grid = QHBoxLayout()
        self._grid.setSpacing(GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self._panels[ON_TOP])
        layout.addLayout(self._grid, 1)
        self._connect()
        self._arrange()

    @property
    def panels(self) -> list[ChartPanel]:
        return list(self._panels.values())

    def show_charts(self, drawings: Mapping[str, Drawing], brushed: tuple[float, float] | None) -> None:
        for name, panel in self._panels.items():
            drawing = drawings[name]
            panel.chart.draw(*drawing.args)
            panel.chart.setAccessibleDescription(drawing.description)
            panel.show_empty(drawing.missing)
            panel.set_table(drawing.table, self._write)
        self.select(brushed)

    def select(self, brushed: tuple[float, float] | None) -> None:
        """Show which span is brushed."""
        for plot in self._over_time:
            if plot.span != brushed:
                plot.select(brushed)

    def _connect(self) -> None:
        link(self._over_time)
        for over_time in self._over_time:
            over_time.brushed.connect(self.brushed)
            over_time.brush_cleared.connect(self.brush_cleared)
        signals = {"device": self.device_chosen, "category": self.category_chosen}
        for name, plot in self.plots.items():
            chooses = ITEMS[name].chooses
            if chooses and isinstance(plot, ChoicePlot):
                plot.chosen.connect(signals[chooses])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the charts into one column, or two or three side by side."""
        columns = COLUMNS[(self.width() >= TWO_COLUMNS) + (self.width() >= THREE_COLUMNS)]
        if len(columns) == len(self._columns):
            return
        for column in self._columns:
            while column.count():
                column.takeAt(0)
            self._grid.removeItem(column)
            column.deleteLater()
        self._columns = [QVBoxLayout() for _ in columns]
        placed = {ON_TOP, *(name for names in columns for name in names)}
        others = [name for name in self._panels if name not in placed]
        for column, names in zip(self._columns, [*columns[:-1], [*columns[-1], *others]], strict=True):
            column.setSpacing(GAP)
            for name in names:
                column.addWidget(self._panels[name], 1)
            self._grid.addLayout(column, 1)
