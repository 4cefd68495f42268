"""The devices as a tree of locations and categories with what each used."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from desktop.features.devices.device_delegate import SuspicionDelegate
from desktop.features.devices.tree import IDS_ROLE, KEY_ROLE, DevicesTree

MEASURED = 20
"""So many rows say how wide a column is; to ask them all takes longer than to build the tree."""
FEW = 40
"""So many rows are all unfolded at first."""


class DevicesTreeView(QTreeView):
    """A chosen group stands for all devices in it. Stays unfolded as it is when the tree is built anew."""

    def __init__(self, tree: DevicesTree, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unfolded: set[str] | None = None
        self._current = ""
        self.setAccessibleName(self.tr("Devices by location and category"))
        self.setModel(tree)
        self.setItemDelegate(SuspicionDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.header().setResizeContentsPrecision(MEASURED)
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(False)  # a double click on a device opens it
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        tree.modelAboutToBeReset.connect(self._remember)
        tree.built.connect(self._restore)
        self._restore()

    @property
    def chosen(self) -> list[str]:
        """The ids of the devices that are chosen, or in a chosen group; each once."""
        rows = self.selectionModel().selectedRows()
        return list(dict.fromkeys(key for row in rows for key in row.data(IDS_ROLE)))

    def _remember(self) -> None:
        if self.model().rowCount():
            self._unfolded = {row.data(KEY_ROLE) for row in self._rows() if self.isExpanded(row)}
            self._current = self.currentIndex().siblingAtColumn(0).data(KEY_ROLE) or ""

    def _restore(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        if header.count():
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        if self._unfolded is None:
            self.expandToDepth(1 if len(self._rows()) <= FEW else 0)
        for row in self._rows():
            if self._unfolded is not None and row.data(KEY_ROLE) in self._unfolded:
                self.expand(row)
            if self._current and row.data(KEY_ROLE) == self._current:
                self.setCurrentIndex(row)

    def _rows(self, above: QModelIndex = QModelIndex()) -> list[QModelIndex]:  # noqa: B008 - the root
        """Every row of the tree, from top to bottom."""
        rows = []
        for number in range(self.model().rowCount(above)):
            row = self.model().index(number, 0, above)
            rows += [row, *self._rows(row)]
        return rows
