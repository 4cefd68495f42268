"""The audit log: what was done, by whom and when."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.features.administration.audit_view_model import AuditViewModel, groups
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.record_view import RecordView
from desktop.widgets.search_choice import SearchChoice
from desktop.widgets.table_dialog import table_dialog

LETTERS = 18
"""Of an email, that are always seen."""


class AuditFilterBar(QWidget):
    """Words, kind, person and period; each offers any."""

    changed = Signal()

    def __init__(self, view_model: AuditViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        find = self.tr("Find who or what")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(find)
        self.search.setAccessibleName(find)
        self.search.setClearButtonEnabled(True)
        self.group = Choice(self.tr("Kind"), groups(), self)
        self.person = SearchChoice(self.tr("Person"), self)
        self.person.setMinimumContentsLength(LETTERS)
        self.period = Choice(
            self.tr("Period"),
            [
                (self.tr("Any time"), None),
                (self.tr("Today"), "today"),
                (self.tr("Last 7 days"), "week"),
                (self.tr("Last 30 days"), "month"),
                (self.tr("Last 365 days"), "year"),
            ],
            self,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search, 1)
        for widget in (self.group, self.person, self.period):
            layout.addWidget(widget)
        self.search.textChanged.connect(self._want)
        self.group.activated.connect(self._want)
        self.period.activated.connect(self._want)
        self.person.chosen.connect(self._want)
        view_model.loaded.connect(self._offer)
        self._offer()

    def reset(self) -> None:
        """Want everything again."""
        self.group.set_value(None)
        self.period.set_value(None)
        self.person.setCurrentIndex(0)
        self.search.clear()
        self._want()

    def _offer(self) -> None:
        anybody = (None, self.tr("Anybody"))
        self.person.offer([anybody, *self._view_model.people], self._view_model.wanted.user_id)

    def _want(self) -> None:
        person = self.person.currentData()
        self._view_model.want(self.group.value, person, self.period.value, self.search.text())


WIDEST_COLUMN = 220


class AuditPanel(QWidget):
    """Reads anew whenever it comes up; below the list it is said in full of the chosen entry."""

    def __init__(self, view_model: AuditViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.filter = AuditFilterBar(view_model, self)
        self.list = RecordView(self.tr("Audit log"), view_model.table, parent=self)
        self.list.horizontalHeader().setMaximumSectionSize(WIDEST_COLUMN)
        self.none = EmptyState(
            "text-box-search-outline",
            self.tr("Nothing was done yet"),
            self.tr("Sign-ins, imports, deletions, changed roles and settings are noted here."),
            parent=self,
        )
        self.no_match = EmptyState(
            "filter-outline",
            self.tr("Nothing matches the filter"),
            self.tr("Nothing that was noted is as you want it."),
            self.tr("Sho&w all"),
            self,
        )
        self.pages = QStackedWidget(self)
        for page in (self.list, self.none, self.no_match):
            self.pages.addWidget(page)
        self.details = QLabel(self)
        self.details.setProperty("role", "muted")
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.older = QPushButton(self.tr("Show &older"), self)
        self.save = QPushButton(self.tr("Save &as…"), self)
        self.progress = ProgressPanel(self)
        self.progress.hide()
        self._lay_out()
        self._connect()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view_model.refresh()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for widget in (self.save, self.older, self.count):
            buttons.addWidget(widget)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.filter)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.details)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)
        self.setFocusProxy(self.filter.search)

    def _connect(self) -> None:
        view_model = self._view_model
        view_model.loaded.connect(self._show)
        view_model.progressed.connect(self.progress.show_progress)
        view_model.progressed.connect(lambda *_told: self.progress.show())
        view_model.written.connect(self.progress.hide)
        self.progress.cancelled.connect(view_model.cancel)
        self.list.selectionModel().selectionChanged.connect(self._tell)
        self.older.clicked.connect(view_model.show_older)
        self.no_match.triggered.connect(self.filter.reset)
        self.save.clicked.connect(self.ask_where_to_save)
        find = QShortcut(QKeySequence.StandardKey.Find, self, self.filter.search.setFocus)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def ask_where_to_save(self) -> None:
        """Ask for a file, and write all entries that are wanted into it."""
        title, name = self.tr("Save the audit log"), self.tr("Audit log")
        table_dialog(title, name, self._view_model.save, self).open()

    def _show(self) -> None:
        view_model = self._view_model
        some = view_model.table.rowCount() > 0
        self.count.setText(view_model.caption)
        self.older.setVisible(view_model.more)
        self.save.setEnabled(some)
        if some or not view_model.ready:
            self.pages.setCurrentWidget(self.list)
        else:
            self.pages.setCurrentWidget(self.no_match if view_model.filtered else self.none)
        self.list.resizeColumnsToContents()
        self._tell()

    def _tell(self) -> None:
        row = self.list.row
        self.details.setText(self._view_model.details(row) if row >= 0 else "")
        self.details.setVisible(row >= 0)
