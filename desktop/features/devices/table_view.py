"""The devices as a table: rows are chosen whole, the cell in hand is typed over."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from desktop.features.devices.device_delegate import DeviceDelegate
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.record_table import RECORD_ROLE
from desktop.widgets.plain_table import PlainTable

LEAST_NAME = 140
WIDEST_CATEGORY = 120
PADDING = 24
MEASURED = 50
"""So many rows say how wide a column is."""


class DevicesTableView(PlainTable):
    """F2, a letter or a second click edits the cell; Enter and a double click activate the row."""

    def __init__(self, view_model: DevicesViewModel, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._view_model = view_model
        self.setAccessibleName(self.tr("Devices"))
        self.setModel(view_model.table)
        self.setItemDelegate(DeviceDelegate(view_model, self))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.SelectedClicked)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # alike names differ in their ends
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header.setResizeContentsPrecision(MEASURED)
        header.setMinimumSectionSize(60)
        view_model.loaded.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The category as wide as the longest one, but not much; the name takes what the others leave."""
        names = [name for name, _ in self._view_model.categories.choices]
        longest = max(self.fontMetrics().horizontalAdvance(name) for name in names)
        self.setColumnWidth(1, min(longest + PADDING, WIDEST_CATEGORY))
        header = self.horizontalHeader()
        others = sum(header.sectionSize(column) for column in range(1, header.count()))
        self.setColumnWidth(0, max(LEAST_NAME, self.viewport().width() - others))

    @property
    def chosen(self) -> list[str]:
        """The ids of the chosen devices, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [row.data(RECORD_ROLE).device.id for row in rows]
