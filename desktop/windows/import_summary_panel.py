"""What an import did."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.viewmodels.import_viewmodel import ImportViewModel, Stage
from desktop.widgets.card import Card

CARDS_A_ROW = 3


class ImportSummaryPanel(QWidget):
    """Figures as cards, notes below them, and the refused rows if there are any."""

    dashboard_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.headline = QLabel(self)
        self.headline.setProperty("role", "heading")
        self.headline.setWordWrap(True)
        self.cards: list[Card] = []
        self._figures = QGridLayout()
        self._figures.setSpacing(12)
        self.notes = QLabel(self)
        self.notes.setProperty("role", "muted")
        self.notes.setWordWrap(True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.refusals = self._make_refusals()
        self.copy = QPushButton(self.tr("&Copy the rows"), self)
        self.copy.setToolTip(self.tr("Copies the refused rows, to be pasted into a spreadsheet."))
        self._refused = self._make_refused()
        self.another = QPushButton(self.tr("Import anothe&r file"), self)
        self.dashboard = QPushButton(self.tr("&Show the dashboard"), self)
        self.dashboard.setProperty("role", "primary")
        self._lay_out()
        self._connect()

    def _make_refusals(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self._view_model.refusals)
        table.setAccessibleName(self.tr("Refused rows"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def _make_refused(self) -> QWidget:
        part = QWidget(self)
        title = QLabel(self.tr("Refused rows"), part)
        title.setProperty("role", "heading")
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self.copy)
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.refusals, 1)
        return part

    def _lay_out(self) -> None:
        actions = QHBoxLayout()
        actions.addStretch()
        actions.addWidget(self.another)
        actions.addWidget(self.dashboard)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.headline)
        layout.addLayout(self._figures)
        layout.addWidget(self.notes)
        layout.addWidget(self._refused, 1)
        layout.addStretch()
        layout.addLayout(actions)

    def _connect(self) -> None:
        self._view_model.stage_changed.connect(self._show)
        self.copy.clicked.connect(self._copy)
        self.another.clicked.connect(self._view_model.start_over)
        self.dashboard.clicked.connect(self.dashboard_wanted)
        copying = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.refusals, self._copy)
        copying.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _show(self, stage: str) -> None:
        outcome = self._view_model.outcome
        if stage != Stage.SUMMARY or outcome is None:
            return
        self.headline.setText(outcome.headline)
        for card in self.cards:
            card.deleteLater()
        self.cards = [Card(label) for label, _value, _meaning in outcome.figures]
        for place, (card, (_label, value, meaning)) in enumerate(
            zip(self.cards, outcome.figures, strict=True)
        ):
            card.set_value(value)
            card.set_hint(meaning)
            self._figures.addWidget(card, *divmod(place, CARDS_A_ROW))
        self.notes.setText("\n".join(outcome.notes))
        self.notes.setVisible(bool(outcome.notes))
        self._refused.setVisible(self._view_model.refusals.rowCount() > 0)
        self.refusals.resizeColumnsToContents()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._view_model.refusals_as_text())
