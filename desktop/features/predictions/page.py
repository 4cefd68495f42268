"""What the next days, weeks and months will bring, beside what came of earlier predictions."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop.charts.prediction_chart import PredictionChart
from desktop.features.predictions.models_panel import ModelCard, ModelsPanel
from desktop.features.predictions.view_model import PredictionsViewModel, State
from desktop.framework.chart_panel import ChartPanel
from desktop.framework.formatting import NOTHING
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.figure_strip import FigureStrip
from desktop.widgets.page_scroll import PageScroll
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.plain_table import PlainTable
from desktop.widgets.progress_panel import ProgressPanel

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
        self.origin = PlainLabel(parent=self)
        self.origin.setProperty("role", "muted")
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
        layout.addWidget(self.origin)
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
        """Hide the card where a table that compares needs all the width."""
        self.card.setVisible(not self.models.is_comparing)

    def show_band(self, band: str) -> None:
        """Show what the band holds and what can be done there; hide columns without a figure."""
        doing = self.tr("The wheel zooms, dragging moves, a double click shows everything.")
        self._panel.set_note(f"{band} {doing}".strip())
        model = self.table.model()
        for column in range(1, model.columnCount()):
            known = (model.index(row, column).data() != NOTHING for row in range(model.rowCount()))
            self.table.setColumnHidden(column, not any(known))

    def show_from(self, first: QModelIndex) -> None:
        """Scroll the table to this row."""
        self.table.scrollTo(first, QAbstractItemView.ScrollHint.PositionAtTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        self._below.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self.card.setMaximumWidth(CARD_WIDTH if wide else 16_777_215)


class PredictionsWindow(QWidget):
    """``import_wanted`` when there is nothing to learn from and the user asks for readings."""

    import_wanted = Signal()

    def __init__(self, view_model: PredictionsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.outdated = Banner(self)
        self.period = Choice(
            self.tr("Period"),
            [
                (self.tr("Hourly"), "hourly"),
                (self.tr("Daily"), "daily"),
                (self.tr("Weekly"), "weekly"),
                (self.tr("Monthly"), "monthly"),
            ],
            self,
        )
        self.device, self.model = Choice(self.tr("Device"), [], self), Choice(self.tr("Model"), [], self)
        self.train = QPushButton(self.tr("&Train again"), self)
        self.retrain = QCheckBox(self.tr("Train after each im&port"), self)
        self.progress = ProgressPanel(self)
        self.progress.hide()
        self.content = PredictionsContent(view_model, self)
        self.no_readings = EmptyState(
            "database-import-outline",
            self.tr("No readings yet"),
            self.tr("Import a spreadsheet of meter readings; the models learn from them."),
            self.tr("&Import readings…"),
            self,
        )
        self.untrained = EmptyState(
            "chart-timeline-variant",
            self.tr("No predictions yet"),
            self.tr(
                "Train the models on your readings. It takes a minute at most, and you can go on working."
            ),
            self.tr("&Train the models"),
            self,
        )
        self.none_chosen = EmptyState(
            "chart-timeline-variant",
            self.tr("No predictions for this device"),
            self.tr("It has too few readings, or came after the last training. Train again to include it."),
            self.tr("&Train again"),
            self,
        )
        self.pages = QStackedWidget(self)
        self.nothing = QWidget(self)
        self._choices = QWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Predictions"), self)
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.retrain)
        head.addWidget(self.train)
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        for text, combo in (
            (self.tr("P&eriod"), self.period),
            (self.tr("&Device"), self.device),
            (self.tr("&Model"), self.model),
        ):
            label = QLabel(text, self)
            label.setBuddy(combo)
            row.addWidget(label)
            row.addWidget(combo)
        for combo, length in ((self.device, 16), (self.model, 30)):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(length)
        row.addStretch()
        self._page_of = {
            State.LOADING: self.nothing,
            State.NO_READINGS: self.no_readings,
            State.UNTRAINED: self.untrained,
            State.NO_PREDICTIONS: self.none_chosen,
            State.READY: PageScroll(self.content, self),
        }
        for page in self._page_of.values():
            self.pages.addWidget(page)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, 16, 0)
        top.setSpacing(12)
        top.addLayout(head)
        for widget in (self.banner, self.outdated, self._choices, self.progress):
            top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 8, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        view_model = self._view_model
        self.period.activated.connect(lambda: view_model.choose(period=self.period.value))
        self.device.activated.connect(lambda: view_model.choose(device_id=self.device.value))
        self.model.activated.connect(lambda: view_model.choose(model=self.model.value))
        for starter in (self.train.clicked, self.untrained.triggered, self.none_chosen.triggered):
            starter.connect(view_model.train)
        self.retrain.clicked.connect(view_model.retrain_after_imports)
        self.no_readings.triggered.connect(self.import_wanted)
        self.progress.cancelled.connect(view_model.cancel)
        view_model.loaded.connect(self._show)
        view_model.training_changed.connect(self._show_training)
        view_model.progressed.connect(self.progress.show_progress)
        view_model.trained.connect(
            lambda: self.banner.show_info(self.tr("The models are trained and have predicted anew."))
        )
        view_model.notified.connect(self.banner.show_info)
        view_model.failed.connect(self.banner.show_error)

    def _show_training(self, training: bool) -> None:
        if training:
            self.banner.hide()
            self.outdated.hide()
        self.progress.setVisible(training)
        for button in (self.train, self.untrained.action, self.none_chosen.action, self.content.models.use):
            button.setEnabled(not training)

    def _show(self) -> None:
        view_model, state = self._view_model, self._view_model.state
        choice = view_model.choice
        self.model.setEnabled(view_model.model_can_be_chosen)
        self.retrain.setChecked(view_model.retrains)
        for part in (self._choices, self.retrain, self.train):
            part.setVisible(state in (State.READY, State.NO_PREDICTIONS))
        self._show_outdated()
        self.period.set_value(choice.period)
        devices = [(name, device_id) for device_id, name in view_model.devices]
        self.device.offer([(self.tr("Whole facility"), None), *devices])
        self.device.set_value(choice.device_id)
        self.model.offer([(words, name) for name, words in view_model.models])
        self.model.set_value(view_model.model)
        if state is State.READY:
            self._show_predictions()
        self.pages.setCurrentWidget(self._page_of[state])
        if state is State.READY:  # once the table has its place
            QTimer.singleShot(0, view_model, self._show_first_to_come)

    def _show_outdated(self) -> None:
        """Say that models are old, once: a screen reader speaks what is said."""
        sentence = "" if self._view_model.training else self._view_model.outdated
        if not sentence:
            self.outdated.hide()
        elif self.outdated.isHidden() or self.outdated.text != sentence:
            self.outdated.show_lasting(sentence)

    def _show_first_to_come(self) -> None:
        if isValid(self):  # signing out may have come in between
            self.content.show_from(self._view_model.first_to_come)

    def _show_predictions(self) -> None:
        series = self._view_model.series
        self.content.chart.show_series(
            series.x,
            series.predicted,
            series.actual,
            series.held_out,
            series.texts,
            series.lower,
            series.upper,
            series.likely,
        )
        self.content.chart.setAccessibleDescription(self._view_model.description)
        self.content.origin.setText(self._view_model.origin)
        self.content.outlook.show_figures(self._view_model.outlook)
        self.content.show_band(self._view_model.band)
        self.content.card.show_model(self._view_model.verdict, self._view_model.model_card)
        self.content.models.show_reasons(self._view_model.reasons)
