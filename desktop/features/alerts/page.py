"""What went wrong: the list of alerts, filters over it, and the chosen one in full."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.features.alerts.alert_actions import AlertActions
from desktop.features.alerts.alert_delegate import AlertDelegate
from desktop.features.alerts.alert_details import AlertDetails
from desktop.features.alerts.view_model import AlertFilter, AlertsViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.search_choice import SearchChoice


class AlertsWindow(QWidget):
    """Enter on an alert marks it read or unread; an alert that is shown from elsewhere is marked read."""

    rules_wanted = Signal()
    mail_wanted = Signal()
    device_wanted = Signal(str)

    def __init__(self, view_model: AlertsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.unwatched = QLabel(self)
        self.unwatched.setProperty("role", "muted")
        self.unwatched.setWordWrap(True)
        self.rules = QPushButton(self.tr("Alert r&ules…"), self)
        self.mail = QPushButton(self.tr("Alerts &by mail…"), self)
        self.filters = AlertsFilterBar(view_model, self)
        self.list = self._make_list()
        self.handling = AlertActions(view_model, self.list, self)
        self.details = AlertDetails(view_model, self)
        self.none = EmptyState(
            "bell-check-outline",
            self.tr("No alerts"),
            self.tr(
                "After each import Loadlens looks for consumption that is far from what was expected, and "
                "for whatever else you set rules for."
            ),
        )
        self.no_match = EmptyState(
            "filter-outline",
            self.tr("No alert matches the filter"),
            self.tr("No alert has the severity, kind, state and device that you chose."),
            self.tr("&Show all alerts"),
        )
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    def _make_list(self) -> QListView:
        view = QListView(self)
        view.setModel(self._view_model.table)
        view.setItemDelegate(AlertDelegate(view))
        view.setAccessibleName(self.tr("Alerts"))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setMinimumWidth(300)
        return view

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Alerts"), self)
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addWidget(self.count)
        top.addStretch()
        for button, icon in ((self.rules, "tune-variant"), (self.mail, "email-outline")):
            button.setIcon(theme.icon(icon))
            top.addWidget(button)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.list)
        splitter.addWidget(self.details)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setHandleWidth(12)
        splitter.setSizes([500, 500])
        self._found = splitter
        for page in (splitter, self.none, self.no_match):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(self.filters)
        layout.addWidget(self.handling)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.unwatched)

    def _connect(self) -> None:
        self.rules.clicked.connect(self.rules_wanted)
        self.mail.clicked.connect(self.mail_wanted)
        self.handling.device_wanted.connect(self.device_wanted)
        self.no_match.triggered.connect(lambda: self._view_model.set_filter(AlertFilter()))
        self.list.activated.connect(self.handling.toggle_read)
        self.list.selectionModel().currentChanged.connect(lambda now: self.details.show_row(now.row()))
        self._view_model.loaded.connect(self._show)
        for changed in (self._view_model.unreadChanged, self._view_model.table.dataChanged):
            changed.connect(self._count)
        self._view_model.selected.connect(self._select)
        self._view_model.failed.connect(self.banner.show_error)

    def _show(self) -> None:
        if self._view_model.table.rowCount():
            self.pages.setCurrentWidget(self._found)
        else:
            self.pages.setCurrentWidget(self.no_match if self._view_model.filtered else self.none)
        self.handling.setVisible(self._view_model.table.rowCount() > 0)
        self.filters.setVisible(self._view_model.table.rowCount() > 0 or self._view_model.filtered)
        if not self.list.currentIndex().isValid():
            self._select(0)
        self.details.show_row(self.list.currentIndex().row())
        self._count()
        self._show_unwatched()

    def _show_unwatched(self) -> None:
        self.unwatched.setText(self._view_model.unwatched_caption)
        self.unwatched.setToolTip("\n".join(self._view_model.unwatched))
        self.unwatched.setAccessibleDescription(self.unwatched.toolTip())
        self.unwatched.setVisible(bool(self._view_model.unwatched))

    def _count(self) -> None:
        self.count.setText(self._view_model.caption)

    def _select(self, row: int) -> None:
        index = self._view_model.table.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)


class AlertsFilterBar(QWidget):
    """Severity, kind, state and device; each offers any."""

    changed = Signal()

    def __init__(self, view_model: AlertsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.severity = Choice(
            self.tr("Severity"),
            [(self.tr("Any severity"), None), *view_model.severities],
            self,
        )
        self.kind = Choice(self.tr("Kind"), [(self.tr("Any kind"), None), *view_model.kinds], self)
        self.state = Choice(
            self.tr("State"),
            [(self.tr("Any state"), None), *view_model.states],
            self,
        )
        self.device = SearchChoice(self.tr("Device"), self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.severity, self.kind, self.state):
            layout.addWidget(widget)
            widget.activated.connect(self._filter)
        layout.addWidget(self.device, 1)
        self.device.setMaximumWidth(260)
        self.device.chosen.connect(self._filter)
        layout.addStretch()
        view_model.filter_changed.connect(self.show_filter)
        view_model.loaded.connect(self.show_filter)
        self.show_filter()

    def show_filter(self) -> None:
        """Show what the view-model filters by."""
        chosen = self._view_model.filter
        self.kind.set_value(chosen.reason)
        self.severity.set_value(chosen.severity)
        self.state.set_value(chosen.state)
        self.device.offer([(None, self.tr("Any device")), *self._view_model.devices], chosen.device_id)

    def _filter(self) -> None:
        self._view_model.set_filter(
            AlertFilter(self.kind.value, self.severity.value, self.device.currentData(), self.state.value)
        )
