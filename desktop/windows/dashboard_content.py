"""The seven figures: four cards and three charts, laid out for the room there is."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.charts.breakdown_chart import BreakdownChart
from desktop.charts.daily_chart import DailyChart
from desktop.charts.weekly_chart import WeeklyChart
from desktop.viewmodels.dashboard_figures import Figure, Figures
from desktop.widgets.card import Card
from desktop.windows.chart_panel import ChartPanel

WIDE = 900
"""From so many pixels on the devices stand beside the charts over time."""
LEAST_WIDTH = 360
"""Narrower than this the page scrolls sideways."""
CHART_HEIGHT = 260
GAP = 16


class DashboardContent(QWidget):
    """Shows `Figures`; says nothing of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.total = Card(self.tr("Total consumption"), self)
        self.average = Card(self.tr("Average per day"), self)
        self.peak = Card(self.tr("Peak consumption"), self)
        self.next_month = Card(self.tr("Predicted next month"), self)
        self.daily, self.weekly, self.breakdown = DailyChart(self), WeeklyChart(self), BreakdownChart(self)
        zoom = self.tr("Ctrl+wheel zooms, dragging moves, a double click shows all days.")
        self._daily = ChartPanel(self.tr("Daily consumption, kWh"), zoom, self.daily, self)
        self._weekly = ChartPanel(
            self.tr("Weekly consumption, kWh"),
            self.tr("Paler: not all days have readings."),
            self.weekly,
            self,
        )
        self._devices = ChartPanel(
            self.tr("Share of each device"), self.tr("Click a device to see it alone."), self.breakdown, self
        )
        self._daily.setMinimumHeight(CHART_HEIGHT)
        self._weekly.setMinimumHeight(CHART_HEIGHT)
        self._cards = [self.total, self.average, self.peak, self.next_month]
        self._charts = [self._daily, self._devices, self._weekly]
        self._card_grid, self._chart_grid = QGridLayout(), QGridLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        for grid in (self._card_grid, self._chart_grid):
            grid.setSpacing(GAP)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP)
        layout.addLayout(self._card_grid)
        layout.addLayout(self._chart_grid, 1)
        self.setMinimumWidth(LEAST_WIDTH)
        self._arrangement = (0, False)
        self._arrange()

    def show_figures(self, figures: Figures) -> None:
        for card, figure in zip(self._cards, _cards(figures), strict=True):
            card.set_value(figure.value)
            card.set_hint(figure.hint)
        self._arrange()
        daily, weekly, shares = figures.daily, figures.weekly, figures.breakdown
        self.daily.show_days(daily.x, daily.energy, figures.mean, daily.texts)
        self.weekly.show_weeks(weekly.x, weekly.energy, weekly.whole, weekly.texts)
        self.breakdown.show_shares(shares.keys, shares.names, shares.energy, shares.figures, shares.texts)
        self.daily.setAccessibleDescription(daily.description)
        self.weekly.setAccessibleDescription(weekly.description)
        self.breakdown.setAccessibleDescription(shares.description)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Cards in a row or two by two; charts beside or below one another."""
        row = sum(card.minimumSizeHint().width() for card in self._cards) + 3 * GAP
        arrangement = (4 if self.width() >= row else 2, self.width() >= WIDE)
        if arrangement == self._arrangement:
            return
        self._arrangement = columns, wide = arrangement
        for card in self._cards:
            self._card_grid.removeWidget(card)
        for chart in self._charts:
            self._chart_grid.removeWidget(chart)
        for i, card in enumerate(self._cards):
            self._card_grid.addWidget(card, i // columns, i % columns)
        if wide:
            self._chart_grid.addWidget(self._daily, 0, 0)
            self._chart_grid.addWidget(self._weekly, 1, 0)
            self._chart_grid.addWidget(self._devices, 0, 1, 2, 1)
        else:
            for i, chart in enumerate(self._charts):
                self._chart_grid.addWidget(chart, i, 0)
        for column in range(4):
            self._card_grid.setColumnStretch(column, 1 if column < columns else 0)
        self._chart_grid.setColumnStretch(0, 2)
        self._chart_grid.setColumnStretch(1, 1 if wide else 0)


def _cards(figures: Figures) -> list[Figure]:
    return [figures.total, figures.average, figures.peak, figures.next_month]
