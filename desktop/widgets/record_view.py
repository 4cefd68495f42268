"""A plain table of records: rows are chosen whole, a heading sorts."""

from PySide6.QtCore import QAbstractItemModel, QIdentityProxyModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from desktop.widgets.plain_table import PlainTable

WIDEST_COLUMN = 320
ROWS_MEASURED = 50
"""By so many rows a column's width is told: to measure them all would hold up the window."""


class RecordView(PlainTable):
    """Unless it ``sorts``, the rows stay in the model's order."""

    def __init__(
        self,
        name: str,
        model: QAbstractItemModel,
        parent: QWidget | None = None,
        *,
        sorts: bool = False,
    ) -> None:
        super().__init__(name, parent)
        # The model may outlive the view, its proxy does not.
        self._proxy = QIdentityProxyModel(self)
        self._proxy.setSourceModel(model)
        self.setModel(self._proxy)
        if sorts:
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.horizontalHeader().setMaximumSectionSize(WIDEST_COLUMN)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setResizeContentsPrecision(ROWS_MEASURED)
        self._proxy.modelReset.connect(self.resizeColumnsToContents)

    @property
    def row(self) -> int:
        """The chosen row; -1 if none is."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def choose(self, row: int) -> None:
        """Choose that row."""
        self.setCurrentIndex(self.model().index(row, 0))

    def resizeColumnsToContents(self) -> None:  # noqa: N802 - Qt's own
        super().resizeColumnsToContents()
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        """The last column takes the room that is left, as long as its heading fits into it."""
        header = self.horizontalHeader()
        last = header.count() - 1
        if last >= 0:
            wanted = header.sectionSizeHint(last)
            fits = self.viewport().width() - header.sectionPosition(last) >= wanted
            header.setStretchLastSection(fits)
            if not fits:
                header.resizeSection(last, wanted)
