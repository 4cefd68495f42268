"""The first rows of the file, and which column holds what."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.viewmodels.import_viewmodel import ImportViewModel
from desktop.widgets.marked_header import MarkedHeader

FIELDS_A_ROW = 3
WIDEST_COLUMN = 260
ICON = QSize(20, 20)


class ImportMappingPanel(QWidget):
    """``Import`` waits until nothing is missing, and the sentence beside it says what is."""

    another_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._mapping = view_model.mapping
        self._title = QLabel(self)
        self._title.setProperty("role", "heading")
        self._caption = QLabel(self)
        self._caption.setProperty("role", "muted")
        self.columns = {field: QComboBox(self) for field in self._mapping.fields}
        self.timezone = self._make_timezone()
        self.header = MarkedHeader(self.tr("left out"), self)
        self.sample = self._make_sample()
        self.complaint = QLabel(self)
        self.complaint.setWordWrap(True)
        self._warning = QLabel(self)
        self.another = QPushButton(self.tr("Othe&r file…"), self)
        self.start = QPushButton(self.tr("I&mport"), self)
        self.start.setProperty("role", "primary")
        self._lay_out()
        self._connect()

    def _make_timezone(self) -> QComboBox:
        combo = QComboBox(self)
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.addItems(self._mapping.timezones)
        combo.setMaxVisibleItems(14)
        combo.setToolTip(self.tr("Type a part of its name, such as a city."))
        finder = QCompleter(self._mapping.timezones, combo)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        combo.setCompleter(finder)
        return combo

    def _make_sample(self) -> QTableView:
        table = QTableView(self)
        table.setHorizontalHeader(self.header)
        table.setModel(self._mapping.sample)
        table.setAccessibleName(self.tr("First rows of the file"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        self.header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header.setStretchLastSection(True)
        self.header.setMaximumSectionSize(WIDEST_COLUMN)
        return table

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for place, field in enumerate(self._mapping.fields):
            row, column = divmod(place, FIELDS_A_ROW)
            label = QLabel(self._label(field), self)
            label.setBuddy(self.columns[field])
            self.columns[field].setAccessibleName(self._mapping.field_name(field))
            self.columns[field].setMinimumContentsLength(10)
            pair = QVBoxLayout()
            pair.setSpacing(4)
            pair.addWidget(label)
            pair.addWidget(self.columns[field])
            form.addLayout(pair, row, column)
            form.setColumnStretch(column, 1)
        zone = QHBoxLayout()
        zone_label = QLabel(self.tr("Time &zone of the file's dates"), self)
        zone_label.setBuddy(self.timezone)
        self.timezone.setAccessibleName(self.tr("Time zone of the file's dates"))
        zone.addWidget(zone_label)
        zone.addWidget(self.timezone, 1)
        zone.addStretch(1)
        actions = QHBoxLayout()
        actions.addWidget(self._warning)
        actions.addWidget(self.complaint, 1)
        actions.addWidget(self.another)
        actions.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._caption)
        layout.addLayout(heading)
        layout.addLayout(form)
        layout.addLayout(zone)
        layout.addWidget(self.sample, 1)
        layout.addLayout(actions)

    def _label(self, field: str) -> str:
        labels = {
            "date": self.tr("Date a&nd time"),
            "device": self.tr("Devi&ce"),
            "consumption": self.tr("Con&sumption (kWh)"),
            "category": self.tr("Cate&gory (optional)"),
            "location": self.tr("&Location (optional)"),
            "notes": self.tr("N&otes (optional)"),
        }
        return labels[field]

    def _connect(self) -> None:
        for field, combo in self.columns.items():
            combo.activated.connect(partial(self._choose, field))
        self.timezone.currentTextChanged.connect(self._mapping.set_timezone)
        self._mapping.changed.connect(self._judge)
        self._mapping.sample.modelReset.connect(self._show_file)
        self.another.clicked.connect(self.another_wanted)
        self.start.clicked.connect(self._view_model.start)
        theme.changed.connect(self._paint_warning)
        self._paint_warning()
        go = QShortcut(QKeySequence("Ctrl+Return"), self, self._view_model.start)
        go.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _choose(self, field: str, row: int) -> None:
        self._mapping.set_column(field, self.columns[field].itemData(row))

    def _show_file(self) -> None:
        """Another file: its name, its columns to choose from, its first rows."""
        self._title.setText(self._view_model.file_name)
        self._caption.setText(self._mapping.caption)
        for field, combo in self.columns.items():
            combo.clear()
            combo.addItem(self.tr("— choose —") if self._mapping.needs(field) else self.tr("— none —"), "")
            for column in self._mapping.columns:
                combo.addItem(column, column)
        self.sample.resizeColumnsToContents()

    def _judge(self) -> None:
        for field, combo in self.columns.items():
            combo.setCurrentIndex(max(0, combo.findData(self._mapping.column_of(field))))
        if self.timezone.currentText() != self._mapping.timezone:
            self.timezone.setCurrentText(self._mapping.timezone)
        self.header.mark(self._mapping.marks)
        self.complaint.setText(self._mapping.complaint)
        self._warning.setVisible(bool(self._mapping.complaint))
        self.start.setEnabled(not self._mapping.complaint)

    def _paint_warning(self) -> None:
        picture = theme.icon("alert-circle-outline", "warning").pixmap(ICON, self.devicePixelRatio())
        self._warning.setPixmap(picture)
