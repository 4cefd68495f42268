"""A table that is searched by typing, with what to say while there is nothing in it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from desktop.features.administration.searched_table import SearchedTable
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.record_view import RecordView

WIDEST_COLUMN = 240


class SearchedPanel(QWidget):
    """Reads anew whenever it comes up; ``tools`` has room for more beside the field."""

    def __init__(
        self,
        view_model: SearchedTable[Any],
        name: str,
        find: str,
        none: EmptyState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(find)
        self.search.setAccessibleName(find)
        self.search.setClearButtonEnabled(True)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.list = RecordView(name, view_model.table, self, sorts=True)
        self.list.horizontalHeader().setMaximumSectionSize(WIDEST_COLUMN)
        self.none = none
        self.no_match = EmptyState(
            "magnify",
            self.tr("Nothing matches"),
            self.tr("Nothing here holds the words that you typed."),
            self.tr("Sho&w all"),
            self,
        )
        self.pages = QStackedWidget(self)
        for page in (self.list, self.none, self.no_match):
            self.pages.addWidget(page)
        self._lay_out()
        self.search.textChanged.connect(view_model.search)
        self.no_match.triggered.connect(self.search.clear)
        view_model.loaded.connect(self._show)
        find_key = QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        find_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setFocusProxy(self.search)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view_model.refresh()

    def _lay_out(self) -> None:
        self.tools = QHBoxLayout()
        self.tools.addWidget(self.search, 1)
        self.tools.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(self.tools)
        layout.addWidget(self.pages, 1)

    def _show(self) -> None:
        view_model = self._view_model
        self.count.setText(view_model.caption)
        if view_model.table.rowCount() or not view_model.ready:
            self.pages.setCurrentWidget(self.list)
        else:
            self.pages.setCurrentWidget(self.no_match if view_model.text.strip() else self.none)
        self.list.resizeColumnsToContents()
