"""What was decided about the file in hand, beside the readings that come of it."""

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.charts.reading_charts import ReadingsChart
from desktop.features.imports.mapping import ImportMapping
from desktop.features.imports.mapping_form import ImportColumnsForm, ImportSettingsForm
from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.column_markers import MarkedHeader
from desktop.widgets.page_scroll import PageScroll
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.plain_table import PlainTable

FORM_WIDTH = 264
ICON = QSize(20, 20)


class ImportMappingPanel(QWidget):
    """``Import`` waits until a file is clear, and the sentence beside it says what is to be said."""

    another_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._mapping = view_model.mapping
        self._title = PlainLabel(parent=self)
        self._title.setProperty("role", "heading")
        self._caption = PlainLabel(parent=self)
        self._caption.setProperty("role", "muted")
        self.form = ImportColumnsForm(self._mapping, self)
        self.columns = self.form.columns
        self.question = ImportOrderQuestion(self._mapping, self)
        self.meter_question = ImportMeterQuestion(view_model, self)
        self.more = QPushButton(self.tr("More a&bout this file"), self)
        self.more.setProperty("role", "link")
        self.more.setCheckable(True)
        self.settings = ImportSettingsForm(self._mapping, self)
        self.settings.hide()
        self.preview = ImportPreviewPanel(self._mapping, self)
        self.complaint = PlainLabel(parent=self)
        self.complaint.setWordWrap(True)
        self._warning = PlainLabel(parent=self)
        self.another = QPushButton(self.tr("Othe&r file…"), self)
        self.start = QPushButton(self.tr("I&mport"), self)
        self.start.setProperty("role", "primary")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        said = QWidget(self)
        form = QVBoxLayout(said)
        form.setSpacing(8)
        form.addWidget(self.form)
        form.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        form.addWidget(self.settings)
        form.addStretch()
        scroll = PageScroll(said, self)
        scroll.setFixedWidth(FORM_WIDTH)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(scroll)
        middle.addWidget(self.preview, 1)
        actions = QHBoxLayout()
        actions.addWidget(self._warning)
        actions.addWidget(self.complaint, 1)
        actions.addWidget(self.another)
        actions.addWidget(self.start)
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._caption)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(heading)
        layout.addWidget(self.question)
        layout.addWidget(self.meter_question)
        layout.addLayout(middle, 1)
        layout.addLayout(actions)

    def _connect(self) -> None:
        self.more.toggled.connect(self.settings.setVisible)
        self.more.toggled.connect(self.form.show_all)
        self._mapping.shown.connect(self._show_sheet)
        self._mapping.changed.connect(self._update_actions)
        self.another.clicked.connect(self.another_wanted)
        self.start.clicked.connect(self._view_model.import_ready)
        theme.changed.connect(self._paint_warning)
        self._paint_warning()
        go = QShortcut(QKeySequence("Ctrl+Return"), self, self._view_model.import_ready)
        go.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _show_sheet(self) -> None:
        self._title.setText(self._view_model.file_name)
        self._title.setVisible(self._view_model.files.rowCount() == 1)
        self._caption.setText(self._mapping.caption)

    def _update_actions(self) -> None:
        complaint = self._mapping.complaint
        asked = any(question.isVisibleTo(self) for question in (self.question, self.meter_question))
        self.complaint.setText("" if asked else complaint)
        self._warning.setVisible(bool(self.complaint.text()))
        clear = len(self._view_model.files.ready)
        self.start.setEnabled(clear > 0)
        self.start.setText(
            self.tr("I&mport {count} files").format(count=clear) if clear > 1 else self.tr("I&mport")
        )

    def _paint_warning(self) -> None:
        picture = theme.icon("alert-circle-outline", "warning").pixmap(ICON, self.devicePixelRatio())
        self._warning.setPixmap(picture)


class ImportOrderQuestion(QFrame):
    """Visible only while a sheet's dates do not tell."""

    def __init__(self, mapping: ImportMapping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mapping = mapping
        self.setProperty("role", "card")
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.day = QPushButton(self.tr("&Day first"), self)
        self.month = QPushButton(self.tr("M&onth first"), self)
        buttons = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.addWidget(self.words)
        layout.addLayout(buttons)
        for button, day_first in ((self.day, True), (self.month, False)):
            buttons.addWidget(button)
            button.clicked.connect(lambda _=False, first=day_first: mapping.set("day_first", first))
        buttons.addStretch()
        mapping.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        date = self._mapping.ambiguous_date
        self.setVisible(bool(date))
        self.words.setText(
            self.tr(
                "Do dates such as {date} begin with the day or with the month? Nothing in the file tells."
            ).format(date=date)
        )
        for button in (self.day, self.month):
            button.setAccessibleDescription(self.words.text())


ANSWERS = 3


class ImportMeterQuestion(QFrame):
    """Visible only while an import waits for the answer; each button goes on with it."""

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setProperty("role", "card")
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.answers = [QPushButton(self) for _ in range(ANSWERS)]
        buttons = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.addWidget(self.words)
        layout.addLayout(buttons)
        for index, button in enumerate(self.answers):
            buttons.addWidget(button)
            button.clicked.connect(lambda _=False, index=index: view_model.answer(index))
        buttons.addStretch()
        view_model.mapping.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        asked = self._view_model.mapping.meter_question
        self.setVisible(asked is not None)
        if asked is None:
            return
        self.words.setText(asked.sentence)
        for button, (text, _answer) in zip(self.answers, asked.answers, strict=True):
            button.setText(text)
            button.setAccessibleName(text.replace("&", ""))
            button.setAccessibleDescription(asked.sentence)


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
