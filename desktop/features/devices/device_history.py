"""What happened to one device, and how sound its readings are."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QLabel,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.features.alerts.alert_delegate import AlertDelegate
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.widgets.plain_label import PlainLabel

WIDE = 860
LEAST_WIDTH = 360
MOST_ROWS = 4
"""So many events are seen without scrolling."""


class DeviceHistory(QWidget):
    """Its alerts, newest first; a click or Enter on one wants it (``alert_wanted`` with its id)."""

    alert_wanted = Signal(str)

    def __init__(self, view_model: DeviceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = QListView(self)
        self.list.setAccessibleName(self.tr("Events of the device"))
        self.list.setModel(view_model.events)
        self.list.setItemDelegate(AlertDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setTabKeyNavigation(False)
        self.none = _words(self.tr("There are no alerts for this device."))
        self.events = QStackedWidget(self)
        self.events.addWidget(self.list)
        self.events.addWidget(self.none)
        self.quality = _words("")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self.setMinimumWidth(LEAST_WIDTH)
        for title, widget in ((self.tr("Events"), self.events), (self.tr("Data quality"), self.quality)):
            self._row.addWidget(_card(title, widget), 1)
        view_model.opened.connect(self.quality.clear)
        view_model.events_known.connect(self._show_events)
        view_model.quality_known.connect(self._show_quality)
        self.list.clicked.connect(lambda index: self._want(index.row()))
        self.list.activated.connect(lambda index: self._want(index.row()))

    def _show_events(self) -> None:
        rows = self._view_model.events.rowCount()
        self.events.setCurrentWidget(self.list if rows else self.none)
        seen = min(rows, MOST_ROWS) * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth()
        self.events.setFixedHeight(seen if rows else self.none.sizeHint().height())

    def _show_quality(self) -> None:
        self.quality.setText("\n\n".join(self._view_model.quality))

    def _want(self, row: int) -> None:
        self.alert_wanted.emit(self._view_model.events.record(row).id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def _words(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    return label


def _card(title: str, widget: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    heading = QLabel(title, card)
    heading.setProperty("role", "heading")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.addWidget(heading)
    layout.addWidget(widget)
    layout.addStretch()
    return card
