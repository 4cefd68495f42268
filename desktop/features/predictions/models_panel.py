"""The models behind the predictions: how good they are, what they rest on, and earlier trainings."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.features.predictions import texts
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.widgets.comparison_bars import ComparisonBars
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView


class ModelCard(QFrame):
    """A verdict in words, and below it the particulars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        heading = QLabel(self.tr("How good is it?"), self)
        heading.setProperty("role", "heading")
        self._verdict = PlainLabel(parent=self)
        self._verdict.setWordWrap(True)
        self._particulars = QFormLayout()
        self._particulars.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._particulars.setFormAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(self._verdict)
        layout.addLayout(self._particulars)
        layout.addStretch()

    def show_model(self, verdict: str, particulars: Sequence[tuple[str, str]]) -> None:
        self._verdict.setText(verdict)
        while self._particulars.rowCount():
            self._particulars.removeRow(0)
        for label, value in particulars:
            name, figure = QLabel(label, self), PlainLabel(value, self)
            name.setProperty("role", "muted")
            figure.setWordWrap(True)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._particulars.addRow(name, figure)
        self.setAccessibleName(verdict)
        self.setAccessibleDescription("; ".join(f"{label}: {value}" for label, value in particulars))


class ModelsPanel(QTabWidget):
    """Tabs: what is predicted (a table given to it), the models compared, their reasons, the trainings."""

    def __init__(
        self, view_model: PredictionsViewModel, table: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.scores = RecordView(self.tr("Models compared"), view_model.scores, self, sorts=True)
        self.reasons = ComparisonBars(self)
        self.trainings = RecordView(self.tr("Trainings"), view_model.trainings, self, sorts=True)
        self.use = QPushButton(self.tr("&Use this training"), self)
        self.setDocumentMode(True)
        self.addTab(table, self.tr("Predictions"))
        self.addTab(self._compared(), self.tr("Models compared"))
        self.addTab(self._rested_on(), self.tr("What mattered"))
        self.addTab(self._trained(), self.tr("Trainings"))
        self._connect()

    @property
    def is_comparing(self) -> bool:
        """Whether the models, or the trainings, are shown beside each other."""
        return any(self.currentWidget().isAncestorOf(table) for table in (self.scores, self.trainings))

    def show_reasons(self, reasons: list[tuple[str, str, float]]) -> None:
        self.reasons.show_values(reasons)

    def _compared(self) -> QWidget:
        page = _page(
            self.tr(
                "How far off each model was on days it had not seen, up to 28 days ahead. Double click one "
                "to see its predictions."
            ),
            self.scores,
        )
        meanings = PlainLabel(texts.measures_text(), page)
        meanings.setProperty("role", "muted")
        meanings.setWordWrap(True)
        page.layout().addWidget(meanings)  # type: ignore[union-attr]
        return page

    def _rested_on(self) -> QWidget:
        page = _page(
            self.tr("How much worse the forecasts would be without each kind of knowledge."), self.reasons
        )
        page.layout().addStretch()  # type: ignore[union-attr]
        return page

    def _trained(self) -> QWidget:
        page = _page(
            self.tr("The last trainings are kept. If a new one disappoints, go back to an earlier."),
            self.trainings,
        )
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.use)
        page.layout().addLayout(row)  # type: ignore[union-attr]
        return page

    def _connect(self) -> None:
        self.scores.doubleClicked.connect(lambda: self._view_model.choose_scored(self.scores.row))
        choosing = QShortcut(QKeySequence(Qt.Key.Key_Return), self.scores)
        choosing.setContext(Qt.ShortcutContext.WidgetShortcut)
        choosing.activated.connect(self._choose)
        self.use.clicked.connect(self._use)
        self.trainings.doubleClicked.connect(self._use)

    def _choose(self) -> None:
        if self.scores.row >= 0:
            self._view_model.choose_scored(self.scores.row)

    def _use(self) -> None:
        if self.trainings.row >= 0:
            self._view_model.use_training(self.trainings.row)


def _page(hint: str, content: QWidget) -> QWidget:
    page, said = QWidget(), QLabel(hint)
    said.setProperty("role", "muted")
    said.setWordWrap(True)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 8, 0, 0)
    layout.addWidget(said)
    layout.addWidget(content, 1 if isinstance(content, RecordView) else 0)
    return page
