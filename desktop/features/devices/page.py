"""The devices page: the list of them, or one in full."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.features.devices.device_list_dialog import DeviceListButton
from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.features.devices.device_panel import DevicePanel
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.features.devices.dialogs import DeviceActions
from desktop.features.devices.fields import DeviceFilter, field_choices
from desktop.features.devices.view_model import DevicesViewModel
from desktop.features.devices.views import DevicesTableView, DevicesTreeView
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.tooltips import hint


class DevicesWindow(QStackedWidget):
    """``import_wanted`` when there is no device yet, and the user would rather bring in a file;
    ``alert_wanted`` with the id of one to look at."""

    import_wanted = Signal()
    alert_wanted = Signal(str)

    def __init__(
        self,
        view_model: DevicesViewModel,
        lists: DeviceListViewModel,
        device: DeviceViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._device = device
        self.list = DeviceListPanel(view_model, lists, self)
        self.device = DevicePanel(device, view_model, self)
        self.addWidget(self.list)
        self.addWidget(self.device)
        self.list.import_wanted.connect(self.import_wanted)
        self.list.device_wanted.connect(self.show_device)
        self.device.alert_wanted.connect(self.alert_wanted)
        self.device.left.connect(self.show_list)

    def show_device(self, device_id: str) -> None:
        """Show one device in full."""
        self._device.open(device_id)
        self.setCurrentWidget(self.device)
        self.device.show_top()

    def show_list(self) -> None:
        """Show all devices, as the user left them."""
        self.setCurrentWidget(self.list)
        self.list.focus_view()


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
        self.tree = DevicesTreeView(view_model.tree, self.tr("Devices by location and category"), self)
        self.meters = DevicesTreeView(view_model.meters, self.tr("Which meter hangs behind which"), self)
        self.proposal = Banner(self)
        self.grouped = QPushButton(self.tr("As a &tree"), self)
        self.grouped.setCheckable(True)
        self.grouped.setToolTip(self.tr("By location and category, with what each used"))
        self.behind = QPushButton(self.tr("By &meter"), self)
        self.behind.setCheckable(True)
        self.behind.setToolTip(
            self.tr("Which meter hangs behind which; drag one onto another to hang it there")
        )
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
        for page in (self.table, self.tree, self.meters, self.none, self.no_match):
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
        tools.addWidget(self.behind)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(self.proposal)
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
        for view in (self.table, self.tree, self.meters):
            view.selectionModel().selectionChanged.connect(self._update_buttons)
            view.activated.connect(self._open)
            QShortcut(
                QKeySequence.StandardKey.Delete,
                view,
                self.commands.delete_chosen,
                context=Qt.ShortcutContext.WidgetShortcut,
            )
        self._view_model.proposed.connect(self._propose)
        self.proposal.accepted.connect(self._view_model.accept_proposal)
        self.proposal.dismissed.connect(self._view_model.decline_proposal)
        for tree in (self._view_model.tree, self._view_model.meters):
            tree.built.connect(self._update_buttons)
        self.filter.changed.connect(self._filter)
        self.grouped.toggled.connect(self._view_model.group)
        self.behind.toggled.connect(self._view_model.show_meters)
        for button, other in ((self.grouped, self.behind), (self.behind, self.grouped)):
            button.toggled.connect(lambda on, other=other: other.setChecked(False) if on else None)
            button.toggled.connect(self._show)
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
        """Return the ids of the chosen devices."""
        return self._view.chosen

    @property
    def _view(self) -> DevicesTableView | DevicesTreeView:
        """What the devices are shown in."""
        if self.behind.isChecked():
            return self.meters
        return self.tree if self.grouped.isChecked() else self.table

    def _propose(self, question: str) -> None:
        if question:
            self.proposal.ask(question, self.tr("Apply"), self.tr("Not now"))
        else:
            self.proposal.hide()

    def focus_view(self) -> None:
        """Give the list the keyboard focus."""
        self._view.setFocus()

    def _filter(self, chosen: DeviceFilter) -> None:
        self._view_model.filter(chosen)
        self._show()

    def _show(self) -> None:
        self.count.setText(self._view_model.caption)
        if self._view_model.table.rowCount():
            self.pages.setCurrentWidget(self._view)
        else:
            self.pages.setCurrentWidget(self.no_match if self._view_model.count else self.none)
        self._update_buttons()

    def _update_buttons(self) -> None:
        self.commands.update_buttons(self._hint())

    def _hint(self) -> str:
        if not self._view_model.table.rowCount():
            return ""
        if self.grouped.isChecked():
            return self.tr("Enter shows a device; a group stands for all devices in it.")
        if self.behind.isChecked():
            return self.tr("Drag a meter onto the one it hangs behind, or edit it (Ctrl+E).")
        return self.tr("Enter shows a device, F2 edits a cell.")

    def _open(self) -> None:
        """The chosen device, or what is in the chosen group."""
        here = self.tree.currentIndex().siblingAtColumn(0)
        if self.grouped.isChecked() and self.tree.model().hasChildren(here):
            self.tree.setExpanded(here, not self.tree.isExpanded(here))
        else:
            self.commands.show_chosen()


ANY = "any"


class DevicesFilterBar(QWidget):
    """``changed`` with the filter that was chosen."""

    changed = Signal(object)

    def __init__(self, view_model: DevicesViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a device"))
        self.search.setAccessibleName(self.tr("Find a device"))
        self.search.setClearButtonEnabled(True)
        self.category = Choice(self.tr("Category"), [(self.tr("Any category"), ANY)], self)
        self.status = Choice(
            self.tr("Status"), [(self.tr("Any status"), ANY), *field_choices("status")], self
        )
        self.suspicious = QCheckBox(self.tr("Suspicious &only"), self)
        self.suspicious.setToolTip(
            self.tr("Devices that used far more or far less than their nameplates say")
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search, 1)
        for widget in (self.category, self.status, self.suspicious):
            layout.addWidget(widget)
        self.search.textChanged.connect(self._emit)
        self.category.currentIndexChanged.connect(self._emit)
        self.status.currentIndexChanged.connect(self._emit)
        self.suspicious.toggled.connect(self._emit)
        view_model.categories.table.rowsInserted.connect(self._update_buttons)
        view_model.categories.table.rowsRemoved.connect(self._update_buttons)
        view_model.categories.table.dataChanged.connect(self._update_buttons)
        self._update_buttons()

    def reset(self) -> None:
        """Show all devices again."""
        self.search.clear()
        self.category.set_value(ANY)
        self.status.set_value(ANY)
        self.suspicious.setChecked(False)

    def _update_buttons(self) -> None:
        named = [(name, key or "") for name, key in self._view_model.categories.choices]
        self.category.offer([(self.tr("Any category"), ANY), *named])

    def _emit(self) -> None:
        category, status = self.category.value, self.status.value
        self.changed.emit(
            DeviceFilter(
                self.search.text(),
                None if category == ANY else category,
                None if status == ANY else status,
                self.suspicious.isChecked(),
            )
        )


class UndoButtons(QWidget):
    """Their tool tips say what they would do; the keys work wherever in ``parent`` the focus is."""

    def __init__(self, view_model: DevicesViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._history = view_model.history
        self.undo, self.redo = QToolButton(self), QToolButton(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        keys = QKeySequence.StandardKey
        for button, icon, command, key in (
            (self.undo, "undo", view_model.undo, keys.Undo),
            (self.redo, "redo", view_model.redo, keys.Redo),
        ):
            button.setIcon(theme.icon(icon))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(command)
            layout.addWidget(button)
            shortcut = QShortcut(QKeySequence(key), parent, command)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._history.moved.connect(self._update_buttons)
        self._update_buttons()

    def _update_buttons(self) -> None:
        for button, word, said in (
            (self.undo, self.tr("Undo"), self._history.undo_text),
            (self.redo, self.tr("Redo"), self._history.redo_text),
        ):
            told = f"{word}: {said}" if said else word
            button.setEnabled(bool(said))
            button.setToolTip(hint(told))
            button.setAccessibleName(told)
