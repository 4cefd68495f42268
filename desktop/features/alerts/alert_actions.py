"""What can be done with the chosen alerts."""

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.alerts.view_model import AlertsViewModel
from desktop.widgets.choice import Choice

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
NOTE_SIZE = QSize(420, 220)


class AlertActions(QWidget):
    """Buttons for the alerts that are selected in ``view``, and the same in a menu on it.

    ``device_wanted`` with the id of a device that is to be shown.
    """

    device_wanted = Signal(str)

    def __init__(
        self, view_model: AlertsViewModel, view: QAbstractItemView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model, self._view = view_model, view
        self.toggle = QPushButton(self)
        self.acknowledge = QPushButton(self.tr("Ac&knowledge…"), self)
        self.snooze = QPushButton(self.tr("&Snooze"), self)
        self.more = QPushButton(self.tr("M&ore"), self)
        self.order = Choice(
            self.tr("Order"),
            [
                (self.tr("Newest first"), "newest"),
                (self.tr("Worst first"), "worst"),
                (self.tr("Most kWh first"), "most"),
            ],
            self,
        )
        self.mark_all = QPushButton(self.tr("Mark a&ll read"), self)
        self._normal = QAction(self)
        self._mute = QAction(self)
        self._device = QAction(self.tr("Show the &device"), self)
        self.snooze.setMenu(self._snooze_menu())
        self.more.setMenu(self._more_menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for button in (self.toggle, self.acknowledge, self.snooze, self.more):
            layout.addWidget(button)
        layout.addStretch()
        layout.addWidget(self.order)
        layout.addWidget(self.mark_all)
        self._connect()
        self.set_options()

    def set_options(self) -> None:
        """Name what the buttons would do to the chosen alerts."""
        chosen = [self._view_model.alert(row) for row in self._rows()]
        again = bool(chosen) and all(alert.read for alert in chosen)
        self.toggle.setText(self.tr("&Mark unread") if again else self.tr("&Mark read"))
        for button in (self.toggle, self.acknowledge, self.snooze, self.more):
            button.setEnabled(bool(chosen))
        self.order.set_value(self._view_model.order)
        self.mark_all.setEnabled(self._view_model.unread > 0)
        unasked = [alert for alert in chosen if alert.rule_id is None]
        self._normal.setEnabled(bool(unasked))
        self._all_normal = bool(unasked) and all(alert.normal for alert in unasked)
        self._normal.setText(
            self.tr("&Not normal, tell me again") if self._all_normal else self.tr("&Normal after all")
        )
        devices = self._devices()
        self._all_muted = bool(devices) and devices <= self._view_model.muted
        self._device.setEnabled(len(devices) == 1)
        self._mute.setEnabled(bool(devices))
        self._mute.setText(self.tr("&Unmute the device") if self._all_muted else self.tr("&Mute the device"))

    def open_menu(self, at: QPoint) -> None:
        """Open the same as a menu on the list."""
        menu = QMenu(self._view)
        for button in (self.toggle, self.acknowledge):
            menu.addAction(button.text(), button.click)
        menu.addMenu(self.snooze.menu()).setText(self.snooze.text())
        menu.addSeparator()
        menu.addActions([self._normal, self._mute, self._device])
        menu.setEnabled(self.toggle.isEnabled())
        menu.popup(self._view.viewport().mapToGlobal(at))

    def toggle_read(self) -> None:
        """Mark the chosen alerts as read, or as unread if all of them are read."""
        chosen = [self._view_model.alert(row) for row in self._rows()]
        read = all(alert.read for alert in chosen)
        self._view_model.mark([alert.id for alert in chosen], read=not read)

    def _connect(self) -> None:
        self.toggle.clicked.connect(self.toggle_read)
        self.acknowledge.clicked.connect(self._acknowledge)
        self.order.activated.connect(lambda: self._view_model.set_order(self.order.value or "newest"))
        self.mark_all.clicked.connect(self._view_model.mark_all_read)
        self._normal.triggered.connect(self._mark_normal)
        self._mute.triggered.connect(
            lambda: self._view_model.mute(sorted(self._devices()), not self._all_muted)
        )
        self._device.triggered.connect(lambda: self.device_wanted.emit(*self._devices()))
        self._view.customContextMenuRequested.connect(self.open_menu)
        self._view.selectionModel().selectionChanged.connect(self.set_options)
        self._view_model.unreadChanged.connect(self.set_options)
        self._view_model.loaded.connect(self.set_options)
        self._view_model.table.dataChanged.connect(self.set_options)

    def _snooze_menu(self) -> QMenu:
        menu = QMenu(self)
        waits = (
            (self.tr("For an &hour"), HOUR),
            (self.tr("Until &tomorrow morning"), None),
            (self.tr("For a &week"), WEEK),
        )
        for text, wait in waits:
            menu.addAction(text, partial(self._snooze, wait))
        whole = menu.addMenu(self.tr("All of this &device"))
        for text, wait in waits:
            whole.addAction(text, partial(self._snooze_devices, wait))
        return menu

    def _snooze(self, wait: timedelta | None) -> None:
        self._view_model.snooze(self._ids(), wait)

    def _snooze_devices(self, wait: timedelta | None) -> None:
        self._view_model.snooze_devices(sorted(self._devices()), wait)

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._normal.setToolTip(self.tr("Loadlens will not take what is like it for an anomaly any more."))
        self._mute.setToolTip(self.tr("Its alerts are listed as read, and told to nobody."))
        menu.addActions([self._normal, self._mute, self._device])
        return menu

    def _acknowledge(self) -> None:
        ids = self._ids()
        dialog = AlertNoteDialog(len(ids), self)
        dialog.accepted.connect(lambda: self._view_model.acknowledge(ids, dialog.text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _mark_normal(self) -> None:
        self._view_model.mark_normal(self._ids(), not self._all_normal)

    def _rows(self) -> list[int]:
        return [index.row() for index in self._view.selectionModel().selectedRows()]

    def _ids(self) -> list[str]:
        return [self._view_model.alert(row).id for row in self._rows()]

    def _devices(self) -> set[str]:
        found = {self._view_model.alert(row).device_id for row in self._rows()}
        return {device_id for device_id in found if device_id}


class AlertNoteDialog(QDialog):
    """Asks for a word on what became of alerts; ``text`` is that, perhaps nothing."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(
            self.tr("Acknowledge the alert")
            if count == 1
            else self.tr("Acknowledge {count} alerts").format(count=count)
        )
        label = QLabel(self.tr("&Note for those who come after you (may be empty)"), self)
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(self.tr("such as: the caretaker switched it off"))
        label.setBuddy(self.note)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        accept = self.buttons.addButton(self.tr("Ac&knowledge"), QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setProperty("role", "primary")
        accept.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(10)
        layout.addWidget(label)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.resize(NOTE_SIZE)

    @property
    def text(self) -> str:
        return self.note.toPlainText()
