"""Add, rename and delete the categories of devices."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.features.devices.categories_view_model import CategoriesViewModel
from desktop.framework.confirmation import confirm
from desktop.widgets.banner import Banner
from desktop.widgets.plain_table import PlainTable


class CategoriesDialog(QDialog):
    """Each change is stored at once; deleting says first what becomes of the devices."""

    def __init__(self, view_model: CategoriesViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("Categories"))
        self._banner = Banner(self)
        self.new_name = QLineEdit(self)
        self.new_name.setPlaceholderText(self.tr("New category"))
        self.new_name.setAccessibleName(self.tr("Name of the new category"))
        self.add = QPushButton(self.tr("&Add"), self)
        self.rename = QPushButton(self.tr("&Rename…"), self)
        self.delete = QPushButton(self.tr("&Delete…"), self)
        self.table = self._make_table()
        self._lay_out()
        self._connect()
        self._update_buttons()
        self.resize(460, 420)
        view_model.refresh()

    def _make_table(self) -> QTableView:
        table = PlainTable(self.tr("Categories"), self)
        table.setModel(self._view_model.table)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        entry = QHBoxLayout()
        entry.addWidget(self.new_name, 1)
        entry.addWidget(self.add)
        actions = QHBoxLayout()
        actions.addWidget(self.rename)
        actions.addWidget(self.delete)
        actions.addStretch()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        actions.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addWidget(self._banner)
        layout.addLayout(entry)
        layout.addWidget(self.table, 1)
        layout.addLayout(actions)

    def _connect(self) -> None:
        self.add.setDefault(True)
        for button in (self.rename, self.delete):
            button.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        self.rename.clicked.connect(self._rename)
        self.delete.clicked.connect(self._delete)
        self.new_name.textChanged.connect(self._update_buttons)
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
        self.table.doubleClicked.connect(self._rename)
        for key, action in ((Qt.Key.Key_F2, self._rename), (Qt.Key.Key_Delete, self._delete)):
            shortcut = QShortcut(QKeySequence(key), self.table, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action)
        self._view_model.changed.connect(self._banner.hide)
        self._view_model.changed.connect(self.new_name.clear)
        self._view_model.failed.connect(self._banner.show_error)

    def _update_buttons(self) -> None:
        chosen = self.table.selectionModel().hasSelection()
        self.rename.setEnabled(chosen)
        self.delete.setEnabled(chosen)
        self.add.setEnabled(bool(self.new_name.text().strip()))

    def _add(self) -> None:
        if self.new_name.text().strip():
            self._view_model.add(self.new_name.text())

    def _rename(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        category = self._view_model.table.record(rows[0].row())
        box = QInputDialog(self)
        box.setObjectName("rename")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Rename category"))
        box.setLabelText(self.tr("New name of “{name}”").format(name=category.name))
        for label in box.findChildren(QLabel):
            label.setTextFormat(Qt.TextFormat.PlainText)
        box.setTextValue(category.name)
        box.textValueSelected.connect(lambda name: self._view_model.rename(category.id, name))
        box.open()

    def _delete(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        category = self._view_model.table.record(rows[0].row())
        confirm(
            self,
            self.tr("Delete the category “{name}”?").format(name=category.name),
            self._view_model.deletion_effect(category),
            self.tr("Delete"),
            lambda: self._view_model.delete(category.id),
        )
