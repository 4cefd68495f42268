"""The dashboard's charts, each on a surface of its own, in as many columns as there is room for."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.load_charts import HeatMapChart, LoadDurationChart, ProfileChart
from desktop.charts.share_charts import BreakdownChart, ParetoChart
from desktop.charts.time_plot import link
from desktop.charts.trend_charts import BaseloadChart, BudgetChart, CusumChart
from desktop.features.dashboard.charts import Charts
from desktop.features.dashboard.titles import titles
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


class DashboardChartsGrid(QWidget):
    """Draws `Charts`; ``brushed`` (seconds) and ``brush_cleared`` come from any chart over time, a click on
    a bar is ``device_chosen`` or ``category_chosen``."""

    brushed = Signal(float, float)
    brush_cleared = Signal()
    device_chosen = Signal(str)
    category_chosen = Signal(str)

    def __init__(self, write: Write, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.daily, self.weekly = ConsumptionChart(self), ConsumptionChart(self)
        self.heat_map, self.profile, self.load_duration = (
            HeatMapChart(self),
            ProfileChart(self),
            LoadDurationChart(self),
        )
        self.breakdown, self.categories, self.pareto = (
            BreakdownChart(self),
            BreakdownChart(self),
            ParetoChart(self),
        )
        self.baseload, self.cusum, self.budget = BaseloadChart(self), CusumChart(self), BudgetChart(self)
        self._over_time = (self.daily, self.weekly, self.heat_map, self.baseload, self.cusum, self.budget)
        self._write = write
        self._panels = self._make_panels()
        self._columns: list[QVBoxLayout] = []
        self._grid = QHBoxLayout()
        self._grid.setSpacing(GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self._panels["consumption"])
        layout.addLayout(self._grid, 1)
        self._connect()
        self._arrange()

    @property
    def panels(self) -> list[ChartPanel]:
        return list(self._panels.values())

    def show_charts(self, charts: Charts, brushed: tuple[float, float] | None) -> None:
        for name, panel in self._panels.items():
            drawing: Drawing = getattr(charts, name)
            panel.chart.draw(*drawing.args)
            panel.chart.setAccessibleDescription(drawing.description)
            panel.show_empty(drawing.missing)
            panel.set_table(drawing.table, self._write)
        self.select(brushed)

    def select(self, brushed: tuple[float, float] | None) -> None:
        """Show which span is brushed."""
        for chart in self._over_time:
            if chart.span != brushed:
                chart.select(brushed)

    def _make_panels(self) -> dict[str, ChartPanel]:
        charts = {
            "consumption": self.daily,
            "weeks": self.weekly,
            "heat_map": self.heat_map,
            "baseload": self.baseload,
            "cusum": self.cusum,
            "budget": self.budget,
            "profile": self.profile,
            "load_duration": self.load_duration,
            "devices": self.breakdown,
            "categories": self.categories,
            "pareto": self.pareto,
        }
        panels = {name: ChartPanel(*titles()[name], chart, self) for name, chart in charts.items()}
        for name, panel in panels.items():
            panel.setMinimumHeight(TALL if name == "consumption" else USUAL)
        return panels

    def _connect(self) -> None:
        link(self._over_time)
        for chart in self._over_time:
            chart.brushed.connect(self.brushed)
            chart.brush_cleared.connect(self.brush_cleared)
        self.breakdown.chosen.connect(self.device_chosen)
        self.pareto.chosen.connect(self.device_chosen)
        self.categories.chosen.connect(self.category_chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """One column below the other charts, or two or three side by side."""
        columns = COLUMNS[(self.width() >= TWO_COLUMNS) + (self.width() >= THREE_COLUMNS)]
        if len(columns) == len(self._columns):
            return
        for column in self._columns:
            while column.count():
                column.takeAt(0)
            self._grid.removeItem(column)
            column.deleteLater()
        self._columns = [QVBoxLayout() for _ in columns]
        for column, names in zip(self._columns, columns, strict=True):
            column.setSpacing(GAP)
            for name in names:
                column.addWidget(self._panels[name], 1)
            self._grid.addLayout(column, 1)


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
"""Which charts stand below each other, for each number of columns."""
