"""Tables of plain records for any Qt item view, and names in the order that people expect."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QCollator, QModelIndex, QObject, QPersistentModelIndex, Qt

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()

SORT_ROLE = Qt.ItemDataRole.UserRole
RECORD_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: its heading, how a record reads in it, and what it is sorted by (the text, if not said)."""

    title: str
    text: Callable[[R], str]
    order: Callable[[R], float | str | None] | None = None
    numeric: bool = False


class RecordTable(QAbstractTableModel, Generic[R]):
    """Records as rows; ``identity`` tells which record is which across `show`.

    Its rows are sorted here and not by a proxy of Qt's, which asks for both values at each comparison: for
    2,000 rows that holds up the window.
    """

    def __init__(
        self, columns: Sequence[Column[R]], identity: Callable[[R], Hashable], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._identity = identity
        self._given: list[R] = []
        self._records: list[R] = []
        self._sorted_by = -1
        self._descending = False

    @property
    def records(self) -> list[R]:
        """As they were given, however the rows are sorted."""
        return list(self._given)

    def record(self, row: int) -> R:
        return self._records[row]

    def row_of(self, identity: Hashable) -> int:
        """Return the row of the record of this identity, or -1."""
        return next((i for i, r in enumerate(self._records) if self._identity(r) == identity), -1)

    def reset(self, columns: Sequence[Column[R]], records: Sequence[R]) -> None:
        """Show other columns and other records: nothing of what was there is kept."""
        self.beginResetModel()
        self._columns, self._given = list(columns), list(records)
        self._records = self._in_order(self._given)
        self.endResetModel()

    def show(self, records: Sequence[R]) -> None:
        """Take these records instead; rows that are in both keep their selection and place in the view."""
        self._given = list(records)
        records = self._in_order(self._given)
        wanted = [self._identity(record) for record in records]
        self._drop_all_but(set(wanted))
        self._order_as(wanted)
        known = {self._identity(record) for record in self._records}
        for first, last in _runs([i for i, identity in enumerate(wanted) if identity not in known]):
            self.beginInsertRows(NOWHERE, first, last)
            self._records[first:first] = records[first : last + 1]
            self.endInsertRows()
        self._records = list(records)
        if records and self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(records) - 1, len(self._columns) - 1))

    def update(self, record: R) -> None:
        """Show this record in the place of the one with its identity."""
        row = self.row_of(self._identity(record))
        if row >= 0:
            self._given[self._given.index(self._records[row])] = record
            self._records[row] = record
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by what the column says; without one (-1) as the records were given."""
        self._sorted_by, self._descending = column, order is Qt.SortOrder.DescendingOrder
        self._order_as([self._identity(record) for record in self._in_order(self._given)])

    def _in_order(self, records: Sequence[R]) -> list[R]:
        if not 0 <= self._sorted_by < len(self._columns):
            return list(records)
        column = self._columns[self._sorted_by]
        keys = [column.order(record) if column.order else column.text(record) for record in records]
        places = sorted(range(len(records)), key=lambda i: _comparable(keys[i]), reverse=self._descending)
        return [records[place] for place in places]

    def _drop_all_but(self, kept: set[Hashable]) -> None:
        gone = [i for i, record in enumerate(self._records) if self._identity(record) not in kept]
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(NOWHERE, first, last)
            del self._records[first : last + 1]
            self.endRemoveRows()

    def _order_as(self, wanted: list[Hashable]) -> None:
        place = {identity: i for i, identity in enumerate(wanted)}
        ordered = sorted(self._records, key=lambda record: place[self._identity(record)])
        if ordered == self._records:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = {self._identity(record): i for i, record in enumerate(ordered)}
        after = [self.index(rows[self._identity(self._records[i.row()])], i.column()) for i in before]
        self._records = ordered
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return _alignment(self._columns[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        record, column = self._records[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(record)
        if role == SORT_ROLE:
            return column.order(record) if column.order else column.text(record)
        if role == RECORD_ROLE:
            return record
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _comparable(key: float | str | None) -> tuple[bool, float | str]:
    """What is not known comes first."""
    return key is not None, "" if key is None else key


def natural(text: str) -> str:
    """Return what to sort a name by, so that Building 2 comes before Building 10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(12), text)


def _alignment(column: Column[R]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Ascending row numbers as (first, last) of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def by_name(records: Iterable[R], name: Callable[[R], str]) -> list[R]:
    """Order records by name as the user's language orders text, numbers in it by their value."""
    collator = QCollator()
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return sorted(records, key=lambda record: collator.sortKey(name(record)))
