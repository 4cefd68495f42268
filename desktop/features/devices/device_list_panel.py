"""The facility's devices: find, add, edit, delete; their categories, and their list as a spreadsheet."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.features.devices.device_actions import DeviceActions
from desktop.features.devices.device_list_button import DeviceListButton
from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.features.devices.filter import Wanted
from desktop.features.devices.filter_bar import DevicesFilterBar
from desktop.features.devices.table_view import DevicesTableView
from desktop.features.devices.tree_view import DevicesTreeView
from desktop.features.devices.undo_buttons import UndoButtons
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.plain_label import PlainLabel

ROOM_FOR_COUNT = 780
"""Pixels; narrower than this the buttons need it."""


class DeviceListPanel(QWidget):
    """``device_wanted`` with the id of one to look at; ``import_wanted`` when there is no device yet, and
    the user would rather bring in a file."""

    device_wanted = Signal(str)
    import_wanted = Signal()

    def __init__(
        self, view_model: DevicesViewModel, lists: DeviceListViewModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.count = PlainLabel(parent=self)
        self.count.setProperty("role", "muted")
        self.filter = DevicesFilterBar(view_model, self)
        self.search = self.filter.search
        self.table = DevicesTableView(view_model, self)
        self.tree = DevicesTreeView(view_model.tree, self)
        self.grouped = QPushButton(self.tr("As a &tree"), self)
        self.grouped.setCheckable(True)
        self.grouped.setToolTip(self.tr("By location and category, with what each used"))
        self.undo = UndoButtons(view_model, self)
        self.list = DeviceListButton(lists, self)
        self.add = QPushButton(self.tr("Add devi&ce…"), self)
        self.add.setProperty("role", "primary")
        self.categories = QPushButton(self.tr("Cate&gories…"), self)
        self.commands = DeviceActions(view_model, self.chosen, self)
        self.edit, self.delete = self.commands.edit, self.commands.delete
        self.none = EmptyState(
            "power-plug-outline",
            self.tr("No devices yet"),
            self.tr("Import a file of meter readings and its devices appear here, or add one by hand."),
            self.tr("I&mport a file…"),
        )
        self.no_match = EmptyState(
            "magnify",
            self.tr("No device matches"),
            self.tr("No device is as you want it."),
            self.tr("&Show all devices"),
        )
        self.pages = QStackedWidget(self)
        for page in (self.table, self.tree, self.none, self.no_match):
            self.pages.addWidget(page)
        self._lay_out()
        self._connect(lists)
        self._show()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Devices"), self)
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addWidget(self.count)
        top.addStretch()
        for widget in (self.undo, self.categories, self.list, self.add):
            top.addWidget(widget)
        tools = QHBoxLayout()
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.grouped)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addLayout(tools)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.commands)

    def _connect(self, lists: DeviceListViewModel) -> None:
        for told in (self._view_model.failed, lists.failed):
            told.connect(self.banner.show_error)
        lists.notified.connect(self.banner.show_info)
        self._view_model.saved.connect(self.banner.hide)
        self._view_model.loaded.connect(self._show)
        self.commands.device_wanted.connect(self.device_wanted)
        for view in (self.table, self.tree):
            view.selectionModel().selectionChanged.connect(self._offer)
            view.activated.connect(self._open)
            QShortcut(
                QKeySequence.StandardKey.Delete,
                view,
                self.commands.delete_chosen,
                context=Qt.ShortcutContext.WidgetShortcut,
            )
        self._view_model.tree.built.connect(self._offer)
        self.filter.changed.connect(self._filter)
        self.grouped.toggled.connect(self._view_model.group)
        self.grouped.toggled.connect(self._show)
        self.add.clicked.connect(self.commands.add)
        self.categories.clicked.connect(self.commands.show_categories)
        self.none.triggered.connect(self.import_wanted)
        self.no_match.triggered.connect(self.filter.reset)
        for key, command in (
            (QKeySequence.StandardKey.Find, self.search.setFocus),
            (QKeySequence.StandardKey.New, self.commands.add),
            (QKeySequence("Ctrl+E"), self.commands.edit_chosen),
        ):
            shortcut = QShortcut(QKeySequence(key), self, command)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.count.setVisible(self.width() >= ROOM_FOR_COUNT)

    def chosen(self) -> list[str]:
        """The ids of the chosen devices."""
        return self.tree.chosen if self.grouped.isChecked() else self.table.chosen

    def focus_view(self) -> None:
        """Let the keys move in the list."""
        (self.tree if self.grouped.isChecked() else self.table).setFocus()

    def _filter(self, wanted: Wanted) -> None:
        self._view_model.filter(wanted)
        self._show()

    def _show(self) -> None:
        self.count.setText(self._view_model.caption)
        if self._view_model.table.rowCount():
            self.pages.setCurrentWidget(self.tree if self.grouped.isChecked() else self.table)
        else:
            self.pages.setCurrentWidget(self.no_match if self._view_model.count else self.none)
        self._offer()

    def _offer(self) -> None:
        self.commands.offer(self._hint())

    def _hint(self) -> str:
        if not self._view_model.table.rowCount():
            return ""
        if self.grouped.isChecked():
            return self.tr("Enter shows a device; a group stands for all devices in it.")
        return self.tr("Enter shows a device, F2 edits a cell.")

    def _open(self) -> None:
        """The chosen device, or what is in the chosen group."""
        here = self.tree.currentIndex().siblingAtColumn(0)
        if self.grouped.isChecked() and self.tree.model().hasChildren(here):
            self.tree.setExpanded(here, not self.tree.isExpanded(here))
        else:
            self.commands.show_chosen()
