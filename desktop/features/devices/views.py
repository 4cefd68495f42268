"""The table of devices, whose cells are edited in place, and their tree; suspicious ones are marked."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from desktop import theme
from desktop.features.devices.dialogs import TextEdit, make_editor
from desktop.features.devices.fields import EDITABLE, UNSAID
from desktop.features.devices.meters_tree import MetersTree
from desktop.features.devices.models import SUSPICIOUS_ROLE, DevicesTree
from desktop.features.devices.tree_model import IDS_ROLE, KEY_ROLE
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.record_table import RECORD_ROLE
from desktop.widgets.choice import Choice
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.plain_table import PlainTable

Index = QModelIndex | QPersistentModelIndex


class SuspicionDelegate(QStyledItemDelegate):
    """Paints what is suspicious as a warning."""

    def initStyleOption(  # noqa: N802 - the name that Qt calls
        self, option: QStyleOptionViewItem, index: Index
    ) -> None:
        super().initStyleOption(option, index)
        if index.data(SUSPICIOUS_ROLE):
            option.palette.setColor(QPalette.ColorRole.Text, QColor(theme.tokens().danger))
            option.font.setBold(True)


class DeviceDelegate(SuspicionDelegate):
    """A list where there is something to choose from, a field for anything else."""

    def __init__(self, view_model: DevicesViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        name, device = EDITABLE[index.column()], index.data(RECORD_ROLE).device
        editor = make_editor(name, self._view_model.choices(name, [device.id]), parent)
        if isinstance(editor, Choice):
            editor.activated.connect(lambda: self._commit(editor))
            # With its list open, the arrows move in the list and commit nothing yet.
            QTimer.singleShot(0, editor, editor.showPopup)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if editor.property("filled") or not isinstance(editor, Choice | NumberEdit | TextEdit):
            return  # rows that are read again meanwhile do not overwrite what is being typed
        editor.setProperty("filled", True)
        editor.set_value(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, Choice | NumberEdit | TextEdit):
            model.setData(index, editor.value)

    def updateEditorGeometry(  # noqa: N802 - the name that Qt calls
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        rect: QRect = option.rect
        room = max(rect.width(), editor.sizeHint().width() if isinstance(editor, QComboBox) else 0)
        editor.setGeometry(QRect(rect.topLeft(), rect.size()).adjusted(0, 0, room - rect.width(), 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        super().paint(painter, option, index)
        if focused and index.column() < len(EDITABLE):
            painter.save()
            painter.setPen(QPen(QColor(theme.tokens().accent_text), 1, Qt.PenStyle.DotLine))
            painter.drawRect(option.rect.adjusted(2, 2, -3, -3))
            painter.restore()

    def _commit(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


LEAST_NAME = 140
WIDEST_CATEGORY = 120
PADDING = 24
ROWS_MEASURED = 50
"""The width of a column follows so many rows."""


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
        header.setResizeContentsPrecision(ROWS_MEASURED)
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
        shown = [row.device for row in self._view_model.table.rows]
        for column, field in UNSAID.items():
            self.setColumnHidden(column, all(getattr(d, field.name) == field.default for d in shown))
        others = sum(header.sectionSize(column) for column in range(1, header.count()))
        self.setColumnWidth(0, max(LEAST_NAME, self.viewport().width() - others))

    @property
    def chosen(self) -> list[str]:
        """The ids of the chosen devices, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [row.data(RECORD_ROLE).device.id for row in rows]


ROWS_MEASURED_IN_TREE = 20
"""The width of a column follows so many rows; to ask them all takes longer than to build the tree."""
UNFOLDED_ROWS = 40
"""Up to so many rows are all unfolded at first."""


class DevicesTreeView(QTreeView):
    """A chosen group stands for all devices in it. Stays unfolded as it is when the tree is built again."""

    def __init__(
        self, tree: DevicesTree | MetersTree, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._unfolded: set[str] | None = None
        self._current = ""
        self.setAccessibleName(accessible_name)
        self.setModel(tree)
        self.setItemDelegate(SuspicionDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.header().setResizeContentsPrecision(ROWS_MEASURED_IN_TREE)
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(False)  # a double click on a device opens it
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        tree.modelAboutToBeReset.connect(self._remember)
        tree.built.connect(self._restore)
        self._restore()
        if isinstance(tree, MetersTree):
            self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
            self.setDefaultDropAction(Qt.DropAction.MoveAction)
            self.setDropIndicatorShown(True)

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
            self.expandToDepth(1 if len(self._rows()) <= UNFOLDED_ROWS else 0)
        for row in self._rows():
            if self._unfolded is not None and row.data(KEY_ROLE) in self._unfolded:
                self.expand(row)
            if self._current and row.data(KEY_ROLE) == self._current:
                self.setCurrentIndex(row)

    def _rows(self, parent: QModelIndex = QModelIndex()) -> list[QModelIndex]:  # noqa: B008 - the root
        """Every row of the tree, from top to bottom."""
        rows = []
        for number in range(self.model().rowCount(parent)):
            row = self.model().index(number, 0, parent)
            rows += [row, *self._rows(row)]
        return rows
