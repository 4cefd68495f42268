"""What the trees of devices have in common: named rows that stay sorted when they are built again."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from desktop.framework.record_table import SORT_ROLE, natural

KEY_ROLE = Qt.ItemDataRole.UserRole + 3
"""Identifies a row, also when the tree is built again."""
IDS_ROLE = Qt.ItemDataRole.UserRole + 4
"""The ids of the devices in a row."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

ParentItem = QStandardItemModel | QStandardItem
"""The parent of rows: the tree itself, not its invisible root, under which PySide frees no item."""


class SortedTree(QStandardItemModel):
    """A tree that stays sorted by the same column. ``built`` when it was built again."""

    built = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSortRole(SORT_ROLE)
        self._sorted = (0, Qt.SortOrder.AscendingOrder)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = (column, order)
        super().sort(column, order)

    def finish(self) -> None:
        """Sort the rows that were built as those before, and say that they are there."""
        super().sort(*self._sorted)
        self.built.emit()


def named_item(name: str, key: str, ids: Sequence[str]) -> QStandardItem:
    """Return the first item of a row of devices."""
    found = item(name, natural(name).casefold())
    found.setData(key, KEY_ROLE)
    found.setData(list(ids), IDS_ROLE)
    return found


def item(text: str, order: str | float, numeric: bool = False) -> QStandardItem:
    """Return an item that is sorted by ``order``."""
    found = QStandardItem(text)
    found.setData(order, SORT_ROLE)
    found.setTextAlignment(RIGHT if numeric else LEFT)
    return found
