"""One device in full."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop import theme
from desktop.features.devices.device_dialog import DeviceDialog
from desktop.features.devices.device_edits import DeviceFields
from desktop.features.devices.device_history import DeviceHistory
from desktop.features.devices.device_readings import DeviceReadings
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.page_scroll import PageScroll
from desktop.widgets.plain_label import PlainLabel


class DevicePanel(QWidget):
    """``left`` when the user goes back, by the button, Esc or Alt+Left; ``alert_wanted`` with an id."""

    left = Signal()
    alert_wanted = Signal(str)

    def __init__(
        self, view_model: DeviceViewModel, devices: DevicesViewModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._devices = devices
        self.back = QPushButton(theme.icon("arrow-left"), self.tr("&Back"), self)
        self.back.setToolTip(self.tr("To all devices (Esc)"))
        self.name = PlainLabel(parent=self)
        self.name.setProperty("role", "title")
        self.edit = QPushButton(self.tr("&Edit…"), self)
        self.description = PlainLabel(parent=self)
        self.description.setProperty("role", "muted")
        self.verdict = PlainLabel(parent=self)
        for label in (self.name, self.description, self.verdict):
            label.setWordWrap(True)
        self.banner = Banner(self)
        self.readings = DeviceReadings(view_model.export, self)
        self.history = DeviceHistory(view_model, self)
        self.none = EmptyState(
            "chart-line",
            self.tr("No readings yet"),
            self.tr("Import a file that names this device, and its figures and charts appear here."),
        )
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.back)
        top.addWidget(self.name, 1)
        top.addWidget(self.edit)
        content = QWidget(self)
        inside = QVBoxLayout(content)
        inside.setSpacing(16)
        inside.addWidget(self.readings)
        inside.addWidget(self.history)
        inside.addStretch()
        self._scroll = PageScroll(content, self)
        for page in (self._scroll, self.none):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 8, 0)
        layout.setSpacing(10)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, 16, 0)
        head.setSpacing(6)
        head.addLayout(top)
        for widget in (self.description, self.verdict, self.banner):
            head.addWidget(widget)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self._view_model.opened.connect(self._begin)
        self._view_model.facts_known.connect(self._show_facts)
        self._view_model.figures_known.connect(self._show_figures)
        self._view_model.gone.connect(self.left)
        self._view_model.failed.connect(self.banner.show_error)
        self._view_model.export.saved.connect(self._tell_saved)
        self.readings.failed.connect(self.banner.show_error)
        self.readings.brushed.connect(self._view_model.brush)
        self.history.alert_wanted.connect(self.alert_wanted)
        self.back.clicked.connect(self.left)
        self.edit.clicked.connect(self._edit)
        theme.changed.connect(self._colour)
        for key, command in (("Esc", self._escape), ("Alt+Left", self.left.emit)):
            shortcut = QShortcut(QKeySequence(key), self, command)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_top(self) -> None:
        """As the page is when it is opened."""
        self._scroll.verticalScrollBar().setValue(0)
        self.back.setFocus()

    def _escape(self) -> None:
        """From a span of time to all days, from there to all devices."""
        if self.readings.span:
            self.readings.clear_brush()
        else:
            self.left.emit()

    def _tell_saved(self, path: str) -> None:
        self.banner.show_info(self.tr("Saved as {path}.").format(path=path))

    def _begin(self) -> None:
        """Nothing of the device before is left on screen."""
        self.name.clear()
        self.description.clear()
        self.verdict.clear()
        self.banner.hide()
        self.readings.hide()
        self.readings.clear_brush()
        self.pages.setCurrentWidget(self._scroll)

    def _show_facts(self) -> None:
        self.name.setText(self._view_model.name)
        self.description.setText(self._view_model.description)
        self.verdict.setText(self._view_model.verdict)
        self._colour()

    def _show_figures(self) -> None:
        figures = self._view_model.figures
        if figures is None:
            return
        self.pages.setCurrentWidget(self.none if figures.empty else self._scroll)
        self.readings.setVisible(True)
        self.readings.show_figures(figures)

    def _edit(self) -> None:
        if facts := self._view_model.facts:
            dialog = DeviceDialog(self._devices, facts.device.id, DeviceFields.of(facts.device), self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _colour(self) -> None:
        colour = theme.tokens().danger if self._view_model.suspicious else theme.tokens().text
        weight = 600 if self._view_model.suspicious else 400
        self.verdict.setStyleSheet(f"color: {colour}; font-weight: {weight}")
