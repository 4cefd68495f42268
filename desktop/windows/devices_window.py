"""The facility's devices: find, add, edit, delete; and their categories."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.viewmodels.devices_viewmodel import DeviceFields, DevicesViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.plain_table import PlainTable
from desktop.windows.categories_dialog import CategoriesDialog
from desktop.windows.confirmation import confirm
from desktop.windows.device_dialog import DeviceDialog


class DevicesWindow(QWidget):
    """``import_wanted`` when there is no device yet, and the user would rather bring in a file."""

    import_wanted = Signal()

    def __init__(self, view_model: DevicesViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a device"))
        self.search.setAccessibleName(self.tr("Find a device"))
        self.search.setClearButtonEnabled(True)
        self.table = self._make_table()
        self.add = QPushButton(self.tr("Add devi&ce…"), self)
        self.add.setProperty("role", "primary")
        self.edit = QPushButton(self.tr("Edit…"), self)
        self.delete = QPushButton(self.tr("De&lete…"), self)
        self.categories = QPushButton(self.tr("Cate&gories…"), self)
        self.none = EmptyState(
            "power-plug-outline",
            self.tr("No devices yet"),
            self.tr("Import a file of meter readings and its devices appear here, or add one by hand."),
            self.tr("I&mport a file…"),
        )
        self.no_match = EmptyState(
            "magnify",
            self.tr("No device matches"),
            self.tr("No name, category or other entry holds what you look for."),
            self.tr("&Show all devices"),
        )
        self.pages = QStackedWidget(self)
        for page in (self.table, self.none, self.no_match):
            self.pages.addWidget(page)
        self._lay_out()
        self._connect()
        self._show()

    def _make_table(self) -> QTableView:
        table = PlainTable(self.tr("Devices"), self)
        table.setModel(self._view_model.table)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Devices"), self)
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addWidget(self.count)
        top.addStretch()
        top.addWidget(self.categories)
        top.addWidget(self.add)
        tools = QHBoxLayout()
        tools.addWidget(self.search, 1)
        tools.addWidget(self.edit)
        tools.addWidget(self.delete)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addLayout(tools)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self._view_model.loaded.connect(self._show)
        self._view_model.failed.connect(self.banner.show_error)
        self._view_model.effect_known.connect(self._confirm_deletion)
        self.table.selectionModel().selectionChanged.connect(self._offer)
        self.table.activated.connect(self._edit)
        self.search.textChanged.connect(self._filter)
        self.add.clicked.connect(self._add)
        self.edit.clicked.connect(self._edit)
        self.delete.clicked.connect(self._delete)
        self.categories.clicked.connect(self._show_categories)
        self.none.triggered.connect(self.import_wanted)
        self.no_match.triggered.connect(self.search.clear)
        for widget, key, command in (
            (self, QKeySequence.StandardKey.Find, self.search.setFocus),
            (self, QKeySequence.StandardKey.New, self._add),
            (self.table, QKeySequence.StandardKey.Delete, self._delete),
        ):
            shortcut = QShortcut(QKeySequence(key), widget, command)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _filter(self, text: str) -> None:
        self._view_model.filter(text)
        self._show()

    def _show(self) -> None:
        self.count.setText(self._view_model.caption)
        matching = self._view_model.table.rowCount() > 0
        page = self.table if matching else self.no_match if self._view_model.count else self.none
        self.pages.setCurrentWidget(page)
        self._offer()

    def _chosen(self) -> list[QModelIndex]:
        return self.table.selectionModel().selectedRows()

    def _offer(self) -> None:
        chosen = len(self._chosen())
        self.edit.setEnabled(chosen == 1)
        self.delete.setEnabled(chosen > 0)

    def _add(self) -> None:
        self._open(DeviceDialog(self._view_model, parent=self))

    def _edit(self) -> None:
        if len(self._chosen()) == 1:
            device = self._view_model.device(self._chosen()[0])
            self._open(DeviceDialog(self._view_model, device.id, DeviceFields.of(device), self))

    def _delete(self) -> None:
        if self._chosen():
            self._view_model.ask_deletion_effect([self._view_model.device(i).id for i in self._chosen()])

    def _confirm_deletion(self, device_ids: list[str], question: str, effect: str) -> None:
        confirm(self, question, effect, self.tr("Delete"), lambda: self._view_model.delete(device_ids))

    def _show_categories(self) -> None:
        self._open(CategoriesDialog(self._view_model.categories, self))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
