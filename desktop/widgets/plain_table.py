"""A table to read: rows are chosen whole, Tab leaves it, nothing in it is typed over."""

from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget


class PlainTable(QTableView):
    """Whoever uses it gives it a model and says how wide its columns are."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
