"""The saved views of the dashboard: a button with a menu, and a list to rename and delete them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.features.dashboard.view_model import DashboardViewModel, SavedViewsViewModel
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
        self.list.currentItemChanged.connect(self._enable_buttons)
        self.rename.clicked.connect(lambda: self.list.editItem(self.list.currentItem()))
        self.delete.clicked.connect(lambda: view_model.delete(self.list.currentItem().data(NAME)))
        view_model.changed.connect(self._show)
        view_model.failed.connect(self._on_failed)
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
        self._enable_buttons()

    def _rename(self, item: QListWidgetItem) -> None:
        self.banner.hide()
        if item.text() != item.data(NAME):
            self._view_model.rename(item.data(NAME), item.text())

    def _on_failed(self, sentence: str) -> None:
        self._show()
        self.banner.show_error(sentence)

    def _enable_buttons(self) -> None:
        for button in (self.rename, self.delete):
            button.setEnabled(self.list.currentItem() is not None)


class SavedViewsButton(QPushButton):
    """Opens a menu."""

    def __init__(
        self, dashboard: DashboardViewModel, views: SavedViewsViewModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._dashboard, self._views = dashboard, views
        self.setText(self.tr("Vie&ws"))
        self.setIcon(theme.icon("bookmark-outline"))
        self.choices = QMenu(self)
        self.setMenu(self.choices)
        self.choices.aboutToShow.connect(self.fill)
        views.chosen.connect(dashboard.show_view)

    def fill(self) -> None:
        """Fill the menu with the views there are now."""
        self.choices.clear()
        for name in self._views.names:
            view = self.choices.addAction(theme.icon("bookmark-outline"), name.replace("&", "&&"))
            view.triggered.connect(lambda _checked=False, of=name: self._views.choose(of))
        if self._views.names:
            self.choices.addSeparator()
        self.choices.addAction(self.tr("&Save this view…")).triggered.connect(self.save)
        edit = self.choices.addAction(self.tr("&Rename or delete…"))
        edit.setEnabled(bool(self._views.names))
        edit.triggered.connect(self.edit)

    def save(self) -> None:
        """Ask for a name, and keep what is on show under it."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Save this view"))
        dialog.setLabelText(self.tr("Name of the view; one that has it already is replaced."))
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.textValueSelected.connect(lambda name: self._views.save(name, self._dashboard.choice))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def edit(self) -> None:
        """Show the views in a list."""
        dialog = SavedViewsDialog(self._views, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
