"""One alert in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop import theme
from desktop.charts.reading_charts import EventChart
from desktop.features.alerts.alert_chart import AlertChart
from desktop.features.alerts.alert_delegate import severity_colour
from desktop.features.alerts.view_model import AlertsViewModel
from desktop.widgets.comparison_bars import ComparisonBars
from desktop.widgets.plain_label import PlainLabel

NARROWEST = 320
CHART_HEIGHT = 190


class AlertDetails(QScrollArea):
    """``show_row`` shows the alert in that row of the list; -1 leaves the pane blank."""

    def __init__(self, view_model: AlertsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._row = -1
        self.setAccessibleName(self.tr("Details of the alert"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(NARROWEST)
        card = QFrame(self)
        card.setProperty("role", "card")
        self.severity = QLabel(card)
        self.severity.setTextFormat(Qt.TextFormat.RichText)
        self.message = PlainLabel(parent=card)
        self.message.setProperty("role", "heading")
        self.message.setWordWrap(True)
        self.bars = ComparisonBars(card)
        self.chart = EventChart(card)
        self.chart.setMinimumHeight(CHART_HEIGHT)
        self.chart.setAccessibleDescription(
            self.tr("The readings from three days before to three days after")
        )
        self._figures = QFormLayout()
        self._figures.setHorizontalSpacing(20)
        self._figures.setVerticalSpacing(8)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        self._caption = QLabel(card)
        self._caption.setProperty("role", "muted")
        self._caption.setWordWrap(True)
        for widget in (self.severity, self.message, self._caption, self.chart, self.bars):
            layout.addWidget(widget)
        layout.addLayout(self._figures)
        layout.addStretch()
        self.setWidget(card)
        theme.changed.connect(self._colour)
        view_model.chart_known.connect(self._draw)

    def show_row(self, row: int) -> None:
        self._row = row
        while self._figures.rowCount():
            self._figures.removeRow(0)
        if row < 0:
            self.severity.clear()
            self.message.clear()
            self.bars.show_values([])
            self._show_chart(False)
            return
        alert = self._view_model.alert(row)
        self.message.setText(self._view_model.table.message(alert))
        self._view_model.chart(alert)
        self.bars.show_values(self._view_model.table.comparison(alert))
        for label, value in self._view_model.table.details(alert):
            self._figures.addRow(*self._line(label, value))
        self._colour()

    def _draw(self, found: AlertChart) -> None:
        """The readings around the event, which is marked; no chart where there are none."""
        self._show_chart(len(found.x) > 0)
        if len(found.x):
            self._caption.setText(found.caption)
            self.chart.draw(found.x, found.kwh, found.usual, found.name, found.texts, found.span)

    def _show_chart(self, shown: bool) -> None:
        for widget in (self._caption, self.chart):
            widget.setVisible(shown)

    def _line(self, label: str, value: str) -> tuple[QLabel, QLabel]:
        name, said = QLabel(label, self), PlainLabel(value, self)
        name.setProperty("role", "muted")
        said.setWordWrap(True)
        said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        said.setAccessibleName(f"{label}: {value}")
        return name, said

    def _colour(self) -> None:
        if self._row >= 0:
            severity = self._view_model.alert(self._row).severity
            word = self._view_model.severity_text(severity)
            self.severity.setText(f'<b style="color:{severity_colour(severity)}">{word}</b>')
