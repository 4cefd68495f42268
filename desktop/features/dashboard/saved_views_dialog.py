"""The saved views of the dashboard, to be renamed or deleted."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.dashboard.saved_views_view_model import SavedViewsViewModel
from desktop.widgets.banner import Banner

NAME = Qt.ItemDataRole.UserRole


class SavedViewsDialog(QDialog):
    """A name is typed over in the list."""

    def __init__(self, view_model: SavedViewsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("Saved views"))
        self.banner = Banner(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Saved views"))
        self.rename = QPushButton(self.tr("&Rename"), self)
        self.delete = QPushButton(self.tr("&Delete"), self)
        self.delete.setProperty("role", "danger")
        self._lay_out()
        self.list.itemChanged.connect(self._rename)
        self.list.currentItemChanged.connect(self._judge)
        self.rename.clicked.connect(lambda: self.list.editItem(self.list.currentItem()))
        self.delete.clicked.connect(lambda: view_model.delete(self.list.currentItem().data(NAME)))
        view_model.changed.connect(self._show)
        view_model.failed.connect(self._refused)
        self._show()

    def _lay_out(self) -> None:
        hint = QLabel(self.tr("Double-click a name to type over it."), self)
        hint.setProperty("role", "muted")
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close.rejected.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.rename)
        buttons.addWidget(self.delete)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addWidget(self.banner)
        layout.addWidget(hint)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.resize(420, 340)

    def _show(self) -> None:
        chosen = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for name in self._view_model.names:
            item = QListWidgetItem(name, self.list)
            item.setData(NAME, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        self.list.setCurrentRow(min(max(chosen, 0), self.list.count() - 1))
        self.list.blockSignals(False)
        self._judge()

    def _rename(self, item: QListWidgetItem) -> None:
        self.banner.hide()
        if item.text() != item.data(NAME):
            self._view_model.rename(item.data(NAME), item.text())

    def _refused(self, sentence: str) -> None:
        self._show()
        self.banner.show_error(sentence)

    def _judge(self) -> None:
        for button in (self.rename, self.delete):
            button.setEnabled(self.list.currentItem() is not None)
