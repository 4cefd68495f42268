"""What an import did."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop.features.imports.quality_panel import QualityPanel
from desktop.features.imports.refused_rows_panel import RefusedRowsPanel
from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.figure_strip import FigureStrip
from desktop.widgets.plain_label import PlainLabel


class ImportSummaryPanel(QWidget):
    """Figures, notes below them; data quality and refused rows, each on its tab."""

    dashboard_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = view_model.summary
        self.headline = PlainLabel(parent=self)
        self.headline.setProperty("role", "heading")
        self.headline.setWordWrap(True)
        self.figures = FigureStrip(self)
        self.notes = PlainLabel(parent=self)
        self.notes.setProperty("role", "muted")
        self.notes.setWordWrap(True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.quality = QualityPanel(self._summary, self)
        self.refused = RefusedRowsPanel(self._summary, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.quality, self.tr("Data &quality"))
        self.tabs.addTab(self.refused, "")
        self.another = QPushButton(self.tr("Import othe&r files"), self)
        self.dashboard = QPushButton(self.tr("Show the dash&board"), self)
        self.dashboard.setProperty("role", "primary")
        self._lay_out()
        self._summary.shown.connect(self._show)
        self.another.clicked.connect(view_model.start_over)
        self.dashboard.clicked.connect(self.dashboard_wanted)

    def _lay_out(self) -> None:
        actions = QHBoxLayout()
        actions.addStretch()
        actions.addWidget(self.another)
        actions.addWidget(self.dashboard)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.headline)
        layout.addWidget(self.figures)
        layout.addWidget(self.notes)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(actions)

    def _show(self) -> None:
        outcome = self._summary.outcome
        if outcome is None:
            return
        self.headline.setText(outcome.headline)
        self.figures.show_figures(outcome.figures)
        self.notes.setText("\n".join(outcome.notes))
        self.notes.setVisible(bool(outcome.notes))
        self._show_tabs()

    def _show_tabs(self) -> None:
        count = self._summary.refusals.rowCount()
        self.tabs.setTabVisible(0, self._summary.quality.rowCount() > 0)
        self.tabs.setTabVisible(1, count > 0)
        refused = self.locale().toString(count)
        self.tabs.setTabText(1, self.tr("Refuse&d rows ({count})").format(count=refused))
        self.tabs.setCurrentWidget(self.refused if count else self.quality)
