"""What was decided about the file in hand, beside the readings that come of it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.features.imports.columns_form import ImportColumnsForm
from desktop.features.imports.meter_question_card import ImportMeterQuestion
from desktop.features.imports.order_question import ImportOrderQuestion
from desktop.features.imports.preview_panel import ImportPreviewPanel
from desktop.features.imports.settings_form import ImportSettingsForm
from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.page_scroll import PageScroll
from desktop.widgets.plain_label import PlainLabel

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
        self._mapping.changed.connect(self._judge)
        self.another.clicked.connect(self.another_wanted)
        self.start.clicked.connect(self._view_model.start)
        theme.changed.connect(self._paint_warning)
        self._paint_warning()
        go = QShortcut(QKeySequence("Ctrl+Return"), self, self._view_model.start)
        go.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _show_sheet(self) -> None:
        self._title.setText(self._view_model.file_name)
        self._title.setVisible(self._view_model.files.rowCount() == 1)
        self._caption.setText(self._mapping.caption)

    def _judge(self) -> None:
        complaint = self._mapping.complaint
        asked = any(question.isVisibleTo(self) for question in (self.question, self.meter_question))
        self.complaint.setText("" if asked else complaint)
        self._warning.setVisible(bool(self.complaint.text()))
        clear = len(self._view_model.files.clear)
        self.start.setEnabled(clear > 0)
        self.start.setText(
            self.tr("I&mport {count} files").format(count=clear) if clear > 1 else self.tr("I&mport")
        )

    def _paint_warning(self) -> None:
        picture = theme.icon("alert-circle-outline", "warning").pixmap(ICON, self.devicePixelRatio())
        self._warning.setPixmap(picture)
