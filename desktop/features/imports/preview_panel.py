"""What a sheet would become, beside the sheet itself."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.charts.reading_charts import ReadingsChart
from desktop.features.imports.mapping import ImportMapping
from desktop.widgets.column_markers import MarkedHeader
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.plain_table import PlainTable

WIDEST_COLUMN = 260


class ImportPreviewPanel(QTabWidget):
    """Readings as a chart and a list on the first tab, rows of the file as they stand there on the second."""

    def __init__(self, mapping: ImportMapping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._mapping = mapping
        self._preview = mapping.preview
        self.caption = PlainLabel(parent=self)
        self.caption.setProperty("role", "muted")
        self.caption.setWordWrap(True)
        self.chart = ReadingsChart(self)
        self.readings = _table(self, self.tr("Readings as they would be imported"))
        self.readings.setModel(self._preview.table)
        self.readings.horizontalHeader().setStretchLastSection(True)
        self.header = MarkedHeader(self.tr("left out"), self)
        self.sample = self._make_sample()
        self._unit = QLabel(self)
        self._unit.setTextFormat(Qt.TextFormat.RichText)
        self._unit.setWordWrap(True)
        self.readings.setMinimumHeight(60)
        self._lay_out()
        self._preview.changed.connect(self._show)
        theme.changed.connect(self._name_lines)
        mapping.shown.connect(self._show_sheet)
        mapping.changed.connect(lambda: self.header.mark(mapping.marks))

    def _make_sample(self) -> QTableView:
        table = _table(self, self.tr("First rows of the file"))
        table.setHorizontalHeader(self.header)
        table.setModel(self._mapping.sample)
        self.header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header.setStretchLastSection(True)
        self.header.setMaximumSectionSize(WIDEST_COLUMN)
        return table

    def _lay_out(self) -> None:
        readings = QWidget(self)
        layout = QVBoxLayout(readings)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.caption)
        layout.addWidget(self._unit)
        layout.addWidget(self.chart, 3)
        layout.addWidget(self.readings, 2)
        rows = QWidget(self)
        below = QVBoxLayout(rows)
        below.setContentsMargins(0, 10, 0, 0)
        below.addWidget(self.sample)
        self.addTab(readings, self.tr("Readings"))
        self.addTab(rows, self.tr("Rows of the file"))

    def _show_sheet(self) -> None:
        self.sample.resizeColumnsToContents()

    def _show(self) -> None:
        found = self._preview.found
        self.caption.setText(self._preview.caption)
        for part in (self.chart, self.readings, self._unit):
            part.setVisible(found is not None)
            part.setEnabled(not self._preview.busy)
        if found is not None and not self._preview.busy:
            self._name_lines()
            self.chart.show_meters(found.x, found.lines, self._preview.texts)
            self.readings.resizeColumnsToContents()

    def _name_lines(self) -> None:
        """The legend of the chart: its unit, and a dot in the colour of each line before its meter."""
        found = self._preview.found
        if found is None:
            return
        unit = self.tr("kWh a day") if found.by_day else self.tr("kWh a reading")
        named = zip(theme.tokens().series, (name for name, _kwh in found.lines), strict=False)
        dots = [f"<span style='color:{colour}'>●</span> {escape(name)}" for colour, name in named]
        self._unit.setText("&nbsp; ".join([f"{unit}:", *dots]))


def _table(parent: QWidget, name: str) -> QTableView:
    table = PlainTable(name, parent)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return table
