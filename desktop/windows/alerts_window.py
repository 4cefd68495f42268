"""What went wrong: the list of alerts, filters over it, and the chosen one in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.viewmodels.alerts_model import SEVERITIES, TYPES
from desktop.viewmodels.alerts_viewmodel import AlertFilter, AlertsViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.empty_state import EmptyState
from desktop.windows.alert_delegate import AlertDelegate
from desktop.windows.alert_details import AlertDetails


class AlertsWindow(QWidget):
    """Enter on an alert marks it read or unread; an alert that is shown from elsewhere is marked read."""

    def __init__(self, view_model: AlertsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        names = view_model.table
        self.banner = Banner(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.severity = self._make_choice(
            self.tr("Severity"), self.tr("Any severity"), [(names.severity_name(s), s) for s in SEVERITIES]
        )
        self.kind = self._make_choice(
            self.tr("Kind"), self.tr("Any kind"), [(names.type_name(t), t) for t in TYPES]
        )
        self.unread_only = QCheckBox(self.tr("U&nread only"), self)
        self.toggle = QPushButton(self.tr("Mark &read"), self)
        self.mark_all = QPushButton(self.tr("Mark a&ll read"), self)
        self.list = self._make_list()
        self.details = AlertDetails(view_model, self)
        self.none = EmptyState(
            "bell-check-outline",
            self.tr("No alerts"),
            self.tr("After each import Loadlens looks for consumption that is far from what was expected."),
        )
        self.no_match = EmptyState(
            "filter-outline",
            self.tr("No alert matches the filter"),
            self.tr("No alert has the severity, kind and state that you chose."),
            self.tr("&Show all alerts"),
        )
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    def _make_choice(self, name: str, anything: str, choices: list[tuple[str, str]]) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.addItem(anything, None)
        for text, value in choices:
            combo.addItem(text, value)
        return combo

    def _make_list(self) -> QListView:
        view = QListView(self)
        view.setModel(self._view_model.table)
        view.setItemDelegate(AlertDelegate(view))
        view.setAccessibleName(self.tr("Alerts"))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
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
        filters = QHBoxLayout()
        for widget in (self.severity, self.kind, self.unread_only):
            filters.addWidget(widget)
        filters.addStretch()
        filters.addWidget(self.toggle)
        filters.addWidget(self.mark_all)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.list)
        splitter.addWidget(self.details)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setHandleWidth(12)
        splitter.setSizes([600, 400])
        self._found = splitter
        for page in (splitter, self.none, self.no_match):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addLayout(filters)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.severity.activated.connect(self._filter)
        self.kind.activated.connect(self._filter)
        self.unread_only.clicked.connect(self._filter)
        self.no_match.triggered.connect(lambda: self._view_model.set_filter(AlertFilter()))
        self.mark_all.clicked.connect(self._view_model.mark_all_read)
        self.toggle.clicked.connect(self._toggle)
        self.list.activated.connect(self._toggle)
        self.list.selectionModel().currentChanged.connect(lambda now: self.details.show_row(now.row()))
        self.list.selectionModel().selectionChanged.connect(self._offer)
        self._view_model.loaded.connect(self._show)
        self._view_model.unreadChanged.connect(self._offer)
        self._view_model.table.dataChanged.connect(self._offer)
        self._view_model.filter_changed.connect(self._show_filter)
        self._view_model.selected.connect(self._select)
        self._view_model.failed.connect(self.banner.show_error)

    def _filter(self) -> None:
        self._view_model.set_filter(
            AlertFilter(self.kind.currentData(), self.severity.currentData(), self.unread_only.isChecked())
        )

    def _show_filter(self) -> None:
        chosen = self._view_model.filter
        self.kind.setCurrentIndex(self.kind.findData(chosen.type))
        self.severity.setCurrentIndex(self.severity.findData(chosen.severity))
        self.unread_only.setChecked(chosen.unread_only)

    def _show(self) -> None:
        if self._view_model.table.rowCount():
            self.pages.setCurrentWidget(self._found)
        else:
            self.pages.setCurrentWidget(self.no_match if self._view_model.filtered else self.none)
        if not self.list.currentIndex().isValid():
            self._select(0)
        self.details.show_row(self.list.currentIndex().row())
        self._offer()

    def _select(self, row: int) -> None:
        index = self._view_model.table.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _chosen(self) -> list[int]:
        return [index.row() for index in self.list.selectionModel().selectedRows()]

    def _offer(self) -> None:
        """Name what the button would do to the chosen alerts, and count them anew."""
        chosen = [self._view_model.alert(row) for row in self._chosen()]
        again = chosen and all(alert.read for alert in chosen)
        self.toggle.setText(self.tr("Mark un&read") if again else self.tr("Mark &read"))
        self.toggle.setEnabled(bool(chosen))
        self.mark_all.setEnabled(self._view_model.unread > 0)
        self.count.setText(self._view_model.caption)

    def _toggle(self) -> None:
        chosen = [self._view_model.alert(row) for row in self._chosen()]
        read = all(alert.read for alert in chosen)
        self._view_model.mark([alert.id for alert in chosen], read=not read)
