"""Predictions as a chart and a table, and the model that made them."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from desktop.charts.prediction_chart import PredictionChart
from desktop.features.predictions.model_card import ModelCard
from desktop.features.predictions.models_panel import ModelsPanel
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.framework.chart_panel import ChartPanel
from desktop.framework.formatting import NOTHING
from desktop.widgets.figure_strip import FigureStrip
from desktop.widgets.plain_table import PlainTable

WIDE = 760
"""From so many pixels on the model's card stands beside the table."""
CARD_WIDTH = 248
CHART_HEIGHT = 280


class PredictionsContent(QWidget):
    def __init__(self, view_model: PredictionsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = PredictionChart(self)
        self.card = ModelCard(self)
        self.table = self._make_table(view_model.table)
        self.models = ModelsPanel(view_model, self.table, self)
        self.outlook = FigureStrip(self)
        self._panel = ChartPanel(self.tr("Predicted and actual consumption, kWh"), "", self.chart, self)
        self._panel.setMinimumHeight(CHART_HEIGHT)
        self.models.setMinimumHeight(260)
        self.models.currentChanged.connect(self._make_room)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(16)
        self._below.addWidget(self.models, 1)
        self._below.addWidget(self.card)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addWidget(self.outlook)
        layout.addWidget(self._panel, 3)
        layout.addLayout(self._below, 2)

    def _make_table(self, model: QAbstractItemModel) -> QTableView:
        table = PlainTable(self.tr("Predictions"), self)
        table.setModel(model)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def _make_room(self) -> None:
        """Of the tabs, the tables that compare need all the width."""
        self.card.setVisible(not self.models.is_comparing)

    def show_band(self, said: str) -> None:
        """What the band of the chart holds, and what can be done there; columns without a figure go."""
        doing = self.tr("The wheel zooms, dragging moves, a double click shows everything.")
        self._panel.set_note(f"{said} {doing}".strip())
        model = self.table.model()
        for column in range(1, model.columnCount()):
            known = (model.index(row, column).data() != NOTHING for row in range(model.rowCount()))
            self.table.setColumnHidden(column, not any(known))

    def show_from(self, first: QModelIndex) -> None:
        """Begin the table at this row; what is before it is a scroll away."""
        self.table.scrollTo(first, QAbstractItemView.ScrollHint.PositionAtTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        self._below.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self.card.setMaximumWidth(CARD_WIDTH if wide else 16_777_215)
