"""Which entries of the audit log are shown."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.features.administration.audit_text import groups
from desktop.features.administration.audit_view_model import AuditViewModel
from desktop.widgets.choice import Choice
from desktop.widgets.search_choice import SearchChoice

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
