"""Predictions as a chart and a table, and the model that made them."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from desktop.charts.prediction_chart import PredictionChart
from desktop.viewmodels.predictions.predictions_viewmodel import PredictionsViewModel
from desktop.widgets.plain_table import PlainTable
from desktop.windows.chart_panel import ChartPanel
from desktop.windows.predictions.model_card import ModelCard
from desktop.windows.predictions.models_panel import ModelsPanel

WIDE = 760
"""From so many pixels on the model's card stands beside the table."""
CARD_WIDTH = 340


class PredictionsContent(QWidget):
    def __init__(self, view_model: PredictionsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = PredictionChart(self)
        self.card = ModelCard(self)
        self.table = self._make_table(view_model.table)
        self.models = ModelsPanel(view_model, self.table, self)
        panel = ChartPanel(
            self.tr("Predicted and actual consumption, kWh"),
            self.tr(
                "The band holds 4 in 5. The wheel zooms, dragging moves, a double click shows everything."
            ),
            self.chart,
            self,
        )
        panel.setMinimumHeight(300)
        self.models.setMinimumHeight(260)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(16)
        self._below.addWidget(self.models, 1)
        self._below.addWidget(self.card)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addWidget(panel, 3)
        layout.addLayout(self._below, 2)

    def _make_table(self, model: QAbstractItemModel) -> QTableView:
        table = PlainTable(self.tr("Predictions"), self)
        table.setModel(model)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        return table

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
