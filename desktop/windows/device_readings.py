"""What the readings of one device show: figures, load profile and heat map."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.charts.heat_map_chart import HeatMapChart
from desktop.charts.profile_chart import ProfileChart
from desktop.viewmodels.device_figures import DeviceFigures
from desktop.widgets.figure_strip import FigureStrip
from desktop.windows.chart_panel import ChartPanel

WIDE = 860
"""From so many pixels on the charts stand side by side."""
CHART_HEIGHT = 300
GAP = 16


class DeviceReadings(QWidget):
    """Shows `DeviceFigures`; says nothing of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.period = QLabel(self)
        self.period.setProperty("role", "muted")
        self.period.setWordWrap(True)
        self.figures = FigureStrip(self)
        self.profile, self.heat_map = ProfileChart(self), HeatMapChart(self)
        profile = ChartPanel(
            self.tr("Load profile, kW"),
            self.tr("Mean of each hour; the bands hold eight days of ten."),
            self.profile,
            self,
        )
        heat_map = ChartPanel(
            self.tr("Day by hour, kWh"), self.tr("What recurs, and when it began."), self.heat_map, self
        )
        self._charts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._charts.setSpacing(GAP)
        for chart in (profile, heat_map):
            chart.setMinimumHeight(CHART_HEIGHT)
            self._charts.addWidget(chart, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.figures)
        layout.addWidget(self.period)
        layout.addLayout(self._charts)

    def show_figures(self, figures: DeviceFigures) -> None:
        self.figures.show_figures(figures.figures)
        self.period.setText(figures.period)
        weekday, weekend = figures.profile
        self.profile.draw(weekday, weekend, figures.profile_texts)
        self.heat_map.draw(figures.days, figures.energy, figures.texts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._charts.setDirection(direction)
